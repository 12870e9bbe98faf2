#include "compiler/emit/cib.h"

#include <sstream>

#include "compiler/diagnostics/nearest.h"
#include "compiler/emit/administration.h"
#include "compiler/emit/constraints.h"
#include "compiler/emit/id_references.h"
#include "compiler/emit/nvset.h"
#include "compiler/emit/resources.h"
#include "compiler/syntax/shape.h"
#include "compiler/syntax/walk.h"

namespace picket::compiler::emit {
namespace {

// A node's entry: its id, its kind, its attributes.
void EmitNode(Context& context, const ast::Node& node, const Span& span) {
  const bool remote = node.kind && (node.kind->literal == "remote" || node.kind->literal == "guest");
  const bool ping = node.kind && node.kind->literal == "ping";
  std::string id = node.name.literal;
  bool states_something = !remote;
  for (const ast::Item& item : node.items) {
    if (const auto* option = std::get_if<ast::Option>(&item)) {
      if (option->name.literal != "id") continue;
      id = TextOf(context, option->value, "`id`");
      states_something = true;  // Whoever says the entry's id wants the entry.
    }
    if (const auto* block = std::get_if<ast::Attributes>(&item)) {
      const std::string& kind = block->kind.literal;
      states_something = states_something || kind == "attributes" || kind == "utilization";
    }
  }
  // A connection needs no entry of its own unless there is something to say.
  if (!states_something && context.symbols.Find(node.name.literal) != nullptr) return;
  if (!states_something && node.host) return;
  pugi::xml_node element = context.nodes.append_child("node");
  element.append_attribute("id") = id.c_str();
  context.map.Add(node.name.literal, "uname", span);
  element.append_attribute("uname") = node.name.literal.c_str();
  if (remote) element.append_attribute("type") = "remote";
  if (ping) {
    element.append_attribute("type") = "ping";
    context.needs_old_schema = true;
  }
  Blocks blocks(context, element, "nodes-" + node.name.literal);
  const bool connection = context.symbols.Find(node.name.literal) != nullptr || node.host;
  for (const ast::Item& item : node.items) {
    if (const auto* option = std::get_if<ast::Option>(&item)) {
      const std::string& name = option->name.literal;
      if (name == "id") continue;
      if (name == "score") {
        element.append_attribute("score") = ScoreOf(context, option->value, false).c_str();
      } else if (!connection) {
        UnknownOption(context, *option, {"id", "score"}, "a node");
        const auto* text = std::get_if<ast::Text>(&option->value.what);
        if (text != nullptr && !Nearest(name, std::vector<std::string>{"id", "score"}))
          context.diagnostics.list().back().help = {
              name == "ip" || name == "address" || name == "addr"
                  ? "a node has an address on each link: write `link LINK " + text->literal + "`"
                  : "an attribute of a node is written `attributes " + name + "=" + text->literal + "`"};
      }
    } else if (const auto* block = std::get_if<ast::Attributes>(&item)) {
      const std::string& kind = block->kind.literal;
      if (kind == "attributes" || kind == "utilization") {
        blocks.Block(TagOf(kind), PairKindOf(kind), *block);
      } else if (!connection) {
        context.Error("E0203", block->kind.span, "`" + kind + "` does not stand in a node")
            .help.push_back("a node has attributes and utilization");
      }
    } else if (const auto* description = std::get_if<ast::Description>(&item)) {
      element.append_attribute("description") = description->text.literal.c_str();
    } else if (const auto* operation = std::get_if<ast::Operation>(&item)) {
      if (!connection) {
        context.Error("E0203", operation->span, "a node has no operations")
            .help.push_back("a remote node with `server=` has: it is a resource");
      }
    }
  }
}

void EmitLevels(Context& context, const ast::Fencing& fencing) {
  std::int64_t index = 0;
  for (const ast::Level& level : fencing.levels) {
    ++index;
    if (level.index) {
      const auto written = AsInteger(level.index->literal);
      if (!written || *written < 1 || *written > 9) {
        context.Error("E0205", level.index->span, "a level's index is a number from 1 to 9");
      } else {
        index = *written;
      }
    }
    pugi::xml_node element = context.fencing_topology.append_child("fencing-level");
    std::string target;
    if (const auto* name = std::get_if<ast::Text>(&fencing.target)) {
      target = name->literal;
    } else if (const auto* pattern = std::get_if<ast::Regex>(&fencing.target)) {
      target = "pattern-" + ShortHash(pattern->pattern.literal);
    } else {
      const auto& attribute = std::get<ast::AttributeTarget>(fencing.target);
      target = attribute.attribute.literal + '-' + TextOf(context, attribute.value, "a value");
    }
    context.SetId(element, level.id, "fencing-" + target + '-' + std::to_string(index), target, level.span);
    if (const auto* name = std::get_if<ast::Text>(&fencing.target)) {
      context.Set(element, "target", name->literal, name->span);
    } else if (const auto* pattern = std::get_if<ast::Regex>(&fencing.target)) {
      context.Set(element, "target-pattern", pattern->pattern.literal, pattern->pattern.span);
    } else {
      const auto& attribute = std::get<ast::AttributeTarget>(fencing.target);
      context.Set(element, "target-attribute", attribute.attribute.literal, attribute.attribute.span);
      context.Set(element, "target-value", TextOf(context, attribute.value, "a value"), attribute.value.span);
    }
    context.Set(element, "index", std::to_string(index), level.span);
    std::string devices;
    for (const ast::Text& device : level.devices) {
      devices += (devices.empty() ? "" : ",") + device.literal;
      context.map.Add(element.attribute("id").value(), "device " + device.literal, device.span);
    }
    context.Set(element, "devices", devices, level.span);
  }
}

// Author's ids are kept from being derived for something else, wherever they
// stand, before the first one is derived.
template <class T>
void ReserveInner(IdTable& ids, const T& node) {
  using Plain = std::remove_const_t<T>;
  if constexpr (ast::detail::IsVector<Plain>::value) {
    for (const auto& element : node) ReserveInner(ids, element);
  } else if constexpr (ast::detail::IsVariant<Plain>::value) {
    std::visit([&](const auto& alternative) { ReserveInner(ids, alternative); }, node);
  } else if constexpr (ast::detail::IsOptional<Plain>::value) {
    if (node) ReserveInner(ids, *node);
  } else if constexpr (requires { node.Fields(); }) {
    if constexpr (requires { node.id->literal; }) {
      if (node.id) ids.Reserve(node.id->literal);
    }
    std::apply([&](const auto&... field) { (ReserveInner(ids, field), ...); }, node.Fields());
  }
}

class Writer {
 public:
  Writer(Context& context, pugi::xml_node crm_config)
      : context_(context), properties_(context, crm_config, "cib-bootstrap-options") {
    properties_.NameCommon("cib-bootstrap-options");
  }

