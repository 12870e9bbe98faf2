#include "compiler/check/names.h"

#include <algorithm>

#include "compiler/diagnostics/nearest.h"

namespace picket::compiler {
namespace {

// A template in a constraint stands for all resources that are made from it.
bool IsReferable(SymbolKind kind) {
  return IsResource(kind) || kind == SymbolKind::kTag || kind == SymbolKind::kTemplate;
}
bool IsFenceDevice(SymbolKind kind) {
  return kind == SymbolKind::kFence || kind == SymbolKind::kPrimitive || kind == SymbolKind::kClone;
}

class NameChecker {
 public:
  NameChecker(const Symbols& symbols, Diagnostics& diagnostics) : symbols_(symbols), diagnostics_(diagnostics) {}

  void operator()(const ast::Members& node) {
    const bool group = node.keyword.literal == "group";
    if (!group && node.members.size() > 1) {
      diagnostics_.Error("E0203", node.members[1].span, "a " + node.keyword.literal + " has one member")
          .help.push_back("put the members into a group, and the group into the " + node.keyword.literal);
    }
    for (const ast::Text& member : node.members) {
      const Symbol* symbol = Known(member, IsResource, "resource");
      if (symbol == nullptr) continue;
      const bool primitive = symbol->kind == SymbolKind::kPrimitive || symbol->kind == SymbolKind::kFence;
      if (!primitive && (group || symbol->kind != SymbolKind::kGroup)) {
        Diagnostic& error = diagnostics_.Error("E0203", member.span,
                                               "`" + member.literal + "` is a " + std::string(KindName(symbol->kind)) +
                                                   ", which a " + node.keyword.literal + " cannot hold");
        error.help.push_back(group ? "members of a group are primitives"
                                   : "the member of a " + node.keyword.literal + " is a primitive or a group");
      }
    }
  }
  void operator()(const ast::Primitive& node) { Template(node.source); }
  void operator()(const ast::Fence& node) {
    Template(node.source);
    for (const ast::Host& host : node.hosts) Node(host.name);
  }
  void operator()(const ast::Fencing& node) {
    if (const auto* name = std::get_if<ast::Text>(&node.target)) Node(*name);
    for (const ast::Level& level : node.levels) {
      for (const ast::Text& device : level.devices) Device(device);
    }
  }
  void operator()(const ast::Location& node) {
    if (Turned(node)) return;
    for (const ast::Reference& subject : node.subjects) Reference(subject);
    for (const ast::Clause& clause : node.clauses) {
      for (const ast::Text& name : clause.nodes) Node(name);
    }
  }
  void operator()(const ast::Relation& node) {
    for (const ast::Reference& part : node.parts) Reference(part);
    TwoTags(node);
  }
  void operator()(const ast::Tag& node) {
    for (const ast::Text& member : node.members)
      Known(
          member, [](SymbolKind) { return true; }, "name");
  }
  void operator()(const ast::Acl& node) {
    for (const ast::Text& role : node.roles) {
      Known(
          role, [](SymbolKind kind) { return kind == SymbolKind::kRole; }, "role");
    }
  }
  void operator()(const ast::Role& node) {
    for (const ast::RoleItem& item : node.items) {
      const auto* permission = std::get_if<ast::Permission>(&item);
      if (permission == nullptr || !permission->name) continue;
      const std::string object = permission->object ? permission->object->literal : "";
      if (object == "meta" || object == "params") Known(*permission->name, IsResource, "resource");
      if (object.empty())
        Known(
            *permission->name, [](SymbolKind) { return true; }, "name");
    }
  }
  void operator()(const ast::Node& node) {
    if (node.host) Known(*node.host, IsResource, "resource");
    for (const ast::Item& item : node.items) {
      if (const auto* link = std::get_if<ast::LinkAddress>(&item)) {
        OneOf(link->link, symbols_.links(), "link");
      }
    }
  }
  // Names in tests and invariants are resolved where they are translated.
  template <class Other>
  void operator()(const Other&) {}

 private:
  // `location n1 prefers vip`: what runs and where it runs have changed places.
  bool Turned(const ast::Location& node) {
    if (node.subjects.size() != 1 || node.clauses.size() != 1 || node.clauses[0].nodes.size() != 1) return false;
    const auto* name = std::get_if<ast::Text>(&node.subjects[0].what);
    const ast::Text& other = node.clauses[0].nodes[0];
    if (name == nullptr || symbols_.Find(name->literal) != nullptr || !symbols_.IsNode(name->literal)) return false;
    const Symbol* resource = symbols_.Find(other.literal);
    if (symbols_.IsNode(other.literal) || resource == nullptr || !IsReferable(resource->kind)) return false;
    const std::string& verb = node.clauses[0].verb.literal;
    diagnostics_
        .Error("E0201", name->span, "`" + name->literal + "` is a node, and `" + other.literal + "` is what runs")
        .help.push_back("write `location " + other.literal + ' ' + verb + ' ' + name->literal + "`");
    return true;
  }

