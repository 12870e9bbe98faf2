#include "simulator/scenario/report.h"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>

namespace picket::simulator {
namespace {

std::string Seconds(int64_t ms) {
  std::ostringstream text;
  text << ms / 1000 << '.' << (ms % 1000) / 100 << " s";
  return text.str();
}

std::string Title(const Verdict& verdict) {
  return verdict.is_invariant ? "invariant \"" + verdict.name + "\"" : "\"" + verdict.name + "\"";
}

// `expected` reads best with the words of the claim; `rest` has none of its own.
std::string Claim(const Objection& objection, const Quoter& quote) {
  if (objection.what == "rest" || objection.what == "start") return objection.instead;
  const Quote words = quote(objection.claim);
  return words.place + ": " + objection.what + " `" + words.text + "`";
}

std::string Indented(const std::string& text, const std::string& indent) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) result += indent + line + "\n";
  return result;
}

std::string WhyOf(const PolicyReport& report, const Objection& objection) {
  return report.why ? report.why(objection) : std::string();
}

std::string Detail(const PolicyReport& report, const Objection& objection, const Quoter& quote,
                   const std::string& indent) {
  std::string text = indent + Claim(objection, quote) + "\n";
  if (objection.what != "rest" && objection.what != "start")
    text += indent + "instead: " + objection.instead + "\n";
  text += indent + "what happened:\n";
  text += Indented(TellStory(objection.story, objection.story_begins, report.tells_devices), indent);
  if (const std::string why = WhyOf(report, objection); !why.empty()) {
    text += indent + "why:\n" + Indented(why, indent + "  ");
  }
  return text;
}

// `1 fault`, `1 to 2 faults`: for how many a claim was judged.
std::string FaultsText(int min, int max) {
  const std::string upper = std::to_string(max) + (max == 1 ? " fault" : " faults");
  return min < max ? std::to_string(min) + " to " + upper : max == 0 ? "no fault" : upper;
}

std::string NotesOf(const Verdict& verdict, const Quoter& quote) {
  std::string text;
  for (const Note& note : verdict.notes) {
    const Quote words = quote(note.claim);
    text += "  note: " + words.place + ": `" + words.text + "`: " + note.text + "\n";
  }
  return text;
}

std::string Summary(const Verdict& verdict) {
  if (!verdict.is_invariant) {
    const bool open = verdict.histories > 1;
    return Seconds(verdict.cluster_time_ms) + " of cluster time" +
           (open ? ", in " + std::to_string(verdict.histories) + " ways" : "");
  }
  std::string text = std::to_string(verdict.histories) + (verdict.histories == 1 ? " history" : " histories") +
                     " with " + FaultsText(verdict.failures_min, verdict.failures_max);
  if (verdict.merged > 0) text += ", " + std::to_string(verdict.merged) + " of them equal to others";
  if (verdict.excused > 0) text += ", " + std::to_string(verdict.excused) + " excused";
  return text;
}

nlohmann::json JsonOfObjection(const PolicyReport& report, const Objection& objection, const Quoter& quote) {
  nlohmann::json json = {{"what", objection.what}, {"instead", objection.instead}};
  if (objection.what != "start") {
    const Quote words = quote(objection.claim);
    json["place"] = words.place;
    json["claim"] = words.text;
  }
  std::istringstream lines(TellStory(objection.story, objection.story_begins, report.tells_devices));
  for (std::string line; std::getline(lines, line);) json["story"].push_back(line);
  std::istringstream why(WhyOf(report, objection));
  for (std::string line; std::getline(why, line);) json["why"].push_back(line);
  return json;
}

std::string PlaceOf(const PolicyReport& report, const CoveredItem& item) {
  return report.place_of ? report.place_of(item.id) : std::string();
}

std::string CoverageText(const PolicyReport& report) {
  size_t decisive = 0;
  std::string never;
  for (const CoveredItem& item : report.coverage) {
    if (item.decisive > 0) {
      ++decisive;
      continue;
    }
    const std::string place = PlaceOf(report, item);
    never += "  never: " + item.kind + " " + item.id + (place.empty() ? "" : " (" + place + ")") + "\n";
  }
  return "coverage: " + std::to_string(decisive) + " of " + std::to_string(report.coverage.size()) +
         " constraints, thresholds and fencing levels were decisive\n" + never;
}

// How long things take here, and who says so.
std::vector<std::pair<std::string, std::string>> DurationTexts(const Durations& durations) {
  const auto assumed = [&](const char* what, int64_t ms, const std::string& source) {
    return std::pair(std::string(what), Seconds(ms) + " (" + source + ")");
  };
  const std::string at_most = durations.source == "default" ? "assumed, at most the timeout" : durations.source;
  return {assumed("start", durations.start_ms, at_most),
          assumed("stop", durations.stop_ms, at_most),
          assumed("promote, demote", durations.promote_ms, at_most),
          assumed("migrate", durations.migrate_ms, at_most),
          assumed("fence", durations.fence_ms, "assumed, beside the device's delay"),
          assumed("boot", durations.boot_ms, "assumed"),
          assumed("notice a loss", durations.detection_ms, durations.detection_source)};
}

