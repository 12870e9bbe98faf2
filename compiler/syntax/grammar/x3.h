// The vocabulary in which the grammar is written: Spirit X3 parsers over
// tokens, and the few directives of our own that give every statement the
// same behaviour (bodies with recovery, newlines after connectives, linked
// rules).
//
// Rules fill structs through `set<&T::field>` and `add<&T::field>`, which
// reads like the grammar and keeps Fusion out of the compile times. An
// expectation (`>`) that fails throws inside Spirit; it is caught by the
// nearest `body` or by the statement loop, reported there, and parsing goes on
// after the line. Nothing is thrown across the border of compiler/syntax.
#pragma once

#include <boost/spirit/home/x3.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "compiler/syntax/grammar/state.h"
#include "compiler/syntax/keywords.h"

namespace picket::compiler::grammar {

namespace x3 = boost::spirit::x3;

template <class Context>
State& StateOf(const Context& context) {
  return x3::get<StateTag>(context);
}

/// The context in which every linked rule runs.
using BaseContext = x3::context<StateTag, State>;

using Failure = x3::expectation_failure<Cursor>;

// ---------------------------------------------------------------- actions

template <auto Field>
struct SetField {
  template <class Context>
  void operator()(Context& context) const {
    x3::_val(context).*Field = std::move(x3::_attr(context));
  }
};
template <auto Field>
struct AddField {
  template <class Context>
  void operator()(Context& context) const {
    (x3::_val(context).*Field).push_back(std::move(x3::_attr(context)));
  }
};
template <auto Field>
struct MarkField {
  template <class Context>
  void operator()(Context& context) const {
    x3::_val(context).*Field = true;
  }
};
/// Stores the attribute in a field of the rule's struct.
template <auto Field>
inline constexpr SetField<Field> set{};
/// Appends the attribute to a vector of the rule's struct.
template <auto Field>
inline constexpr AddField<Field> add{};
/// Sets a flag of the rule's struct.
template <auto Field>
inline constexpr MarkField<Field> mark{};

// ---------------------------------------------------------------- terminals

/// Base of terminals that look at one token.
template <class Derived, class Attribute>
struct Terminal : x3::parser<Derived> {
  using attribute_type = Attribute;
  static constexpr bool has_attribute = !std::is_same_v<Attribute, x3::unused_type>;
};

/// A given word, not followed by `=`. Its attribute is the word with its span.
struct Keyword : Terminal<Keyword, ast::Text> {
  constexpr explicit Keyword(const char* word, bool joins) : word(word), joins(joins) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    State& state = StateOf(context);
    if (!state.IsWord(first, word) || state.OpensOption(first)) return false;
    if constexpr (std::is_same_v<Attribute, ast::Text>) attribute = MakeText(state, first);
    ++first;
    if (joins) {
      while (first->kind == Token::Kind::kNewline) ++first;
    }
    return true;
  }
  const char* word;
  bool joins;
};
/// A word of the language.
constexpr Keyword kw(const char* word) {
  return Keyword(word, false);
}
/// A connective: what it joins may stand on the next line.
constexpr Keyword join(const char* word) {
  return Keyword(word, true);
}

/// A word that satisfies a predicate, such as IsRole, and that is followed by
/// something it can apply to.
struct Prefix : Terminal<Prefix, ast::Text> {
  using Predicate = bool (*)(std::string_view);
  constexpr explicit Prefix(Predicate predicate) : predicate(predicate) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    State& state = StateOf(context);
    if (first->kind != Token::Kind::kWord || !predicate(state.Raw(first))) return false;
    if (state.OpensOption(first) || !state.OpensReference(first + 1)) return false;
    if constexpr (std::is_same_v<Attribute, ast::Text>) attribute = MakeText(state, first);
    ++first;
    return true;
  }
  Predicate predicate;
};

