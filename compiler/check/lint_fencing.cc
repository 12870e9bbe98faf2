#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {

// W0410. What devices can do, those who know what a cluster does with them say (Review in compile.h).
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

void LintFencing(const PolicyView& view, Diagnostics& diagnostics) {
  SwitchedOff(view, diagnostics);
  const auto enabled = view.Property({"fencing-enabled", "stonith-enabled"});
  const auto value = enabled ? AsBoolean(enabled->value) : std::nullopt;
  if (!value || *value || enabled->conditional) return;
  Diagnostic& warning = diagnostics.Warning("W0410", enabled->span,
                                            "without fencing, a lost node may go on writing while its resources "
                                            "start elsewhere");
  warning.help.push_back("declare fence devices: `fence DEVICE stonith:AGENT for NODE { … }`");
}

}  // namespace picket::compiler
