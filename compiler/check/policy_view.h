// What lints ask of a policy: "what is the stickiness of this resource?",
// "which operations has it, its template's included?".
//
// Answers come from the tree, with the place where they are written, so that a
// message can point there. It is no evaluation: what stands under a condition
// holds only sometimes, and a lint that cannot be sure says nothing, so such a
// setting is marked. Lookups walk a resource's own lines and are not cached.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// What a policy sets an option to.
struct Setting {
  std::string value;
  Span span;                 ///< Of the option.
  bool conditional = false;  ///< Some block that sets it has a condition.
};

class PolicyView {
 public:
  /// Keeps references to both, which must outlive it.
  PolicyView(const std::vector<ast::Statement>& statements, const Symbols& symbols);

  const std::vector<ast::Statement>& statements() const { return statements_; }
  const Symbols& symbols() const { return symbols_; }
  /// The nodes that run Corosync, in the order of the text.
  const std::vector<const ast::Node*>& members() const { return members_; }
  /// The one `cluster` statement, or null.
  const ast::Cluster* cluster() const { return cluster_; }
  /// An option of `quorum`, `totem` or the like in `cluster`.
  std::optional<Setting> ClusterOption(std::string_view section, std::string_view name) const;
  bool HasClusterSection(std::string_view section) const;

  /// A cluster option, under any of its names.
  std::optional<Setting> Property(std::initializer_list<std::string_view> names) const;
  /// What `rsc_defaults` (or `op_defaults`) says.
  std::optional<Setting> Default(std::string_view kind, std::string_view name) const;
  /// A parameter of a primitive or fence device: its own, or its template's.
  std::optional<Setting> Parameter(const Symbol& resource, std::string_view name) const;
  /// A meta attribute that is said of the resource itself or its template.
  std::optional<Setting> OwnMeta(const Symbol& resource, std::string_view name) const;
  /// As it holds: own, of what holds the resource, or by default.
  std::optional<Setting> Meta(const Symbol& resource, std::string_view name) const;
  /// `target-role` in lower case; nullopt where a condition decides.
  std::optional<Setting> TargetRole(const Symbol& resource) const;
  /// Whether `target-role` keeps it stopped, whatever happens.
  bool IsKeptStopped(const Symbol& resource) const;

  /// Its blocks of a kind (`utilization`), then those of its template.
  std::vector<const ast::Attributes*> Blocks(const Symbol& resource, std::string_view kind) const;
  /// The resource's operations and its template's.
  std::vector<const ast::Operation*> Operations(const Symbol& resource) const;
  /// `ocf:heartbeat:IPaddr2`, of the template where there is one; may be empty.
  std::string Agent(const Symbol& resource) const;
  /// What a group, clone or bundle holds at the bottom; a primitive itself.
  std::vector<const Symbol*> Primitives(const Symbol& resource) const;
  /// What a group or clone holds directly.
  std::vector<const Symbol*> MembersOf(const Symbol& resource) const;
  /// The outermost container, or the resource itself.
  const Symbol& Outermost(const Symbol& resource) const;
  /// Whether it may have promoted instances; true as well where that is not known.
  bool CanBePromoted(const Symbol& resource) const;

 private:
  const std::vector<ast::Item>* ItemsOf(const Symbol& resource) const;
  const Symbol* TemplateOf(const Symbol& resource) const;
  std::optional<Setting> InItems(const std::vector<ast::Item>& items, std::string_view kind, bool plain_lines,
                                 std::string_view name) const;
  std::optional<Setting> InBlock(const ast::Attributes& block, std::string_view name) const;

  const std::vector<ast::Statement>& statements_;
  const Symbols& symbols_;
  std::vector<const ast::Node*> members_;
  const ast::Cluster* cluster_ = nullptr;
  std::vector<const ast::Defaults*> defaults_;
  std::map<std::string, const ast::Attributes*> named_blocks_;
};

/// The text of an option out of a list, or empty.
std::string OptionText(const std::vector<ast::Option>& options, std::string_view name);
bool HasOption(const std::vector<ast::Option>& options, std::string_view name);

/// A score as a number, INFINITY being a million; nothing if it is none.
std::optional<std::int64_t> ScoreNumber(std::string_view text);
inline constexpr std::int64_t kInfinity = 1000000;

/// The resources that one side of a constraint names, in a set or alone, with
/// the places of the names. Tags and templates are names like any other here.
std::vector<const ast::Text*> NamesIn(const ast::Reference& reference);

}  // namespace picket::compiler