/// Any of a few words, not followed by `=`.
struct Choice : Terminal<Choice, ast::Text> {
  using Predicate = bool (*)(std::string_view);
  constexpr explicit Choice(Predicate predicate) : predicate(predicate) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    State& state = StateOf(context);
    if (first->kind != Token::Kind::kWord || !predicate(state.Raw(first))) return false;
    if (state.OpensOption(first)) return false;
    if constexpr (std::is_same_v<Attribute, ast::Text>) attribute = MakeText(state, first);
    ++first;
    return true;
  }
  Predicate predicate;
};

/// One of a few words, given with blanks between them.
struct OneOf : Terminal<OneOf, ast::Text> {
  constexpr explicit OneOf(const char* words) : words(words) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor& last, const Context& context, RContext& rcontext,
             Attribute& attribute) const {
    std::string_view rest = words;
    while (!rest.empty()) {
      const std::size_t blank = rest.find(' ');
      if (StateOf(context).IsWord(first, rest.substr(0, blank))) {
        return Choice{[](std::string_view) { return true; }}.parse(first, last, context, rcontext, attribute);
      }
      rest = blank == std::string_view::npos ? "" : rest.substr(blank + 1);
    }
    return false;
  }
  const char* words;
};
constexpr OneOf one_of(const char* words) {
  return OneOf(words);
}

/// Punctuation; newlines are free after it where `free` says so.
struct Punctuation : Terminal<Punctuation, x3::unused_type> {
  constexpr explicit Punctuation(char c, bool free) : c(c), free(free) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context&, RContext&, Attribute&) const {
    if (first->punctuation != c) return false;
    ++first;
    while (free && first->kind == Token::Kind::kNewline) ++first;
    return true;
  }
  char c;
  bool free;
};
constexpr Punctuation tok(char c) {
  return Punctuation(c, c == ',');
}
/// The brace of a set or a map: newlines are free after it.
constexpr Punctuation open(char c) {
  return Punctuation(c, true);
}

/// Newlines that mean nothing (before the closing brace of a set or map).
struct Newlines : Terminal<Newlines, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context&, RContext&, Attribute&) const {
    while (first->kind == Token::Kind::kNewline) ++first;
    return true;
  }
};
inline constexpr Newlines newlines{};

/// A name: a word or a string, not `@id`. Reports what cannot be a name.
struct Name : Terminal<Name, ast::Text> {
  constexpr explicit Name(bool checked) : checked(checked) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    State& state = StateOf(context);
    const bool word = first->kind == Token::Kind::kWord && !state.Raw(first).starts_with("@");
    if (!word && first->kind != Token::Kind::kString && first->kind != Token::Kind::kRawString) {
      return false;
    }
    ast::Text text = MakeText(state, first);
    if (checked) CheckName(state, text);
    if constexpr (std::is_same_v<Attribute, ast::Text>) attribute = std::move(text);
    ++first;
    return true;
  }
  bool checked;
};
inline constexpr Name name{true};
/// A word or string whatever its letters: an agent, a module path, a number.
inline constexpr Name word{false};

/// `@id`, and `@"id"`.
struct Id : Terminal<Id, ast::Text> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    State& state = StateOf(context);
    if (first->kind != Token::Kind::kWord || !state.Raw(first).starts_with("@")) return false;
    ast::Text text;
    if (first->end - first->begin == 1 && (first + 1)->kind == Token::Kind::kString) {
      ++first;
      text = MakeText(state, first);
    } else {
      Token bare = *first;
      ++bare.begin;
      text = MakeText(state, &bare);
      CheckName(state, text);
    }
    if constexpr (std::is_same_v<Attribute, ast::Text>) attribute = std::move(text);
    ++first;
    return true;
  }
};
inline constexpr Id id{};

struct StringToken : Terminal<StringToken, ast::Text> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    if (first->kind != Token::Kind::kString && first->kind != Token::Kind::kRawString) return false;
    if constexpr (std::is_same_v<Attribute, ast::Text>) {
      attribute = MakeText(StateOf(context), first);
    }
    ++first;
    return true;
  }
};
inline constexpr StringToken string{};

