// Bytes as a piece of a message: refused with a reason, kept for more, or a message that is written again as it was
// read and is no larger for it.
#include <string>

#include "runtime/group/wire.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace picket::runtime;
  using picket::fuzz::Demand;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  Wire wire;
  std::string error;
  // The same twice: a second piece finds what the first has left.
  for (int i = 0; i < 2; ++i) {
    const std::optional<Envelope> envelope = wire.Unpack({1, 1}, bytes, error);
    Demand(!envelope || error.empty(), "both read and refused", bytes);
    if (!envelope) continue;
    const std::string text = EncodeEnvelope(*envelope);
    // What JSON writes longer than it was read are control characters as `\u0001`, and they were written so.
    Demand(text.size() <= bytes.size() * 2 + 1000, "larger than what it was read from", bytes);
    const std::optional<Envelope> again = DecodeEnvelope(text, error);
    Demand(again && EncodeEnvelope(*again) == text, "not read as it was written", text);
  }
  return 0;
}
