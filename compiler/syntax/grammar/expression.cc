#include <array>

#include "compiler/syntax/grammar/linked.h"
#include "compiler/syntax/keywords.h"

// Conditions and arithmetic: one grammar for rules, `if`, `${…}` and tests.
// What makes sense where is the checker's business, so that it can say more
// than "unexpected".
namespace picket::compiler::grammar {
namespace {

using ast::Box;
using ast::Expr;

constexpr int kDepthMax = 100;
constexpr std::size_t kChainMax = 100;

// One of a few operators, which are punctuation (`<=`) or words (`in`, `-`).
struct Operator : Terminal<Operator, std::string> {
  using Test = bool (*)(std::string_view);
  constexpr explicit Operator(Test test) : test(test) {}
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute& attribute) const {
    State& state = StateOf(context);
    if (first->kind != Token::Kind::kWord && first->kind != Token::Kind::kPunctuation) return false;
    const std::string_view raw = state.Raw(first);
    if (!test(raw) || state.OpensOption(first)) return false;
    if constexpr (std::is_same_v<Attribute, std::string>) attribute = raw;
    ++first;
    while (first->kind == Token::Kind::kNewline) ++first;
    return true;
  }
  Test test;
};
constexpr Operator relational{[](std::string_view s) {
  return s == "==" || s == "!=" || s == "<" || s == "<=" || s == ">" || s == ">=" || s == "in" || s == "before";
}};
constexpr Operator additive{[](std::string_view s) { return s == "+" || s == "-"; }};
constexpr Operator multiplicative{[](std::string_view s) { return s == "*" || s == "/" || s == "%"; }};

// Operands with the operators between them, before they become a tree.
struct Chain {
  std::vector<Expr> operands;
  std::vector<std::string> operators;
};
constexpr auto operand = [](auto& c) { x3::_val(c).operands.push_back(std::move(x3::_attr(c))); };
constexpr auto operation = [](auto& c) { x3::_val(c).operators.push_back(std::move(x3::_attr(c))); };

Span Joined(const Expr& left, const Expr& right) {
  return {left.span.file, left.span.begin, right.span.end, left.span.frame};
}

// A chain that groups to the left: a - b - c is (a - b) - c.
struct FoldLeft {
  template <class Context>
  void operator()(Context& c) const {
    Chain chain = std::move(x3::_attr(c));
    if (chain.operands.size() > kChainMax) {
      StateOf(c).diagnostics->Error("E0105", chain.operands[kChainMax].span, "too many operands in one expression");
      chain.operators.resize(kChainMax - 1);
    }
    Expr tree = std::move(chain.operands[0]);
    for (std::size_t i = 0; i < chain.operators.size(); ++i) {
      Expr next = std::move(chain.operands[i + 1]);
      const Span span = Joined(tree, next);
      tree = {ast::Binary{std::move(chain.operators[i]), std::move(tree), std::move(next)}, span};
    }
    x3::_val(c) = std::move(tree);
  }
};

// `and` and `or` keep all their operands side by side.
template <bool conjunction>
struct FoldFlat {
  template <class Context>
  void operator()(Context& c) const {
    Chain chain = std::move(x3::_attr(c));
    if (chain.operands.size() == 1) {
      x3::_val(c) = std::move(chain.operands[0]);
      return;
    }
    const Span span = Joined(chain.operands.front(), chain.operands.back());
    x3::_val(c) = Expr{ast::Junction{conjunction, std::move(chain.operands)}, span};
  }
};

// `a implies b implies c` is a implies (b implies c).
struct FoldRight {
  template <class Context>
  void operator()(Context& c) const {
    Chain chain = std::move(x3::_attr(c));
    if (chain.operands.size() > kChainMax) {
      StateOf(c).diagnostics->Error("E0105", chain.operands[kChainMax].span, "too many operands in one expression");
      chain.operands.resize(kChainMax);
    }
    Expr tree = std::move(chain.operands.back());
    for (std::size_t i = chain.operands.size() - 1; i-- > 0;) {
      Expr left = std::move(chain.operands[i]);
      const Span span = Joined(left, tree);
      tree = {ast::Implies{std::move(left), std::move(tree)}, span};
    }
    x3::_val(c) = std::move(tree);
  }
};

// An even number of `not` says nothing; an odd one says it once.
struct Negations {
  std::size_t count = 0;
  Expr operand;
};

// `date` followed by one of its words; `date(…)` is a call like others.
struct DateAhead : Terminal<DateAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute&) const {
    const State& state = StateOf(context);
    if (!state.IsWord(first, "date")) return false;
    for (const char* word : {"after", "before", "from", "until", "for"}) {
      if (state.IsWord(first + 1, word)) return ++first, true;
    }
    return false;
  }
};

// `[` directly behind a value.
struct IndexBracket : Terminal<IndexBracket, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context&, RContext&, Attribute&) const {
    if (first->punctuation != '[' || first->blank_before) return false;
    ++first;
    return true;
  }
};

// `no restart of`, told from a value called `no`.
struct NoAhead : Terminal<NoAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute&) const {
    const State& state = StateOf(context);
    if (!state.IsWord(first, "no")) return false;
    if (!state.IsWord(first + 1, "restart") && !state.IsWord(first + 1, "move")) return false;
    ++first;
    return true;
  }
};

