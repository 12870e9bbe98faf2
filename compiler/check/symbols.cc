#include "compiler/check/symbols.h"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <set>

#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

SymbolKind KindOf(const ast::Members& members) {
  if (members.keyword.literal == "group") return SymbolKind::kGroup;
  return members.keyword.literal == "clone" ? SymbolKind::kClone : SymbolKind::kPromotable;
}

// What an element of the CIB is, if constraints and the like may name it.
const SymbolKind* KindOfElement(std::string_view element) {
  static const std::map<std::string_view, SymbolKind> kinds = {{"primitive", SymbolKind::kPrimitive},
                                                               {"template", SymbolKind::kTemplate},
                                                               {"group", SymbolKind::kGroup},
                                                               {"clone", SymbolKind::kClone},
                                                               {"master", SymbolKind::kPromotable},
                                                               {"bundle", SymbolKind::kBundle},
                                                               {"tag", SymbolKind::kTag},
                                                               {"acl_role", SymbolKind::kRole}};
  const auto found = kinds.find(element);
  return found == kinds.end() ? nullptr : &found->second;
}

}  // namespace

std::string_view KindName(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kPrimitive:
      return "primitive";
    case SymbolKind::kTemplate:
      return "template";
    case SymbolKind::kFence:
      return "fence device";
    case SymbolKind::kGroup:
      return "group";
    case SymbolKind::kClone:
      return "clone";
    case SymbolKind::kPromotable:
      return "promotable";
    case SymbolKind::kBundle:
      return "bundle";
    case SymbolKind::kTag:
      return "tag";
    case SymbolKind::kConstraint:
      return "constraint";
    case SymbolKind::kRole:
      return "role";
    case SymbolKind::kAlert:
      return "alert";
    case SymbolKind::kInner:
      return "element";
  }
  return "name";
}

bool IsConnection(const Symbol& resource) {
  if (std::holds_alternative<ast::Node>(resource.statement->what)) return true;
  const auto* primitive = std::get_if<ast::Primitive>(&resource.statement->what);
  return primitive != nullptr && !primitive->source.is_template &&
         primitive->source.name.literal == "ocf:pacemaker:remote";
}

const Symbol* Symbols::Find(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &all_[found->second];
}

Symbol* Symbols::Find(std::string_view id) {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &all_[found->second];
}

const ast::Statement* Symbols::FindNode(std::string_view name) const {
  const auto found = node_index_.find(name);
  return found == node_index_.end() ? nullptr : found->second;
}

bool Symbols::IsNode(std::string_view name) const {
  return node_index_.contains(name) || implied_nodes_.contains(name);
}

const std::vector<const ast::Node*>& Symbols::GuestsOf(std::string_view resource) const {
  static const std::vector<const ast::Node*> none;
  const auto found = guests_.find(resource);
  return found == guests_.end() ? none : found->second;
}

std::vector<std::string> Symbols::Names(bool (*wanted)(SymbolKind)) const {
  std::vector<std::string> names;
  for (const Symbol& symbol : all_) {
    if (wanted(symbol.kind)) names.push_back(symbol.id);
  }
  return names;
}

void Symbols::Add(SymbolKind kind, const ast::Text& name, const ast::Statement& statement, Diagnostics& diagnostics) {
  if (!IsXmlId(name.literal)) {
    Diagnostic& error = diagnostics.Error("E0103", name.span, "`" + name.literal + "` cannot be an id in the CIB");
    error.help.push_back(
        "an id begins with a letter or `_` and goes on with letters, digits, "
        "`_`, `-` and `.`");
  }
  const auto [place, fresh] = index_.emplace(name.literal, all_.size());
  if (!fresh) {
    const Symbol& first = all_[place->second];
    Diagnostic& error = diagnostics.Error(
        "E0202", name.span, "`" + name.literal + "` is already the name of a " + std::string(KindName(first.kind)));
    error.others.push_back({first.span, "first defined here"});
    error.help.push_back("give one of them another name");
    return;
  }
  all_.push_back({kind, name.literal, name.span, &statement, ""});
}

