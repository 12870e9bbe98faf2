#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {

// W0410 and W0427. What devices can do, those who know what a cluster does with them say (Review in compile.h).
namespace {

// W0410: half of fencing switched off.
void SwitchedOff(const PolicyView& view, Diagnostics& diagnostics) {
  const auto startup = view.Property({"startup-fencing"});
  if (startup && !startup->conditional && AsBoolean(startup->value) == std::optional<bool>(false)) {
    Diagnostic& warning =
        diagnostics.Warning("W0410", startup->span,
                            "a node that was not seen since the cluster started is taken for stopped, "
                            "and may run everything");
    warning.help.push_back("leave `startup-fencing` out");
  }
  const auto needs = view.Default("rsc_defaults", "requires");
  if (!needs || needs->conditional || needs->value != "nothing") return;
  Diagnostic& warning = diagnostics.Warning(
      "W0410", needs->span, "no resource waits until a lost node is fenced: it may run twice meanwhile");
  warning.help.push_back("write `meta requires=nothing` for the resources that may run twice");
}

}  // namespace

namespace {

// W0427: agents that take a node's access to a disk away, and have to give it back when the node joins (spec 08 §15).
void Unfencing(const PolicyView& view, Diagnostics& diagnostics) {
  for (const Symbol& symbol : view.symbols().all()) {
    const std::string agent = view.Agent(symbol);
    if (agent != "stonith:fence_scsi" && agent != "stonith:fence_mpath") continue;
    if (symbol.kind != SymbolKind::kFence && symbol.kind != SymbolKind::kPrimitive) continue;
    if (view.Meta(symbol, "provides")) continue;
    Diagnostic& warning = diagnostics.Warning(
        "W0427", symbol.span, "`" + symbol.id + "` never registers a node with its disks: nobody asks it to");
    warning.label = "a node that joins has no access";
    warning.help.push_back("write `meta provides=unfencing` in the braces of `" + symbol.id + "`");
  }
}

}  // namespace

void LintFencing(const PolicyView& view, Diagnostics& diagnostics) {
  SwitchedOff(view, diagnostics);
  Unfencing(view, diagnostics);
  const auto enabled = view.Property({"fencing-enabled", "stonith-enabled"});
  const auto value = enabled ? AsBoolean(enabled->value) : std::nullopt;
  if (!value || *value || enabled->conditional) return;
  Diagnostic& warning = diagnostics.Warning("W0410", enabled->span,
                                            "without fencing, a lost node may go on writing while its resources "
                                            "start elsewhere");
  warning.help.push_back("declare fence devices: `fence DEVICE stonith:AGENT for NODE { … }`");
}

}  // namespace picket::compiler
