#include "cli/bootstrap_text.h"

#include <algorithm>
#include <sstream>

#include "cli/answer.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;
using runtime::BootstrapPlan;
using runtime::KeySource;
using runtime::NodeSteps;

constexpr size_t kLinesMax = 1500;  // of a text that is compared line by line
constexpr size_t kAround = 2;

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::replace(line.begin(), line.end(), '\t', ' ');
    lines.push_back(runtime::Plain(line));
  }
  return lines;
}

// Every line with its mark, by the longest common subsequence.
std::vector<std::string> Marked(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<std::vector<unsigned>> common(before.size() + 1, std::vector<unsigned>(after.size() + 1));
  for (size_t i = before.size(); i-- > 0;)
    for (size_t j = after.size(); j-- > 0;)
      common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::vector<std::string> marked;
  size_t i = 0, j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      marked.push_back("  " + before[i]);
      ++i, ++j;
    } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
      marked.push_back("- " + before[i++]);
    } else {
      marked.push_back("+ " + after[j++]);
    }
  }
  return marked;
}

const char* KeyText(KeySource source) {
  return source == KeySource::kKept ? "kept" : source == KeySource::kCopied ? "copied" : "fresh";
}

std::string Listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string KeyLine(const BootstrapPlan& plan, const NodeSteps& steps) {
  if (plan.key == KeySource::kCopied) return "the authkey of " + plan.key_from;
  if (plan.key == KeySource::kKept) return "the authkey stays, readable by root only";
  return steps.key_digest.empty() ? "a fresh authkey" : "a fresh authkey in place of the one that is there";
}

std::string StepsText(const BootstrapPlan& plan, const NodeSteps& steps) {
  std::string text = steps.node +
                     (steps.leaves  ? " leaves the cluster"
                      : steps.joins ? " joins the cluster"
                                    : "") +
                     "\n";
  const auto line = [&](const std::string& what) { text += "  " + what + "\n"; };
  if (!steps.stop.empty()) line("stop " + Listed(steps.stop));
  for (const auto& move : steps.aside) line("move aside " + move.pattern + ": " + move.why);
  if (steps.write_key) line(KeyLine(plan, steps));
  if (steps.rename) line("the machine, now `" + steps.old_name + "`, is called " + steps.node);
  for (const auto& file : steps.files) {
    line(file.path + (file.before_digest.empty() ? " (new)" : ""));
    for (const std::string& each : LineDiff(file.before, file.after)) line("    " + each);
  }
  if (!steps.disable.empty()) line("disable " + Listed(steps.disable));
  if (!steps.enable.empty()) line("enable " + Listed(steps.enable));
  if (!steps.start.empty()) line("start " + Listed(steps.start));
  return text;
}

Json StepsJson(const BootstrapPlan& plan, const NodeSteps& steps) {
  Json json = {{"node", steps.node}, {"leaves", steps.leaves}, {"joins", steps.joins}, {"stop", steps.stop}};
  json["aside"] = Json::array();
  for (const auto& move : steps.aside) json["aside"].push_back({{"pattern", move.pattern}, {"why", move.why}});
  json["authkey"] = steps.write_key ? Json(KeyText(plan.key)) : Json();
  json["rename_from"] = steps.rename ? Json(steps.old_name) : Json();
  json["files"] = Json::array();
  for (const auto& file : steps.files)
    json["files"].push_back(
        {{"path", file.path}, {"new", file.before_digest.empty()}, {"diff", LineDiff(file.before, file.after)}});
  json["disable"] = steps.disable;
  json["enable"] = steps.enable;
  json["start"] = steps.start;
  return json;
}

}  // namespace

std::vector<std::string> LineDiff(const std::string& before, const std::string& after) {
  const std::vector<std::string> old = LinesOf(before), now = LinesOf(after);
  if (old.size() > kLinesMax || now.size() > kLinesMax) return {"(too long to be shown)"};
  const std::vector<std::string> marked = Marked(old, now);
  std::vector<bool> shown(marked.size());
  for (size_t i = 0; i < marked.size(); ++i)
    if (marked[i][0] != ' ')
      for (size_t j = i < kAround ? 0 : i - kAround; j < std::min(marked.size(), i + kAround + 1); ++j) shown[j] = true;
  std::vector<std::string> diff;
  for (size_t i = 0; i < marked.size(); ++i) {
    if (shown[i])
      diff.push_back(marked[i]);
    else if (i == 0 || shown[i - 1])
      diff.emplace_back("  …");
  }
  return diff;
}

std::string TextOf(const BootstrapPlan& plan, const std::vector<std::string>& foretold) {
  std::string text;
  for (const NodeSteps& steps : plan.nodes)
    if (!steps.empty()) text += StepsText(plan, steps);
  if (!plan.reload_on.empty()) {
    text +=
        "Corosync reloads its file on every node, without a stop (`corosync-cfgtool -R` on " + plan.reload_on + ")\n";
    for (const auto& difference : plan.differences) text += "  " + difference.Told() + "\n";
  }
  if (plan.stops_all) {
    text +=
        "THE CLUSTER STOPS on every node and starts again, with all its services: a reload is not enough "
        "for\n";
    for (const auto& difference : plan.differences)
      if (difference.takes == runtime::Takes::kStopAll) text += "  " + difference.Told() + "\n";
    if (plan.key == KeySource::kFresh) text += "  a fresh authkey\n";
  }
  for (const std::string& name : plan.forgotten)
    text += name + " leaves the CIB (`crm_node -R` on " + plan.forget_on + ")\n";
  for (const std::string& note : plan.notes) text += "note: " + note + "\n";
  if (!foretold.empty()) text += "what that does to the services:\n";
  for (const std::string& line : foretold) text += "  " + line + "\n";
  return text;
}

Json JsonOf(const BootstrapPlan& plan, const std::vector<std::string>& foretold) {
  Json json = Envelope("picket-bootstrap");
  json["objections"] = Json::array();
  for (const auto& objection : plan.objections)
    json["objections"].push_back({{"node", objection.node.empty() ? Json() : Json(objection.node)},
                                  {"what", objection.what},
                                  {"remedy", objection.remedy}});
  json["nothing_to_do"] = plan.empty();
  json["authkey"] = KeyText(plan.key);
  json["nodes"] = Json::array();
  for (const NodeSteps& steps : plan.nodes) json["nodes"].push_back(StepsJson(plan, steps));
  json["reload_on"] = plan.reload_on.empty() ? Json() : Json(plan.reload_on);
  json["stops_all"] = plan.stops_all;
  json["settings"] = Json::array();
  for (const auto& difference : plan.differences) json["settings"].push_back(difference.Told());
  json["forgotten"] = plan.forgotten;
  json["notes"] = plan.notes;
  json["foretold"] = foretold;
  return json;
}

}  // namespace picket::cli