// What the verdicts rest on beside the policy, each sentence once.
std::set<std::string> AssumedBy(const PolicyReport& report) {
  std::set<std::string> sentences;
  for (const Verdict& verdict : report.verdicts) sentences.insert(verdict.assumed.begin(), verdict.assumed.end());
  return sentences;
}

}  // namespace

Tally Count(const PolicyReport& report) {
  Tally tally;
  if (report.start) ++tally.failed;
  for (const Verdict& verdict : report.verdicts) ++(verdict.objection ? tally.failed : tally.passed);
  return tally;
}

std::string TextOf(const PolicyReport& report, const Quoter& quote, bool with_stories, bool colour) {
  const std::string pass = colour ? "\033[32mPASS\033[0m" : "PASS";
  const std::string fail = colour ? "\033[31mFAIL\033[0m" : "FAIL";
  std::string text = report.path + ": " + std::to_string(report.nodes) + " nodes, " +
                     std::to_string(report.resources) + " resources\n";
  if (report.start) text += fail + "  the cluster does not start\n" + Detail(report, *report.start, quote, "  ");
  for (const Verdict& verdict : report.verdicts) {
    text += (verdict.objection ? fail : pass) + "  " + Title(verdict) + "  (" + Summary(verdict) + ")\n";
    if (verdict.objection) text += Detail(report, *verdict.objection, quote, "  ");
    text += NotesOf(verdict, quote);
    if (!verdict.objection && with_stories && !verdict.story.empty()) {
      std::istringstream lines(TellStory(verdict.story, verdict.story_begins, report.tells_devices));
      for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
    }
  }
  for (const std::string& sentence : AssumedBy(report)) text += "assumed: " + sentence + "\n";
  if (with_stories) {
    text += "durations:\n";
    for (const auto& [what, how_long] : DurationTexts(report.durations)) text += "  " + what + ": " + how_long + "\n";
  }
  if (report.tells_coverage) text += CoverageText(report);
  return text;
}

std::string JsonOf(const std::vector<PolicyReport>& reports, const std::vector<Quoter>& quotes) {
  nlohmann::json json = {{"format", "picket-test"}, {"version", 1}};
  json["policies"] = nlohmann::json::array();
  for (size_t i = 0; i < reports.size(); ++i) {
    const PolicyReport& report = reports[i];
    const Tally tally = Count(report);
    nlohmann::json policy = {{"path", report.path},
                             {"decided_as", report.decided_as},
                             {"passed", tally.passed},
                             {"failed", tally.failed}};
    policy["verdicts"] = nlohmann::json::array();
    if (report.start) policy["start"] = JsonOfObjection(report, *report.start, quotes[i]);
    for (const Verdict& verdict : report.verdicts) {
      nlohmann::json entry = {{"name", verdict.name},
                              {"kind", verdict.is_invariant ? "invariant" : "test"},
                              {"passed", !verdict.objection},
                              {"place", quotes[i](verdict.span).place},
                              {"histories", verdict.histories},
                              {"excused", verdict.excused},
                              {"merged", verdict.merged},
                              {"cluster_time_ms", verdict.cluster_time_ms},
                              {"assumed", verdict.assumed}};
      if (verdict.is_invariant) {
        entry["failures_min"] = verdict.failures_min;
        entry["failures_max"] = verdict.failures_max;
      }
      for (const Note& note : verdict.notes) {
        const Quote words = quotes[i](note.claim);
        entry["notes"].push_back({{"place", words.place}, {"claim", words.text}, {"text", note.text}});
      }
      if (verdict.objection) entry["objection"] = JsonOfObjection(report, *verdict.objection, quotes[i]);
      policy["verdicts"].push_back(std::move(entry));
    }
    for (const auto& [what, how_long] : DurationTexts(report.durations)) policy["durations"][what] = how_long;
    for (const CoveredItem& item : report.coverage) {
      policy["coverage"].push_back(
          {{"kind", item.kind}, {"id", item.id}, {"place", PlaceOf(report, item)}, {"decisive", item.decisive > 0}});
    }
    json["policies"].push_back(std::move(policy));
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string JUnitOf(const std::vector<PolicyReport>& reports, const std::vector<Quoter>& quotes) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("testsuites");
  for (size_t i = 0; i < reports.size(); ++i) {
    const PolicyReport& report = reports[i];
    const Tally tally = Count(report);
    pugi::xml_node suite = root.append_child("testsuite");
    suite.append_attribute("name") = report.path.c_str();
    suite.append_attribute("tests") = static_cast<unsigned>(tally.passed + tally.failed);
    suite.append_attribute("failures") = static_cast<unsigned>(tally.failed);
    suite.append_attribute("time") = static_cast<double>(report.elapsed_ms) / 1000.0;
    const auto add = [&](const std::string& name, const std::optional<Objection>& objection) {
      pugi::xml_node test = suite.append_child("testcase");
      test.append_attribute("classname") = report.path.c_str();
      test.append_attribute("name") = name.c_str();
      if (!objection) return;
      pugi::xml_node failure = test.append_child("failure");
      failure.append_attribute("message") = Claim(*objection, quotes[i]).c_str();
      failure.append_child(pugi::node_pcdata).set_value(Detail(report, *objection, quotes[i], "").c_str());
    };
    if (report.start) add("the cluster starts", report.start);
    for (const Verdict& verdict : report.verdicts) add(verdict.name, verdict.objection);
  }
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace picket::simulator
