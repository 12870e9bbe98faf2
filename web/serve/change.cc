#include "web/serve/change.h"

#include <algorithm>
#include <string_view>

#include "runtime/deploy/object_key.h"

namespace picket::web {
namespace {

using pugi::xml_node;
using Verb = Change::Verb;

constexpr size_t kNameMax = 256;

struct VerbWords {
  Verb verb;
  const char* word;
  const char* title;  // `%` stands for what it is about
  enum class About : uint8_t { kNode, kNodeOrAll, kResource, kMove, kFailures } about;
};

constexpr VerbWords kVerbs[] = {
    {Verb::kReboot, "reboot", "reboot %", VerbWords::About::kNode},
    {Verb::kStandby, "standby", "put % in standby", VerbWords::About::kNode},
    {Verb::kOnline, "online", "end the standby of %", VerbWords::About::kNode},
    {Verb::kMaintenanceOn, "maintenance-on", "begin maintenance of %", VerbWords::About::kNodeOrAll},
    {Verb::kMaintenanceOff, "maintenance-off", "end maintenance of %", VerbWords::About::kNodeOrAll},
    {Verb::kCleanup, "cleanup", "forget the failures of %", VerbWords::About::kFailures},
    {Verb::kStart, "start", "start %", VerbWords::About::kResource},
    {Verb::kStop, "stop", "stop %", VerbWords::About::kResource},
    {Verb::kMove, "move", "move %", VerbWords::About::kMove},
    {Verb::kClear, "clear", "take back what was moved or banned by hand of %", VerbWords::About::kResource},
};

const VerbWords& WordsOf(Verb verb) {
  return *std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const VerbWords& one) { return one.verb == verb; });
}