void Symbols::AddImplied(const ast::Primitive& primitive) {
  if (!primitive.source.is_template && primitive.source.name.literal == "ocf:pacemaker:remote") {
    implied_nodes_.insert(primitive.name.literal);
  }
  const auto add = [&](const ast::Option& option) {
    const auto* name = std::get_if<ast::Text>(&option.value.what);
    if (option.name.literal == "remote-node" && name != nullptr) implied_nodes_.insert(name->literal);
  };
  for (const ast::Item& item : primitive.items) {
    const auto* block = std::get_if<ast::Attributes>(&item);
    if (block == nullptr || block->kind.literal != "meta") continue;
    for (const ast::Option& option : block->options) add(option);
    for (const ast::Pair& pair : block->pairs) {
      if (const auto* option = std::get_if<ast::Option>(&pair)) add(*option);
    }
  }
}

void Symbols::AddReplicas(const std::string& bundle, std::string_view replicas, std::string_view promoted_max) {
  // As many as nobody counts one by one; a name beyond them is a slip anyway.
  constexpr std::int64_t kReplicasMax = 1000;
  const std::int64_t otherwise = std::max<std::int64_t>(AsInteger(promoted_max).value_or(0), 1);
  const std::int64_t count = std::min(AsInteger(replicas).value_or(otherwise), kReplicasMax);
  for (std::int64_t i = 0; i < count; ++i) implied_nodes_.insert(bundle + '-' + std::to_string(i));
}

void Symbols::AddElements(const ast::Xml& xml, const ast::Statement& statement) {
  pugi::xml_document document;
  const std::string& text = xml.content.literal;
  // The emitter reports what is wrong with the text.
  if (!document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_fragment)) return;
  struct Adder : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node& node) override {
      const std::string name = node.attribute("id").value();
      const SymbolKind* kind = KindOfElement(node.name());
      if (kind != nullptr && !name.empty() && symbols->index_.emplace(name, symbols->all_.size()).second) {
        // Nothing else can hold what stands in the text.
        symbols->all_.push_back({*kind, name, place, statement, "an `xml` statement"});
      }
      const std::string_view element = node.name();
      if (element == "node") symbols->implied_nodes_.insert(node.attribute("uname").value());
      const std::string_view type = node.attribute("type").value();
      if (element == "primitive" && type == "remote") symbols->implied_nodes_.insert(name);
      if (element == "nvpair" && std::string_view(node.attribute("name").value()) == "remote-node") {
        symbols->implied_nodes_.insert(node.attribute("value").value());
      }
      if (element == "podman" || element == "docker" || element == "rkt") {
        symbols->AddReplicas(node.parent().attribute("id").value(), node.attribute("replicas").value(),
                             node.attribute("promoted-max").value());
      }
      return true;
    }
    Symbols* symbols = nullptr;
    const ast::Statement* statement = nullptr;
    Span place;
  } adder;
  adder.symbols = this;
  adder.statement = &statement;
  adder.place = xml.content.span;
  document.traverse(adder);
}

