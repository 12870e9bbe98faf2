// How the helps of habits.cc and its neighbours are put together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler {

/// "write `WHAT`"
inline std::string Write(const std::string& what) {
  return "write `" + what + '`';
}

/// The words from number `from` on.
inline std::string Joined(const std::vector<std::string>& words, std::size_t from, std::string_view between) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) out += (i > from ? std::string(between) : "") + words[i];
  return out;
}

}  // namespace picket::compiler
