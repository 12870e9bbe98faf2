#include <algorithm>
#include <array>

#include "compiler/import/reader.h"
#include "compiler/syntax/shape.h"

// Nodes, defaults and resources.
namespace picket::compiler::import {
namespace {

// Whether the items of a block need lines of their own.
template <class Item>
bool WantsLines(const std::vector<Item>& items) {
  std::size_t operations = 0;
  for (const Item& item : items) {
    if (const auto* block = std::get_if<ast::Attributes>(&item)) {
      if (block->has_body || block->id || block->when) return true;
    }
    if constexpr (requires { std::get_if<ast::Operation>(&item); }) {
      const auto* operation = std::get_if<ast::Operation>(&item);
      if (operation != nullptr && (++operations > 1 || !operation->items.empty())) return true;
    }
  }
  return items.size() > 3;
}

template <class Node>
void Push(Reader& reader, Node node, Statements& out, xml_node resource = {}) {
  const bool lines = WantsLines(node.items);
  out.push_back(reader.MakeStatement(std::move(node)));
  if (resource) reader.TakeLeading(resource, out.back().span.begin);
  if (lines) reader.notes.spread.insert(out.back().span.begin);
}

// The names that a guest's options have in the meta attributes of its host.
struct GuestOption {
  std::string_view meta;
  std::string_view word;
};
constexpr std::array<GuestOption, 4> kGuest = {{{"remote-port", "port"},
                                                {"remote-addr", "server"},
                                                {"remote-connect-timeout", "connect-timeout"},
                                                {"remote-allow-migrate", "allow-migrate"}}};

std::string PlainPair(const Reader& reader, xml_node owner, const char* tag, const char* name) {
  const xml_node block = PlainBlock(reader, owner, tag);
  for (const xml_node pair : block.children("nvpair")) {
    if (Attribute(pair, "name") == name) {
      return reader.InnerId(pair) ? "" : std::string(Attribute(pair, "value"));
    }
  }
  return "";
}

// The node that runs inside a resource, as far as its meta attributes tell.
ast::Node GuestOf(Reader& reader, xml_node resource, const std::string& name) {
  ast::Node guest;
  guest.name = MakeText(name);
  guest.kind = MakeText("guest");
  guest.host = MakeText(Attribute(resource, "id"));
  for (const GuestOption& option : kGuest) {
    const std::string value = PlainPair(reader, resource, "meta_attributes", std::string(option.meta).c_str());
    if (!value.empty()) guest.items.emplace_back(reader.MakeOption(option.word, value));
  }
  return guest;
}

std::optional<ast::Source> SourceOf(xml_node primitive) {
  ast::Source source;
  if (Has(primitive, "template")) {
    if (Has(primitive, "class")) return std::nullopt;
    source.is_template = true;
    source.name = MakeText(Attribute(primitive, "template"));
    return source;
  }
  if (!Has(primitive, "class") || !Has(primitive, "type")) return std::nullopt;
  std::string agent(Attribute(primitive, "class"));
  if (Has(primitive, "provider")) agent += ':' + std::string(Attribute(primitive, "provider"));
  source.name = MakeText(agent + ':' + std::string(Attribute(primitive, "type")));
  return source;
}

std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(by, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

// What a fence device says about its targets, if `for` says it in the same
// words. The parameters that are taken so go into `taken`.
std::vector<ast::Host> HostsOf(const Reader& reader, xml_node device, std::set<std::string>& taken) {
  std::vector<ast::Host> hosts;
  const auto all_known = [&](const std::vector<ast::Host>& some) {
    return std::all_of(some.begin(), some.end(),
                       [&](const ast::Host& host) { return reader.nodes.contains(host.name.literal); });
  };
  const std::string list = PlainPair(reader, device, "instance_attributes", "pcmk_host_list");
  std::vector<ast::Host> listed;
  if (!list.empty()) {
    for (const std::string& name : Split(list, ',')) listed.push_back({MakeText(name), std::nullopt});
  }
  if (!listed.empty() && all_known(listed)) {
    taken.insert("pcmk_host_list");
    hosts = std::move(listed);
  }
  const std::string map = PlainPair(reader, device, "instance_attributes", "pcmk_host_map");
  std::vector<ast::Host> mapped;
  if (!map.empty()) {
    for (const std::string& pair : Split(map, ';')) {
      const std::size_t colon = pair.find(':');
      if (colon == std::string::npos) return hosts;
      mapped.push_back({MakeText(pair.substr(0, colon)), MakeValue(pair.substr(colon + 1))});
    }
  }
  if (!mapped.empty() && all_known(mapped)) {
    taken.insert("pcmk_host_map");
    hosts.insert(hosts.end(), mapped.begin(), mapped.end());
  }
  return hosts;
}

// In a bundle a fence device is written as any primitive.
bool ReadPrimitive(Reader& reader, xml_node primitive, Level level, Statements& out, bool in_bundle = false) {
  const auto source = SourceOf(primitive);
  if (!source || !Has(primitive, "id")) return false;
  const ast::Text name = MakeText(Attribute(primitive, "id"));
  const bool device = Attribute(primitive, "class") == "stonith" && !in_bundle;
  if (device && std::string_view(primitive.name()) == "primitive") {
    ast::Fence fence;
    fence.name = name;
    fence.source = *source;
    std::set<std::string> taken;
    if (level == Level::kReadable) fence.hosts = HostsOf(reader, primitive, taken);
    if (!ReadItems(reader, primitive, "instance_attributes", taken, fence.items)) return false;
    Push(reader, std::move(fence), out, primitive);
    return true;
  }
  ast::Primitive made;
  made.keyword = MakeText(std::string_view(primitive.name()) == "template" ? "rsc_template" : "primitive");
  made.name = name;
  made.source = *source;
  std::set<std::string> taken;
  std::string guest = PlainPair(reader, primitive, "meta_attributes", "remote-node");
  if (!reader.guests.contains(guest) || reader.guests[guest] != name.literal) guest.clear();
  if (!guest.empty()) {
    taken.insert("remote-node");
    for (const GuestOption& option : kGuest) taken.insert(std::string(option.meta));
  }
  if (!ReadItems(reader, primitive, "instance_attributes", taken, made.items)) return false;
  Push(reader, std::move(made), out, primitive);
  // A node of which the section of nodes says nothing is told here.
  if (!guest.empty() && !reader.nodes.contains(guest)) Push(reader, GuestOf(reader, primitive, guest), out);
  const bool connection = Attribute(primitive, "provider") == "pacemaker" && Attribute(primitive, "type") == "remote";
  if (connection && !reader.nodes.contains(name.literal) && reader.used_nodes.contains(name.literal)) {
    ast::Node remote;
    remote.name = name;
    remote.kind = MakeText("remote");
    Push(reader, std::move(remote), out);
  }
  return true;
}

bool ReadMembers(Reader& reader, xml_node resource, Level level, Statements& out) {
  const std::string_view tag = resource.name();
  if (!Has(resource, "id")) return false;
  ast::Members members;
  members.keyword = MakeText(tag == "group" ? "group" : tag == "master" ? "promotable" : "clone");
  members.name = MakeText(Attribute(resource, "id"));
  std::set<std::string> taken;
  if (tag == "clone" && level == Level::kReadable &&
      PlainPair(reader, resource, "meta_attributes", "promotable") == "true") {
    members.keyword = MakeText("promotable");
    taken.insert("promotable");
  }
  if (tag == "master") {
    taken.insert("promotable");
    // It is one whatever its other blocks say, which words cannot say.
    for (const xml_node block : resource.children("meta_attributes")) {
      if (block == PlainBlock(reader, resource, "meta_attributes")) continue;
      if (block.find_child_by_attribute("nvpair", "name", "promotable")) return false;
    }
  }
  for (const xml_node child : resource.children()) {
    const std::string_view kind = child.name();
    if (kind != "primitive" && kind != "group") continue;
    members.members.push_back(MakeText(Attribute(child, "id")));
    if (kind == "primitive" ? !ReadPrimitive(reader, child, level, out) : !ReadMembers(reader, child, level, out)) {
      return false;
    }
  }
  if (members.members.empty()) return false;
  if (!ReadItems(reader, resource, "meta_attributes", taken, members.items)) return false;
  Push(reader, std::move(members), out, resource);
  return true;
}

// Attributes as options: from where before to where, and the rest behind.
void Options(Reader& reader, xml_node element, std::vector<ast::Option>& out) {
  constexpr std::array<std::string_view, 3> kFirst = {"source-dir", "source-dir-root", "target-dir"};
  for (const std::string_view name : kFirst) {
    if (const auto attribute = element.attribute(std::string(name).c_str())) {
      out.push_back(reader.MakeOption(name, attribute.value()));
    }
  }
  for (const pugi::xml_attribute attribute : element.attributes()) {
    const std::string_view name = attribute.name();
    const bool done = std::find(kFirst.begin(), kFirst.end(), name) != kFirst.end();
    if (!done && name != "id" && name != "port") out.push_back(reader.MakeOption(name, attribute.value()));
  }
}

bool ReadBundle(Reader& reader, xml_node resource, Level level, Statements& out) {
  ast::Bundle bundle;
  bundle.name = MakeText(Attribute(resource, "id"));
  const xml_node container = resource.child("podman")   ? resource.child("podman")
                             : resource.child("docker") ? resource.child("docker")
                                                        : resource.child("rkt");
  if (!container) return false;
  bundle.runtime = MakeText(container.name());
  for (const pugi::xml_attribute attribute : container.attributes()) {
    const std::string_view name = attribute.name();
    bundle.items.emplace_back(reader.MakeOption(name == "masters" ? "promoted-max" : name, attribute.value()));
  }
  const xml_node network = resource.child("network");
  if (network && network.first_attribute()) {
    ast::BundleNetwork made;
    made.span = reader.Number();
    Options(reader, network, made.options);
    if (!made.options.empty()) bundle.items.emplace_back(std::move(made));
  }
  for (const xml_node mapping : network.children("port-mapping")) {
    ast::BundlePort port;
    port.span = reader.Number();
    port.id = reader.InnerId(mapping);
    if (Has(mapping, "port")) port.port = MakeText(Attribute(mapping, "port"));
    Options(reader, mapping, port.options);
    bundle.items.emplace_back(std::move(port));
  }
  for (const xml_node mapping : resource.child("storage").children("storage-mapping")) {
    ast::BundleStorage storage;
    storage.span = reader.Number();
    storage.id = reader.InnerId(mapping);
    Options(reader, mapping, storage.options);
    bundle.items.emplace_back(std::move(storage));
  }
  if (!ReadItems(reader, resource, "", {}, bundle.items)) return false;
  Statements beside;
  for (const xml_node primitive : resource.children("primitive")) {
    Statements inner;
    if (!ReadPrimitive(reader, primitive, level, inner, true)) return false;
    auto* made = std::get_if<ast::Primitive>(&inner[0].what);
    if (made == nullptr) return false;
    bundle.items.emplace_back(ast::BundlePrimitive{std::move(*made), inner[0].span});
    beside.insert(beside.end(), inner.begin() + 1, inner.end());
  }
  out.push_back(reader.MakeStatement(std::move(bundle)));
  reader.notes.spread.insert(out.back().span.begin);
  out.insert(out.end(), beside.begin(), beside.end());
  return true;
}

}  // namespace

std::optional<Statements> ReadNode(Reader& reader, xml_node node, Level level) {
  if (!Has(node, "uname") || !Has(node, "id")) return std::nullopt;
  const std::string name(Attribute(node, "uname"));
  const std::string_view type = Attribute(node, "type");
  ast::Node made;
  made.name = MakeText(name);
  if (type == "remote") {
    const auto guest = reader.guests.find(name);
    if (level == Level::kReadable && guest != reader.guests.end()) {
      const xml_node root = node.root().first_child();
      const xml_node resource = root.child("configuration").find_node([&](xml_node candidate) {
        return std::string_view(candidate.name()) == "primitive" && Attribute(candidate, "id") == guest->second;
      });
      made = GuestOf(reader, resource, name);
    } else {
      made.kind = MakeText("remote");
    }
  } else if (type == "ping") {
    made.kind = MakeText("ping");
  } else if (!type.empty() && type != "member" && type != "normal") {
    return std::nullopt;
  }
  // The entry of a remote node says that there is one, even if it says no more.
  const bool bare = type == "remote" && !node.child("instance_attributes") && !node.child("utilization");
  if (Attribute(node, "id") != name || bare) {
    made.items.emplace_back(reader.MakeOption("id", Attribute(node, "id")));
  }
  if (Has(node, "score")) made.items.emplace_back(reader.MakeOption("score", Attribute(node, "score")));
  if (!ReadItems(reader, node, "", {}, made.items)) return std::nullopt;
  Statements out;
  Push(reader, std::move(made), out);
  return out;
}

std::optional<Statements> ReadProperties(Reader& reader, xml_node block) {
  return ReadDefaults(reader, block, "property");
}

std::optional<Statements> ReadDefaults(Reader& reader, xml_node block, std::string_view keyword) {
  ast::Defaults defaults;
  const xml_node section = block.parent();
  const bool property = keyword == "property";
  // Of several sets of options only the well-known one goes without a name:
  // it wins over the others.
  const bool only = !block.next_sibling(block.name()) && !block.previous_sibling(block.name());
  const bool common = property ? only || Attribute(block, "id") == "cib-bootstrap-options"
                               : block == PlainBlock(reader, section, block.name());
  if (!block.child("nvpair") && !Has(block, "id-ref") && !reader.InnerId(block)) return Statements{};
  if (!ReadBlock(reader, block, keyword, !common, {}, defaults.block)) return std::nullopt;
  const bool conditional = defaults.block.when || Has(block, "score");
  if (property && !only && (conditional || !common)) defaults.block.id = MakeText(Attribute(block, "id"));
  Statements out;
  const bool lines = reader.notes.spread.contains(defaults.block.span.begin);
  out.push_back(reader.MakeStatement(std::move(defaults)));
  if (lines) reader.notes.spread.insert(out.back().span.begin);
  return out;
}

std::optional<Statements> ReadResource(Reader& reader, xml_node resource, Level level) {
  const std::string_view tag = resource.name();
  Statements out;
  bool fine = false;
  if (tag == "primitive" || tag == "template") {
    fine = ReadPrimitive(reader, resource, level, out);
  } else if (tag == "group" || tag == "clone" || tag == "master") {
    fine = ReadMembers(reader, resource, level, out);
  } else if (tag == "bundle") {
    fine = ReadBundle(reader, resource, level, out);
  }
  if (!fine) return std::nullopt;
  return out;
}

}  // namespace picket::compiler::import
