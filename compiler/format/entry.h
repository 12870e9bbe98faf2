// A policy as the layout sees it: lines, some of which hold others between
// brackets.
//
// Fifty kinds of nodes become one here, so that comments, blank lines,
// alignment and the choice between one line and several are decided in one
// place (layout.cc) and not fifty times.
#pragma once

#include <string>
#include <vector>

#include "compiler/format/phrase.h"
#include "compiler/source_map/span.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::format {

/// A comment that has a line of its own.
struct CommentLine {
  std::string text;
  bool blank_before = false;
};

struct Entry {
  Span span;
  std::string name;     ///< Of a line `name = value`; the value is the head.
  std::string lead;     ///< Of a line whose neighbours of the same `kind` begin their heads in one column.
  std::string kind;     ///< `op timeout`, `link`.
  bool loose = false;   ///< Blanks around the `=` even in a one-line block.
  Phrase head;          ///< The line, up to its bracket if it has one.
  char bracket = 0;     ///< `{`, `[`, or 0 for a plain line.
  bool commas = false;  ///< What is inside is parted by commas.
  std::vector<Entry> items;
  std::vector<Entry> otherwise;  ///< At most one: what follows `} else`.

  // What stands around it in the text; filled by trivia.cc or by whoever made
  // the tree without a text.
  bool blank_before = false;
  bool spread = false;                ///< On several lines.
  std::vector<CommentLine> comments;  ///< Before it.
  std::string opening_comment;        ///< Behind its opening bracket.
  std::vector<CommentLine> closing;   ///< Before its closing bracket.
  std::string trailing;               ///< Behind it.
};

std::vector<Entry> Outline(const std::vector<ast::Statement>& statements);

}  // namespace picket::compiler::format
