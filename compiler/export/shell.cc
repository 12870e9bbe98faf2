#include "compiler/export/shell.h"

#include <algorithm>

namespace picket::compiler::exporting {

std::string ShellWord(std::string_view text) {
  const bool harmless = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=,@%+").find(c) != std::string_view::npos;
  });
  if (harmless && text.front() != '=') return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'')
      word += "'\"'\"'";
    else
      word += c;
  }
  return word + '\'';
}

}  // namespace picket::compiler::exporting