  void operator()(const ast::Node& node) {
    EmitNode(context_, node, span);
    // A connection that is written as a primitive is emitted as one.
    const Symbol* symbol = context_.symbols.Find(node.name.literal);
    if (node.kind && node.kind->literal == "remote" && symbol != nullptr && symbol->statement == statement) {
      EmitRemoteConnection(context_, context_.resources, node, span);
    }
  }
  void operator()(const ast::Defaults& defaults) {
    const std::string& kind = defaults.block.kind.literal;
    if (kind == "property") {
      properties_.Block("cluster_property_set", PairKind::kProperty, defaults.block);
      return;
    }
    Blocks& blocks = kind == "rsc_defaults" ? Defaults(rsc_, context_.rsc_defaults, "rsc_defaults")
                                            : Defaults(op_, context_.op_defaults, "op_defaults");
    blocks.Block("meta_attributes", PairKind::kMeta, defaults.block);
  }
  void operator()(const ast::Primitive& node) { Resource(node.name.literal); }
  void operator()(const ast::Fence& node) { Resource(node.name.literal); }
  void operator()(const ast::Members& node) { Resource(node.name.literal); }
  void operator()(const ast::Bundle& node) { Resource(node.name.literal); }
  void operator()(const ast::Fencing& node) { EmitLevels(context_, node); }
  void operator()(const ast::Location& node) { EmitLocation(context_, node, span); }
  void operator()(const ast::Relation& node) { EmitRelation(context_, node, span); }
  void operator()(const ast::Tag& node) { EmitTag(context_, node, span); }
  void operator()(const ast::Role& node) { EmitRole(context_, node, span); }
  void operator()(const ast::Acl& node) { EmitAcl(context_, node, span); }
  void operator()(const ast::Alert& node) { EmitAlert(context_, node, span); }
  void operator()(const ast::Xml& node) { EmitXml(context_, node, span); }
  void operator()(const ast::Cluster& node) {
    for (const ast::ClusterItem& item : node.items) {
      const auto* section = std::get_if<ast::ClusterSection>(&item);
      if (section == nullptr || section->kind.literal != "cib") continue;
      for (const ast::Option& option : section->options) {
        const std::string& name = option.name.literal;
        if (name != "remote-tls-port" && name != "remote-clear-port" && name != "validate-with") {
          UnknownOption(context_, option, {"remote-tls-port", "remote-clear-port", "validate-with"}, "`cib`");
          continue;
        }
        cib_attributes.emplace_back(name, TextOf(context_, option.value, "`" + name + "`"));
      }
    }
  }
  // Tests and invariants are no part of the CIB; the rest has been expanded.
  template <class Other>
  void operator()(const Other&) {}

