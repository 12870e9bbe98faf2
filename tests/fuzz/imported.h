// What is demanded of an import, whichever text it began with: it is refused with a reason, or gives a policy in
// canonical spelling that compiles.
#pragma once

#include <string>

#include "compiler/compile.h"
#include "compiler/format/format.h"
#include "compiler/import/import.h"
#include "compiler/syntax/parse.h"
#include "tests/fuzz/demand.h"

namespace picket::fuzz {

inline void DemandImport(const std::string& cib) {
  using namespace picket::compiler;
  import::Imported imported;
  std::string reason;
  if (!import::Import(cib, {}, imported, reason)) {
    Demand(!reason.empty(), "refused without a reason", cib);
    return;
  }
  Diagnostics diagnostics;
  const ast::File file = Parse(imported.policy, 0, diagnostics);
  Demand(!diagnostics.HasErrors(), "the policy does not parse", imported.policy);
  Demand(Format(file, imported.policy) == imported.policy, "the policy is not in canonical spelling", imported.policy);
  const CompileResult result = CompileText(imported.policy, "policy", {});
  Demand(result.compiled.has_value() || !imported.warnings.empty(), "the policy does not compile", imported.policy);
}

}  // namespace picket::fuzz
