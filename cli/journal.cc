#include "cli/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string FolderOfJournals() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state && *state == '/') return std::string(state) + "/picket/journal";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : "/root") + "/.local/state/picket/journal";
}

// The author chooses the cluster's name: no character of it may lead out of the folder.
std::string FileOf(const std::string& cluster) {
  std::string name;
  for (const char c : cluster) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
    name += plain ? c : '_';
  }
  return FolderOfJournals() + "/" + name.substr(0, 200) + ".jsonl";
}

// A disk without room takes the first part and says why it does not take the rest.
bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

std::vector<Json> ReadJournal(const std::string& cluster) {
  std::vector<Json> entries;
  std::ifstream stream(FileOf(cluster), std::ios::binary);
  for (std::string line; std::getline(stream, line);) {
    Json entry = Json::parse(line, nullptr, false);
    if (entry.is_object()) entries.push_back(std::move(entry));
  }
  return entries;
}

bool AppendToJournal(const std::string& cluster, const Json& entry, std::string& reason) {
  std::error_code error;
  std::filesystem::create_directories(FolderOfJournals(), error);
  const std::string path = FileOf(cluster);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  // A line that was cut off must not swallow this one.
  const std::string line = "\n" + entry.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  const bool written = file >= 0 && WriteAll(file, line) && fsync(file) == 0;
  if (!written) reason = path + ": " + std::strerror(errno);
  if (file >= 0) close(file);
  return written;
}

}  // namespace picket::cli
