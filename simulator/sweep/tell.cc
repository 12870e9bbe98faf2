#include "simulator/sweep/tell.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "simulator/scenario/junit.h"
#include "simulator/sweep/default_claims.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

std::string Times(int64_t number, const std::string& one, const std::string& many) {
  return Grouped(number) + " " + (number == 1 ? one : many);
}

std::string_view EndedText(Ended ended) {
  switch (ended) {
    case Ended::kComplete:
    case Ended::kCounterexample:
      return "";
    case Ended::kTime:
      return "the time is up";
    case Ended::kHistories:
      return "the number of histories is reached";
    case Ended::kInterrupted:
      return "interrupted";
    case Ended::kMemory:
      return "there are more points than memory has room for";
    case Ended::kNotProven:
      return "not proven, since the solver leaves preferences of colocations out: there are too many chains to follow";
  }
  return "";
}

std::string ClaimText(const Counterexample& example, const Quoter& quote) {
  const Violation& violation = example.violation;
  if (!violation.claim) return violation.instead;
  const std::string own = DefaultClaimText(*violation.claim);
  const bool from_policy = violation.claim->condition.span.end > violation.claim->condition.span.begin;
  if (!from_policy) return violation.what + " `" + own + "`";
  const Quote words = quote(violation.claim->condition.span);
  return words.place + ": " + violation.what + " `" + words.text + "`";
}

std::string Steps(const SweepReport& report, const std::string& indent) {
  std::string text;
  const Counterexample& example = *report.result.counterexample;
  for (size_t i = 0; i < example.blows.size(); ++i) {
    text += indent + std::to_string(i + 1) + ". " + FaultText(report.result.faults[example.blows[i].fault]) + ", " +
            example.when[i] + "\n";
  }
  if (example.blows.empty()) text += indent + "nothing fails\n";
  return text;
}

std::string Detail(const SweepReport& report, const Quoter& quote, const std::string& indent) {
  const Counterexample& example = *report.result.counterexample;
  std::string text = indent + ClaimText(example, quote) + "\n";
  if (example.violation.claim) text += indent + "instead: " + example.violation.instead + LeftOpen(example) + "\n";
  text += indent + "the shortest history that shows it:\n" + Steps(report, indent + "  ");
  text += indent + "what happened:\n";
  std::istringstream lines(TellStory(example.story, example.story_begins));
  for (std::string line; std::getline(lines, line);) text += indent + line + "\n";
  if (!report.why.empty()) text += indent + "why:\n";
  std::istringstream why(report.why);
  for (std::string line; std::getline(why, line);) text += indent + "  " + line + "\n";
  return text;
}

enum class Standing : uint8_t { kPassed, kFailed, kNotJudged, kOpen };

int64_t JudgedIn(const Level& level, size_t claim) {
  return claim < level.judged.size() ? level.judged[claim] : 0;
}

// Of one of the claims. With a counterexample nobody knows of the others: a history ends with its first
// objection.
Standing StandingOf(const SweepReport& report, size_t claim) {
  const SearchResult& result = report.result;
  if (result.counterexample && result.counterexample->violation.invariant->name == report.claims[claim])
    return Standing::kFailed;
  if (result.counterexample || report.start) return Standing::kOpen;
  const bool judged = std::any_of(result.levels.begin(), result.levels.end(),
                                  [&](const Level& level) { return JudgedIn(level, claim) > 0; });
  if (!judged && result.ended == Ended::kComplete) return Standing::kNotJudged;
  return result.ended == Ended::kComplete ? Standing::kPassed : Standing::kOpen;
}

std::string_view StandingText(Standing standing) {
  switch (standing) {
    case Standing::kPassed:
      return "passed";
    case Standing::kFailed:
      return "failed";
    case Standing::kNotJudged:
      return "not judged";
    case Standing::kOpen:
      return "open";
  }
  return "";
}

// `judged with 0 to 2 faults`, `judged with 1 fault in 4 of 6 histories; not judged with 2 faults`, `not
// judged`.
std::string JudgedText(const SearchResult& result, size_t claim) {
  std::string text, silent;
  const auto numbers = [](int first, int last) {
    if (first == last) return Times(first, "fault", "faults");
    return std::to_string(first) + (last == first + 1 ? " and " : " to ") + std::to_string(last) + " faults";
  };
  for (size_t i = 0; i < result.levels.size(); ++i) {
    const Level& level = result.levels[i];
    const auto whole = [&](size_t at) {
      return JudgedIn(result.levels[at], claim) == result.levels[at].expected && result.levels[at].expected > 0;
    };
    if (whole(i)) {
      const size_t first = i;
      while (i + 1 < result.levels.size() && whole(i + 1)) ++i;
      text += (text.empty() ? "judged with " : ", ") + numbers(result.levels[first].faults, result.levels[i].faults);
    } else if (JudgedIn(level, claim) > 0) {
      text += (text.empty() ? "judged with " : ", ") + numbers(level.faults, level.faults) + " in " +
              Grouped(JudgedIn(level, claim)) + " of " + Times(level.expected, "history", "histories");
    } else if (level.faults > 0 && level.expected > 0) {
      silent += (silent.empty() ? "not judged with " : ", ") + numbers(level.faults, level.faults);
    }
  }
  if (text.empty() && silent.empty()) return "not judged";
  return text + (text.empty() || silent.empty() ? "" : "; ") + silent;
}

