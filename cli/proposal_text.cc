#include "cli/proposal_text.h"

#include <algorithm>

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;
using runtime::Change;
using simulator::Fate;
using simulator::Impact;

std::string Joined(const std::vector<std::string>& words, const char* between = ", ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string ImpactText(const Impact& impact) {
  std::string text = impact.subject + " ";
  switch (impact.fate) {
    case Fate::kFenced:
      return impact.subject + " is fenced";
    case Fate::kNowhere:
      return text + "ends nowhere" + (impact.nodes.empty() ? "" : "; it runs on " + Joined(impact.nodes));
    case Fate::kMoved:
    case Fate::kMigrated:
      text += FateText(impact.fate) + " from " + Joined(impact.from) + " to " + Joined(impact.nodes);
      break;
    default:
      text += FateText(impact.fate) + " on " + Joined(impact.nodes);
  }
  if (impact.for_good && impact.fate == Fate::kDemoted) text += "; nothing of it is promoted any more";
  if (impact.outage_ms > 0) text += ", away for about " + OutageText(impact.outage_ms) + " (" + impact.source + ")";
  if (impact.outage_ms == 0 && !impact.for_good && !impact.source.empty()) text += ", away " + impact.source;
  return text;
}

Json DetailJson(const runtime::Detail& detail) {
  return {{"part", detail.part}, {"live", detail.before}, {"declared", detail.after}};
}

}  // namespace

std::string OutageText(int64_t ms) {
  if (ms < 1000) return std::to_string(ms) + " ms";
  const int64_t s = (ms + 500) / 1000;
  if (s < 60) return std::to_string(s) + " s";
  return std::to_string(s / 60) + " min" + (s % 60 == 0 ? "" : " " + std::to_string(s % 60) + " s");
}

std::string EffectsOf(const Proposal& proposal) {
  std::string text;
  for (const Impact& impact : proposal.foresight.impacts) text += "  " + ImpactText(impact) + "\n";
  if (text.empty()) text = "  nothing stops, starts or moves\n";
  if (proposal.foresight.probes > 0) text += "  " + std::to_string(proposal.foresight.probes) + " probes\n";
  for (const std::string& orphan : proposal.foresight.orphans)
    text += "  " + orphan + " runs but is no longer configured: the cluster stops it\n";
  if (proposal.in_two_steps) text += "  in two steps: first the removed resources are stopped, then they are deleted\n";
  if (!proposal.foresight.rests) text += "  the cluster does not come to rest\n";
  return text;
}

std::string TextOf(const Wanted& wanted, const Proposal& proposal) {
  std::string text;
  if (proposal.changes.empty()) {
    text = "nothing to do: " + wanted.source + " is what is live (" + VersionText(proposal.base) + ")\n";
  } else {
    text = ChangesText(proposal.changes) + "what that does to the cluster as it is now (" + VersionText(proposal.base) +
           "):\n" + EffectsOf(proposal);
  }
  if (proposal.foresight.busy_anyway) text += "note: the cluster is at work already, also without these changes\n";
  for (const std::string& node : proposal.alignment.absent_nodes)
    text += "note: node " + node + " is declared but not in the live cluster; `picket bootstrap` adds it\n";
  for (const std::string& key : proposal.alignment.unread_secrets)
    text += "note: " + key + " is a secret and is not compared; give its folder with --secrets\n";
  if (proposal.changes.empty() && proposal.unnoted)
    text += "note: Picket has not yet noted all of this as its own; `apply` notes it and changes nothing else\n";
  for (const std::string& key : proposal.alignment.beside) text += "not declared, left as it is: " + key + "\n";
  for (const runtime::Leftover& leftover : runtime::LeftoversOf(proposal.live, NowS()))
    text += "left over: " + leftover.what + ", " + runtime::AgeText(leftover.age_s) + "\n";
  return text;
}

Json JsonOf(const Wanted& wanted, const Proposal& proposal) {
  static constexpr const char* kKinds[] = {"added", "changed", "removed"};
  Json json = {{"format", "picket-plan"},
               {"version", 1},
               {"policy", wanted.source},
               {"cluster", ClusterNameOf(proposal.live)},
               {"base", {{"admin_epoch", proposal.base.admin_epoch}, {"epoch", proposal.base.epoch}}},
               {"changes", Json::array()},
               {"effects", Json::array()},
               {"actions", Json::array()}};
  for (const Change& change : proposal.changes) {
    Json one = {{"kind", kKinds[static_cast<size_t>(change.kind)]}, {"object", change.object}, {"id", change.id}};
    if (wanted.compilation.source_map.Find(change.id)) {
      const std::string place = wanted.PlaceOf(change.id);
      one["place"] = place.substr(0, place.size() - 2);
    }
    if (!change.about.empty()) one["about"] = change.about;
    for (const runtime::Detail& detail : change.details) one["details"].push_back(DetailJson(detail));
    json["changes"].push_back(std::move(one));
  }
  for (const Impact& impact : proposal.foresight.impacts) {
    Json one = {{"what", FateText(impact.fate)}, {"subject", impact.subject}, {"nodes", impact.nodes}};
    if (!impact.from.empty()) one["from"] = impact.from;
    one["outage_s"] = impact.for_good ? Json() : Json(static_cast<double>(impact.outage_ms) / 1000);
    if (!impact.source.empty()) one["source"] = impact.source;
    json["effects"].push_back(std::move(one));
  }
  for (const auto& action : proposal.foresight.actions) json["actions"].push_back(ActionText(action));
  json["probes"] = proposal.foresight.probes;
  json["orphans"] = proposal.foresight.orphans;
  json["in_two_steps"] = proposal.in_two_steps;
  json["rests"] = proposal.foresight.rests;
  json["busy_anyway"] = proposal.foresight.busy_anyway;
  json["absent_nodes"] = proposal.alignment.absent_nodes;
  json["secrets_not_compared"] = proposal.alignment.unread_secrets;
  json["not_declared"] = proposal.alignment.beside;
  json["leftovers"] = Json::array();
  for (const runtime::Leftover& leftover : runtime::LeftoversOf(proposal.live, NowS())) {
    json["leftovers"].push_back(
        {{"id", leftover.id}, {"what", leftover.what}, {"age_s", leftover.age_s < 0 ? Json() : Json(leftover.age_s)}});
  }
  json["own_all"] = wanted.own_all;
  json["remove"] = wanted.remove;
  json["text"] = ChangesText(proposal.changes);
  json["declared"] = wanted.text;
  return json;
}

}  // namespace picket::cli