constexpr auto put_what = [](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); };

bool ParseAtom(Cursor& first, State& state, Expr& out) {
  static const auto state_atom = rule<ast::StateAtom>(
      Prefix{IsState}[set<&ast::StateAtom::state>] > name[set<&ast::StateAtom::subject>] >
      -(join("on") > name[set<&ast::StateAtom::node>]) > -(join("by") > name[set<&ast::StateAtom::device>]));
  static const auto undisturbed = rule<ast::UndisturbedAtom>(NoAhead{} >> word[set<&ast::UndisturbedAtom::kind>] >
                                                             join("of") > name[set<&ast::UndisturbedAtom::resource>] >
                                                             -(join("on") > name[set<&ast::UndisturbedAtom::node>]));
  static const auto date = rule<ast::DateAtom>(
      DateAhead{} >>
      ((kw("after") > value[set<&ast::DateAtom::after>]) | (kw("before") > value[set<&ast::DateAtom::before>]) |
       (-(kw("from") > value[set<&ast::DateAtom::from>]) >> -(kw("until") > value[set<&ast::DateAtom::until>]) >>
        -(kw("for") > tok('(') > (argument[add<&ast::DateAtom::duration>] % tok(',')) > tok(')')))));
  static const auto atom = rule<Expr>((tok('(') > expr[put] > named("`)`", tok(')'))) | undisturbed[put_what] |
                                      date[put_what] | state_atom[put_what] | value[put_what]);
  const Cursor start = first;
  if (!RunSpanned(atom, first, state, out)) return false;
  static const auto key = IndexBracket{} > expr[put] > named("`]`", tok(']'));
  static const auto key_rule = rule<Expr>(key);
  while (!first->blank_before) {
    Expr index;
    if (first->punctuation == '[') {
      if (!RunRule(key_rule, first, state, index)) break;
    } else if (std::holds_alternative<ast::Index>(out.what) && first->kind == Token::Kind::kWord &&
               !first->interpolated && state.Raw(first).starts_with(".")) {
      // `sites[site].lan`: what follows the dot is a key, not a variable.
      ast::Text key_text = MakeText(state, first);
      key_text.literal.erase(0, 1);
      key_text.quoted = true;
      const Span span = key_text.span;
      index = Expr{ast::Value{std::move(key_text), span}, span};
      ++first;
    } else {
      break;
    }
    out = {ast::Index{std::move(out), std::move(index)}, state.Between(start, first)};
  }
  return true;
}

constexpr Linked<Expr, ParseAtom> atom_{"a value or a condition"};

bool ParseComparison(Cursor& first, State& state, Expr& out) {
  static const auto term_chain = rule<Chain>(atom_[operand] >> *(multiplicative[operation] > atom_[operand]));
  static const auto term = rule<Expr>(term_chain[FoldLeft{}]);
  static const auto sum_chain = rule<Chain>(term[operand] >> *(additive[operation] > named("a value", term)[operand]));
  static const auto sum = rule<Expr>(sum_chain[FoldLeft{}]);
  static const auto relation_chain =
      rule<Chain>(sum[operand] >> -(relational[operation] > named("a value", sum)[operand]));
  static const auto relation = rule<Expr>(relation_chain[FoldLeft{}]);
  return RunRule(relation, first, state, out);
}

constexpr Linked<Expr, ParseComparison> comparison{"a condition"};

bool ParseNegation(Cursor& first, State& state, Expr& out) {
  static const auto definition =
      rule<Negations>(*join("not")[([](auto& c) { ++x3::_val(c).count; })] >>
                      comparison[([](auto& c) { x3::_val(c).operand = std::move(x3::_attr(c)); })]);
  const Cursor start = first;
  Negations result;
  if (!RunRule(definition, first, state, result)) {
    first = start;
    return false;
  }
  if (result.count % 2 == 0) {
    out = std::move(result.operand);
  } else {
    out.what = ast::Not{std::move(result.operand)};
  }
  out.span = state.Between(start, first);
  return true;
}

constexpr Linked<Expr, ParseNegation> negation{"a condition"};

// Balances State::depth on every way out, Spirit's exceptions included.
struct DepthGuard {
  explicit DepthGuard(State& state) : state(state) { ++state.depth; }
  ~DepthGuard() { --state.depth; }
  State& state;
};

}  // namespace

bool ParseExpr(Cursor& first, State& state, Expr& out) {
  if (state.depth >= kDepthMax) {
    state.diagnostics->Error("E0105", state.At(first), "expression nested too deeply");
    return false;
  }
  const DepthGuard guard(state);
  static const auto conjunction_chain = rule<Chain>(negation[operand] >> *(join("and") > negation[operand]));
  static const auto conjunction = rule<Expr>(conjunction_chain[FoldFlat<true>{}]);
  static const auto disjunction_chain =
      rule<Chain>(conjunction[operand] >> *(join("or") > named("a condition", conjunction)[operand]));
  static const auto disjunction = rule<Expr>(disjunction_chain[FoldFlat<false>{}]);
  static const auto implication_chain =
      rule<Chain>(disjunction[operand] >> *(join("implies") > named("a condition", disjunction)[operand]));
  static const auto implication = rule<Expr>(implication_chain[FoldRight{}]);
  return RunRule(implication, first, state, out);
}

}  // namespace picket::compiler::grammar
