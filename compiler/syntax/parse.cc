#include "compiler/syntax/parse.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "compiler/syntax/grammar/rules.h"
#include "compiler/syntax/habits.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/text_kind.h"
#include "compiler/syntax/utf8.h"

namespace picket::compiler {
namespace {

// Where the scanner has complained about a line, what the grammar thinks of
// the rest of that line is an echo. The first `scanned` are the scanner's.
void DropEchoes(std::string_view text, std::uint32_t file, std::size_t scanned, Diagnostics& diagnostics) {
  const auto line_begin = [&](const Diagnostic& d) {
    const std::size_t newline = text.substr(0, d.span.begin).rfind('\n');
    return newline == std::string_view::npos ? 0 : newline + 1;
  };
  auto& list = diagnostics.list();
  std::set<std::size_t> lines;
  for (std::size_t i = 0; i < scanned && i < list.size(); ++i) {
    if (list[i].span.file == file && list[i].code != "E0106") lines.insert(line_begin(list[i]));
  }
  if (lines.empty()) return;
  const auto first = list.begin() + static_cast<std::ptrdiff_t>(scanned);
  list.erase(std::remove_if(first, list.end(), [&](const Diagnostic& d) { return lines.contains(line_begin(d)); }),
             list.end());
}

}  // namespace

ast::File Parse(std::string_view text, std::uint32_t file, Diagnostics& diagnostics) {
  ast::File out;
  if (text.size() > kSourceBytesMax) {
    diagnostics.Error("E0002", {file, 0, 0, 0}, "larger than " + std::to_string(kSourceBytesMax >> 20) + " MiB");
    return out;
  }
  if (const TextKind kind = KindOfText(text); kind != TextKind::kPolicy && kind != TextKind::kBlank) {
    // One word about the whole file instead of one about each of its lines.
    const std::size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size() - 1);
    const auto at = static_cast<std::uint32_t>(first);
    diagnostics.Error("E0114", {file, at, at + 1, 0}, "expected a policy, found " + NameOfKind(kind))
        .help.push_back(RemedyForKind(kind));
    return out;
  }
  if (const auto bad = FirstNotUtf8(text)) {
    const auto at = static_cast<std::uint32_t>(*bad);
    constexpr char kHex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(text[at]);
    diagnostics
        .Error("E0113", {file, at, at + 1, 0},
               std::string("the byte 0x") + kHex[byte >> 4] + kHex[byte & 15] + " is not UTF-8")
        .help.push_back("save the file as UTF-8: `iconv -f latin1 -t utf-8 OLD > NEW`");
    return out;
  }
  const std::size_t before = diagnostics.list().size();
  Tokens tokens = Scan(text, file, 0, static_cast<std::uint32_t>(text.size()), diagnostics);
  out.comments = std::move(tokens.comments);
  if (!tokens.usable) return out;
  grammar::State state;
  state.text = text;
  state.file = file;
  state.begin = tokens.list.data();
  state.end = state.begin + tokens.list.size() - kEndTokens;
  state.diagnostics = &diagnostics;
  const std::size_t scanned = diagnostics.list().size();
  grammar::Cursor at = state.begin;
  grammar::ParseStatements(at, state, out.statements);
  DropEchoes(text, file, scanned, diagnostics);
  SuggestByHabit(text, file, before, diagnostics);
  return out;
}

}  // namespace picket::compiler