std::string Covered(const SweepReport& report) {
  std::string text;
  for (const Level& level : report.result.levels) {
    if (level.faults == 0) continue;
    text += "  with " + Times(level.faults, "fault", "faults") + ": " + Grouped(level.covered) + " of " +
            Times(level.expected, "history", "histories");
    if (level.returning > 0) text += " (" + Grouped(level.returning) + " with the end of an outage)";
    if (level.covered > level.played)
      text += ", " + Grouped(level.covered - level.played) + " of them equal to others and not played again";
    if (level.excused > 0) text += ", " + Grouped(level.excused) + " excused";
    if (level.broken > 0) text += ", " + Grouped(level.broken) + " broken";
    text += "\n";
  }
  if (report.result.random_histories > 0) {
    text += "  at random, with up to " + std::to_string(report.result.random_faults_max) +
            " faults: " + Times(report.result.random_histories, "history", "histories") + "\n";
  }
  return text;
}

}  // namespace

std::string Grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

std::string FaultSummary(const SearchResult& result) {
  int64_t nodes = 0, resources = 0, links = 0, fences = 0, tickets = 0;
  for (size_t i = 0; i < result.outages; ++i) {
    const say::Fault& fault = result.faults[i];
    nodes += std::holds_alternative<say::Kill>(fault) ? 1 : 0;
    resources += std::holds_alternative<say::FailResource>(fault) ? 1 : 0;
    links += std::holds_alternative<say::CutLink>(fault) ? 1 : 0;
    fences += std::holds_alternative<say::FailFence>(fault) ? 1 : 0;
    tickets += std::holds_alternative<say::Revoke>(fault) ? 1 : 0;
  }
  std::string text;
  const auto add = [&](int64_t number, const char* one, const char* many) {
    if (number > 0) text += (text.empty() ? "" : ", ") + Times(number, one, many);
  };
  add(nodes, "node", "nodes");
  add(resources, "resource", "resources");
  add(links, "link", "links");
  add(fences, "fence device", "fence devices");
  add(tickets, "ticket", "tickets");
  if (text.empty()) return "nothing that can fail";
  const auto returns = static_cast<int64_t>(result.faults.size() - result.outages);
  return text + (returns > 0 ? "; outages that end: " + Grouped(returns) : "");
}

bool AnythingJudged(const SearchResult& result) {
  return std::any_of(result.levels.begin(), result.levels.end(), [](const Level& level) {
    return std::any_of(level.judged.begin(), level.judged.end(), [](int64_t number) { return number > 0; });
  });
}

std::string LevelText(const Level& level) {
  return Times(level.expected, "history", "histories") + " with " + Times(level.faults, "fault", "faults");
}

std::string SpeedText(const SearchResult& result) {
  const int64_t ms = std::max<int64_t>(result.elapsed_ms, 1);
  const int64_t rate = result.reactions * 1000 / ms;
  std::ostringstream text;
  text << ms / 1000 << '.' << ms % 1000 / 100 << " s, " << Times(result.threads, "thread", "threads") << ", "
       << Times(rate, "history", "histories") << " a second, " << Grouped(rate / std::max(1u, result.threads))
       << " for each core";
  return text.str();
}

std::string TextOf(const SweepReport& report, const Quoter& quote, bool colour) {
  const std::string pass = colour ? "\033[32mPASS\033[0m" : "PASS";
  const std::string fail = colour ? "\033[31mFAIL\033[0m" : "FAIL";
  const auto yellow = [colour](const char* word) { return colour ? "\033[33m" + std::string(word) + "\033[0m" : word; };
  std::string text = report.path + ": " + std::to_string(report.nodes) + " nodes, " + std::to_string(report.resources) +
                     " resources; what can fail: " + FaultSummary(report.result) + "\n";
  if (report.start) {
    text += fail + "  the cluster does not come to rest before anything fails\n";
    std::istringstream lines(TellStory(report.start->story, report.start->story_begins));
    for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
    return text;
  }
  const SearchResult& result = report.result;
  const auto told = [&](size_t claim) {
    return "  \"" + report.claims[claim] + "\"" + (report.default_claims ? " (the policy has no invariant)" : "");
  };
  if (result.counterexample) {
    text += fail + "  \"" + result.counterexample->violation.invariant->name + "\"\n" + Detail(report, quote, "  ");
  } else if (result.ended != Ended::kComplete) {
    text += yellow("HALT") + "  " + std::string(EndedText(result.ended)) + "; no counterexample so far\n";
  }
  for (size_t claim = 0; claim < report.claims.size(); ++claim) {
    const Standing standing = StandingOf(report, claim);
    const std::string judged = JudgedText(result, claim);
    if (standing == Standing::kFailed) continue;
    const char* word = standing == Standing::kOpen ? "OPEN" : "SKIP";
    text += (standing == Standing::kPassed ? pass : yellow(word)) + told(claim);
    text += (standing == Standing::kOpen ? ", no objection so far; " : ", ") + judged + "\n";
  }
  text += Covered(report);
  return result.ways_left_out ? text + "assumed: " + WaysLeftOut() + "\n" : text;
}

