// The program of begin.cc as bytes of picketd.
#pragma once

#include <cstddef>

namespace picket::runtime {

extern const unsigned char kBeginProgram[];
extern const size_t kBeginProgramSize;

}  // namespace picket::runtime
