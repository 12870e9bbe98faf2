// What the probe of a node found: the lines that cli/node_scripts/probe.sh prints, taken apart. Nothing here
// judges.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::runtime {

using FactLine = std::vector<std::string>;  // the values of a line, without its first word

struct FileFact {
  std::string mode;   // 644
  std::string owner;  // root:root
  std::string digest;
  std::string text;   // empty where the probe keeps the text to itself
  bool whole = true;  // else the text is the beginning of one that is too long for the probe
};

struct NodeFacts {
  std::string node;
  std::string trouble;  // why nothing is known of the node; empty: it was probed
  std::map<std::string, std::vector<FactLine>, std::less<>> lines;

  bool known() const { return trouble.empty(); }
  const std::vector<FactLine>& All(std::string_view word) const;
  // The first value of the first such line; empty if there is none.
  std::string One(std::string_view word) const;
  bool Has(std::string_view word, std::string_view value) const;
  std::optional<FileFact> File(std::string_view path) const;
};

// A value without what a terminal or a page would act on: control characters are question marks, and no value
// is longer than a file that the probe gives whole.
std::string Plain(std::string_view value);

// An output that was cut off, has more lines than any node, or is none of the probe's, is trouble. Every line
// has at least one value, which may be empty.
NodeFacts ReadFacts(std::string node, std::string_view output);

// What stands between blanks.
std::vector<std::string> Words(const std::string& text);
std::string Join(const std::vector<std::string>& words, const char* mark = ", ");

// Nothing if the text is no base64.
std::optional<std::string> FromBase64(std::string_view text);
std::string ToBase64(std::string_view bytes);

}  // namespace picket::runtime
