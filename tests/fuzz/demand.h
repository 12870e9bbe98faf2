// What a fuzz target demands: a property that does not hold is told with the text at fault, and ends the program.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace picket::fuzz {

inline void Demand(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::fprintf(stderr, "%s:\n%s\n", what, text.c_str());
  std::abort();
}

}  // namespace picket::fuzz
