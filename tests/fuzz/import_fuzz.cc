// Bytes as a CIB: import refuses with a reason, or gives a policy in canonical
// spelling that compiles.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "compiler/compile.h"
#include "compiler/format/format.h"
#include "compiler/import/import.h"
#include "compiler/syntax/parse.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

void Demand(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::fprintf(stderr, "%s:\n%s\n", what, text.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace picket::compiler;
  const std::string cib(reinterpret_cast<const char*>(data), size);
  import::Imported imported;
  std::string reason;
  if (!import::Import(cib, {}, imported, reason)) {
    Demand(!reason.empty(), "refused without a reason", cib);
    return 0;
  }
  Diagnostics diagnostics;
  const ast::File file = Parse(imported.policy, 0, diagnostics);
  Demand(!diagnostics.HasErrors(), "the policy does not parse", imported.policy);
  Demand(Format(file, imported.policy) == imported.policy, "the policy is not in canonical spelling", imported.policy);
  const CompileResult result = CompileText(imported.policy, "policy", {});
  Demand(result.compiled.has_value() || !imported.warnings.empty(), "the policy does not compile", imported.policy);
  return 0;
}