// A name of the request; false if it is no text that a CIB could hold.
bool ReadName(const nlohmann::json& request, const char* field, std::string& name) {
  const auto found = request.find(field);
  if (found == request.end() || found->is_null()) return true;
  if (!found->is_string()) return false;
  name = found->get<std::string>();
  return name.size() <= kNameMax &&
         std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool Wants(const VerbWords& words, const Change& change, std::string& reason) {
  using About = VerbWords::About;
  const bool node = words.about == About::kNode || words.about == About::kMove;
  const bool resource = words.about == About::kResource || words.about == About::kMove;
  if (node && change.node.empty()) reason = std::string("`") + words.word + "` needs a node";
  if (resource && change.resource.empty()) reason = std::string("`") + words.word + "` needs a resource";
  if (!change.resource.empty() && !resource && words.about != About::kFailures)
    reason = std::string("`") + words.word + "` is about nodes";
  if (!change.node.empty() && words.about == About::kResource)
    reason = std::string("`") + words.word + "` is about resources";
  return reason.empty();
}

xml_node Section(const pugi::xml_document& cib, const char* name) {
  return cib.document_element().child("configuration").child(name);
}

xml_node FindNode(const pugi::xml_document& cib, const std::string& name) {
  for (const xml_node node : Section(cib, "nodes").children("node")) {
    if (name == node.attribute("uname").value()) return node;
  }
  return {};
}

xml_node FindResource(xml_node element, const std::string& id) {
  for (const xml_node child : element.children()) {
    if (!runtime::IsResource(child)) continue;
    if (id == child.attribute("id").value()) return child;
    if (const xml_node inner = FindResource(child, id)) return inner;
  }
  return {};
}

// A block of name/value pairs that holds always and is written here.
bool IsPlain(xml_node block) {
  return !block.child("rule") && !block.attribute("id-ref");
}

void RemovePairs(xml_node owner, const char* blocks, const char* name) {
  for (xml_node block : owner.children(blocks)) {
    if (!IsPlain(block)) continue;
    for (xml_node pair = block.child("nvpair"); pair;) {
      const xml_node next = pair.next_sibling("nvpair");
      if (std::string_view(pair.attribute("name").value()) == name) block.remove_child(pair);
      pair = next;
    }
  }
}

// Sets a pair in the first plain block, which is made if there is none. Elsewhere of that name: gone.
void SetPair(xml_node owner, const char* blocks, const std::string& block_id, const char* name, const char* value) {
  xml_node kept;
  for (xml_node block : owner.children(blocks)) {
    if (kept || !IsPlain(block)) continue;
    kept = block.find_child_by_attribute("nvpair", "name", name);
  }
  const std::string kept_id = kept.attribute("id").value();
  RemovePairs(owner, blocks, name);
  xml_node block;
  for (xml_node one : owner.children(blocks)) {
    if (!block && IsPlain(one)) block = one;
  }
  if (!block) {
    block = owner.prepend_child(blocks);
    block.append_attribute("id").set_value(block_id.c_str());
  }
  const std::string id = kept_id.empty() ? std::string(block.attribute("id").value()) + "-" + name : kept_id;
  xml_node pair = block.append_child("nvpair");
  pair.append_attribute("id").set_value(id.c_str());
  pair.append_attribute("name").set_value(name);
  pair.append_attribute("value").set_value(value);
}

void SetOfNode(xml_node node, const char* name, const char* value) {
  const std::string block = std::string("nodes-") + node.attribute("id").value();
  if (value)
    SetPair(node, "instance_attributes", block, name, value);
  else
    RemovePairs(node, "instance_attributes", name);
}

void SetMaintenance(const Change& change, pugi::xml_document& cib, bool on) {
  if (!change.node.empty()) return SetOfNode(FindNode(cib, change.node), "maintenance", on ? "true" : nullptr);
  xml_node options = Section(cib, "crm_config");
  if (on)
    SetPair(options, "cluster_property_set", "cib-bootstrap-options", "maintenance-mode", "true");
  else
    RemovePairs(options, "cluster_property_set", "maintenance-mode");
}

// What people move: the clone or bundle around a resource, else the resource.
xml_node Movable(xml_node resource) {
  for (xml_node above = resource.parent(); runtime::IsResource(above); above = above.parent()) {
    if (std::string_view(above.name()) != "group") resource = above;
  }
  return resource;
}

void RemoveMoves(xml_node constraints, const std::string& resource) {
  const std::string ban = "cli-ban-" + resource + "-on-";
  for (xml_node one = constraints.child("rsc_location"); one;) {
    const xml_node next = one.next_sibling("rsc_location");
    const std::string_view id = one.attribute("id").value();
    if (id.starts_with(ban) || id == "cli-prefer-" + resource) constraints.remove_child(one);
    one = next;
  }
}

bool IsPromotable(xml_node resource) {
  if (std::string_view(resource.name()) == "master") return true;
  for (const xml_node meta : resource.children("meta_attributes")) {
    const xml_node pair = meta.find_child_by_attribute("nvpair", "name", "promotable");
    if (pair && pair.attribute("value").as_bool()) return true;
  }
  return false;
}

// Schemas before 3.7 know the promoted role by its old name.
const char* PromotedRole(const pugi::xml_document& cib) {
  const std::string schema = cib.document_element().attribute("validate-with").value();
  const size_t dash = schema.rfind('-');
  const double number = dash == std::string::npos ? 0 : std::atof(schema.c_str() + dash + 1);
  const bool old = number < 3 || (number < 4 && std::atoi(schema.c_str() + schema.rfind('.') + 1) < 7);
  return old ? "Master" : "Promoted";
}

void Move(const Change& change, pugi::xml_document& cib) {
  const xml_node resource = Movable(FindResource(Section(cib, "resources"), change.resource));
  const std::string id = resource.attribute("id").value();
  xml_node constraints = Section(cib, "constraints");
  if (!constraints) constraints = cib.document_element().child("configuration").append_child("constraints");
  RemoveMoves(constraints, id);
  xml_node location = constraints.append_child("rsc_location");
  location.append_attribute("id").set_value(("cli-prefer-" + id).c_str());
  location.append_attribute("rsc").set_value(id.c_str());
  location.append_attribute("role").set_value(IsPromotable(resource) ? PromotedRole(cib) : "Started");
  location.append_attribute("node").set_value(change.node.c_str());
  location.append_attribute("score").set_value("INFINITY");
}

}  // namespace

