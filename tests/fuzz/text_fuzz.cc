// Bytes as text of crmsh and as commands of pcs: each becomes a CIB, and the CIB is imported.
#include "compiler/import/crmsh.h"
#include "compiler/import/pcs.h"
#include "solver/cib/document.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/imported.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace picket::compiler::import;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const AgentResolver resolve = [](const std::string& type) { return "ocf:heartbeat:" + type; };
  for (const auto read_text : {ReadCrmsh, ReadPcs}) {
    pugi::xml_document cib;
    TextRead read;
    read_text(text, resolve, cib, read);
    for (const std::string& said : read.faults) picket::fuzz::Demand(!said.empty(), "a fault without a word", text);
    picket::fuzz::DemandImport(picket::solver::DocumentText(cib));
  }
  return 0;
}
