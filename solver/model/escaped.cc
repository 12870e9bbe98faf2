#include "solver/model/escaped.h"

#include <array>

namespace picket::solver {
namespace {

// What a character becomes that cannot stand for itself; empty for the others.
std::string Escape(char c) {
  constexpr char kHex[] = "0123456789ABCDEF";
  switch (c) {
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '&':
      return "&amp;";
    case '"':
      return "&quot;";
    default: {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 && byte != 0x7F) return {};
      return std::string("&#x") + kHex[byte >> 4] + kHex[byte & 15] + ';';
    }
  }
}

// By character: whether it needs Escape().
const std::array<bool, 256> kEscaped = [] {
  std::array<bool, 256> escaped{};
  for (size_t c = 0; c < escaped.size(); ++c) escaped[c] = !Escape(static_cast<char>(c)).empty();
  return escaped;
}();

}  // namespace

void AppendEscaped(std::string& out, std::string_view text) {
  size_t begin = 0;  // of what is not yet in `out`
  for (size_t i = 0; i < text.size(); ++i) {
    if (!kEscaped[static_cast<unsigned char>(text[i])]) continue;
    out += text.substr(begin, i - begin);
    out += Escape(text[i]);
    begin = i + 1;
  }
  out += text.substr(begin);
}

}  // namespace picket::solver
