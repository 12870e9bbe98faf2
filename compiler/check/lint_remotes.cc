#include "compiler/check/lint_families.h"
#include "compiler/graph/references.h"

// A remote node and the connection to it bear one name. In a constraint and in
// a group the name means the connection, a resource that runs on a cluster
// node, and hardly ever what the author has in mind.
namespace picket::compiler {
namespace {

class RemoteLinter {
 public:
  RemoteLinter(const PolicyView& view, Diagnostics& diagnostics)
      : view_(view), references_(view.statements(), view.symbols()), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* members = std::get_if<ast::Members>(&statement.what)) Members(*members);
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation != nullptr && relation->keyword.literal != "ticket") Relation(*relation);
    }
  }

 private:
  void Members(const ast::Members& members) {
    for (const ast::Text& member : members.members) {
      if (!IsConnectionName(member.literal)) continue;
      Told(member.span, member.literal, "in a " + members.keyword.literal)
          .help.push_back("take it out of `" + members.name.literal + "`; write `location NAME only " + member.literal +
                          "` for what runs on the machine");
    }
  }

  void Relation(const ast::Relation& relation) {
    for (std::size_t i = 0; i < relation.parts.size(); ++i) {
      const ast::Reference& part = relation.parts[i];
      for (const std::string& name : references_.Resources(part)) {
        if (!IsConnectionName(name)) continue;
        const bool is_order = relation.keyword.literal == "order";
        Diagnostic& warning = Told(part.span, name, is_order ? "in an order" : "in a constraint");
        const ast::Reference* partner = Partner(relation, i);
        const auto* other = partner != nullptr ? std::get_if<ast::Text>(&partner->what) : nullptr;
        const std::string who = other != nullptr ? other->literal : "NAME";
        warning.help.push_back(relation.keyword.literal == "separate"
                                   ? "write `location " + who + " never " + name + "` to keep it off the machine"
                                   : "write `location " + who + " only " + name +
                                         "` for what runs on the machine: it waits for the connection by itself");
        break;  // Once for each part.
      }
    }
  }

  bool IsConnectionName(std::string_view name) const {
    const Symbol* symbol = view_.symbols().Find(name);
    return symbol != nullptr && IsResource(symbol->kind) && IsConnection(*symbol);
  }

  static const ast::Reference* Partner(const ast::Relation& relation, std::size_t i) {
    if (relation.parts.size() != 2) return nullptr;
    return &relation.parts[1 - i];
  }

  Diagnostic& Told(const Span& span, const std::string& name, const std::string& where) {
    Diagnostic& warning = diagnostics_.Warning(
        "W0430", span, '`' + name + "` " + where + " is the connection to the remote node, not the machine");
    warning.label = "runs on a cluster node";
    return warning;
  }

  const PolicyView& view_;
  References references_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintRemotes(const PolicyView& view, Diagnostics& diagnostics) {
  RemoteLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