Symbols Symbols::Build(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics) {
  Symbols symbols;
  const ast::Statement* cluster = nullptr;
  std::set<std::string> tickets;
  for (const ast::Statement& statement : statements) {
    const auto add = [&](SymbolKind kind, const ast::Text& name) { symbols.Add(kind, name, statement, diagnostics); };
    if (const auto* node = std::get_if<ast::Primitive>(&statement.what)) {
      add(node->keyword.literal == "primitive" ? SymbolKind::kPrimitive : SymbolKind::kTemplate, node->name);
      symbols.AddImplied(*node);
    } else if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
      add(SymbolKind::kFence, fence->name);
    } else if (const auto* members = std::get_if<ast::Members>(&statement.what)) {
      add(KindOf(*members), members->name);
    } else if (const auto* bundle = std::get_if<ast::Bundle>(&statement.what)) {
      add(SymbolKind::kBundle, bundle->name);
      std::string replicas, promoted_max;
      for (const ast::BundleItem& item : bundle->items) {
        if (const auto* option = std::get_if<ast::Option>(&item)) {
          const auto* text = std::get_if<ast::Text>(&option->value.what);
          if (text != nullptr && option->name.literal == "replicas") replicas = text->literal;
          if (text != nullptr && option->name.literal == "promoted-max") promoted_max = text->literal;
        }
        if (const auto* member = std::get_if<ast::BundlePrimitive>(&item)) {
          add(SymbolKind::kPrimitive, member->primitive.name);
          symbols.AddImplied(member->primitive);
          if (Symbol* inner = symbols.Find(member->primitive.name.literal)) {
            inner->container = bundle->name.literal;
          }
        }
      }
      symbols.AddReplicas(bundle->name.literal, replicas, promoted_max);
    } else if (const auto* xml = std::get_if<ast::Xml>(&statement.what)) {
      symbols.AddElements(*xml, statement);
    } else if (const auto* tag = std::get_if<ast::Tag>(&statement.what)) {
      add(SymbolKind::kTag, tag->name);
    } else if (const auto* role = std::get_if<ast::Role>(&statement.what)) {
      add(SymbolKind::kRole, role->name);
    } else if (const auto* alert = std::get_if<ast::Alert>(&statement.what)) {
      add(SymbolKind::kAlert, alert->name);
    } else if (const auto* location = std::get_if<ast::Location>(&statement.what)) {
      if (location->id) add(SymbolKind::kConstraint, *location->id);
    } else if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) {
      // `depend x:` makes x-colocation and x-order; x itself names nothing.
      if (relation->keyword.literal != "depend" || relation->first_id) {
        if (relation->first_id) add(SymbolKind::kConstraint, *relation->first_id);
        if (relation->id) add(SymbolKind::kConstraint, *relation->id);
      }
      if (relation->ticket && tickets.insert(relation->ticket->literal).second) {
        symbols.tickets_.push_back(relation->ticket->literal);
      }
    } else if (const auto* node = std::get_if<ast::Node>(&statement.what)) {
      if (node->host) symbols.guests_[node->host->literal].push_back(node);
      const auto [place, fresh] = symbols.node_index_.emplace(node->name.literal, &statement);
      if (fresh) {
        symbols.nodes_.push_back(node->name.literal);
      } else {
        Diagnostic& error = diagnostics.Error("E0202", node->name.span, "a second node `" + node->name.literal + "`");
        error.others.push_back({std::get<ast::Node>(place->second->what).name.span, "the first one"});
        error.help.push_back("remove one of them");
      }
      // A remote node with a server is a resource too, of the same name.
      bool server = false;
      for (const ast::Item& item : node->items) {
        const auto* option = std::get_if<ast::Option>(&item);
        server = server || (option != nullptr && option->name.literal == "server");
      }
      if (node->kind && node->kind->literal == "remote" && server) {
        add(SymbolKind::kPrimitive, node->name);
      }
    } else if (const auto* what = std::get_if<ast::Cluster>(&statement.what)) {
      if (cluster != nullptr) {
        Diagnostic& error = diagnostics.Error("E0202", what->name.span, "a second `cluster`");
        error.others.push_back({cluster->keyword, "the first one"});
        error.help.push_back("a policy describes one cluster");
        continue;
      }
      cluster = &statement;
      for (const ast::ClusterItem& item : what->items) {
        const auto* link = std::get_if<ast::ClusterLink>(&item);
        if (link == nullptr) continue;
        if (std::find(symbols.links_.begin(), symbols.links_.end(), link->name.literal) != symbols.links_.end()) {
          diagnostics.Error("E0202", link->name.span, "a second link `" + link->name.literal + "`")
              .help.push_back("give it another name");
          continue;
        }
        if (symbols.links_.size() == kLinksMax) {
          diagnostics.Error("E0405", link->name.span, "more than 8 links")
              .help.push_back("Corosync knows links 0 to 7");
          break;
        }
        symbols.links_.push_back(link->name.literal);
      }
    }
  }
  // Who holds whom. That a member exists and fits is checked by names.cc.
  for (const Symbol& symbol : symbols.all_) {
    const auto* members = std::get_if<ast::Members>(&symbol.statement->what);
    if (members == nullptr || members->name.literal != symbol.id) continue;
    for (const ast::Text& member : members->members) {
      Symbol* inner = symbols.Find(member.literal);
      if (inner == nullptr || !IsResource(inner->kind)) continue;
      if (!inner->container.empty()) {
        Diagnostic& error = diagnostics.Error(
            "E0208", member.span, "`" + member.literal + "` is already a member of `" + inner->container + "`");
        error.help.push_back("a resource belongs to one group, clone or bundle");
        continue;
      }
      inner->container = symbol.id;
    }
  }
  return symbols;
}

}  // namespace picket::compiler
