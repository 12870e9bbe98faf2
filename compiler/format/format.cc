#include "compiler/format/format.h"

#include "compiler/format/entry.h"
#include "compiler/format/layout.h"
#include "compiler/format/trivia.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/walk.h"

namespace picket::compiler {
namespace {

void ApplyNotes(std::vector<format::Entry>& entries, const LayoutNotes& notes) {
  for (format::Entry& entry : entries) {
    ApplyNotes(entry.items, notes);
    ApplyNotes(entry.otherwise, notes);
    const std::uint32_t place = entry.span.begin;
    if (place == 0) continue;  // Nobody has numbered it.
    entry.blank_before = notes.blank_before.contains(place);
    entry.spread = notes.spread.contains(place);
    const auto found = notes.comments.find(place);
    if (found == notes.comments.end()) continue;
    for (const std::string& line : found->second) entry.comments.push_back({line, false});
    if (!entry.comments.empty()) std::swap(entry.comments.front().blank_before, entry.blank_before);
  }
}

struct Unquoter {
  void operator()(ast::Text& text) const { text.quoted = false; }
};

}  // namespace

std::string Format(const ast::File& file, std::string_view source) {
  std::vector<format::Entry> entries = format::Outline(file.statements);
  format::AttachTrivia(entries, file.comments, source);
  return format::Lay(entries);
}

std::string Print(const std::vector<ast::Statement>& statements, const LayoutNotes& notes) {
  std::vector<format::Entry> entries = format::Outline(statements);
  ApplyNotes(entries, notes);
  return format::Lay(entries);
}

bool SameMeaning(std::vector<ast::Statement> left, std::vector<ast::Statement> right) {
  Unquoter unquote;
  ast::Walk(unquote, left);
  ast::Walk(unquote, right);
  return DumpAst(left) == DumpAst(right);
}

}  // namespace picket::compiler