struct RegexToken : Terminal<RegexToken, ast::Regex> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    if (first->kind != Token::Kind::kRegex) return false;
    if constexpr (std::is_same_v<Attribute, ast::Regex>) {
      attribute.pattern = MakeText(StateOf(context), first);
    }
    ++first;
    return true;
  }
};
inline constexpr RegexToken regex{};

/// Succeeds, consuming nothing, if an option begins here.
struct OptionAhead : Terminal<OptionAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute&) const {
    return StateOf(context).OpensOption(first);
  }
};
inline constexpr OptionAhead option_ahead{};

/// `name :`, the id of a constraint.
struct ConstraintId : Terminal<ConstraintId, ast::Text> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor& last, const Context& context, RContext& rcontext,
             Attribute& attribute) const {
    if ((first + 1)->punctuation != ':') return false;
    if (!name.parse(first, last, context, rcontext, attribute)) return false;
    ++first;
    return true;
  }
};
inline constexpr ConstraintId constraint_id{};

// ---------------------------------------------------------------- directives

/// Gives a parser the words that a message uses: "expected a name, found …".
template <class Subject>
struct Named : x3::unary_parser<Subject, Named<Subject>> {
  using base_type = x3::unary_parser<Subject, Named<Subject>>;
  static constexpr bool is_pass_through_unary = true;
  static constexpr bool handles_container = Subject::handles_container;
  constexpr Named(const Subject& subject, const char* words) : base_type(subject), words(words) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor& last, const Context& context, RContext& rcontext,
             Attribute& attribute) const {
    return this->subject.parse(first, last, context, rcontext, attribute);
  }
  const char* words;
};
template <class Subject>
constexpr auto named(const char* words, const Subject& subject) {
  return Named<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject), words);
}

/// A rule that lives in another translation unit.
template <class Attribute_, bool (*Parse)(Cursor&, State&, Attribute_&)>
struct Linked : Terminal<Linked<Attribute_, Parse>, Attribute_> {
  constexpr explicit Linked(const char* words) : words(words) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    if constexpr (std::is_same_v<Attribute, Attribute_>) {
      return Parse(first, StateOf(context), attribute);
    } else {
      Attribute_ own;
      if (!Parse(first, StateOf(context), own)) return false;
      if constexpr (!std::is_same_v<std::remove_const_t<Attribute>, x3::unused_type>) {
        x3::traits::move_to(own, attribute);
      }
      return true;
    }
  }
  const char* words;
};

/// Runs a parser as the definition of a linked rule.
template <class Parser, class Attribute>
bool RunRule(const Parser& parser, Cursor& first, State& state, Attribute& attribute) {
  const auto context = x3::make_context<StateTag>(state);
  return parser.parse(first, state.end, context, x3::unused, attribute);
}

/// Reports a failed expectation and steps to the end of the item: to the end
/// of the line, past any block that the line opens, or to the brace that
/// closes the body in which the item stands.
void Recover(State& state, Cursor item, Cursor& at, const Failure& failure);
/// The same for an item that is none: `words` says what could have stood there.
void RecoverUnknown(State& state, Cursor& at, const std::string& words, const std::vector<std::string>& keywords);
/// Reports what follows a complete item on its line, and steps over it.
void RecoverTrailing(State& state, Cursor item, Cursor& at);

/// Steps over separators; false if neither they nor the body's end come next.
bool AtItemEnd(const State& state, Cursor at);

