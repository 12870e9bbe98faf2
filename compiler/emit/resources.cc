#include "compiler/emit/resources.h"

#include <algorithm>
#include <map>

#include "compiler/emit/nvset.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/duration_help.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::emit {
namespace {

// class, provider and type out of ocf:heartbeat:IPaddr2, stonith:external/ipmi
// or systemd:foo@bar. What is no such name has been reported by the check.
void SetAgent(Context& context, pugi::xml_node element, const ast::Text& agent) {
  const std::string& word = agent.literal;
  const std::size_t first = word.find(':');
  if (first == std::string::npos) return;
  const std::string kind = word.substr(0, first);
  std::string rest = word.substr(first + 1);
  context.Set(element, "class", kind, agent.span);
  if (kind == "ocf") {
    const std::size_t second = rest.find(':');
    if (second == std::string::npos) return;
    context.Set(element, "provider", rest.substr(0, second), agent.span);
    rest = rest.substr(second + 1);
  }
  context.Set(element, "type", rest, agent.span);
  if (kind == "upstart" || kind == "nagios") context.needs_old_schema = true;
}

std::string OptionText(const std::vector<ast::Option>& options, std::string_view name) {
  for (const ast::Option& option : options) {
    if (option.name.literal != name) continue;
    if (const auto* text = std::get_if<ast::Text>(&option.value.what)) return text->literal;
  }
  return "";
}

std::string IntervalOf(const ast::Operation& operation) {
  const std::string interval = OptionText(operation.options, "interval");
  return interval.empty() ? "0s" : interval;
}

// Roles with all their spellings are the same if their keys are.
std::string RoleKey(std::string role) {
  std::transform(role.begin(), role.end(), role.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (role == "master") return "promoted";
  return role == "slave" ? "unpromoted" : role;
}

// Operations of one resource, with the ids that tell them apart.
class Operations {
 public:
  Operations(Context& context, pugi::xml_node owner, std::string id)
      : context_(context), owner_(owner), id_(std::move(id)) {}

  void Name(const ast::Operations& operations) {
    if (operations.id) {
      Element().append_attribute("id") = operations.id->literal.c_str();
      context_.map.Add(operations.id->literal, {}, operations.span);
    } else {
      Element().append_attribute("id-ref") = operations.from->literal.c_str();
    }
  }

  void Add(const std::vector<ast::Item>& items) {
    // An operation's interval makes its id unique, and its role where two have
    // the same interval.
    std::map<std::string, int> same;
    for (const ast::Item& item : items) {
      if (const auto* operation = std::get_if<ast::Operation>(&item)) {
        ++same[operation->name.literal + '-' + IntervalOf(*operation)];
      }
    }
    for (const ast::Item& item : items) {
      if (const auto* operation = std::get_if<ast::Operation>(&item)) {
        const bool twin = same[operation->name.literal + '-' + IntervalOf(*operation)] > 1;
        One(*operation, twin);
      }
    }
  }

 private:
  pugi::xml_node Element() {
    if (!element_) element_ = owner_.append_child("operations");
    return element_;
  }

  void One(const ast::Operation& operation, bool twin) {
    const std::string interval = IntervalOf(operation);
    const std::string role = OptionText(operation.options, "role");
    for (pugi::xml_node other : element_.children("op")) {
      if (other.attribute("name").value() == operation.name.literal &&
          AsIntervalMs(other.attribute("interval").value()) == AsIntervalMs(interval) &&
          RoleKey(other.attribute("role").value()) == RoleKey(role)) {
        Diagnostic& error = context_.Error(
            "E0202", operation.span, "a second `" + operation.name.literal + "` with the interval `" + interval + "`");
        if (auto first = context_.map.Find(other.attribute("id").value())) {
          error.others.push_back({*first, "the first one"});
        }
        error.help.push_back("operations of one name need different intervals");
        return;
      }
    }
    pugi::xml_node op = Element().append_child("op");
    std::string wanted = id_ + '-' + operation.name.literal + "-interval-" + interval;
    if (twin && !role.empty()) wanted += '-' + role;
    const std::string id = context_.SetId(op, operation.id, wanted, wanted, operation.span);
    context_.Set(op, "name", operation.name.literal, operation.name.span);
    context_.Set(op, "interval", interval, operation.span);
    for (const ast::Option& option : operation.options) Attribute(op, option);
    Blocks blocks(context_, op, id);
    for (const ast::OperationItem& item : operation.items) {
      if (const auto* option = std::get_if<ast::Option>(&item)) {
        blocks.Plain("instance_attributes", PairKind::kParameter, *option);
      } else {
        const auto& block = std::get<ast::Attributes>(item);
        blocks.Block(TagOf(block.kind.literal), PairKindOf(block.kind.literal), block);
      }
    }
  }

  void Attribute(pugi::xml_node op, const ast::Option& option) {
    static const std::vector<std::string> known = {"interval",        "timeout",        "role",
                                                   "on-fail",         "enabled",        "start-delay",
                                                   "interval-origin", "record-pending", "description"};
    const std::string& name = option.name.literal;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      UnknownOption(context_, option, known, "an operation");
      context_.diagnostics.list().back().help.push_back("parameters of the operation stand in braces: `{ " + name +
                                                        "=… }`");
      return;
    }
    if (name == "enabled" || name == "record-pending") {
      context_.Set(op, name.c_str(), BooleanOf(context_, option), option.span);
      return;
    }
    const std::string value = TextOf(context_, option.value, "`" + name + "`");
    if (name == "interval") {
      if (!AsIntervalMs(value)) BadDuration(option, value);
      return;  // Set already.
    }
    if (name == "timeout" || name == "start-delay") {
      if (!AsDurationMs(value)) BadDuration(option, value);
    }
    if (name == "on-fail") {
      const std::vector<std::string>& reactions = FailureReactions();
      if (std::find(reactions.begin(), reactions.end(), value) == reactions.end()) {
        Diagnostic& error = context_.Error("E0205", option.value.span, "`" + value + "` is no reaction to a failure");
        error.help.push_back(
            "`on-fail` is ignore, block, demote, stop, restart, standby, fence "
            "or restart-container");
      }
    }
    if (name == "role") {
      if (const auto* role = std::get_if<ast::Text>(&option.value.what)) {
        context_.Set(op, "role", RoleOf(context_, *role), option.span);
      }
      return;
    }
    context_.Set(op, name.c_str(), value, option.span);
  }

  void BadDuration(const ast::Option& option, const std::string& value) {
    context_.Error("E0205", option.value.span, "`" + option.name.literal + "` is a duration, not `" + value + "`")
        .help.push_back(DurationHelp(value));
  }

  Context& context_;
  pugi::xml_node owner_;
  std::string id_;
  pugi::xml_node element_;
};

// What stands between the braces of primitives, templates and fence devices.
void EmitItems(Context& context, pugi::xml_node element, const std::string& id, const std::vector<ast::Item>& items,
               Blocks& blocks) {
  Operations operations(context, element, id);
  for (const ast::Item& item : items) {
    if (const auto* option = std::get_if<ast::Option>(&item)) {
      blocks.Plain("instance_attributes", PairKind::kParameter, *option);
    } else if (const auto* reference = std::get_if<ast::PairReference>(&item)) {
      blocks.Plain("instance_attributes", PairKind::kParameter, *reference);
    } else if (const auto* block = std::get_if<ast::Attributes>(&item)) {
      const std::string& kind = block->kind.literal;
      if (kind != "params" && kind != "meta" && kind != "utilization") {
        context.Error("E0203", block->kind.span, "`" + kind + "` does not stand in a resource")
            .help.push_back("a resource has params, meta and utilization");
        continue;
      }
      blocks.Block(TagOf(kind), PairKindOf(kind), *block);
    } else if (const auto* description = std::get_if<ast::Description>(&item)) {
      context.Set(element, "description", description->text.literal, description->span);
    } else if (const auto* named = std::get_if<ast::Operations>(&item)) {
      operations.Name(*named);
    }
  }
  operations.Add(items);
}

void SetSource(Context& context, pugi::xml_node element, const ast::Source& source) {
  if (source.is_template) {
    context.Set(element, "template", source.name.literal, source.name.span);
  } else {
    SetAgent(context, element, source.name);
  }
}

void EmitFence(Context& context, pugi::xml_node parent, const ast::Fence& fence, const Span& span) {
  pugi::xml_node element = parent.append_child("primitive");
  const std::string id = context.SetId(element, fence.name, "", "", span);
  context.map.Add(id, "id", fence.name.span);
  for (const ast::Host& host : fence.hosts) context.map.Add(id, "for " + host.name.literal, host.name.span);
  const std::string& agent = fence.source.name.literal;
  // What is no full name at all has been reported as that.
  if (!fence.source.is_template && agent.find(':') != std::string::npos && !agent.starts_with("stonith:")) {
    context.Error("E0203", fence.source.name.span, "`" + fence.source.name.literal + "` is not a fence agent")
        .help.push_back(fence.source.name.literal.find(':') == std::string::npos
                            ? "write its class too: `stonith:" + fence.source.name.literal + '`'
                            : "agents that fence are of the class stonith: `stonith:fence_ipmilan`");
  } else {
    SetSource(context, element, fence.source);
  }
  Blocks blocks(context, element, id);
  // The nodes that the device can fence, under the names it knows them by.
  std::string list;
  std::string map;
  for (const ast::Host& host : fence.hosts) {
    if (host.alias) {
      map += (map.empty() ? "" : ";") + host.name.literal + ':' +
             TextOf(context, *host.alias, "the name of a node at its device");
    } else {
      list += (list.empty() ? "" : ",") + host.name.literal;
    }
  }
  if (!list.empty()) {
    blocks.Derived("instance_attributes", PairKind::kParameter, "pcmk_host_list", list, fence.hosts[0].name.span);
  }
  if (!map.empty()) {
    blocks.Derived("instance_attributes", PairKind::kParameter, "pcmk_host_map", map, fence.hosts[0].name.span);
  }
  EmitItems(context, element, id, fence.items, blocks);
}

void EmitMembers(Context& context, pugi::xml_node parent, const ast::Members& members, const Span& span) {
  const bool group = members.keyword.literal == "group";
  pugi::xml_node element = parent.append_child(group ? "group" : "clone");
  const std::string id = context.SetId(element, members.name, "", "", span);
  EmitCollectionItems(context, element, id, members.items, "meta_attributes");
  if (members.keyword.literal == "promotable") {
    // The meta attribute that makes the clone promotable stands first.
    pugi::xml_node meta;
    for (pugi::xml_node set : element.children("meta_attributes")) {
      if (!set.attribute("id-ref") && !set.child("rule") && !set.attribute("score")) {
        meta = set;
        break;
      }
    }
    if (!meta) {
      meta = element.prepend_child("meta_attributes");
      context.SetId(meta, std::nullopt, id + "-meta_attributes", "", members.keyword.span);
    }
    if (!meta.find_child_by_attribute("nvpair", "name", "promotable")) {
      pugi::xml_node pair = meta.prepend_child("nvpair");
      context.SetId(pair, std::nullopt, std::string(meta.attribute("id").value()) + "-promotable", "",
                    members.keyword.span);
      context.Set(pair, "name", "promotable", members.keyword.span);
      context.Set(pair, "value", "true", members.keyword.span);
    }
  }
  for (const ast::Text& member : members.members) {
    const Symbol* symbol = context.symbols.Find(member.literal);
    if (symbol != nullptr) EmitResource(context, element, *symbol->statement);
  }
}

}  // namespace

