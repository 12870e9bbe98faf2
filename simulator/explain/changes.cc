#include "simulator/explain/changes.h"

#include <algorithm>
#include <set>

#include "simulator/explain/edits.h"
#include "simulator/explain/explainer.h"
#include "simulator/explain/origin.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"

namespace picket::simulator::explain {

using solver::NodeId;
using solver::ResourceId;
using solver::Run;

namespace {

// What it asks of the operator, in steps.
namespace cost {
constexpr int kClean = 1, kState = 2, kOption = 3, kNode = 4, kLimit = 5, kDevice = 6, kConstraint = 7;
}  // namespace cost

const solver::Attributes& AttributesOf(const solver::ConstraintDef& constraint) {
  return std::visit([](const auto& def) -> const solver::Attributes& { return def.attributes; }, constraint);
}
const std::string& IdOf(const solver::ConstraintDef& constraint) {
  return std::visit([](const auto& def) -> const std::string& { return def.id; }, constraint);
}
const std::vector<solver::ResourceSetDef>& SetsOf(const solver::ConstraintDef& constraint) {
  return std::visit([](const auto& def) -> const std::vector<solver::ResourceSetDef>& { return def.sets; }, constraint);
}

class Dependencies {
 public:
  Dependencies(const Run& run, std::string_view resource) : run_(run) {
    Add(std::string(resource));
    for (size_t i = 0; i < list_.size(); ++i) Follow(list_[i]);
  }
  std::vector<std::string> list() const { return list_; }

 private:
  void Add(std::string id) {
    if (!id.empty() && known_.insert(id).second) list_.push_back(std::move(id));
  }
  // What is above and below it, and what constraints name as its primary or as first.
  void Follow(const std::string id) {
    for (const solver::Resource& resource : run_.resources) {
      if (ConfiguredId(run_, resource.self) != id && resource.id != id) continue;
      if (resource.parent.valid()) Add(ConfiguredId(run_, resource.parent));
      for (const ResourceId child : resource.children) Add(ConfiguredId(run_, child));
      if (resource.launcher.valid()) Add(ConfiguredId(run_, resource.launcher));
    }
    for (const solver::TagDef& tag : run_.cluster->tags) {
      if (std::find(tag.refs.begin(), tag.refs.end(), id) != tag.refs.end()) Add(tag.id);
    }
    for (const solver::ConstraintDef& constraint : run_.cluster->constraints) {
      const solver::Attributes& attributes = AttributesOf(constraint);
      if (solver::AttributeOr(attributes, "rsc") == id) Add(std::string(solver::AttributeOr(attributes, "with-rsc")));
      if (solver::AttributeOr(attributes, "then") == id) Add(std::string(solver::AttributeOr(attributes, "first")));
      if (std::holds_alternative<solver::LocationDef>(constraint) ||
          std::holds_alternative<solver::TicketDef>(constraint)) {
        continue;
      }
      const auto names_it = [&](const solver::ResourceSetDef& set) {
        return std::find(set.refs.begin(), set.refs.end(), id) != set.refs.end();
      };
      if (std::none_of(SetsOf(constraint).begin(), SetsOf(constraint).end(), names_it)) continue;
      for (const solver::ResourceSetDef& set : SetsOf(constraint)) {
        for (const std::string& ref : set.refs) Add(ref);
      }
    }
  }

  const Run& run_;
  std::vector<std::string> list_;
  std::set<std::string> known_;
};

class Trials {
 public:
  Trials(const Situation& situation, std::string_view resource)
      : situation_(situation), run_(situation.run), target_(resource), relevant_(DependsOn(run_, resource)) {}

  std::vector<Trial> Make() {
    AddNodes();
    AddClusterOptions();
    for (const std::string& id : relevant_) AddResource(id);
    AddTickets();
    AddConstraints();
    if (run_.options.placement != solver::Strategy::kDefault) AddCapacities();
    std::stable_sort(trials_.begin(), trials_.end(), [](const Trial& a, const Trial& b) { return a.cost < b.cost; });
    return std::move(trials_);
  }

 private:
  using Edit = std::function<void(pugi::xml_document&)>;
  void Add(int cost, std::string text, std::string cause, Edit edit) {
    trials_.push_back({{std::move(text), std::move(cause)}, cost, std::move(edit)});
  }
  bool IsRelevant(std::string_view id) const {
    return std::find(relevant_.begin(), relevant_.end(), id) != relevant_.end();
  }