/// `{ item sep item … }`. An item that fails is reported and left out.
/// `words` says what a line may be, `keywords` the words for "did you mean".
template <class Subject>
struct Body : x3::unary_parser<Subject, Body<Subject>> {
  using base_type = x3::unary_parser<Subject, Body<Subject>>;
  using item_type = typename Subject::attribute_type;
  using attribute_type = std::vector<item_type>;
  static constexpr bool has_attribute = true;
  constexpr Body(const Subject& subject, const char* words, const char* keywords)
      : base_type(subject), words(words), keywords(keywords) {}

  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor& last, const Context& context, RContext& rcontext,
             Attribute& attribute) const {
    State& state = StateOf(context);
    if (first->punctuation != '{') return false;
    const Cursor close = state.begin + first->partner;
    ++first;
    while (true) {
      while (first->kind == Token::Kind::kNewline) ++first;
      if (first >= close) break;
      const Cursor start = first;
      item_type item{};
      try {
        if (!this->subject.parse(first, last, context, rcontext, item)) {
          first = start;
          RecoverUnknown(state, first, words, WordsOf(keywords));
        } else {
          if constexpr (!std::is_same_v<std::remove_const_t<Attribute>, x3::unused_type>) {
            attribute.push_back(std::move(item));
          }
          // Several options may share a line.
          if (!AtItemEnd(state, first) && !state.OpensOption(first)) {
            RecoverTrailing(state, start, first);
          }
        }
      } catch (const Failure& failure) {
        Recover(state, start, first, failure);
      }
    }
    first = close + 1;
    return true;
  }

  const char* words;
  const char* keywords;
};

/// `body("an option", "op meta", item)`.
template <class Subject>
constexpr auto body(const char* words, const char* keywords, const Subject& subject) {
  return Body<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject), words, keywords);
}

}  // namespace picket::compiler::grammar

namespace boost::spirit::x3 {

template <class Subject>
struct get_info<picket::compiler::grammar::Named<Subject>> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::Named<Subject>& parser) const { return parser.words; }
};
template <class A, bool (*P)(picket::compiler::grammar::Cursor&, picket::compiler::grammar::State&, A&)>
struct get_info<picket::compiler::grammar::Linked<A, P>> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::Linked<A, P>& parser) const { return parser.words; }
};
// What Spirit's own combinators expect is what their parts expect.
template <class Subject, class Action>
struct get_info<action<Subject, Action>> {
  using result_type = std::string;
  std::string operator()(const action<Subject, Action>& parser) const { return what(parser.subject); }
};
template <class Left, class Right>
struct get_info<alternative<Left, Right>> {
  using result_type = std::string;
  std::string operator()(const alternative<Left, Right>& parser) const {
    return what(parser.left) + " or " + what(parser.right);
  }
};
template <class Left, class Right>
struct get_info<sequence<Left, Right>> {
  using result_type = std::string;
  std::string operator()(const sequence<Left, Right>& parser) const { return what(parser.left); }
};
template <class Left, class Right>
struct get_info<list<Left, Right>> {
  using result_type = std::string;
  std::string operator()(const list<Left, Right>& parser) const { return what(parser.left); }
};
template <class Subject>
struct get_info<plus<Subject>> {
  using result_type = std::string;
  std::string operator()(const plus<Subject>& parser) const { return what(parser.subject); }
};
template <class Subject>
struct get_info<picket::compiler::grammar::Body<Subject>> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::Body<Subject>&) const { return "`{`"; }
};
template <>
struct get_info<picket::compiler::grammar::OneOf> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::OneOf& parser) const {
    std::string out = "`";
    for (const char* c = parser.words; *c != 0; ++c) {
      if (*c == ' ') {
        out += "` or `";
      } else {
        out += *c;
      }
    }
    return out + '`';
  }
};
template <>
struct get_info<picket::compiler::grammar::Keyword> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::Keyword& parser) const {
    return std::string("`") + parser.word + "`";
  }
};
template <>
struct get_info<picket::compiler::grammar::Punctuation> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::Punctuation& parser) const {
    return std::string("`") + parser.c + "`";
  }
};
template <>
struct get_info<picket::compiler::grammar::Name> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::Name&) const { return "a name"; }
};
template <>
struct get_info<picket::compiler::grammar::StringToken> {
  using result_type = std::string;
  std::string operator()(const picket::compiler::grammar::StringToken&) const { return "a string in quotes"; }
};

}  // namespace boost::spirit::x3
