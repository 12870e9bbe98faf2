#include "runtime/bootstrap/waivers.h"

#include <algorithm>
#include <sstream>

#include "runtime/bootstrap/doctor.h"

namespace picket::runtime {
namespace {

constexpr std::string_view kMark = "allow doctor.";

std::string NodeOf(const std::string& line) {
  std::istringstream words(line);
  std::string first, second;
  words >> first >> second;
  if (first != "node") return "";
  second = second.substr(0, second.find('{'));
  std::erase(second, '"');
  return second;
}

// Where the line's comment begins, if it is a waiver: `# allow doctor.…`. A mark between quotes begins none.
size_t WaiverIn(std::string_view line) {
  bool quoted = false;
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\' && quoted) {
      ++at;  // The next character is what it is.
      continue;
    }
    if (line[at] == '"') quoted = !quoted;
    if (line[at] != '#' || quoted) continue;
    const size_t text = line.find_first_not_of("# ", at);
    return text != std::string_view::npos && line.substr(text).starts_with(kMark) ? text : std::string_view::npos;
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<Waiver> ReadWaivers(std::string_view policy, std::vector<std::string>& complaints) {
  const std::vector<std::string> known = CheckNames();
  std::vector<Waiver> waivers;
  std::istringstream lines{std::string(policy)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    size_t at = WaiverIn(line);
    if (at == std::string::npos) continue;
    while ((at = line.find(kMark, at)) != std::string::npos) {
      at += kMark.size();
      const size_t colon = line.find(':', at);
      Waiver waiver{line.substr(at, colon == std::string::npos ? colon : colon - at), NodeOf(line), "", number};
      if (colon != std::string::npos) {
        const size_t begin = line.find_first_not_of(' ', colon + 1);
        const size_t next = line.find(kMark, colon);
        if (begin != std::string::npos && begin != next)
          waiver.reason = line.substr(begin, next == std::string::npos ? next : next - begin);
      }
      while (!waiver.reason.empty() && (waiver.reason.back() == ' ' || waiver.reason.back() == '\r'))
        waiver.reason.pop_back();
      const std::string place = "line " + std::to_string(number) + ": ";
      if (std::find(known.begin(), known.end(), waiver.check) == known.end())
        complaints.push_back(place + "`doctor` has no check `" + waiver.check + "`: `picket doctor --list` names them");
      else if (waiver.reason.empty())
        complaints.push_back(place + "`allow doctor." + waiver.check + "` gives no reason: write one after a colon");
      else
        waivers.push_back(std::move(waiver));
    }
  }
  return waivers;
}

const Waiver* WaiverFor(const std::vector<Waiver>& waivers, std::string_view check, std::string_view node) {
  for (const Waiver& waiver : waivers)
    if (waiver.check == check && (waiver.node.empty() || waiver.node == node)) return &waiver;
  return nullptr;
}

}  // namespace picket::runtime
