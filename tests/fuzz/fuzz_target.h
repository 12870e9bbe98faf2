// One input of a fuzz target, by the convention of libFuzzer: whatever the
// bytes are, this returns; a property that does not hold ends in abort().
// mutate.cc drives it in the tests, libFuzzer where there is time (run).
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