std::optional<Change> ReadChange(const nlohmann::json& request, std::string& reason) {
  Change change;
  const auto verb = request.is_object() ? request.find("verb") : request.end();
  if (!request.is_object() || verb == request.end() || !verb->is_string()) {
    reason = "the request names no verb";
    return std::nullopt;
  }
  const std::string word = verb->get<std::string>();
  const auto found =
      std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const VerbWords& one) { return one.word == word; });
  if (found == std::end(kVerbs)) {
    reason = "there is no such verb";
    return std::nullopt;
  }
  change.verb = found->verb;
  if (!ReadName(request, "node", change.node) || !ReadName(request, "resource", change.resource)) {
    reason = "a name in the request is no name";
    return std::nullopt;
  }
  if (!Wants(*found, change, reason)) return std::nullopt;
  return change;
}

std::string TitleOf(const Change& change) {
  const VerbWords& words = WordsOf(change.verb);
  std::string title = words.title;
  std::string about = change.resource.empty() ? change.node : change.resource;
  if (about.empty()) about = words.about == VerbWords::About::kFailures ? "everything" : "the whole cluster";
  title.replace(title.find('%'), 1, about);
  if (change.verb == Verb::kMove) title += " to " + change.node;
  if (change.verb == Verb::kCleanup && !change.node.empty() && !change.resource.empty()) title += " on " + change.node;
  if (change.verb == Verb::kCleanup && !change.node.empty() && change.resource.empty())
    title = "forget the failures on " + change.node;
  return title;
}

const char* WordOf(Verb verb) {
  return WordsOf(verb).word;
}

std::vector<Verb> AllVerbs() {
  std::vector<Verb> verbs;
  for (const VerbWords& one : kVerbs) {
    if (one.verb != Verb::kReboot) verbs.push_back(one.verb);
  }
  return verbs;
}

bool IsEdit(const Change& change) {
  return change.verb != Verb::kReboot && change.verb != Verb::kCleanup;
}

bool IsPossible(const Change& change, const pugi::xml_document& cib, std::string& reason) {
  if (!change.node.empty() && !FindNode(cib, change.node)) {
    reason = "there is no node `" + change.node + "`";
    return false;
  }
  // What is in no configuration any more can still have failed.
  const bool needs_resource = !change.resource.empty() && change.verb != Verb::kCleanup;
  if (needs_resource && !FindResource(Section(cib, "resources"), change.resource)) {
    reason = "there is no resource `" + change.resource + "`";
    return false;
  }
  return true;
}

bool Edit(const Change& change, pugi::xml_document& cib, std::string& reason) {
  if (!IsPossible(change, cib, reason)) return false;
  xml_node resource = FindResource(Section(cib, "resources"), change.resource);
  switch (change.verb) {
    case Verb::kStandby:
      SetOfNode(FindNode(cib, change.node), "standby", "on");
      break;
    case Verb::kOnline:
      SetOfNode(FindNode(cib, change.node), "standby", nullptr);
      break;
    case Verb::kMaintenanceOn:
    case Verb::kMaintenanceOff:
      SetMaintenance(change, cib, change.verb == Verb::kMaintenanceOn);
      break;
    case Verb::kStart:
      RemovePairs(resource, "meta_attributes", "target-role");
      break;
    case Verb::kStop:
      SetPair(resource, "meta_attributes", change.resource + "-meta_attributes", "target-role", "Stopped");
      break;
    case Verb::kMove:
      Move(change, cib);
      break;
    case Verb::kClear:
      RemoveMoves(Section(cib, "constraints"), Movable(resource).attribute("id").value());
      break;
    case Verb::kReboot:
    case Verb::kCleanup:
      break;
  }
  return true;
}

}  // namespace picket::web
