// Bytes as requests at picketd's control socket, one on each line: refused with a reason that fits on a line, or read.
#include <sstream>

#include "runtime/control/request.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace picket::runtime;
  using picket::fuzz::Demand;
  std::istringstream bytes(std::string(reinterpret_cast<const char*>(data), size));
  for (std::string line; std::getline(bytes, line);) {
    std::string error;
    const std::optional<Request> request = ReadRequest(line, error);
    Demand(request.has_value() == error.empty(), "neither read nor refused, or both", line);
    Demand(error.find('\n') == std::string::npos, "a reason of several lines", error);
    if (request) IsChange(*request);
  }
  return 0;
}