void EmitCollectionItems(Context& context, pugi::xml_node element, const std::string& owner,
                         const std::vector<ast::Item>& items, const char* plain) {
  Blocks blocks(context, element, owner);
  const PairKind plain_kind = std::string_view(plain) == "meta_attributes" ? PairKind::kMeta : PairKind::kParameter;
  for (const ast::Item& item : items) {
    if (const auto* option = std::get_if<ast::Option>(&item)) {
      blocks.Plain(plain, plain_kind, *option);
    } else if (const auto* reference = std::get_if<ast::PairReference>(&item)) {
      blocks.Plain(plain, plain_kind, *reference);
    } else if (const auto* block = std::get_if<ast::Attributes>(&item)) {
      const std::string& kind = block->kind.literal;
      if (kind != "params" && kind != "meta") {
        context.Error("E0203", block->kind.span, "`" + kind + "` does not stand here")
            .help.push_back("params and meta do");
        continue;
      }
      blocks.Block(TagOf(kind), PairKindOf(kind), *block);
    } else if (const auto* description = std::get_if<ast::Description>(&item)) {
      context.Set(element, "description", description->text.literal, description->span);
    }
  }
}

void EmitPrimitive(Context& context, pugi::xml_node parent, const ast::Primitive& primitive, const Span& span) {
  pugi::xml_node element = parent.append_child(primitive.keyword.literal == "primitive" ? "primitive" : "template");
  const std::string id = context.SetId(element, primitive.name, "", "", span);
  SetSource(context, element, primitive.source);
  Blocks blocks(context, element, id);
  // Guests that run inside this resource make it a node's host.
  for (const ast::Node* guest : context.symbols.GuestsOf(primitive.name.literal)) {
    const ast::Node& node = *guest;
    blocks.Derived("meta_attributes", PairKind::kMeta, "remote-node", node.name.literal, node.name.span);
    static const std::map<std::string, std::string, std::less<>> renamed = {
        {"port", "remote-port"},
        {"server", "remote-addr"},
        {"address", "remote-addr"},
        {"connect-timeout", "remote-connect-timeout"},
        {"allow-migrate", "remote-allow-migrate"}};
    for (const ast::Item& item : node.items) {
      const auto* option = std::get_if<ast::Option>(&item);
      if (option == nullptr) continue;
      const auto found = renamed.find(option->name.literal);
      if (found == renamed.end()) {
        UnknownOption(context, *option, {"port", "server", "connect-timeout", "allow-migrate"}, "a guest node");
        continue;
      }
      blocks.Derived("meta_attributes", PairKind::kMeta, found->second,
                     TextOf(context, option->value, "`" + option->name.literal + "`"), option->span);
    }
  }
  EmitItems(context, element, id, primitive.items, blocks);
}