  void AddNodes() {
    for (const NodeId id : run_.node_order) {
      const solver::Node& node = run_.at(id);
      const std::string name = node.name;
      if (node.remote) continue;
      if (node.standby && !node.standby_on_fail) {
        Add(cost::kState, "take " + name + " out of standby", NodeAttributeOrigin(run_, id, "standby"),
            [name](auto& document) { DropNodeAttribute(document, name, "standby"); });
      }
      if (node.maintenance && !run_.options.maintenance_mode) {
        Add(cost::kState, "end the maintenance of " + name, NodeAttributeOrigin(run_, id, "maintenance"),
            [name](auto& document) { DropNodeAttribute(document, name, "maintenance"); });
      }
      if (node.unclean) {
        Add(cost::kNode, "make sure that " + name + " is off, and confirm it", "",
            [name](auto& document) { CallItOff(document, name); });
      }
      if (!node.online || node.unclean) {
        const std::string node_id = node.id;
        Add(cost::kNode, "bring " + name + " online", "",
            [name, node_id](auto& document) { BringOnline(document, name, node_id); });
      }
    }
    if (!run_.quorate) {
      Add(cost::kNode, "regain quorum", PropertyOrigin(run_, "no-quorum-policy"), [](auto& document) {
        document.child("cib").remove_attribute("have-quorum");
        document.child("cib").append_attribute("have-quorum") = "1";
      });
    }
  }

  void AddClusterOptions() {
    const solver::Options& options = run_.options;
    if (options.stop_all_resources) AddProperty("stop-all-resources", "false");
    if (options.maintenance_mode) AddProperty("maintenance-mode", "false");
    if (options.fencing_enabled && !run_.fence_device_exists && !options.have_watchdog) {
      Add(cost::kDevice, "configure a fence device", "", AddFenceDevice);
    }
  }
  void AddProperty(const std::string& name, const std::string& value) {
    Add(cost::kOption, "set " + name + "=" + value, PropertyOrigin(run_, name),
        [name, value](auto& document) { SetProperty(document, name, value); });
  }

  void AddResource(const std::string& id) {
    ResourceId first;
    for (const solver::Resource& resource : run_.resources) {
      if (!first.valid() && ConfiguredId(run_, resource.self) == id) first = resource.self;
    }
    if (!first.valid()) return;
    AddMeta(first, id, "target-role", "Started",
            [](const std::string& value) { return solver::ParseRole(value) == solver::Role::kStopped; });
    AddMeta(first, id, "is-managed", "true", [](const std::string& value) { return !solver::IsTrue(&value); });
    AddMeta(first, id, "maintenance", "false", [](const std::string& value) { return solver::IsTrue(&value); });
    AddMeta(first, id, "enabled", "true", [](const std::string& value) { return !solver::IsTrue(&value); });
    if (run_.at(first).is_primitive()) AddFailures(first, id);
    if (run_.at(first).is_clone()) {
      AddLimit(first, id, "clone-max", run_.at(first).clone->clone_max);
      AddLimit(first, id, "clone-node-max", run_.at(first).clone->clone_node_max);
    }
    if (!run_.options.symmetric && id == target_) {
      for (const NodeId node : run_.node_order) {
        const std::string name = run_.at(node).name;
        if (!solver::IsAvailable(run_, node) || run_.at(first).row.Find(node)) continue;
        Add(cost::kConstraint, "allow " + id + " on " + name, "",
            [id, name](auto& document) { AllowOn(document, id, name); });
      }
    }
  }

  template <typename Test>
  void AddMeta(ResourceId resource, const std::string& id, const std::string& name, const std::string& value,
               Test&& stands_in_the_way) {
    const std::string* set = run_.at(resource).meta.Find(name);
    if (!set || !stands_in_the_way(*set)) return;
    const std::string pair = MetaOrigin(run_, resource, name);
    if (pair.empty() || !pairs_.insert(pair).second) return;
    Add(cost::kOption, "set " + name + "=" + value + " for " + id, pair,
        [pair, value](auto& document) { SetPair(document, pair, value); });
  }

  void AddFailures(ResourceId primitive, const std::string& id) {
    int32_t worst = 0;
    for (const auto& state : run_.state->nodes) {
      const int32_t count = FailuresIn(*state, id);
      worst = std::max(worst, count);
      if ((count == 0 && !HasFailed(*state, id)) || !state->uname) continue;
      const std::string node = *state->uname;
      Add(cost::kClean, "clean up the failures of " + id + " on " + node, "",
          [id, node](auto& document) { CleanUp(document, id, node); });
    }
    const int32_t threshold = run_.at(primitive).migration_threshold;
    if (worst == 0 || worst >= solver::Score::kInfinityValue || threshold == 0 || worst < threshold) return;
    const std::string value = std::to_string(worst + 1);
    Add(cost::kLimit, "raise the migration-threshold of " + id + " to " + value,
        MetaOrigin(run_, primitive, "migration-threshold"),
        [id, value](auto& document) { SetMeta(document, id, "migration-threshold", value); });
  }

  void AddLimit(ResourceId resource, const std::string& id, const std::string& name, int32_t limit) {
    const std::string value = std::to_string(limit + 1);
    Add(cost::kLimit, "raise the " + name + " of " + id + " to " + value, MetaOrigin(run_, resource, name),
        [id, name, value](auto& document) { SetMeta(document, id, name, value); });
  }

