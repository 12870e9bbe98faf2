#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "compiler/check/lint_families.h"
#include "compiler/check/ties.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

const ast::Text* NameOf(const ast::Reference& reference) {
  return std::get_if<ast::Text>(&reference.what);
}

bool IsMandatory(const ast::Relation& relation) {
  const std::string kind = OptionText(relation.options, "kind");
  return kind.empty() || kind == "mandatory";
}

class RelationLinter {
 public:
  RelationLinter(const PolicyView& view, Diagnostics& diagnostics)
      : view_(view), ties_(view), diagnostics_(diagnostics) {}

  void Run() {
    if (!ties_.Collect()) return;
    CollectPlaces();
    for (const ast::Statement& statement : view_.statements()) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr) continue;
      const std::string& keyword = relation->keyword.literal;
      if (keyword == "colocation") Unordered(*relation);
      if (keyword == "order") Unplaced(*relation);
      if (keyword == "depend" || keyword == "order") NotInterleaved(*relation);
      if (keyword == "colocation" || keyword == "order") LonelySet(*relation, keyword);
      if (keyword != "ticket") WithinGroup(*relation, keyword);
    }
  }

 private:
  // Collects where locations let each resource run. W0208 is silent if that decides whether two of them run together.
  void CollectPlaces() {
    for (const ast::Statement& statement : view_.statements()) {
      const auto* location = std::get_if<ast::Location>(&statement.what);
      if (location == nullptr) continue;
      for (const ast::Reference& subject : location->subjects) {
        for (const std::string& name : ties_.Names(subject)) {
          for (const ast::Clause& clause : location->clauses) Take(clause, places_[name]);
        }
      }
    }
  }

  // Where the locations of a resource let it run.
  struct Places {
    bool decided = false;           // By a condition that is not worked out here.
    std::set<std::string> allowed;  // If `limited`.
    bool limited = false;
    std::set<std::string> preferred;  // Nodes, and conditions as they are written.
  };

  void Take(const ast::Clause& clause, Places& places) const {
    const std::string& verb = clause.verb.literal;
    if (verb == "prefers") {
      for (const ast::Text& node : clause.nodes) places.preferred.insert(node.literal);
      if (clause.where && clause.where->condition) places.preferred.insert(DumpExpr(*clause.where->condition));
      return;
    }
    if (verb != "only" && verb != "never") return;
    if (clause.where) {
      places.decided = true;
      return;
    }
    if (!places.limited) {
      places.allowed.insert(view_.symbols().nodes().begin(), view_.symbols().nodes().end());
      places.limited = true;
    }
    std::set<std::string> named;
    for (const ast::Text& node : clause.nodes) named.insert(node.literal);
    std::erase_if(places.allowed, [&](const std::string& node) { return named.contains(node) != (verb == "only"); });
  }

  static bool HaveNothingInCommon(const std::set<std::string>& left, const std::set<std::string>& right) {
    return std::none_of(left.begin(), left.end(), [&](const std::string& one) { return right.contains(one); });
  }

  // True if locations place both resources, together or apart.
  bool PlacesAreDecided(const std::string& left, const std::string& right) {
    const Places a = places_[left], b = places_[right];
    if (a.decided || b.decided) return true;
    if (a.limited && b.limited) {
      if (HaveNothingInCommon(a.allowed, b.allowed)) return true;
      if (a.allowed.size() == 1 && a.allowed == b.allowed) return true;
    }
    return !a.preferred.empty() && !b.preferred.empty() && HaveNothingInCommon(a.preferred, b.preferred);
  }

  const Symbol* Find(const ast::Text& name) const { return view_.symbols().Find(name.literal); }

  // "promoted ct-ms": a name with the role that is written before it.
  static std::string WithRole(const ast::Reference& part) {
    return (part.role ? part.role->literal + ' ' : "") + NameOf(part)->literal;
  }

  bool HasRoleInVain(const ast::Reference& part) const {
    return part.role && part.role->literal == "promoted" && !view_.CanBePromoted(*Find(*NameOf(part)));
  }

  // A finite wish to be where something is promoted: an address that follows a database runs elsewhere rather
  // than not at all, so it must not wait for the promotion either.
  static bool IsWish(const ast::Relation& relation, const ast::Reference& right) {
    const auto score = ScoreNumber(OptionText(relation.options, "score"));
    return right.role && right.role->literal == "promoted" && score && *score < kInfinity;
  }

  // W0207: only pairs of plain names are looked at; in sets either half may
  // well be meant alone. What is advised counts as done for the pairs after
  // it: together, the advice for colocations in a ring would be a circle.
  void Unordered(const ast::Relation& relation) {
    if (HasOption(relation.options, "same")) return;
    if (OptionText(relation.options, "score").starts_with('-')) return;  // E0209 tells more.
    for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
      const ast::Text* left = NameOf(relation.parts[i]);
      const ast::Text* right = NameOf(relation.parts[i + 1]);
      if (left == nullptr || right == nullptr || Find(*left) == nullptr || Find(*right) == nullptr) continue;
      const std::vector<std::string> dependents = ties_.Names(relation.parts[i]),
                                     first = ties_.Names(relation.parts[i + 1]);
      if (ties_.AreOrdered(dependents, first)) continue;
      if (IsWish(relation, relation.parts[i + 1])) continue;
      if (HasRoleInVain(relation.parts[i]) || HasRoleInVain(relation.parts[i + 1])) continue;  // W0216 tells more.
      const std::string what = WithRole(relation.parts[i]), on = WithRole(relation.parts[i + 1]);
      Diagnostic& warning = diagnostics_.Warning("W0207", left->span,
                                                 "`" + what + "` is placed with `" + on + "`, but nothing orders them");
      warning.label = "both may start at once";
      std::string advice = "depend " + what + " on " + on;
      for (const ast::Option& option : relation.options) {
        advice += ' ' + option.name.literal + '=' + DumpValue(option.value);
      }
      warning.help.push_back("write `" + advice + "`, which says both");
      for (const std::string& a : first) {
        for (const std::string& b : dependents) ties_.Order(a, b);
      }
    }
  }

  // W0208: the other half is missing. A clone runs wherever it can, so nothing
  // needs to be placed with it.
  void Unplaced(const ast::Relation& relation) {
    if (!IsMandatory(relation) || relation.parts.size() != 2) return;
    const auto symmetrical = AsBoolean(OptionText(relation.options, "symmetrical"));
    if (symmetrical && !*symmetrical) return;
    const ast::Reference &first = relation.parts[0], &then = relation.parts[1];
    const ast::Text* before = NameOf(first);
    const ast::Text* after = NameOf(then);
    if (before == nullptr || after == nullptr) return;
    const bool promotes = first.action && first.action->literal == "promote";
    if ((first.action && !promotes && first.action->literal != "start") ||
        (then.action && then.action->literal != "start")) {
      return;
    }
    const Symbol *a = Find(*before), *b = Find(*after);
    if (!IsLone(a, promotes) || !IsLone(b, false)) return;
    const std::string left = view_.Outermost(*a).id, right = view_.Outermost(*b).id;
    if (left == right || ties_.AreJoined(left, right) || PlacesAreDecided(left, right)) return;
    const std::string on = (promotes ? "promoted " : "") + before->literal;
    Diagnostic& warning = diagnostics_.Warning(
        "W0208", after->span,
        "`" + after->literal + "` is started after `" + on + "`, but nothing places them together");
    warning.label = "may run on another node";
    warning.help.push_back("write `depend " + after->literal + " on " + on +
                           "`, which says both; or `kind=optional` if the place does not matter");
  }

  // One resource in one place: what a person thinks of as "where it runs".
  bool IsLone(const Symbol* symbol, bool promoted) const {
    if (symbol == nullptr) return false;
    const SymbolKind kind = view_.Outermost(*symbol).kind;
    if (promoted) return kind == SymbolKind::kPromotable;
    return kind == SymbolKind::kPrimitive || kind == SymbolKind::kGroup;
  }

  // W0403: instances of a clone that waits for another clone wait for those on
  // their own node only if the waiting clone interleaves; what the other one
  // says makes no difference, nor does it to anything that is no clone. An
  // order alone may be meant to wait for all, so it takes both halves.
  void NotInterleaved(const ast::Relation& relation) {
    if (!IsMandatory(relation) || !AsBoolean(OptionText(relation.options, "symmetrical")).value_or(true)) return;
    const bool depends = relation.keyword.literal == "depend";
    for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
      const ast::Reference& first = relation.parts[depends ? i + 1 : i];
      const ast::Reference& then = relation.parts[depends ? i : i + 1];
      for (const ast::Text* name : NamesIn(then)) {
        const Symbol* waiting = Find(*name);
        if (waiting == nullptr || !HasCopies(*waiting) || view_.Meta(*waiting, "interleave")) continue;
        for (const ast::Text* other : NamesIn(first)) {
          const Symbol* awaited = Find(*other);
          if (awaited == nullptr || awaited == waiting || !HasCopies(*awaited)) continue;
          if (!ties_.IsPlacedWith(waiting->id, awaited->id)) continue;
          if (!uninterleaved_.emplace(waiting->id, awaited->id).second) continue;
          Diagnostic& warning = diagnostics_.Warning(
              "W0403", name->span,
              "`" + waiting->id + "` does not interleave: each of its instances waits for all of `" + awaited->id +
                  "`, on every node");
          warning.label = "restarted everywhere when one of `" + awaited->id + "` is";
          warning.others.push_back({waiting->span, "the " + std::string(KindName(waiting->kind))});
          warning.help.push_back("write `interleave=yes` in the braces of `" + waiting->id +
                                 "`, or `interleave=no` if that is meant");
        }
      }
    }
  }

  // A clone with instances on several nodes.
  bool HasCopies(const Symbol& symbol) const {
    if (symbol.kind != SymbolKind::kClone && symbol.kind != SymbolKind::kPromotable) return false;
    if (!std::holds_alternative<ast::Members>(symbol.statement->what)) return false;
    const auto most = view_.Meta(symbol, "clone-max");
    return !most || AsInteger(most->value).value_or(2) > 1;
  }

  // W0405: one unordered set without a partner says nothing.
  void LonelySet(const ast::Relation& relation, const std::string& keyword) {
    if (relation.parts.size() != 1) return;
    const auto* set = std::get_if<ast::Set>(&relation.parts[0].what);
    if (set == nullptr || set->ordered || set->from || HasOption(relation.options, "kind") ||
        HasOption(set->options, "sequential")) {
      return;
    }
    diagnostics_.Warning("W0405", relation.parts[0].span, "a set in braces alone does nothing")
        .help.push_back(keyword == "order" ? "write `order [a, b]` if each waits for the one before it"
                                           : "write `colocation [a, b]` if each needs the one before it");
  }

  // W0209: a group says of its members both where and when.
  void WithinGroup(const ast::Relation& relation, const std::string& keyword) {
    if (keyword == "separate") return;  // That is no repetition but a contradiction.
    for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
      const ast::Text* left = NameOf(relation.parts[i]);
      const ast::Text* right = NameOf(relation.parts[i + 1]);
      const Symbol* a = left != nullptr ? Find(*left) : nullptr;
      const Symbol* b = right != nullptr ? Find(*right) : nullptr;
      if (a == nullptr || b == nullptr || a == b) continue;
      const bool siblings = !a->container.empty() && a->container == b->container;
      const Symbol* outer = siblings                ? view_.symbols().Find(a->container)
                            : a->container == b->id ? b
                            : b->container == a->id ? a
                                                    : nullptr;
      if (outer == nullptr || (siblings && outer->kind != SymbolKind::kGroup)) continue;
      const ast::Text& inner = siblings || a != outer ? *left : *right;
      Diagnostic& warning = diagnostics_.Warning(
          "W0209", relation.parts[i].span,
          siblings ? "`" + left->literal + "` and `" + right->literal + "` are members of `" + outer->id +
                         "`, which joins and orders them already"
                   : "`" + inner.literal + "` is a member of `" + outer->id + "`: one cannot wait for the other");
      warning.others.push_back({outer->span, "the " + std::string(KindName(outer->kind))});
      warning.help.push_back(siblings ? "remove this; the members of a group start from left to right"
                                      : "remove this, or take `" + inner.literal + "` out of `" + outer->id + "`");
    }
  }

  const PolicyView& view_;
  Ties ties_;
  Diagnostics& diagnostics_;
  std::map<std::string, Places> places_;
  std::set<std::pair<std::string, std::string>> uninterleaved_;  // Told already.
};

}  // namespace

void LintRelations(const PolicyView& view, Diagnostics& diagnostics) {
  RelationLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