void EmitRemoteConnection(Context& context, pugi::xml_node parent, const ast::Node& node, const Span& span) {
  pugi::xml_node element = parent.append_child("primitive");
  const std::string id = context.SetId(element, node.name, "", "", span);
  context.Set(element, "class", "ocf", span);
  context.Set(element, "provider", "pacemaker", span);
  context.Set(element, "type", "remote", span);
  Blocks blocks(context, element, id);
  std::vector<ast::Item> items;
  for (const ast::Item& item : node.items) {
    const auto* block = std::get_if<ast::Attributes>(&item);
    const auto* option = std::get_if<ast::Option>(&item);
    if (block != nullptr && (block->kind.literal == "attributes" || block->kind.literal == "utilization")) {
      continue;  // Of the node, not of its connection.
    }
    if (option != nullptr && (option->name.literal == "id" || option->name.literal == "score")) continue;
    items.push_back(item);
  }
  EmitItems(context, element, id, items, blocks);
}

void EmitResource(Context& context, pugi::xml_node parent, const ast::Statement& statement) {
  const Span& span = statement.span;
  if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) {
    EmitPrimitive(context, parent, *primitive, span);
  } else if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
    EmitFence(context, parent, *fence, span);
  } else if (const auto* members = std::get_if<ast::Members>(&statement.what)) {
    EmitMembers(context, parent, *members, span);
  } else if (const auto* bundle = std::get_if<ast::Bundle>(&statement.what)) {
    EmitBundle(context, parent, *bundle, span);
  }
}

}  // namespace picket::compiler::emit
