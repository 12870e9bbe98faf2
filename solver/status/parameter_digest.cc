#include "solver/status/parameter_digest.h"

#include <string_view>
#include <utility>
#include <vector>

#include "solver/model/escaped.h"
#include "solver/model/merge_sort.h"
#include "solver/status/md5.h"

namespace picket::solver {
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
