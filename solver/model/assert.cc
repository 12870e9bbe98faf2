#include "solver/model/assert.h"

#include <cstdio>
#include <cstdlib>

namespace picket {

namespace {

constexpr int kDefect = 70;  // as in cli/exit_status.h

}  // namespace

void AssertFailed(const char* promise, const char* condition, const char* file, int line) {
  // tidy: allow(print) an assertion that failed has nobody else to tell
  std::fprintf(stderr, "picket: this is a defect of Picket: it does not hold that %s (%s, %s:%d)\n", promise, condition,
               file, line);
  std::fflush(stderr);
  std::_Exit(kDefect);
}

}  // namespace picket