  // Pacemaker ignores a colocation whose two sides both stand for several.
  void TwoTags(const ast::Relation& node) {
    const std::string& keyword = node.keyword.literal;
    if ((keyword != "colocation" && keyword != "separate" && keyword != "depend") || node.parts.size() != 2) return;
    for (const ast::Reference& part : node.parts) {
      const auto* name = std::get_if<ast::Text>(&part.what);
      const Symbol* symbol = name != nullptr ? symbols_.Find(name->literal) : nullptr;
      if (symbol == nullptr || (symbol->kind != SymbolKind::kTag && symbol->kind != SymbolKind::kTemplate)) return;
    }
    const auto& left = std::get<ast::Text>(node.parts[0].what);
    const auto& right = std::get<ast::Text>(node.parts[1].what);
    Diagnostic& error =
        diagnostics_.Error("E0203", node.parts[1].span,
                           "`" + left.literal + "` and `" + right.literal +
                               "` both stand for several resources, which Pacemaker cannot place together");
    std::string set;
    if (const auto* tag = std::get_if<ast::Tag>(&symbols_.Find(right.literal)->statement->what)) {
      for (const ast::Text& member : tag->members) set += (set.empty() ? "" : ", ") + member.literal;
    }
    error.help.push_back("write one of them as a set" + (set.empty() ? "" : ": `{" + set + "}`"));
  }

  void Unknown(const ast::Text& name, std::string_view what, const std::vector<std::string>& known) {
    const bool full = diagnostics_.IsFull();
    Diagnostic& error =
        diagnostics_.Error("E0201", name.span, "unknown " + std::string(what) + " `" + name.literal + "`");
    if (full) return;  // The search below looks at every name there is.
    if (auto nearest = Nearest(name.literal, known)) {
      error.help.push_back("did you mean `" + *nearest + "`?");
    } else if (!known.empty() && known.size() <= 8) {
      std::string list;
      for (const std::string& one : known) list += (list.empty() ? "`" : ", `") + one + '`';
      error.help.push_back("known are " + list);
    } else {
      error.help.push_back("nothing of that name is defined in this policy");
    }
  }

  const Symbol* Known(const ast::Text& name, bool (*fits)(SymbolKind), std::string_view what) {
    const Symbol* symbol = symbols_.Find(name.literal);
    if (symbol != nullptr && fits(symbol->kind)) return symbol;
    if (symbol == nullptr) {
      Unknown(name, what, diagnostics_.IsFull() ? std::vector<std::string>{} : symbols_.Names(fits));
      return nullptr;
    }
    Diagnostic& error = diagnostics_.Error(
        "E0203", name.span,
        "`" + name.literal + "` is a " + std::string(KindName(symbol->kind)) + ", not a " + std::string(what));
    error.others.push_back({symbol->span, "defined here"});
    return nullptr;
  }

  void Reference(const ast::Reference& reference) {
    if (const auto* name = std::get_if<ast::Text>(&reference.what)) {
      Referable(*name);
      return;
    }
    for (const ast::Text& member : std::get<ast::Set>(reference.what).members) Referable(member);
  }

  void Referable(const ast::Text& name) { Known(name, IsReferable, "resource"); }

  void Template(const ast::Source& source) {
    if (!source.is_template) return;
    Known(
        source.name, [](SymbolKind kind) { return kind == SymbolKind::kTemplate; }, "template");
  }

  void Device(const ast::Text& name) { Known(name, IsFenceDevice, "fence device"); }

  void Node(const ast::Text& name) {
    if (!symbols_.IsNode(name.literal)) Unknown(name, "node", symbols_.nodes());
  }

  void OneOf(const ast::Text& name, const std::vector<std::string>& known, std::string_view what) {
    if (std::find(known.begin(), known.end(), name.literal) == known.end()) {
      Unknown(name, what, known);
    }
  }

  const Symbols& symbols_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckNames(const std::vector<ast::Statement>& statements, const Symbols& symbols, Diagnostics& diagnostics) {
  NameChecker checker(symbols, diagnostics);
  for (const ast::Statement& statement : statements) std::visit(checker, statement.what);
}

}  // namespace picket::compiler
