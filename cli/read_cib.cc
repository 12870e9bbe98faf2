#include "cli/read_cib.h"

#include <string_view>

#include "cli/host.h"
#include "cli/input.h"

namespace picket::cli {
namespace {

constexpr std::string_view kLive = "live:";

Host HostOf(const std::string& input) {
  Host host;
  host.name = input.substr(kLive.size());
  return host;
}

}  // namespace

bool IsLive(const std::string& input) {
  return input.starts_with(kLive);
}

bool NamesCib(const std::string& input) {
  std::string_view name = input;
  for (const std::string_view packed : {".bz2", ".gz", ".xz", ".tar", ".tgz", ".txz", ".tbz"}) {
    if (name.ends_with(packed)) return true;
  }
  return IsLive(input) || name.ends_with(".xml") || name.ends_with(".cib");
}

std::optional<std::string> ReadCib(const std::string& input, std::istream& standard_input, std::string& reason) {
  Unread unread;
  auto text = ReadInput(input, standard_input, unread);
  if (!text) reason = unread.text;
  return text;
}

std::optional<std::string> ReadLiveCorosync(const std::string& input) {
  std::string reason;
  // The links of this machine are not those of a cluster whose CIB is in a file.
  if (HostOf(input).name.empty() && IsCibFromFile()) return std::nullopt;
  return ReadFileOn(HostOf(input), "/etc/corosync/corosync.conf", reason);
}

void AddLiveInput(CLI::App& verb, std::string& input) {
  const auto take = [&input](const CLI::results_t& words) {
    input = std::string(kLive) + (words.empty() ? "" : words[0]);
    return true;
  };
  verb.add_option("--live", take, "read the CIB of the running cluster, from here or from HOST by ssh")
      ->type_name("[HOST]")
      ->expected(0, 1);
}

}  // namespace picket::cli
