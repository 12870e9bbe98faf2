// Bytes as a policy: parsing ends and reports, compiling ends; what parses is
// formatted to something that means the same, has the same comments, and is
// formatted to itself.
#include <string>

#include "compiler/compile.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace picket::compiler;
  using picket::fuzz::Demand;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const ast::File file = Parse(text, 0, diagnostics);
  if (!diagnostics.HasErrors()) {
    const std::string once = Format(file, text);
    const ast::File again = Parse(once, 0, diagnostics);
    Demand(!diagnostics.HasErrors(), "what fmt writes does not parse", once);
    Demand(SameMeaning(file.statements, again.statements), "fmt changes the meaning", once);
    Demand(file.comments.size() == again.comments.size(), "fmt loses a comment", once);
    Demand(Format(again, once) == once, "fmt is not idempotent", once);
  }
  CompileOptions options;
  options.read = [](const std::string&) { return std::nullopt; };
  CompileText(text, "fuzz.picket", options);
  return 0;
}
