#include "simulator/world/canonical.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

using solver::ParseInteger;

// Walks everything in a configuration that can hold a rule or a meta-attribute.
class Walk {
 public:
  bool failure_timeout = false;
  bool dates = false;
  bool reads_counts = false;
  int64_t highest_threshold = 0;
  std::set<std::string, std::less<>> migrating;

  void Resource(const solver::ResourceDef& def, bool migrates) {
    for (const solver::NvBlock& block : def.meta) {
      for (const solver::NvPair& pair : block.pairs) migrates = migrates || pair.name == "allow-migrate";
    }
    if (migrates) migrating.insert(def.id);
    Blocks(def.meta);
    Blocks(def.params);
    Blocks(def.utilization);
    for (const solver::OperationDef& operation : def.operations) {
      for (const auto& [name, value] : operation.attributes) Pair(name, value);
      Blocks(operation.meta);
      Blocks(operation.params);
    }
    for (const solver::ResourceDef& child : def.children) Resource(child, migrates);
  }

  void Blocks(const solver::NvBlocks& blocks) {
    for (const solver::NvBlock& block : blocks) {
      if (block.rule) Rule(*block.rule);
      for (const solver::NvPair& pair : block.pairs) Pair(pair.name, pair.value);
    }
  }

  void Rule(const solver::RuleDef& rule) {
    for (const solver::Condition& condition : rule.conditions) {
      if (std::holds_alternative<solver::DateExpression>(condition.what)) dates = true;
      if (const auto* expression = std::get_if<solver::AttributeExpression>(&condition.what)) {
        for (const auto& [name, value] : expression->attributes) {
          reads_counts = reads_counts || value.find("fail-count") != std::string::npos ||
                         value.find("last-failure") != std::string::npos;
        }
      }
      if (const auto* inner = std::get_if<solver::RuleDef>(&condition.what)) Rule(*inner);
    }
  }

 private:
  void Pair(const std::string& name, const std::string& value) {
    if (name == "failure-timeout") failure_timeout = true;
    if (name != "migration-threshold") return;
    const solver::Score score = solver::ParseScore(value).value_or(solver::Score());
    if (!score.is_infinite()) highest_threshold = std::max(highest_threshold, ParseInteger(value).value_or(0));
  }
};

std::vector<const solver::HistoryEntry*> ByCall(const solver::ResourceHistory& history) {
  std::vector<const solver::HistoryEntry*> entries;
  entries.reserve(history.entries.size());
  for (const solver::HistoryEntry& entry : history.entries) entries.push_back(&entry);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto* a, const auto* b) { return a->call_id < b->call_id; });
  return entries;
}

// Without ages.
Hash OfHistory(const solver::ResourceHistory& history) {
  Hasher hasher;
  hasher.Add(history.id);
  for (const auto& [name, value] : history.attributes) {
    hasher.Add(name);
    hasher.Add(value);
  }
  hasher.Add(history.entries.size());
  int32_t previous = INT32_MIN;
  for (const solver::HistoryEntry* entry : ByCall(history)) {
    hasher.Add(entry->call_id == previous ? 1 : 0);
    previous = entry->call_id;
    hasher.Add(entry->id);
    hasher.Add(entry->operation);
    hasher.Add((static_cast<uint64_t>(static_cast<uint32_t>(entry->rc.value_or(-1))) << 32) ^
               static_cast<uint32_t>(entry->status.value_or(-2)));
    hasher.Add(entry->interval_ms);
    hasher.Add(entry->Get("op-digest"));
    hasher.Add(entry->Get("migrate_source"));
    hasher.Add(entry->Get("migrate_target"));
    // What was expected: the number behind the second colon of the key.
    const std::string_view key = entry->Get("transition-key");
    const size_t second = key.find(':', key.find(':') + 1);
    if (second != std::string_view::npos) hasher.Add(key.substr(second + 1, key.find(':', second + 1) - second - 1));
  }
  return hasher.Get();
}

// Whether every history has its hash in `known`.
bool AreKnown(const solver::SharedList<solver::ResourceHistory>& histories, const HistoryHashes* known) {
  if (!known || known->size() != histories.size()) return false;
  for (size_t i = 0; i < histories.size(); ++i) {
    if ((*known)[i].first != histories.Shared(i)) return false;
  }
  return true;
}

HistoryHashes Renewed(const solver::SharedList<solver::ResourceHistory>& histories, const HistoryHashes* before) {
  HistoryHashes hashes;
  hashes.reserve(histories.size());
  for (size_t i = 0; i < histories.size(); ++i) {
    const auto& history = histories.Shared(i);
    const bool is_known = before && i < before->size() && (*before)[i].first == history;
    hashes.emplace_back(history, is_known ? (*before)[i].second : OfHistory(*history));
  }
  return hashes;
}

}  // namespace

