#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {

// W0410. What devices can do, those who know what a cluster does with them say (Review in compile.h).
void LintFencing(const PolicyView& view, Diagnostics& diagnostics) {
  const auto enabled = view.Property({"fencing-enabled", "stonith-enabled"});
  const auto value = enabled ? AsBoolean(enabled->value) : std::nullopt;
  if (!value || *value || enabled->conditional) return;
  Diagnostic& warning = diagnostics.Warning("W0410", enabled->span,
                                            "without fencing, a lost node may go on writing while its resources "
                                            "start elsewhere");
  warning.help.push_back("declare fence devices: `fence DEVICE stonith:AGENT for NODE { … }`");
}

}  // namespace picket::compiler
