#include "execution/agents/parameter.h"

namespace picket::execution {

std::string ParameterOf(const solver::ResourceDef& primitive, std::string_view name, std::string fallback) {
  for (const solver::NvBlock& block : primitive.params) {
    if (block.rule) continue;
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return pair.value;
    }
  }
  return fallback;
}

int64_t WordsIn(std::string_view text) {
  int64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == ',' || c == '\t' || c == '\n';
    words += !blank && !inside ? 1 : 0;
    inside = !blank;
  }
  return words;
}

}  // namespace picket::execution
