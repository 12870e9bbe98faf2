// The syntax tree as text. For the author's own spelling: compiler/format.
#pragma once

#include <string>

#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// The tree as terse text, for `--dump ast` and for tests: one statement or
/// item on a line, indented by depth, fields as name=value, absent ones left
/// out. Without spans, so that it says the same for the same meaning.
std::string DumpAst(const std::vector<ast::Statement>& statements);

/// An expression in full parentheses: `(and (== rack a) (not b))`.
std::string DumpExpr(const ast::Expr& expr);

/// A value, a text as the author could have written it.
std::string DumpValue(const ast::Value& value);
std::string DumpText(const ast::Text& text);

}  // namespace picket::compiler
