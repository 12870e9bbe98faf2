#include "web/serve/forecast.h"

#include <algorithm>
#include <map>

#include "simulator/foretell/foretell.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/model/query.h"
#include "solver/model/run.h"
#include "solver/schedule.h"

namespace picket::web {
namespace {

namespace say = compiler::scenario;
using simulator::Fate;
using simulator::Foresight;
using simulator::Impact;
using Verb = Change::Verb;

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

// What becomes of it, with the names of nodes.
std::string DeedOf(const Impact& impact) {
  const std::string where = Join(impact.nodes);
  switch (impact.fate) {
    case Fate::kFenced:
      return impact.subject + " is fenced";
    case Fate::kNowhere:
      return impact.subject + " stops and runs nowhere";
    case Fate::kStopped:
      return impact.subject + " stops on " + where;
    case Fate::kRestarted:
      return impact.subject + " restarts on " + where;
    case Fate::kMoved:
      return impact.subject + " moves from " + Join(impact.from) + " to " + where;
    case Fate::kMigrated:
      return impact.subject + " migrates from " + Join(impact.from) + " to " + where + " and serves on";
    case Fate::kDemoted:
      return impact.subject + " is demoted on " + where;
    case Fate::kReloaded:
      return impact.subject + " reloads on " + where;
    case Fate::kPromoted:
      return impact.subject + " is promoted on " + where;
    case Fate::kStarted:
      return impact.subject + " starts on " + where;
  }
  return impact.subject;
}

// How bad the worst of it is.
enum class Harm : uint8_t { kNone, kInterrupts, kForGood };

class Telling {
 public:
  explicit Telling(const Change& change) : change_(&change) {}

  // What happens whatever is asked about: it says nothing of the question.
  void AddAnyway(const Foresight& foresight) {
    const Telling counted = *this;
    Add("first, whatever you do", foresight);
    const Json parts = parts_;
    *this = counted;
    parts_ = parts;
  }

  void Add(const std::string& when, const Foresight& foresight) {
    Json lines = Json::array();
    for (const Impact& impact : foresight.impacts) lines.push_back(Line(impact));
    if (!foresight.rests) {
      harm_ = Harm::kForGood;
      if (worst_.empty()) worst_ = "the cluster does not come to rest";
      lines.push_back({{"text", "the cluster does not come to rest"}, {"level", "bad"}});
    }
    if (lines.empty()) lines.push_back({{"text", "nothing stops, and nothing moves"}, {"level", "good"}});
    parts_.push_back({{"when", when}, {"lines", std::move(lines)}});
  }

  void Note(const std::string& text) { notes_.push_back(text); }

  Json Answer() const {
    static constexpr const char* kAnswers[] = {"yes", "interrupts", "no"};
    return {{"title", TitleOf(*change_)},
            {"answer", kAnswers[static_cast<size_t>(harm_)]},
            {"sentence", Sentence()},
            {"parts", parts_},
            {"notes", notes_}};
  }

 private:
  Json Line(const Impact& impact) {
    std::string text = DeedOf(impact);
    const bool meant = change_->verb == Verb::kStop && impact.fate == Fate::kStopped;
    Harm harm = Harm::kNone;
    if (impact.fate == Fate::kFenced || impact.fate == Fate::kNowhere) harm = Harm::kForGood;
    const int64_t away_ms = std::max(impact.outage_ms, impact.promoted_outage_ms);
    const bool for_good = impact.for_good || impact.promoted_for_good;
    if (for_good && !meant && impact.fate != Fate::kNowhere) {
      harm = std::max(harm, Harm::kForGood);
      text += impact.for_good ? ": it serves nowhere any more" : ": it is promoted nowhere any more";
    } else if (away_ms > 0) {
      harm = std::max(harm, Harm::kInterrupts);
      text += (impact.outage_ms > 0 ? ": away for " : ": promoted nowhere for ") + DurationText(away_ms);
      if (!impact.source.empty() && impact.source != "recorded") guessed_ = true;
      longest_ms_ = std::max(longest_ms_, away_ms);
      if (std::find(away_.begin(), away_.end(), impact.subject) == away_.end()) away_.push_back(impact.subject);
    }
    harm_ = std::max(harm_, harm);
    if (harm == Harm::kForGood && worst_.empty()) worst_ = text;
    const char* level = harm == Harm::kForGood ? "bad" : harm == Harm::kInterrupts ? "warn" : "note";
    return {{"text", text}, {"level", level}};
  }

  std::string Sentence() const {
    if (harm_ == Harm::kForGood) return "No: " + worst_ + ".";
    if (harm_ == Harm::kNone) return "Yes: no service is interrupted.";
    const std::string who = away_.size() > 3 ? std::to_string(away_.size()) + " resources are"
                                             : Join(away_) + (away_.size() > 1 ? " are" : " is");
    return "With an interruption: " + who + " away for " + (away_.size() > 1 ? "up to " : "") +
           DurationText(longest_ms_) + (guessed_ ? ", in part guessed" : "") + ".";
  }

