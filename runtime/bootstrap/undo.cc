#include "runtime/bootstrap/undo.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

namespace picket::runtime {
namespace {

constexpr size_t kEntryWords = 6;  // kind, four values, the digest now

// What units were before the run: enabled, active.
struct UnitBefore {
  std::string enabled, active;
};

std::map<std::string, UnitBefore> UnitsBefore(const NodeFacts& shown) {
  std::map<std::string, UnitBefore> units;
  for (const FactLine& line : shown.All("entry"))
    if (line.size() >= kEntryWords && line[0] == "unit") units.try_emplace(line[1], UnitBefore{line[2], line[3]});
  return units;
}

bool Noted(const NodeFacts& shown, std::string_view kind) {
  return shown.Has("entry", kind);
}

bool RunsUnit(const NodeFacts& facts, const std::string& unit) {
  return facts.Has("process", unit == "pacemaker" ? "pacemakerd" : unit);
}

class Undoer {
 public:
  explicit Undoer(const std::vector<RunJournal>& journals) : journals_(journals) {}

  UndoPlan Make() {
    for (const RunJournal& journal : journals_) plan_.nodes.push_back(For(journal));
    KeepConfs();
    Cluster();
    Configured();
    return std::move(plan_);
  }

 private:
  NodeUndo For(const RunJournal& journal) {
    const NodeFacts& shown = journal.shown;
    NodeUndo undo;
    undo.node = shown.node;
    const auto units = UnitsBefore(shown);
    const bool touched = units.contains("corosync");
    undo.stays = !touched && RunsUnit(journal.now, "corosync");
    if (touched)
      for (const char* unit : {"pacemaker", "picketd", "corosync"})
        if (RunsUnit(journal.now, unit)) undo.stop.emplace_back(unit);
    for (const char* unit : {"corosync", "pacemaker", "picketd"}) {
      const auto before = units.find(unit);
      if (before == units.end()) continue;
      (before->second.enabled == "enabled" ? undo.enable : undo.disable).emplace_back(unit);
      if (before->second.active == "active") undo.start.emplace_back(unit);
    }
    const bool was_active = touched && units.at("corosync").active == "active";
    // The cluster that the run began has no place there any more.
    if (touched && (!was_active || Noted(shown, "moved")))
      undo.after = {"/var/lib/pacemaker/cib/cib*", "/var/lib/pacemaker/pengine/pe-*", "/var/lib/corosync/ringid_*"};
    else if (was_active)
      plan_.stops_cluster = true;
    Back(shown, undo);
    return undo;
  }

  void Back(const NodeFacts& shown, NodeUndo& undo) {
    const auto& entries = shown.All("entry");
    std::map<std::string, std::string> now;  // of files, as it will be once the later entries are taken back
    for (size_t i = entries.size(); i-- > 0;) {
      const FactLine& line = entries[i];
      if (line.size() < kEntryWords) continue;
      const std::string& kind = line[0];
      if (kind == "moved") undo.back.push_back({kind, {line[1], line[2]}});
      if (kind == "name") undo.back.push_back({kind, {line[1], line[2]}});
      if (kind != "file") continue;
      const std::string is = now.try_emplace(line[1], line[5]).first->second;
      const std::string &old = line[2], &made = line[3];
      if (is == old) continue;
      if (is != made) {
        plan_.left.push_back(shown.node + ": " + line[1] + " was changed since, and stays as it is");
        changed_.emplace(shown.node, line[1]);
        continue;
      }
      now[line[1]] = old;
      undo.back.push_back({kind, {line[1], old, made, line[4]}});
    }
  }

  // Nodes that run on must go on with one corosync.conf: where one stays, all stay.
  void KeepConfs() {
    bool kept = false;
    for (const NodeUndo& node : plan_.nodes) kept |= node.stays && changed_.contains({node.node, kConf});
    if (!kept) return;
    for (NodeUndo& node : plan_.nodes) {
      if (!node.stays) continue;
      const size_t erased = std::erase_if(
          node.back, [](const NodeUndo::Back& back) { return back.kind == "file" && back.values[0] == kConf; });
      if (erased > 0)
        plan_.left.push_back(node.node + ": " + kConf + " stays as it is, for another node's was changed since");
    }
  }

  void Cluster() {
    for (size_t i = 0; i < plan_.nodes.size(); ++i) {
      const NodeUndo& node = plan_.nodes[i];
      const bool conf = std::any_of(node.back.begin(), node.back.end(), [](const NodeUndo::Back& back) {
        return back.kind == "file" && back.values[0] == kConf;
      });
      if (node.stays && (conf || Noted(journals_[i].shown, "reload")) && plan_.reload_on.empty())
        plan_.reload_on = node.node;
      if (node.stays && RunsUnit(journals_[i].now, "pacemaker") && plan_.forget_on.empty()) plan_.forget_on = node.node;
    }
    if (!plan_.forget_on.empty())
      for (const NodeUndo& node : plan_.nodes)
        if (!node.stays && node.start.empty()) plan_.forgotten.push_back(node.node);
    if (plan_.forgotten.empty()) plan_.forget_on.clear();
  }

  // A cluster that was begun by the run and has work since is not taken away from under it.
  void Configured() {
    const bool goes_on =
        std::any_of(plan_.nodes.begin(), plan_.nodes.end(), [](const auto& node) { return node.stays; });
    if (goes_on) return;
    for (size_t i = 0; i < plan_.nodes.size(); ++i) {
      const std::string primitives = journals_[i].now.One("cib-primitives");
      if (plan_.nodes[i].after.empty() || std::atol(primitives.c_str()) == 0) continue;
      plan_.objections.push_back(
          {plan_.nodes[i].node, "the cluster has been given resources since (" + primitives + ")",
           "take them out first: `picket apply` a policy without them, or stop the cluster by hand"});
      return;
    }
  }

  const std::vector<RunJournal>& journals_;
  std::set<std::pair<std::string, std::string>> changed_;  // node, file
  UndoPlan plan_;
};

}  // namespace

bool NodeUndo::empty() const {
  return stop.empty() && disable.empty() && enable.empty() && start.empty() && after.empty() && back.empty();
}

std::vector<compiler::TopologyNode> NodesOf(const std::vector<NodeFacts>& shown) {
  std::vector<compiler::TopologyNode> nodes;
  std::set<std::string> names;
  for (const NodeFacts& facts : shown)
    for (const FactLine& line : facts.All("node")) {
      if (line.front().empty() || !names.insert(line.front()).second) continue;
      compiler::TopologyNode node;
      node.name = line.front();
      if (line.size() > 1 && !line[1].empty()) node.addresses.push_back({0, line[1]});
      nodes.push_back(std::move(node));
    }
  return nodes;
}

UndoPlan PlanUndo(const std::vector<RunJournal>& journals) {
  return Undoer(journals).Make();
}

}  // namespace picket::runtime
