#include <algorithm>
#include <set>

#include "compiler/check/lint_families.h"

namespace picket::compiler {
namespace {

class PlaceLinter {
 public:
  PlaceLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) {
        const std::string& keyword = relation->keyword.literal;
        if (keyword == "colocation" || keyword == "depend") WeakColocation(*relation);
      } else if (const auto* location = std::get_if<ast::Location>(&statement.what)) {
        Leftover(*location);
        if (location->subjects.size() == 1 && !location->pattern) Preference(*location);
      }
    }
  }

 private:
  struct Stickiness {
    std::int64_t sum = 0;      // Of all members: what a group weighs as a whole.
    std::int64_t largest = 0;  // Of one member.
    std::size_t members = 0;
    std::optional<Span> span;  // Where one of them is set.
  };

  // Nothing if some of it is conditional, or the resource has copies.
  std::optional<Stickiness> StickinessOf(const Symbol& resource) const {
    const SymbolKind kind = view_.Outermost(resource).kind;
    if (kind != SymbolKind::kPrimitive && kind != SymbolKind::kGroup) return std::nullopt;
    Stickiness total;
    for (const Symbol* primitive : view_.Primitives(view_.Outermost(resource))) {
      const auto setting = view_.Meta(*primitive, "resource-stickiness");
      ++total.members;
      if (!setting) continue;
      const auto score = ScoreNumber(setting->value);
      if (!score || setting->conditional) return std::nullopt;
      total.sum = std::min(kInfinity, total.sum + *score);
      total.largest = std::max(total.largest, *score);
      total.span = setting->span;
    }
    return total;
  }

  static const ast::Option* ScoreOf(const std::vector<ast::Option>& options) {
    for (const ast::Option& option : options) {
      if (option.name.literal == "score") return &option;
    }
    return nullptr;
  }
  static std::optional<std::int64_t> Number(const ast::Option* option) {
    const auto* text = option != nullptr ? std::get_if<ast::Text>(&option->value.what) : nullptr;
    return text != nullptr ? ScoreNumber(text->literal) : std::nullopt;
  }

  const Symbol* Find(const ast::Reference& reference) const {
    const auto* name = std::get_if<ast::Text>(&reference.what);
    return name != nullptr ? view_.symbols().Find(name->literal) : nullptr;
  }

  // W0210: once apart, the two never come together again.
  void WeakColocation(const ast::Relation& relation) {
    const ast::Option* option = ScoreOf(relation.options);
    const auto score = Number(option);
    if (!score || *score >= kInfinity || *score <= 0 || HasOption(relation.options, "same")) return;
    for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
      const Symbol* left = Find(relation.parts[i]);
      const Symbol* right = Find(relation.parts[i + 1]);
      if (left == nullptr || right == nullptr || !IsResource(left->kind) || !IsResource(right->kind)) continue;
      const auto stickiness = StickinessOf(*left);
      if (!stickiness || stickiness->sum <= *score || !stickiness->span) continue;
      Diagnostic& warning =
          diagnostics_.Warning("W0210", option->span,
                               "`" + left->id + "` never follows `" + right->id + "`: its stickiness of " +
                                   Spelt(stickiness->sum) + " outweighs " + std::to_string(*score));
      warning.label = "only counts when both start";
      warning.others.push_back({*stickiness->span, "its stickiness"});
      warning.help.push_back(stickiness->sum >= kInfinity
                                 ? "leave out `score` if it must follow"
                                 : "write a score above " + Spelt(stickiness->sum) + ", or none if it must follow");
      return;
    }
  }

  static std::string Spelt(std::int64_t score) { return score >= kInfinity ? "inf" : std::to_string(score); }

  // W0213: what `crm_resource --move` and its relatives leave in the CIB.
  void Leftover(const ast::Location& location) {
    if (!location.id) return;
    const std::string& id = location.id->literal;
    const bool moved = id.starts_with("cli-prefer-"), banned = id.starts_with("cli-ban-");
    if (!moved && !banned) return;
    diagnostics_
        .Warning("W0213", location.id->span,
                 std::string("left behind by a `") + (moved ? "move" : "ban") + "` command that was never cleared")
        .help.push_back("remove it, or give it a name of your own if it is meant to stay");
  }

  void Preference(const ast::Location& location) {
    const Symbol* resource = Find(location.subjects[0]);
    if (resource == nullptr || !IsResource(resource->kind) || location.subjects[0].role) return;
    if (location.id && location.id->literal.starts_with("cli-")) return;  // Has been told.
    for (const ast::Clause& clause : location.clauses) {
      if (clause.verb.literal != "prefers" || clause.nodes.size() != 1) continue;
      const ast::Option* option = ScoreOf(clause.options);
      const auto score = Number(option);
      const auto stickiness = score ? StickinessOf(*resource) : std::nullopt;
      if (!stickiness || !stickiness->span || stickiness->sum <= 0) continue;
      const std::string& node = clause.nodes[0].literal;
      if (*score >= kInfinity && stickiness->sum < kInfinity) {
        Diagnostic& warning = diagnostics_.Warning(
            "W0212", option->span,
            "`" + resource->id + "` moves back to `" + node + "` as soon as it can: nothing outweighs `inf`");
        warning.others.push_back({*stickiness->span, "this stickiness counts for nothing"});
        warning.help.push_back("write a score below " + Spelt(stickiness->sum) +
                               " if it should stay where it is, or no stickiness for `" + resource->id + "`");
      } else if (*score > stickiness->largest && *score < stickiness->sum && *score < kInfinity) {
        Diagnostic& warning = diagnostics_.Warning("W0211", option->span,
                                                   "`" + resource->id + "` does not move back to `" + node + "`: its " +
                                                       std::to_string(stickiness->members) + " members stick with " +
                                                       Spelt(stickiness->sum) + " together");
        warning.label = "outweighs only one of them";
        warning.others.push_back({*stickiness->span, "the stickiness of a member"});
        warning.help.push_back("write a score above " + Spelt(stickiness->sum) + " if it should move back, at most " +
                               Spelt(stickiness->largest) + " if not");
      }
    }
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintPlaces(const PolicyView& view, Diagnostics& diagnostics) {
  PlaceLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
