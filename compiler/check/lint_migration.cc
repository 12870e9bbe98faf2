#include <array>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/graph/references.h"
#include "compiler/syntax/shape.h"

// `allow-migrate=yes` that never leads to a live migration.
namespace picket::compiler {
namespace {

bool IsYes(const std::optional<Setting>& setting) {
  return setting && !setting->conditional && AsBoolean(setting->value).value_or(false);
}

class MigrationLinter {
 public:
  MigrationLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    CollectPlaced();
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kPrimitive) CannotMigrate(symbol);
      if (symbol.kind == SymbolKind::kGroup) WithinGroup(symbol);
    }
    for (const ast::Statement& statement : view_.statements()) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation != nullptr) Behind(*relation);
    }
  }

 private:
  // W0438 for what has no agent of its own; agents are looked up where they are
  // known.
  void CannotMigrate(const Symbol& primitive) {
    static constexpr std::array<std::string_view, 4> kClasses = {"systemd:", "service:", "lsb:", "upstart:"};
    const auto setting = view_.OwnMeta(primitive, "allow-migrate");
    const std::string agent = view_.Agent(primitive);
    for (const std::string_view name : kClasses) {
      if (!IsYes(setting) || !agent.starts_with(name)) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0438", setting->span, "`" + primitive.id + "` cannot migrate: `" + agent + "` has no `migrate_to`");
      warning.label = "each move is a migration that fails, then a stop and a start";
      warning.help.push_back("leave it out");
    }
  }

  void CollectPlaced() {
    for (const ast::Statement& statement : view_.statements()) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr || relation->parts.size() != 2) continue;
      if (relation->keyword.literal != "colocation" && relation->keyword.literal != "depend") continue;
      const std::string score = OptionText(relation->options, "score");
      if (!score.empty() && ScoreNumber(score).value_or(0) < kInfinity) continue;
      const auto* left = std::get_if<ast::Text>(&relation->parts[0].what);
      const auto* right = std::get_if<ast::Text>(&relation->parts[1].what);
      if (left != nullptr && right != nullptr) placed_.emplace(left->literal, right->literal);
    }
  }

  // W0439: what stands below moves at the same time, and has to be stopped
  // after and started before; a live migration leaves no room for that.
  void Behind(const ast::Relation& relation) {
    const bool depends = relation.keyword.literal == "depend";
    if ((!depends && relation.keyword.literal != "order") || relation.parts.size() != 2) return;
    const std::string kind = OptionText(relation.options, "kind");
    const bool mandatory = kind.empty() || kind == "mandatory";
    if (!mandatory || !AsBoolean(OptionText(relation.options, "symmetrical")).value_or(true)) return;
    const auto* upper = std::get_if<ast::Text>(&relation.parts[depends ? 0 : 1].what);
    const auto* lower = std::get_if<ast::Text>(&relation.parts[depends ? 1 : 0].what);
    if (upper == nullptr || lower == nullptr || !placed_.contains({upper->literal, lower->literal})) return;
    const Symbol* migrating = view_.symbols().Find(upper->literal);
    const Symbol* below = view_.symbols().Find(lower->literal);
    if (migrating == nullptr || below == nullptr || migrating->kind != SymbolKind::kPrimitive) return;
    const Symbol* held = Immobile(*below);
    if (held == nullptr) return;
    NeverLive(*migrating, *held, upper->span,
              "make what it needs a clone, or give `" + held->id + "` `meta allow-migrate=yes` if its agent can");
  }

  void WithinGroup(const Symbol& group) {
    const Symbol* held = nullptr;
    for (const Symbol* member : view_.MembersOf(group)) {
      if (held != nullptr) {
        NeverLive(*member, *held, member->span,
                  "take it out of the group, and make what it needs a clone: `depend " + member->id + " on …`");
      } else {
        held = Immobile(*member);
      }
    }
  }

  // The first that moves by a stop and a start; null for a clone, which is
  // there already, and where it is not sure.
  const Symbol* Immobile(const Symbol& resource) const {
    const SymbolKind kind = view_.Outermost(resource).kind;
    if (kind != SymbolKind::kPrimitive && kind != SymbolKind::kGroup) return nullptr;
    for (const Symbol* primitive : view_.Primitives(resource)) {
      if (std::holds_alternative<ast::Xml>(primitive->statement->what) || IsConnection(*primitive)) continue;
      const auto allowed = view_.Meta(*primitive, "allow-migrate");
      if (!allowed || AsBoolean(allowed->value) == std::optional<bool>(false)) return primitive;
    }
    return nullptr;
  }

  void NeverLive(const Symbol& migrating, const Symbol& held, const Span& place, std::string help) {
    const auto setting = view_.OwnMeta(migrating, "allow-migrate");
    if (!IsYes(setting) || !told_.insert(migrating.id).second) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0439", place,
        "`" + migrating.id + "` never migrates live: `" + held.id + "`, which it needs, is stopped for the move");
    warning.others.push_back({setting->span, "does not count here"});
    warning.help.push_back(std::move(help));
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  std::set<std::pair<std::string, std::string>> placed_;
  std::set<std::string> told_;
};

}  // namespace

void LintMigration(const PolicyView& view, Diagnostics& diagnostics) {
  MigrationLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
