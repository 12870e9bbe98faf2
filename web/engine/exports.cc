// The module's face to the page: text in, text out.
//
// The page writes a request into memory that it took with `allocate`, calls, reads the answer that
// `answer_text` and `answer_size` tell of, and gives the request back. One call at a time; the answer stays
// until the next.
#include <cstdlib>
#include <string>

#include "web/engine/engine.h"

namespace {

picket::web::Engine& TheEngine() {
  static picket::web::Engine engine;
  return engine;
}
std::string& Answer() {
  static std::string answer;
  return answer;
}

}  // namespace

extern "C" {

[[clang::export_name("allocate")]] char* PicketAllocate(size_t bytes) {
  return static_cast<char*>(std::malloc(bytes));
}
[[clang::export_name("release")]] void PicketRelease(char* memory) {
  std::free(memory);
}
[[clang::export_name("call")]] size_t PicketCall(const char* request, size_t bytes) {
  Answer() = TheEngine().Call({request, bytes});
  return Answer().size();
}
[[clang::export_name("answer")]] const char* PicketAnswer() {
  return Answer().data();
}

}  // extern "C"
