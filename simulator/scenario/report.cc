#include "simulator/scenario/report.h"

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "simulator/scenario/junit.h"

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
  if (objection.what != "rest" && objection.what != "start") text += indent + "instead: " + objection.instead + "\n";
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
  if (verdict.failures_max == 0) text += "; `over failures …` names what may happen";
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

// How long something takes here, and who says so.
struct Taken {
  std::string what;
  int64_t ms;
  std::string source;
};

std::vector<Taken> TakenTimes(const Durations& durations) {
  const std::string at_most = durations.source == "default" ? "assumed, at most the timeout" : durations.source;
  return {{"start", durations.start_ms, at_most},
          {"stop", durations.stop_ms, at_most},
          {"promote, demote", durations.promote_ms, at_most},
          {"migrate", durations.migrate_ms, at_most},
          {"fence", durations.fence_ms, "assumed, beside the device's delay"},
          {"boot", durations.boot_ms, "assumed"},
          {"notice a loss", durations.detection_ms, durations.detection_source}};
}

int64_t ElapsedOf(const PolicyReport& report, size_t verdict) {
  return verdict < report.verdict_elapsed_ms.size() ? report.verdict_elapsed_ms[verdict] : 0;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
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
  std::string text = report.path + ": " + std::to_string(report.nodes) + " nodes, " + std::to_string(report.resources) +
                     " resources\n";
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
    for (const Taken& taken : TakenTimes(report.durations)) {
      text += "  " + taken.what + ": " + Seconds(taken.ms) + " (" + taken.source + ")\n";
    }
  }
  if (report.tells_coverage) text += CoverageText(report);
  return text;
}

namespace {

nlohmann::json JsonOfVerdict(const PolicyReport& report, size_t number, const Quoter& quote) {
  const Verdict& verdict = report.verdicts[number];
  nlohmann::json entry = {{"name", verdict.name},
                          {"kind", verdict.is_invariant ? "invariant" : "test"},
                          {"passed", !verdict.objection},
                          {"place", quote(verdict.span).place},
                          {"histories", verdict.histories},
                          {"excused", verdict.excused},
                          {"merged", verdict.merged},
                          {"cluster_time_ms", verdict.cluster_time_ms},
                          {"elapsed_ms", ElapsedOf(report, number)},
                          {"assumed", verdict.assumed}};
  if (verdict.is_invariant) {
    entry["failures_min"] = verdict.failures_min;
    entry["failures_max"] = verdict.failures_max;
  }
  for (const Note& note : verdict.notes) {
    const Quote words = quote(note.claim);
    entry["notes"].push_back({{"place", words.place}, {"claim", words.text}, {"text", note.text}});
  }
  if (verdict.objection) entry["objection"] = JsonOfObjection(report, *verdict.objection, quote);
  return entry;
}

nlohmann::json JsonOfPolicy(const PolicyReport& report, const Quoter& quote) {
  const Tally tally = Count(report);
  nlohmann::json policy = {{"path", report.path}, {"passed", tally.passed}, {"failed", tally.failed}};
  if (!report.decided_as.empty()) policy["decided_as"] = report.decided_as;
  policy["verdicts"] = nlohmann::json::array();
  if (report.error_status != 0) {
    policy["error"] = {{"status", report.error_status}, {"messages", report.error}};
    return policy;
  }
  if (report.start) policy["start"] = JsonOfObjection(report, *report.start, quote);
  for (size_t n = 0; n < report.verdicts.size(); ++n) policy["verdicts"].push_back(JsonOfVerdict(report, n, quote));
  for (const Taken& taken : TakenTimes(report.durations)) {
    policy["durations"].push_back({{"what", taken.what}, {"duration_ms", taken.ms}, {"source", taken.source}});
  }
  for (const CoveredItem& item : report.coverage) {
    policy["coverage"].push_back(
        {{"kind", item.kind}, {"id", item.id}, {"place", PlaceOf(report, item)}, {"decisive", item.decisive > 0}});
  }
  policy["elapsed_ms"] = report.elapsed_ms;
  return policy;
}

}  // namespace

std::string JsonOf(const std::vector<PolicyReport>& reports, const std::vector<Quoter>& quotes) {
  nlohmann::ordered_json json = {{"format", "picket-test"}, {"version", 2}};
  size_t passed = 0, failed = 0, errors = 0;
  nlohmann::json policies = nlohmann::json::array();
  for (size_t i = 0; i < reports.size(); ++i) {
    const Tally tally = Count(reports[i]);
    passed += tally.passed;
    failed += tally.failed;
    errors += reports[i].error_status != 0 ? 1 : 0;
    policies.push_back(JsonOfPolicy(reports[i], quotes[i]));
  }
  json["passed"] = passed;
  json["failed"] = failed;
  json["errors"] = errors;
  json["policies"] = policies;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string JUnitOf(const std::vector<PolicyReport>& reports, const std::vector<Quoter>& quotes) {
  JUnit junit;
  for (size_t i = 0; i < reports.size(); ++i) {
    const PolicyReport& report = reports[i];
    junit.Suite(report.path, report.elapsed_ms);
    if (report.error_status != 0) {
      junit.Case("the file can be read and is right", {}, 0);
      junit.Error(report.error.empty() ? "" : report.error.front(), Joined(report.error));
      continue;
    }
    if (report.start) {
      junit.Case("the cluster starts", {}, report.elapsed_ms);
      junit.Failure(Claim(*report.start, quotes[i]), Detail(report, *report.start, quotes[i], ""));
    }
    for (size_t n = 0; n < report.verdicts.size(); ++n) {
      const Verdict& verdict = report.verdicts[n];
      junit.Case(verdict.name, quotes[i](verdict.span), ElapsedOf(report, n));
      if (verdict.objection) {
        junit.Failure(Claim(*verdict.objection, quotes[i]), Detail(report, *verdict.objection, quotes[i], ""));
      }
    }
  }
  return junit.Text();
}

}  // namespace picket::simulator
