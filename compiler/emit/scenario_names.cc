#include "compiler/emit/scenario_names.h"

#include <algorithm>

#include "compiler/diagnostics/nearest.h"

namespace picket::compiler::emit {

using scenario::Name;

Diagnostic& ScenarioNames::Unknown(const ast::Text& name, const std::string& what,
                                   const std::vector<std::string>& known) const {
  const bool full = diagnostics_.IsFull();
  Diagnostic& error = diagnostics_.Error("E0201", name.span, "unknown " + what + " `" + name.literal + "`");
  if (full) return error;  // The search below looks at every name there is.
  if (auto nearest = Nearest(name.literal, known)) {
    error.help.push_back("did you mean `" + *nearest + "`?");
  } else if (!known.empty() && known.size() <= 12) {
    std::string list;
    for (const std::string& one : known) list += (list.empty() ? "`" : ", `") + one + '`';
    error.help.push_back("known are " + list);
  }
  return error;
}

std::optional<Name> ScenarioNames::Listed(const ast::Text& name, const std::vector<std::string>& known,
                                          const std::string& what) const {
  if (std::find(known.begin(), known.end(), name.literal) == known.end()) {
    Unknown(name, what, known);
    return std::nullopt;
  }
  return Name{name.literal, name.span};
}
std::optional<Name> ScenarioNames::Node(const ast::Text& name) const {
  if (symbols_.FindNode(name.literal) != nullptr) return Name{name.literal, name.span};
  Diagnostic& error = Unknown(name, "node", symbols_.nodes());
  const Symbol* symbol = symbols_.Find(name.literal);
  if (symbol != nullptr && IsResource(symbol->kind)) {
    error.help = {"`" + name.literal + "` is a resource: `fail " + name.literal + "` lets it fail, `disable " +
                  name.literal + "` stops it"};
  }
  return std::nullopt;
}

void ScenarioNames::TakeDeployed(const std::vector<ast::TestStep>& steps) {
  deployed_.clear();
  FindDeployed(steps);
}

void ScenarioNames::FindDeployed(const std::vector<ast::TestStep>& steps) {
  for (const ast::TestStep& step : steps) {
    if (const auto* during = std::get_if<ast::DuringStep>(&step.what)) FindDeployed(during->faults);
    const auto* deploy = std::get_if<ast::DeployFault>(&step.what);
    if (deploy == nullptr || !deploy->policy || deployed_.contains(deploy->policy->literal)) continue;
    deployed_.emplace(deploy->policy->literal, read_ ? read_(*deploy->policy) : nullptr);
  }
}

std::shared_ptr<const scenario::Deployed> ScenarioNames::Deployed(const ast::Text& file) const {
  const auto found = deployed_.find(file.literal);
  return found == deployed_.end() ? nullptr : found->second;
}

bool ScenarioNames::IsDeployed(const std::string& name, std::vector<std::string> scenario::Deployed::*names) const {
  return std::any_of(deployed_.begin(), deployed_.end(), [&](const auto& one) {
    if (!one.second) return false;
    const std::vector<std::string>& known = (*one.second).*names;
    return std::find(known.begin(), known.end(), name) != known.end();
  });
}

std::optional<Name> ScenarioNames::ResourceOrConstraint(const ast::Text& name) const {
  const Symbol* symbol = symbols_.Find(name.literal);
  if (symbol != nullptr && symbol->kind == SymbolKind::kConstraint) return Name{name.literal, name.span};
  if (symbol != nullptr || IsDeployed(name.literal, &scenario::Deployed::resources)) return Resource(name);
  const auto can_go = [](SymbolKind kind) { return IsResource(kind) || kind == SymbolKind::kConstraint; };
  Unknown(name, "resource or constraint", diagnostics_.IsFull() ? std::vector<std::string>{} : symbols_.Names(can_go))
      .help.push_back("a constraint is deleted by the name that the policy gives it: `location NAME: a prefers n1`");
  return std::nullopt;
}

std::optional<Name> ScenarioNames::Resource(const ast::Text& name) const {
  const Symbol* symbol = symbols_.Find(name.literal);
  if (symbol == nullptr && IsDeployed(name.literal, &scenario::Deployed::resources))
    return Name{name.literal, name.span};
  if (symbol == nullptr) {
    Diagnostic& error =
        Unknown(name, "resource", diagnostics_.IsFull() ? std::vector<std::string>{} : symbols_.Names(IsResource));
    if (symbols_.IsNode(name.literal)) error.help = {"`" + name.literal + "` is a node; write the name of a resource"};
    return std::nullopt;
  }
  if (!IsResource(symbol->kind)) {
    diagnostics_
        .Error("E0203", name.span,
               "`" + name.literal + "` is a " + std::string(KindName(symbol->kind)) + ", not a resource")
        .others.push_back({symbol->span, "defined here"});
    return std::nullopt;
  }
  return Name{name.literal, name.span};
}

std::optional<Name> ScenarioNames::Link(const ast::Text& name) const {
  return Listed(name, symbols_.links(), "link");
}

std::optional<Name> ScenarioNames::Ticket(const ast::Text& name) const {
  return Listed(name, symbols_.tickets(), "ticket");
}

std::optional<Name> ScenarioNames::Device(const ast::Text& name) const {
  const auto fits = [](SymbolKind kind) { return kind == SymbolKind::kFence || kind == SymbolKind::kPrimitive; };
  const Symbol* symbol = symbols_.Find(name.literal);
  if (symbol == nullptr && IsDeployed(name.literal, &scenario::Deployed::devices)) return Name{name.literal, name.span};
  if (symbol == nullptr || !fits(symbol->kind)) {
    Unknown(name, "fence device", symbols_.Names([](SymbolKind kind) { return kind == SymbolKind::kFence; }));
    return std::nullopt;
  }
  return Name{name.literal, name.span};
}

std::vector<Name> ScenarioNames::Nodes(const std::vector<ast::Text>& names) const {
  std::vector<Name> list;
  for (const ast::Text& name : names) {
    if (auto node = Node(name)) list.push_back(std::move(*node));
  }
  return list;
}

}  // namespace picket::compiler::emit
