// Bytes as what a page asks its engine, a request on each line: every request has an answer, which is JSON.
#include <nlohmann/json.hpp>
#include <sstream>

#include "solver/schedule.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/fuzz_target.h"
#include "web/engine/engine.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream bytes(std::string(reinterpret_cast<const char*>(data), size));
  picket::solver::WithLargeStack([&] {
    picket::web::Engine engine;
    for (std::string line; std::getline(bytes, line);) {
      const nlohmann::json answer = nlohmann::json::parse(engine.Call(line), nullptr, false);
      picket::fuzz::Demand(!answer.is_discarded(), "an answer that is no JSON", line);
    }
  });
  return 0;
}
