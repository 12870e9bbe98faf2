// Bytes as a CIB that is imported.
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/imported.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  picket::fuzz::DemandImport(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
