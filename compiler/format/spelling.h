// How names, values and conditions are written.
//
// What the author quoted stays quoted, since a quoted word is never a keyword
// and never a variable. A name that would not be read back as one is quoted
// too, and so is one that would read as a keyword where a keyword may stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/format/phrase.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::format {

/// A text in quotes: "…" unless '…' or '''…''' shows it with fewer escapes.
/// Inside `${…}` only "…" will do.
std::string Quoted(std::string_view text, bool inside_interpolation = false);

/// Letters, digits, `_ - .`, beginning with a letter, a digit or `_`.
bool IsPlainName(std::string_view text);

/// A name; `keyword` are words, parted by blanks, that must not stand here bare.
std::string Name(const ast::Text& text, std::string_view keywords = {});
/// A name beside roles, actions, `any` and connectives.
std::string ReferenceName(const ast::Text& text);
/// A value, an agent, a range: any word.
std::string Word(const ast::Text& text, bool inside_interpolation = false);
/// `@id`, `@"any id"`.
std::string Id(const ast::Text& text);
/// A text that is always in quotes: a path, a title, an xpath.
std::string String(const ast::Text& text);
/// `/pattern/`.
std::string Pattern(const ast::Regex& regex);

void Spell(Phrase& out, const ast::Value& value, bool inside_interpolation = false);
void Spell(Phrase& out, const ast::Expr& expr, bool inside_interpolation = false);
/// A condition with a brace behind it.
void SpellBeforeBrace(Phrase& out, const ast::Expr& expr);
void Spell(Phrase& out, const std::vector<ast::Argument>& arguments, bool inside_interpolation = false);
/// `name`, `name@id`: what stands before the `=` of an option.
std::string OptionName(const ast::Option& option);
/// `name=value`.
void Spell(Phrase& out, const ast::Option& option);

}  // namespace picket::compiler::format
