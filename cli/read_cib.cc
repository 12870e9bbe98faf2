#include "cli/read_cib.h"

#include <fstream>
#include <string_view>
#include <vector>

#include "cli/host.h"
#include "cli/report_archive.h"
#include "cli/unpack.h"

namespace picket::cli {
namespace {

constexpr std::string_view kLive = "live:";
constexpr std::string_view kXz =
    "\xfd"
    "7zXZ";
// More than any cluster has. What is larger is not a CIB, and would only fill the memory.
constexpr size_t kBytesMax = size_t{256} << 20;

std::optional<std::string> ReadAll(std::istream& stream, std::string& reason) {
  std::string text;
  char buffer[1 << 16];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
    text.append(buffer, static_cast<size_t>(stream.gcount()));
    if (text.size() > kBytesMax) {
      reason = "is larger than any CIB";
      return std::nullopt;
    }
  }
  if (!stream.bad()) return text;
  reason = "cannot be read";
  return std::nullopt;
}

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
  for (const std::string_view packed : {".bz2", ".gz", ".tar", ".tgz"}) {
    if (name.ends_with(packed)) return true;
  }
  return IsLive(input) || name.ends_with(".xml") || name.ends_with(".cib");
}

std::optional<std::string> ReadCib(const std::string& input, std::istream& standard_input,
                                   std::string& reason) {
  if (IsLive(input)) return QueryCib(HostOf(input), reason);
  std::optional<std::string> text;
  if (input == "-") {
    text = ReadAll(standard_input, reason);
  } else {
    std::ifstream stream(input, std::ios::binary);
    if (!stream) {
      reason = "cannot be read";
      return std::nullopt;
    }
    text = ReadAll(stream, reason);
  }
  if (text && text->starts_with(kXz)) {
    reason = "is packed with xz, which is not read; unpack it with `xz -d`";
    return std::nullopt;
  }
  if (text) text = Unpacked(std::move(*text), reason);
  return text && IsTar(*text) ? CibOfReport(*text, reason) : text;
}

std::optional<std::string> ReadLiveCorosync(const std::string& input) {
  std::string reason;
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
