#include "cli/nodes.h"

#include <netdb.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <thread>

#include "cli/node_scripts.h"

namespace picket::cli {
namespace {

bool IsKnownHere(const std::string& name) {
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, nullptr, &found) != 0) return false;
  freeaddrinfo(found);
  return true;
}

}  // namespace

Host HostOf(const compiler::TopologyNode& node, const Host& way) {
  Host host{node.name, way.ssh, way.sudo};
  const char* other = std::getenv("PICKET_SSH");
  if (!way.ssh.empty() || (other && *other)) return host;
  char self[HOST_NAME_MAX + 1] = {};
  if (gethostname(self, HOST_NAME_MAX) == 0 && node.name == self)
    host.name.clear();
  else if (!IsKnownHere(node.name) && !node.addresses.empty())
    host.name = node.addresses.front().address;
  return host;
}

std::string Quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

std::string Script(std::string_view name, const std::vector<std::pair<std::string, std::string>>& settings) {
  std::string text;
  for (const auto& [key, value] : settings) text += key + "=" + Quoted(value) + "\n";
  for (const EmbeddedFile& script : kNodeScripts)
    if (script.name == name) text += script.text;
  return text;
}

void Abreast(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace picket::cli
