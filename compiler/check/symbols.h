// Every name that a policy gives to something, and what it names.
//
// Nodes have a name space of their own; everything that becomes an element of
// the CIB shares one. Built over expanded statements; duplicate names are
// reported while building, with both places.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

enum class SymbolKind {
  kPrimitive,
  kTemplate,
  kFence,
  kGroup,
  kClone,
  kPromotable,
  kBundle,
  kTag,
  kConstraint,
  kRole,
  kAlert,
  kInner
};

struct Symbol {
  SymbolKind kind = SymbolKind::kPrimitive;
  std::string id;
  Span span;
  const ast::Statement* statement = nullptr;
  /// The resource that holds this one (a group, clone or bundle), or empty.
  std::string container;
};

/// "group", "fence device": for messages.
std::string_view KindName(SymbolKind kind);

inline bool IsResource(SymbolKind kind) {
  return kind != SymbolKind::kTemplate && kind <= SymbolKind::kBundle;
}

/// Whether the resource is the connection to a remote node.
bool IsConnection(const Symbol& resource);

/// The most links that Corosync can have.
inline constexpr std::size_t kLinksMax = 8;

class Symbols {
 public:
  /// Keeps pointers into `statements`, which must outlive it.
  static Symbols Build(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics);

  const Symbol* Find(std::string_view id) const;
  Symbol* Find(std::string_view id);
  const ast::Statement* FindNode(std::string_view name) const;
  /// Whether there is a node of that name, with a statement of its own or
  /// implied by a resource: `web-bundle-0`, or what `remote-node` names.
  bool IsNode(std::string_view name) const;
  /// Nodes that resources bring along, in the order of their names.
  const std::set<std::string, std::less<>>& implied_nodes() const { return implied_nodes_; }
  /// The guest nodes that run inside a resource.
  const std::vector<const ast::Node*>& GuestsOf(std::string_view resource) const;
  /// In the order of the text.
  const std::vector<Symbol>& all() const { return all_; }
  const std::vector<std::string>& nodes() const { return nodes_; }
  const std::vector<std::string>& links() const { return links_; }
  const std::vector<std::string>& tickets() const { return tickets_; }
  /// Names of the symbols for which `wanted` says yes, for "did you mean".
  std::vector<std::string> Names(bool (*wanted)(SymbolKind)) const;

  /// Enters a name that appears only inside a statement; reports a duplicate.
  void Add(SymbolKind kind, const ast::Text& name, const ast::Statement& statement, Diagnostics& diagnostics);

 private:
  /// Enters the resources, tags and roles that an `xml` statement brings.
  void AddElements(const ast::Xml& xml, const ast::Statement& statement);
  /// Enters the nodes that a resource brings along without a `node` statement.
  void AddImplied(const ast::Primitive& primitive);
  void AddReplicas(const std::string& bundle, std::string_view replicas, std::string_view promoted_max);

  std::vector<Symbol> all_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<std::string> nodes_;
  std::map<std::string, const ast::Statement*, std::less<>> node_index_;
  std::set<std::string, std::less<>> implied_nodes_;
  std::map<std::string, std::vector<const ast::Node*>, std::less<>> guests_;
  std::vector<std::string> links_;
  std::vector<std::string> tickets_;
};

}  // namespace picket::compiler