CanonicalForm::CanonicalForm(const solver::Cluster& cluster) {
  Walk walk;
  walk.Blocks(cluster.properties);
  walk.Blocks(cluster.rsc_defaults);
  walk.Blocks(cluster.op_defaults);
  for (const solver::NodeDef& node : cluster.nodes) walk.Blocks(node.attributes);
  for (const solver::ResourceDef& def : cluster.resources) walk.Resource(def, false);
  for (const solver::ConstraintDef& constraint : cluster.constraints) {
    const auto* location = std::get_if<solver::LocationDef>(&constraint);
    if (location && location->rule) walk.Rule(*location->rule);
  }
  ages_ = walk.failure_timeout;
  for (const solver::NvBlock& block : cluster.properties) {
    for (const solver::NvPair& pair : block.pairs) {
      ages_ =
          ages_ || (pair.name == "shutdown-lock" && solver::IsTrue(pair.value)) || pair.name == "node-pending-timeout";
    }
  }
  dates_ = walk.dates;
  exact_counts_ = walk.reads_counts;
  highest_threshold_ = walk.highest_threshold;
  migrating_ = std::move(walk.migrating);
}

void CanonicalForm::AddAges(Hasher& hasher, const solver::ResourceHistory& history, int64_t now_s) const {
  const bool migrates = !migrating_.empty() && migrating_.contains(solver::BaseName(history.id));
  if (!ages_ && !migrates) return;
  for (const solver::HistoryEntry* entry : ByCall(history)) {
    const bool failed = entry->id.ends_with("_last_failure_0") || entry->status.value_or(0) != 0;
    if (!migrates && !failed && entry->operation != "stop") continue;
    hasher.Add(static_cast<uint64_t>(now_s - entry->last_rc_change_s.value_or(0)));
  }
}

Hash CanonicalForm::OfNode(const solver::NodeState& node, int64_t now_s, bool with_ages,
                           std::shared_ptr<const HistoryHashes>& known) const {
  Hasher hasher;
  for (const auto& [name, value] : node.attributes) {
    hasher.Add(name);
    hasher.Add(value);
  }
  hasher.Add((node.has_transient ? 2 : 0) + (node.has_history ? 1 : 0));
  for (const solver::NvBlock& block : node.transient) {
    for (const solver::NvPair& pair : block.pairs) {
      hasher.Add(pair.name);
      if (pair.name == "shutdown" || pair.name == "#node-unfenced") {
        // A moment, of which only the age can matter.
        const int64_t moment = ParseInteger(pair.value).value_or(0);
        hasher.Add(moment == 0 ? 0 : 1);
        if (with_ages && ages_) hasher.Add(static_cast<uint64_t>(now_s - moment));
      } else if (pair.name.starts_with("last-failure-")) {
        if (exact_counts_) hasher.Add(pair.value);
        if (with_ages && ages_) hasher.Add(static_cast<uint64_t>(now_s - ParseInteger(pair.value).value_or(0)));
      } else if (pair.name.starts_with("fail-count-") && !exact_counts_) {
        const bool infinite = solver::ParseScore(pair.value).value_or(solver::Score()).is_infinite();
        const int64_t count = infinite ? INT32_MAX : ParseInteger(pair.value).value_or(0);
        hasher.Add(static_cast<uint64_t>(infinite ? count : std::min(count, std::max<int64_t>(highest_threshold_, 1))));
      } else {
        hasher.Add(pair.value);
      }
    }
  }
  for (const solver::NvBlock& block : node.transient_utilization) {
    for (const solver::NvPair& pair : block.pairs) {
      hasher.Add(pair.name);
      hasher.Add(pair.value);
    }
  }
  if (!AreKnown(node.history, known.get())) {
    known = std::make_shared<const HistoryHashes>(Renewed(node.history, known.get()));
  }
  for (const auto& [history, hash] : *known) {
    hasher.Add(hash);
    if (with_ages) AddAges(hasher, *history, now_s);
  }
  return hasher.Get();
}

void CanonicalForm::AddShared(Hasher& hasher, const solver::State& state, int64_t now_s, bool with_ages) const {
  hasher.Add(state.have_quorum.value_or("?"));
  for (const solver::TicketState& ticket : state.tickets) {
    hasher.Add(ticket.id);
    for (const auto& [name, value] : ticket.attributes) {
      hasher.Add(name);
      hasher.Add(value);
    }
  }
  if (dates_ && with_ages) hasher.Add(static_cast<uint64_t>(now_s));
}

}  // namespace picket::simulator