std::string JsonOf(const SweepReport& report, const Quoter& quote) {
  const SearchResult& result = report.result;
  nlohmann::ordered_json json = {{"format", "picket-sweep"},
                                 {"version", 1},
                                 {"path", report.path},
                                 {"nodes", report.nodes},
                                 {"claims", report.claims},
                                 {"failures", report.failures_max},
                                 {"decided_as", report.decided_as},
                                 {"resources", report.resources}};
  json["passed"] =
      !report.start && !result.counterexample && result.ended == Ended::kComplete && AnythingJudged(result);
  json["verdicts"] = nlohmann::ordered_json::array();
  for (size_t claim = 0; claim < report.claims.size(); ++claim) {
    nlohmann::ordered_json entry = {{"claim", report.claims[claim]},
                                    {"verdict", StandingText(StandingOf(report, claim))},
                                    {"judged", nlohmann::ordered_json::array()}};
    for (const Level& level : result.levels) {
      if (JudgedIn(level, claim) == 0) continue;
      entry["judged"].push_back({{"faults", level.faults}, {"histories", JudgedIn(level, claim)}});
    }
    json["verdicts"].push_back(std::move(entry));
  }
  json["complete"] = result.ended == Ended::kComplete && !report.start;
  if (!EndedText(result.ended).empty()) json["ended"] = EndedText(result.ended);
  json["faults"] = nlohmann::ordered_json::array();
  for (const say::Fault& fault : result.faults) json["faults"].push_back(FaultText(fault));
  json["levels"] = nlohmann::ordered_json::array();
  for (const Level& level : result.levels) {
    json["levels"].push_back({{"faults", level.faults},
                              {"expected", level.expected},
                              {"returning", level.returning},
                              {"covered", level.covered},
                              {"played", level.played},
                              {"excused", level.excused},
                              {"broken", level.broken}});
  }
  if (result.ways_left_out) json["assumed"] = {WaysLeftOut()};
  json["random_histories"] = result.random_histories;
  if (result.counterexample) {
    const Counterexample& example = *result.counterexample;
    nlohmann::ordered_json entry = {{"invariant", example.violation.invariant->name},
                                    {"what", example.violation.what},
                                    {"claim", ClaimText(example, quote)},
                                    {"instead", example.violation.instead}};
    for (size_t i = 0; i < example.blows.size(); ++i) {
      entry["history"].push_back(
          {{"fault", FaultText(result.faults[example.blows[i].fault])}, {"when", example.when[i]}});
    }
    if (!example.open.empty()) entry["open"] = example.open;
    std::istringstream lines(TellStory(example.story, example.story_begins));
    for (std::string line; std::getline(lines, line);) entry["story"].push_back(line);
    std::istringstream why(report.why);
    for (std::string line; std::getline(why, line);) entry["why"].push_back(line);
    json["counterexample"] = std::move(entry);
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string JUnitOf(const SweepReport& report, const Quoter& quote) {
  const SearchResult& result = report.result;
  JUnit junit;
  junit.Suite(report.path, result.elapsed_ms);
  if (report.start) {
    junit.Case("the cluster comes to rest", {}, result.elapsed_ms);
    junit.Failure(report.start->instead, "");
  }
  // The claims are judged together: each has its share of the time.
  const int64_t share_ms = result.elapsed_ms / static_cast<int64_t>(std::max<size_t>(report.claims.size(), 1));
  for (size_t claim = 0; claim < report.claims.size(); ++claim) {
    const bool is_written = claim < report.claim_spans.size();
    junit.Case(report.claims[claim], is_written ? quote(report.claim_spans[claim]) : Quote{}, share_ms);
    switch (StandingOf(report, claim)) {
      case Standing::kPassed:
        break;
      case Standing::kFailed:
        junit.Failure(ClaimText(*result.counterexample, quote), Detail(report, quote, ""));
        break;
      case Standing::kNotJudged:
        junit.Skipped("no history that it speaks of");
        break;
      case Standing::kOpen:
        junit.Skipped("the sweep ended early");
        break;
    }
  }
  return junit.Text();
}

}  // namespace picket::simulator
