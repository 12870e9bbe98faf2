#include "simulator/scenario/subjects.h"

#include <algorithm>

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

class Collector {
 public:
  std::set<std::string> subjects;

  void operator()(const say::InState& state) {
    const bool of_node = state.state == say::State::kFenced || state.state == say::State::kOnline;
    if (!of_node && state.state != say::State::kStopped) subjects.insert(state.subject.id);
  }
  void operator()(const say::Happened& happened) { subjects.insert(happened.resource.id); }
  void operator()(const say::Undisturbed& calm) { subjects.insert(calm.resource.id); }
  void operator()(const say::UtilizationFits&) {}
  void operator()(const say::Comparison& comparison) {
    Take(comparison.left);
    Take(comparison.right);
  }
  void operator()(const say::Before& before) {
    std::visit(*this, before.first.what);
    std::visit(*this, before.second.what);
  }
  void operator()(const say::Not& no) { Take(*no.operand); }
  void operator()(const say::And& all) {
    for (const say::Condition& operand : all.operands) Take(operand);
  }
  void operator()(const say::Or& any) {
    for (const say::Condition& operand : any.operands) Take(operand);
  }
  void operator()(const say::Implies& implies) {
    Take(*implies.premise);
    Take(*implies.conclusion);
  }
  void Take(const say::Condition& condition) { std::visit(*this, condition.what); }

 private:
  void Take(const say::Quantity& quantity) {
    if (const auto* count = std::get_if<say::Count>(&quantity.what)) {
      if (count->subject && count->state != say::State::kStopped) subjects.insert(count->subject->id);
    } else if (const auto* downtime = std::get_if<say::Downtime>(&quantity.what)) {
      subjects.insert(downtime->resource.id);
    } else if (const auto* sum = std::get_if<std::shared_ptr<const say::Arithmetic>>(&quantity.what)) {
      Take((*sum)->left);
      Take((*sum)->right);
    }
  }
};

bool HasConstraint(const solver::Cluster& cluster, const std::string& id) {
  return std::any_of(cluster.constraints.begin(), cluster.constraints.end(), [&](const solver::ConstraintDef& one) {
    return std::visit([&](const auto& constraint) { return constraint.id == id; }, one);
  });
}

}  // namespace

std::set<std::string> SubjectsOf(const say::Condition& condition) {
  Collector collector;
  collector.Take(condition);
  return std::move(collector.subjects);
}

bool IsSomewhere(const std::string& resource, const World& world) {
  const CatalogEntry* entry = world.catalog().Find(resource);
  if (!entry) return false;
  return std::any_of(world.nodes().begin(), world.nodes().end(), [&](const auto& node) {
    return std::any_of(node.second.resources.begin(), node.second.resources.end(), [&](const auto& running) {
      return std::find(entry->primitives.begin(), entry->primitives.end(), running.second.primitive) !=
             entry->primitives.end();
    });
  });
}

std::string Listed(const std::set<std::string>& names) {
  std::string text;
  size_t left = names.size();
  for (const std::string& name : names) {
    text += (text.empty() ? "" : left == 1 ? " and " : ", ") + name;
    --left;
  }
  return text;
}

std::string GoneSubject(const say::Fault& fault, const World& world) {
  const Catalog& catalog = world.catalog();
  const std::string id = std::visit(
      [](const auto& what) -> std::string {
        if constexpr (requires { what.resource.id; }) return what.resource.id;
        if constexpr (requires { what.resource->id; }) return what.resource ? what.resource->id : "";
        if constexpr (requires { what.subject.id; }) return what.subject.id;
        if constexpr (requires { what.device.id; }) return what.device.id;
        return "";
      },
      fault);
  return id.empty() || catalog.Find(id) || HasConstraint(catalog.cluster(), id) ? std::string() : id;
}

}  // namespace picket::simulator
