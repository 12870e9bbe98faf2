// Bytes as each of picketd's files: refused with a reason, or written again so that the same is read.
#include "bazel/deps/fmt.h"
#include "runtime/store/hard.h"
#include "runtime/store/session.h"
#include "solver/status/md5.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace picket::runtime;
using picket::fuzz::Demand;

void ReadGeneration(const std::string& bytes) {
  std::string error;
  const std::optional<Hard> hard = DecodeHard(bytes, error);
  Demand(hard.has_value() || !error.empty(), "a generation refused without a reason", bytes);
  if (hard) Demand(DecodeHard(EncodeHard(*hard), error) == hard, "a generation not read as it was written", bytes);
}

// The bytes with the header that belongs to them: a checksum keeps nothing out that was written on purpose.
std::string WithHeader(const std::string& body) {
  return fmt::format("picket-store 1 {} {}\n{}", body.size(), picket::solver::Md5Hex(body), body);
}

// With a generation before it that is whole: it is taken where the newer one cannot be read.
void ReadFolder(const std::string& bytes) {
  Hard before;
  before.index = 7;
  const LoadedHard loaded =
      LoadHard({{GenerationName(7), EncodeHard(before)}, {GenerationName(8), bytes}, {kPromiseName, bytes}});
  Demand(!loaded.forgetful || loaded.hard == before, "forgetful, and not of the generation before", bytes);
  Demand(!loaded.forgetful || !loaded.complaints.empty(), "forgetful without a word", bytes);
  bool damaged = false;
  const uint64_t term = LoadPromise({{kPromiseName, bytes}}, damaged);
  Demand(!damaged || term == 0, "a damaged promise that counts", bytes);
  if (term > 0) Demand(LoadPromise({{kPromiseName, EncodePromise(term)}}, damaged) == term, "another promise", bytes);
}

void ReadSession(const std::string& bytes) {
  const std::optional<Session> session = DecodeSession(bytes);
  if (!session) return;
  const std::string text = EncodeSession(*session);
  const std::optional<Session> again = DecodeSession(text);
  Demand(again && EncodeSession(*again) == text, "a session not read as it was written", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  ReadGeneration(bytes);
  ReadGeneration(WithHeader(bytes));
  ReadFolder(bytes);
  ReadSession(bytes);
  return 0;
}