  const Change* change_;
  Harm harm_ = Harm::kNone;
  std::string worst_;
  std::vector<std::string> away_;
  int64_t longest_ms_ = 0;
  bool guessed_ = false;
  Json parts_ = Json::array();
  Json notes_ = Json::array();
};

say::Fault CleanupOf(const Change& change) {
  say::Cleanup cleanup;
  if (!change.resource.empty()) cleanup.resource = say::Name{change.resource, {}};
  if (!change.node.empty()) cleanup.node = say::Name{change.node, {}};
  return cleanup;
}

say::Fault DownOf(const Change& change) {
  say::Shutdown shutdown;
  shutdown.nodes = {say::Name{change.node, {}}};
  return shutdown;
}

say::Fault UpOf(const Change& change) {
  say::Online online;
  online.nodes = {say::Name{change.node, {}}};
  return online;
}

// Whether the node runs the cluster now: only then it can be rebooted in an orderly way.
bool IsUp(const Reading& reading, const std::string& name, solver::Run& run) {
  solver::ReadStatus(reading.cluster, reading.state, run, nullptr);
  const solver::NodeId node = solver::FindNodeByName(run, name);
  return node.valid() && run.at(node).online && !run.at(node).unclean && !run.at(node).remote;
}

// What is not managed dies with its node, whatever the simulation says of the rest.
void NoteUnmanaged(const solver::Run& run, const std::string& node, Telling& telling) {
  std::vector<std::string> left;
  for (const solver::Resource& resource : run.resources) {
    const bool here =
        resource.is_primitive() && std::any_of(resource.active.begin(), resource.active.end(),
                                               [&](solver::NodeId id) { return run.at(id).name == node; });
    if (here && !resource.managed) left.push_back(resource.id);
  }
  if (!left.empty())
    telling.Note(Join(left) + (left.size() > 1 ? " are" : " is") +
                 " not managed: the cluster does not move it away, and it ends with the node");
}

bool ForecastEdit(const Reading& reading, const Change& change, const simulator::WorldSettings& settings,
                  solver::Run& run, Telling& telling, std::string& reason) {
  pugi::xml_document edited;
  edited.reset(reading.readable);
  if (!Edit(change, edited, reason)) return false;
  const solver::Cluster after = solver::ReadCluster(edited, reading.cluster.target);
  const Foresight foresight = simulator::Foretell(reading.cluster, after, reading.state, settings, run);
  telling.Add("then", foresight);
  if (foresight.busy_anyway) telling.Note("the cluster has something to do already; its end is part of what is told");
  return true;
}

}  // namespace

std::string DurationText(int64_t ms) {
  if (ms < 1000) return std::to_string(ms) + " ms";
  const int64_t s = ms / 1000;
  if (s < 10 && ms % 1000 >= 100) return std::to_string(s) + "." + std::to_string(ms % 1000 / 100) + " s";
  if (s < 60) return std::to_string(s) + " s";
  return std::to_string(s / 60) + " min" + (s % 60 > 0 ? " " + std::to_string(s % 60) + " s" : "");
}

std::optional<Json> ForecastOf(const Reading& reading, const Change& change, const simulator::WorldSettings& settings,
                               std::string& reason) {
  if (!IsPossible(change, reading.readable, reason)) return std::nullopt;
  solver::Run run;
  Telling telling(change);
  if (IsEdit(change)) {
    if (!ForecastEdit(reading, change, settings, run, telling, reason)) return std::nullopt;
    return telling.Answer();
  }
  const bool reboot = change.verb == Verb::kReboot;
  if (reboot && !IsUp(reading, change.node, run)) {
    reason = change.node + " is no node that the cluster runs on now";
    return std::nullopt;
  }
  if (reboot) NoteUnmanaged(run, change.node, telling);
  std::vector<say::Fault> faults;
  if (reboot)
    faults = {DownOf(change), UpOf(change)};
  else
    faults = {CleanupOf(change)};
  const auto foresights = simulator::ForetellFaults(reading.cluster, reading.state, faults, settings, run);
  if (foresights.front().busy_anyway)
    telling.AddAnyway(simulator::Foretell(reading.cluster, reading.cluster, reading.state, settings, run));
  if (reboot) {
    telling.Add("while " + change.node + " is away", foresights.at(0));
    telling.Add("when " + change.node + " is back", foresights.at(1));
  } else {
    telling.Add("then", foresights.at(0));
    telling.Note("every agent is asked anew; if it answers as before, the failure comes again");
  }
  return telling.Answer();
}

}  // namespace picket::web