  Span span;
  const ast::Statement* statement = nullptr;
  std::vector<std::pair<std::string, std::string>> cib_attributes;

 private:
  // A resource stands where its outermost container stands.
  void Resource(const std::string& id) {
    const Symbol* symbol = context_.symbols.Find(id);
    if (symbol != nullptr && symbol->statement == statement && symbol->container.empty()) {
      EmitResource(context_, context_.resources, *statement);
    }
  }

  Blocks& Defaults(std::optional<Blocks>& blocks, pugi::xml_node parent, const char* owner) {
    if (!blocks) blocks.emplace(context_, parent, owner);
    return *blocks;
  }

  Context& context_;
  Blocks properties_;
  std::optional<Blocks> rsc_;
  std::optional<Blocks> op_;
};

}  // namespace

pugi::xml_document EmitCib(const std::vector<ast::Statement>& statements, const Symbols& symbols, Target target,
                           SourceMap& map, std::vector<Secret>& secrets, Diagnostics& diagnostics) {
  pugi::xml_document document;
  pugi::xml_node cib = document.append_child("cib");
  pugi::xml_node configuration = cib.append_child("configuration");
  Context context{
      .target = target, .symbols = symbols, .map = map, .diagnostics = diagnostics, .secrets = secrets, .ids = {}};
  context.crm_config = configuration.append_child("crm_config");
  context.nodes = configuration.append_child("nodes");
  context.resources = configuration.append_child("resources");
  context.constraints = configuration.append_child("constraints");
  context.fencing_topology = configuration.append_child("fencing-topology");
  context.rsc_defaults = configuration.append_child("rsc_defaults");
  context.op_defaults = configuration.append_child("op_defaults");
  context.tags = configuration.append_child("tags");
  context.acls = configuration.append_child("acls");
  context.alerts = configuration.append_child("alerts");
  for (const Symbol& symbol : symbols.all()) context.ids.Reserve(symbol.id);
  for (const ast::Statement& statement : statements) ReserveInner(context.ids, statement.what);

  Writer writer(context, context.crm_config);
  for (const ast::Statement& statement : statements) {
    writer.span = statement.span;
    writer.statement = &statement;
    std::visit(writer, statement.what);
  }
  CheckIdReferences(context, statements, document);
  for (pugi::xml_node section : {context.fencing_topology, context.rsc_defaults, context.op_defaults, context.tags,
                                 context.acls, context.alerts}) {
    if (!section.first_child()) configuration.remove_child(section);
  }
  // The oldest that has it all, so that every 2.1 that can take it does.
  const char* schema = target == Target::k30       ? (context.needs_old_schema ? "pacemaker-3.10" : "pacemaker-4.0")
                       : context.needs_date_schema ? "pacemaker-3.9"
                       : context.names_accounts    ? "pacemaker-3.8"
                                                   : "pacemaker-3.7";
  cib.append_attribute("validate-with") = schema;
  cib.append_attribute("admin_epoch") = "0";
  cib.append_attribute("epoch") = "1";
  cib.append_attribute("num_updates") = "0";
  for (const auto& [name, value] : writer.cib_attributes) {
    if (!cib.attribute(name.c_str())) cib.append_attribute(name.c_str());
    cib.attribute(name.c_str()) = value.c_str();
  }
  // There is no `status`: a policy says nothing about what runs. An empty one
  // would say that no node has ever been seen.
  return document;
}

std::string CibText(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return out.str();
}

}  // namespace picket::compiler::emit