  static bool IsCalled(std::string_view name, std::string_view id) {
    return name.starts_with(id) && (name.size() == id.size() || name[id.size()] == ':');
  }
  static int32_t FailuresIn(const solver::NodeState& state, std::string_view id) {
    solver::Score sum;
    for (const solver::NvBlock& block : state.transient) {
      for (const solver::NvPair& pair : block.pairs) {
        const std::string_view name = pair.name;
        if (!name.starts_with("fail-count-")) continue;
        if (IsCalled(name.substr(11, name.find('#') - 11), id)) {
          sum += solver::ParseScore(pair.value).value_or(solver::Score());
        }
      }
    }
    return sum.value();
  }
  static bool HasFailed(const solver::NodeState& state, std::string_view id) {
    for (const solver::ResourceHistory& history : state.history) {
      if (!IsCalled(history.id, id)) continue;
      for (const solver::HistoryEntry& entry : history.entries) {
        const int rc = entry.rc.value_or(0);
        if (entry.status.value_or(0) > 0 || (rc != 0 && rc != 7 && rc != 8) || entry.id.ends_with("_last_failure_0")) {
          return true;
        }
      }
    }
    return false;
  }

  void AddTickets() {
    std::set<std::string> asked;
    for (const solver::TicketConstraint& constraint : run_.ticket_constraints) {
      const auto ticket = run_.tickets.find(constraint.ticket);
      const bool missing = ticket == run_.tickets.end() || !ticket->second.granted || ticket->second.standby;
      if (!missing || !IsRelevant(ConfiguredId(run_, constraint.resource))) continue;
      if (!asked.insert(constraint.ticket).second) continue;
      const std::string name = constraint.ticket;
      Add(cost::kState, "grant the ticket " + name, constraint.id,
          [name](auto& document) { GrantTicket(document, name); });
    }
  }

  void AddConstraints() {
    for (const solver::ConstraintDef& constraint : run_.cluster->constraints) {
      const std::string id = IdOf(constraint);
      const solver::Attributes& attributes = AttributesOf(constraint);
      const bool touches =
          IsRelevant(solver::AttributeOr(attributes, "rsc")) || IsRelevant(solver::AttributeOr(attributes, "then")) ||
          solver::FindAttribute(attributes, "rsc-pattern") ||
          std::any_of(SetsOf(constraint).begin(), SetsOf(constraint).end(), [&](const auto& set) {
            return std::any_of(set.refs.begin(), set.refs.end(), [&](const auto& ref) { return IsRelevant(ref); });
          });
      if (!touches || id.empty()) continue;
      const bool by_hand = id.starts_with("cli-ban-");
      const char* kind = std::holds_alternative<solver::LocationDef>(constraint)     ? "location"
                         : std::holds_alternative<solver::ColocationDef>(constraint) ? "colocation"
                         : std::holds_alternative<solver::OrderDef>(constraint)      ? "order"
                                                                                     : "ticket";
      const std::string text = by_hand ? "clear the ban " + id : "drop the " + std::string(kind) + " constraint " + id;
      Add(by_hand ? cost::kClean : cost::kConstraint, text, id, [id](auto& document) { DropConstraint(document, id); });
    }
  }

  // A node gets what the parts of the resource that do not run lack there.
  void AddCapacities() {
    const Explainer explainer(situation_);
    std::vector<std::pair<std::string, int64_t>> load;
    for (const ResourceId found : explainer.Find(target_)) {
      for (const ResourceId part : explainer.PrimitivesOf(found)) {
        if (explainer.Runs(part)) continue;
        for (const auto& [name, value] : run_.at(part).load) {
          const auto is_it = [&name = name](const auto& pair) { return pair.first == name; };
          const auto known = std::find_if(load.begin(), load.end(), is_it);
          if (known != load.end()) {
            known->second += value;
          } else {
            load.emplace_back(name, value);
          }
        }
      }
    }
    for (const NodeId id : run_.node_order) {
      if (run_.at(id).remote || !solver::IsAvailable(run_, id)) continue;
      for (const auto& [name, value] : load) AddCapacity(id, name, value);
    }
    Add(cost::kLimit, "set placement-strategy=default", PropertyOrigin(run_, "placement-strategy"),
        [](auto& document) { SetProperty(document, "placement-strategy", "default"); });
  }
  void AddCapacity(NodeId id, const std::string& name, int64_t needed) {
    int64_t left = 0;
    for (const auto& [known, value] : run_.at(id).capacity) left = known == name ? value : left;
    if (left >= needed) return;
    const auto configured = solver::ParseInteger(run_.at(id).utilization.Get(name));
    const int64_t enough = configured.value_or(0) + needed - left;
    const std::string node = run_.at(id).name;
    Add(cost::kLimit, "give " + node + " " + name + "=" + std::to_string(enough), "",
        [node, name, enough](auto& document) { SetUtilization(document, node, name, enough); });
  }

  const Situation& situation_;
  const Run& run_;
  const std::string target_;
  const std::vector<std::string> relevant_;
  std::vector<Trial> trials_;
  std::set<std::string> pairs_;
};

}  // namespace

std::vector<std::string> DependsOn(const Run& run, std::string_view resource) {
  return Dependencies(run, resource).list();
}

std::vector<Trial> TrialsFor(const Situation& situation, std::string_view resource) {
  return Trials(situation, resource).Make();
}

}  // namespace picket::simulator::explain
