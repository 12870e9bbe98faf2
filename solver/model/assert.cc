#include "solver/model/assert.h"

#include <cstdio>
#include <cstdlib>

namespace picket {

namespace {

constexpr int kDefect = 70;  // as in cli/exit_status.h

DefectTeller teller_of_program = nullptr;

}  // namespace

void TellDefectsBy(DefectTeller teller) {
  teller_of_program = teller;
}

void AssertFailed(const char* promise, const char* condition, const char* file, int line) {
  char message[1024];
  std::snprintf(message, sizeof message,
                "picket: this is a defect of Picket, please report it: it does not hold that %s (%s, %s:%d)", promise,
                condition, file, line);
  if (teller_of_program != nullptr) {
    teller_of_program(message);
  } else {
    // tidy: allow(print) an assertion that failed has nobody else to tell
    std::fprintf(stderr, "%s\n", message);
    std::fflush(stderr);
  }
  std::_Exit(kDefect);
}

}  // namespace picket
