// Solves random clusters and prints what came out. Built twice, with the solver's indices and without: see
// BUILD.
//
//   solve FROM TO     a line for each seed: number of bytes and a hash of everything that the solver said
//   solve SEED        everything it said about one seed
//   solve SEED cib    the CIB of that seed
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/plain/random_cib.h"
#include "tests/plain/solve.h"

namespace {

uint64_t Hash(const std::string& text) {  // FNV-1a
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

}  // namespace

int main(int argc, char** argv) {
  using picket::tests::RandomCib;
  using picket::tests::SolvedText;
  if (argc < 2) {
    std::cerr << "usage: solve FROM TO | solve SEED [cib]\n";
    return 64;
  }
  const auto from = static_cast<uint32_t>(std::strtoul(argv[1], nullptr, 10));
  if (argc == 2 || std::string(argv[2]) == "cib") {
    std::cout << (argc == 2 ? SolvedText(RandomCib(from)) : RandomCib(from)) << "\n";
    return 0;
  }
  const auto to = static_cast<uint32_t>(std::strtoul(argv[2], nullptr, 10));
  for (uint32_t seed = from; seed < to; ++seed) {
    const std::string text = SolvedText(RandomCib(seed));
    std::cout << seed << " " << text.size() << " " << std::hex << Hash(text) << std::dec << "\n";
  }
  return 0;
}
