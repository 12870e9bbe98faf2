#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

// Options of operations that do not do what they seem to: what a failure
// leads to, intervals of what is not repeated, delays before a monitor. Fence
// devices are left out: their operations are not what fences.
namespace picket::compiler {
namespace {

// A shorter delay harms nobody.
constexpr std::int64_t kNotableMs = 10 * 1000;
// A longer delay no longer holds up the cluster.
constexpr std::int64_t kHeldUpMsMax = 5 * 60 * 1000;

const ast::Option* Find(const ast::Operation& operation, std::string_view name) {
  for (const ast::Option& option : operation.options) {
    if (option.name.literal == name) return &option;
  }
  return nullptr;
}

bool IsRepeated(const ast::Operation& operation) {
  return AsIntervalMs(OptionText(operation.options, "interval")).value_or(0) > 0;
}

class OperationLinter {
 public:
  OperationLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive && symbol.kind != SymbolKind::kTemplate) continue;
      for (const ast::Operation* operation : view_.Operations(symbol)) {
        if (!told_.insert(operation).second) continue;  // A template's, seen with another of its users.
        OnFail(symbol, *operation);
        Interval(*operation);
        StartDelay(symbol, *operation);
        Disabled(symbol, *operation);
      }
    }
    OnFailForAll();
  }

 private:
  // W0436
  void OnFail(const Symbol& resource, const ast::Operation& operation) {
    const ast::Option* option = Find(operation, "on-fail");
    if (option == nullptr) return;
    const std::string policy = Lower(OptionText(operation.options, "on-fail"));
    const std::string& name = operation.name.literal;
    if (name == "stop") return OnFailedStop(resource, *option, policy);
    if (policy != "demote" || name == "promote") return;
    const std::string role = Lower(OptionText(operation.options, "role"));
    const bool can = view_.CanBePromoted(resource);
    if (name == "monitor" && (role == "promoted" || role == "master") && IsRepeated(operation) && can) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0436", option->span,
        can ? "`on-fail=demote` counts for `promote` and for repeated monitors with `role=promoted`"
            : "`on-fail=demote` for `" + resource.id + "`, which is never promoted");
    warning.label = "ignored: the default holds";
    warning.help.push_back(can && name == "monitor" ? "write `role=promoted` with it, or leave it out"
                                                    : "leave it out");
  }

  // W0436: the default is that of `stop` as well.
  void OnFailForAll() {
    const auto setting = view_.Default("op_defaults", "on-fail");
    if (!setting || setting->conditional || Lower(setting->value) != "ignore") return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0436", setting->span, "after a failed stop a resource is started elsewhere, and may still run where it was");
    warning.label = "holds for `stop` of every resource as well";
    warning.help.push_back("write `on-fail=ignore` for the monitors that are meant");
  }

  // W0428
  void Disabled(const Symbol& resource, const ast::Operation& operation) {
    const ast::Option* option = Find(operation, "enabled");
    if (option == nullptr || !IsRepeated(operation)) return;
    if (AsBoolean(OptionText(operation.options, "enabled")) != std::optional<bool>(false)) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0428", option->span, "this `" + operation.name.literal + "` of `" + resource.id + "` never runs");
    warning.label = "for as long as the policy says so";
    warning.help.push_back("take it out of the policy; set it in the cluster for as long as it is needed");
  }

  void OnFailedStop(const Symbol& resource, const ast::Option& option, const std::string& policy) {
    const std::string name = '`' + resource.id + '`';
    const auto tell = [&](std::string message, const char* label) {
      Diagnostic& warning = diagnostics_.Warning("W0436", option.span, std::move(message));
      warning.label = label;
      warning.help.push_back("leave `on-fail` out: the node is fenced, after which nothing runs there");
    };
    if (policy == "standby" || policy == "demote" || policy == "stop") {
      tell("`on-fail=" + policy + "` is not possible for a stop", "ignored: the node is fenced");
    } else if (policy == "ignore" || policy == "nothing") {
      tell("after a failed stop " + name + " is started elsewhere, and may still run where it was",
           "a failure counts as success");
    } else if (policy == "restart") {
      tell("after a failed stop " + name + " is stopped again and again, and runs nowhere meanwhile",
           "its node is never fenced");
    }
  }

  // W0437: the cluster tells operations apart by name and interval, and its own
  // start has none.
  void Interval(const ast::Operation& operation) {
    static const std::set<std::string, std::less<>> once = {"start",      "stop",         "promote",      "demote",
                                                            "migrate_to", "migrate_from", "reload-agent", "notify"};
    const std::string& name = operation.name.literal;
    if (!once.contains(name) || !IsRepeated(operation)) return;
    Diagnostic& warning =
        diagnostics_.Warning("W0437", Find(operation, "interval")->span,
                             "`" + name + "` is never repeated: with an interval, nothing of what stands here counts");
    warning.help.push_back("leave `interval` out");
  }

  // W0442
  void StartDelay(const Symbol& resource, const ast::Operation& operation) {
    const ast::Option* option = Find(operation, "start-delay");
    if (option == nullptr) return;
    const std::string text = OptionText(operation.options, "start-delay");
    const std::int64_t delay_ms = AsDurationMs(text).value_or(0);
    if (delay_ms < kNotableMs) return;
    const std::string& name = operation.name.literal;
    const bool monitor = name == "monitor";
    if (monitor && !IsRepeated(operation)) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0442", option->span,
        monitor ? "no failure of `" + resource.id + "` is noticed for " + text + " after each start"
                : "each `" + name + "` of `" + resource.id + "` waits for " + text + " first");
    if (delay_ms <= kHeldUpMsMax) warning.label = "and the cluster reacts to nothing else meanwhile";
    warning.help.push_back("leave it out: an agent's `start` ends when the service is there");
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  std::set<const ast::Operation*> told_;
};

}  // namespace

void LintOperations(const PolicyView& view, Diagnostics& diagnostics) {
  OperationLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
