#include "solver/status/parameter_digest.h"

#include <string_view>
#include <utility>
#include <vector>

#include "solver/model/merge_sort.h"
#include "solver/status/md5.h"

namespace picket::solver {
namespace {

void AppendEscaped(std::string& text, std::string_view value) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '<': text += "&lt;"; break;
      case '>': text += "&gt;"; break;
      case '&': text += "&amp;"; break;
      case '"': text += "&quot;"; break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          text += "&#x";
          text += kHex[byte >> 4];
          text += kHex[byte & 15];
          text += ';';
        } else {
          text += c;
        }
    }
  }
}

}  // namespace

std::string ParameterDigest(const Table& params) {
  std::vector<std::pair<std::string_view, std::string_view>> sorted(params.begin(), params.end());
  MergeSort(sorted, [](const auto& a, const auto& b) { return a.first.compare(b.first); });
  std::string text = " <parameters";
  for (const auto& [name, value] : sorted) {
    text += ' ';
    text += name;
    text += "=\"";
    AppendEscaped(text, value);
    text += '"';
  }
  text += "/>\n";
  return Md5Hex(text);
}

}  // namespace picket::solver
