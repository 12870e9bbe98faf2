#include "simulator/scenario/coverage.h"

#include <algorithm>

#include "execution/plan/plan.h"
#include "simulator/world/catalog.h"
#include "solver/explain/recorder.h"
#include "solver/model/run.h"

namespace picket::simulator {
namespace {

using solver::AttributeOr;

}  // namespace

Coverage::Coverage(const solver::Cluster& cluster) : cluster_(cluster) {
  const Catalog catalog(cluster);
  const auto add = [&](const char* kind, const std::string& id) {
    by_id_.emplace(id, items_.size());
    items_.push_back({kind, id, 0});
  };
  const auto primitives = [&](std::set<std::string>& out, std::string_view id) {
    const CatalogEntry* entry = catalog.Find(id);
    if (entry) out.insert(entry->primitives.begin(), entry->primitives.end());
  };
  const bool inherits = PlainValue(cluster.rsc_defaults, "migration-threshold") != nullptr;
  for (const solver::ResourceDef& def : cluster.resources) AddResource(def, inherits);
  for (const solver::ConstraintDef& constraint : cluster.constraints) {
    if (const auto* location = std::get_if<solver::LocationDef>(&constraint)) {
      add("location", location->id);
      if (location->rule) by_id_.emplace(location->rule->id, items_.size() - 1);
    }
    if (const auto* colocation = std::get_if<solver::ColocationDef>(&constraint)) add("colocation", colocation->id);
    if (const auto* ticket = std::get_if<solver::TicketDef>(&constraint)) add("ticket", ticket->id);
    const auto* order = std::get_if<solver::OrderDef>(&constraint);
    if (!order) continue;
    add("order", order->id);
    Ends& ends = orders_[items_.size() - 1];
    primitives(ends.first, AttributeOr(order->attributes, "first"));
    primitives(ends.then, AttributeOr(order->attributes, "then"));
    for (size_t i = 0; i < order->sets.size(); ++i) {
      for (size_t k = 0; k < order->sets[i].refs.size(); ++k) {
        const bool last = i + 1 == order->sets.size() && order->sets.size() > 1;
        primitives(last || (order->sets.size() == 1 && k > 0) ? ends.then : ends.first, order->sets[i].refs[k]);
      }
    }
  }
  for (const solver::FencingLevelDef& level : cluster.fencing_levels) {
    std::string devices;
    for (const std::string& id : level.devices) devices += (devices.empty() ? "" : ",") + id;
    level_of_[devices].push_back(items_.size());
    add("fencing level", level.id);
  }
}

void Coverage::AddResource(const solver::ResourceDef& def, bool inherits) {
  inherits = inherits || PlainValue(def.meta, "migration-threshold") != nullptr;
  if (def.variant == solver::Variant::kPrimitive && inherits && def.cls != "stonith") {
    threshold_of_.emplace(def.id, items_.size());
    items_.push_back({"threshold", def.id, 0});
  }
  for (const solver::ResourceDef& child : def.children) AddResource(child, inherits);
}

std::shared_ptr<const WorldHooks> Coverage::Hooks() {
  auto hooks = std::make_shared<WorldHooks>();
  hooks->solved = [this](const solver::Run& run, const solver::Recorder& recorder, const Plan& plan) {
    Solved(run, recorder, plan);
  };
  hooks->fenced = [this](const std::string& devices) { Fenced(devices); };
  return hooks;
}

void Coverage::Solved(const solver::Run& run, const solver::Recorder& recorder, const Plan& plan) {
  std::set<size_t> decisive;
  for (const solver::Event& event : recorder.events()) {
    const auto* reason = std::get_if<solver::ReasonEvent>(&event);
    if (!reason || reason->taken_back) continue;
    if (const auto found = by_id_.find(reason->cause_id); found != by_id_.end()) decisive.insert(found->second);
    if (reason->what != "failures" || !reason->resource.valid()) continue;
    for (solver::ResourceId id = reason->resource; id.valid(); id = run.at(id).parent) {
      const auto threshold = threshold_of_.find(run.at(id).config_id);
      if (threshold != threshold_of_.end()) decisive.insert(threshold->second);
    }
  }
  std::set<std::string> acting;
  for (const execution::PlanStep& step : plan.steps) {
    const bool monitors = step.operation == "monitor";
    if (step.kind == execution::StepKind::kOperation && !monitors) acting.insert(step.primitive);
  }
  const auto any = [&](const std::set<std::string>& ids) {
    return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return acting.contains(id); });
  };
  for (const auto& [item, ends] : orders_) {
    if (any(ends.first) && any(ends.then)) decisive.insert(item);
  }
  const std::lock_guard lock(mutex_);
  for (const size_t item : decisive) ++items_[item].decisive;
}

void Coverage::Fenced(const std::string& devices) {
  const auto found = level_of_.find(devices);
  if (found == level_of_.end()) return;
  const std::lock_guard lock(mutex_);
  for (const size_t item : found->second) ++items_[item].decisive;
}

std::vector<CoveredItem> Coverage::Items() const {
  const std::lock_guard lock(mutex_);
  return items_;
}

}  // namespace picket::simulator
