// From 2.10 to 3.0 (spec 01 §2.5).
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "solver/cib/upgrade.h"
#include "solver/model/text.h"

namespace picket::solver {
namespace {

template <size_t N>
bool Among(std::string_view name, const std::array<std::string_view, N>& names) {
  for (const std::string_view candidate : names) {
    if (name == candidate) return true;
  }
  return false;
}

std::string_view Value(pugi::xml_node node, const char* attribute) {
  return node.attribute(attribute).value();
}

std::string Hyphenated(std::string_view name) {
  std::string result(name);
  for (char& c : result) {
    if (c == '_') c = '-';
  }
  return result;
}

// Children of a name as a list, so that they may be removed during the walk.
std::vector<pugi::xml_node> Children(pugi::xml_node parent, const char* name) {
  std::vector<pugi::xml_node> list;
  for (const pugi::xml_node child : parent.children(name)) list.push_back(child);
  return list;
}

void CollectElements(pugi::xml_node node, std::string_view name, std::vector<pugi::xml_node>& list) {
  for (const pugi::xml_node child : node.children()) {
    if (name == child.name()) list.push_back(child);
    CollectElements(child, name, list);
  }
}

// The first block without a rule, made if there is none.
pugi::xml_node MetaBlock(pugi::xml_node parent) {
  for (const pugi::xml_node block : parent.children("meta_attributes")) {
    if (!block.child("rule") && !block.attribute("id-ref")) return block;
  }
  pugi::xml_node block = parent.append_child("meta_attributes");
  const std::string_view id = Value(parent, "id");
  block.append_attribute("id") = (std::string(id.empty() ? parent.name() : id) + "-upgraded-meta_attributes").c_str();
  return block;
}

// A name that is there already stays as it is.
void AddToBlock(pugi::xml_node block, std::string_view name, std::string_view value) {
  for (const pugi::xml_node pair : block.children("nvpair")) {
    if (Value(pair, "name") == name) return;
  }
  pugi::xml_node pair = block.append_child("nvpair");
  pair.append_attribute("id") = (std::string(Value(block, "id")) + "-" + std::string(name)).c_str();
  pair.append_attribute("name") = std::string(name).c_str();
  pair.append_attribute("value") = std::string(value).c_str();
}

constexpr std::array<std::string_view, 12> kUnderscored = {
    "cluster_recheck_interval", "dc_deadtime",           "election_timeout",  "no_quorum_policy",
    "shutdown_escalation",      "startup_fencing",       "stonith_action",    "stonith_enabled",
    "stop_orphan_actions",      "stop_orphan_resources", "symmetric_cluster", "remove_after_stop"};
constexpr std::array<std::string_view, 4> kDroppedOptions = {"default-migration-threshold", "expected-quorum-votes",
                                                             "notification-agent", "notification-recipient"};
constexpr std::array<std::string_view, 5> kOldStacks = {"heartbeat", "openais", "classic openais",
                                                        "classic openais (with plugin)", "cman"};

// One upgrade of one document. `changed_` is whether something needs the transformation by itself.
class Upgrade2 {
 public:
  explicit Upgrade2(pugi::xml_document& document)
      : configuration_(document.document_element().child("configuration")) {}

  void Run() {
    for (const pugi::xml_node set : Children(configuration_.child("crm_config"), "cluster_property_set")) Options(set);
    for (pugi::xml_node node : configuration_.child("nodes").children("node")) {
      if (Value(node, "type") != "normal") continue;
      node.attribute("type").set_value("member");
      changed_ = true;
    }
    std::vector<pugi::xml_node> primitives;
    CollectElements(configuration_.child("resources"), "primitive", primitives);
    CollectElements(configuration_.child("resources"), "template", primitives);
    for (const pugi::xml_node primitive : primitives) {
      Parameters(primitive);
      for (const pugi::xml_node operations : Children(primitive, "operations")) {
        for (const pugi::xml_node operation : Children(operations, "op")) Operation(primitive, operation);
      }
      if (HasIsolation(primitive)) changed_ = true;
    }
    for (pugi::xml_node colocation : configuration_.child("constraints").children("rsc_colocation")) {
      if (colocation.remove_attribute("score-attribute")) changed_ = true;
      if (colocation.remove_attribute("score-attribute-mangle")) changed_ = true;
    }
    // Alone, a resource-failure-stickiness does not make the document invalid, and then it stays.
    if (!changed_) return;
    for (const pugi::xml_node primitive : primitives) {
      for (const pugi::xml_node block : Children(primitive, "meta_attributes")) ResourceMeta(block);
    }
  }

 private:
  pugi::xml_node Defaults(const char* name) {
    const pugi::xml_node section = configuration_.child(name);
    return section ? section : configuration_.append_child(name);
  }

  // Values of sets under a rule are lost, not moved.
  void MoveToDefaults(pugi::xml_node set, const char* section, std::string_view name, std::string_view value) {
    if (!set.child("rule")) AddToBlock(MetaBlock(Defaults(section)), name, value);
  }

  void Options(pugi::xml_node set) {
    for (pugi::xml_node pair : Children(set, "nvpair")) {
      const std::string name(Value(pair, "name"));
      const std::string value(Value(pair, "value"));
      const std::string hyphenated = Hyphenated(name);
      bool drop = true;
      if (Among(name, kUnderscored)) {
        pair.attribute("name").set_value(hyphenated.c_str());
        drop = false;
      } else if (name == "transition_idle_timeout") {
        pair.attribute("name").set_value("cluster-delay");
        drop = false;
      } else if (hyphenated == "default-action-timeout") {
        MoveToDefaults(set, "op_defaults", "timeout", value);
      } else if (hyphenated == "default-resource-stickiness") {
        MoveToDefaults(set, "rsc_defaults", "resource-stickiness", value);
      } else if (hyphenated == "is-managed-default") {
        MoveToDefaults(set, "rsc_defaults", "is-managed", value);
      } else if (hyphenated == "default-resource-failure-stickiness") {
        if (value == "-INFINITY") MoveToDefaults(set, "rsc_defaults", "migration-threshold", "1");
      } else if (hyphenated != "default-migration-threshold" && !Among(name, kDroppedOptions) &&
                 !(name == "cluster-infrastructure" && Among(value, kOldStacks))) {
        continue;
      }
      if (drop) set.remove_child(pair);
      changed_ = true;
    }
  }

  void Parameters(pugi::xml_node primitive) {
    constexpr std::array<std::string_view, 6> kCommands = {"pcmk_list_cmd", "pcmk_monitor_cmd", "pcmk_off_cmd",
                                                           "pcmk_on_cmd",   "pcmk_reboot_cmd",  "pcmk_status_cmd"};
    for (pugi::xml_node block : primitive.children("instance_attributes")) {
      for (pugi::xml_node pair : Children(block, "nvpair")) {
        std::string name(Value(pair, "name"));
        const std::string_view value = Value(pair, "value");
        constexpr std::string_view kPort = "port:";
        if (Among(name, kCommands)) {
          name.replace(name.size() - 3, 3, "action");
          pair.attribute("name").set_value(name.c_str());
        } else if (name == "pcmk_arg_map" && value.starts_with(kPort)) {
          const std::string argument(value.substr(kPort.size()));
          pair.attribute("name").set_value("pcmk_host_argument");
          pair.attribute("value").set_value(argument.c_str());
        } else if (name == "pcmk_arg_map") {
          block.remove_child(pair);
        } else {
          continue;
        }
        changed_ = true;
      }
    }
  }

  // `requires` moves to the resource, action settings among the parameters to the meta-attributes.
  void Operation(pugi::xml_node primitive, pugi::xml_node operation) {
    const std::string_view name = Value(operation, "name");
    const bool counts = name == "start" || name == "promote";
    const auto requires_ = [&](std::string_view value) {
      if (counts) AddToBlock(MetaBlock(primitive), "requires", value);
      changed_ = true;
    };
    if (const pugi::xml_attribute attribute = operation.attribute("requires")) {
      requires_(attribute.value());
      operation.remove_attribute(attribute);
    }
    for (const char* element : {"meta_attributes", "instance_attributes"}) {
      for (pugi::xml_node block : Children(operation, element)) {
        for (const pugi::xml_node pair : Children(block, "nvpair")) {
          if (Value(pair, "name") != "requires") continue;
          requires_(Value(pair, "value"));
          block.remove_child(pair);
        }
      }
    }
    constexpr std::array<std::string_view, 7> kSettings = {"interval-origin", "start-delay", "enabled", "on-fail",
                                                           "record-pending",  "role",        "timeout"};
    for (pugi::xml_node block : Children(operation, "instance_attributes")) {
      for (const pugi::xml_node pair : Children(block, "nvpair")) {
        if (!Among(Value(pair, "name"), kSettings)) continue;
        AddToBlock(MetaBlock(operation), Value(pair, "name"), Value(pair, "value"));
        block.remove_child(pair);
        changed_ = true;
      }
    }
  }

  static bool IsIsolation(std::string_view name) {
    constexpr std::array<std::string_view, 4> kIsolation = {"isolation", "isolation-host", "isolation-instance",
                                                            "isolation-wrapper"};
    return Among(name, kIsolation);
  }

  static bool HasIsolation(pugi::xml_node primitive) {
    for (const pugi::xml_node block : primitive.children("meta_attributes")) {
      for (const pugi::xml_node pair : block.children("nvpair")) {
        if (IsIsolation(Value(pair, "name"))) return true;
      }
    }
    return false;
  }

  // A pair that maps takes effect only if no earlier one of its block maps to, or is, one of the two targets.
  static void ResourceMeta(pugi::xml_node block) {
    bool seen = false;
    for (pugi::xml_node pair : Children(block, "nvpair")) {
      const std::string_view name = Value(pair, "name");
      const char* target = nullptr;
      const char* value = nullptr;
      if (name == "target-role" || name == "migration-threshold") {
        seen = true;
        continue;
      }
      if (IsIsolation(name)) {
        target = "target-role";
        value = "Stopped";
      } else if (Hyphenated(name) == "resource-failure-stickiness") {
        if (Value(pair, "value") == "-INFINITY") {
          target = "migration-threshold";
          value = "1";
        }
      } else {
        continue;
      }
      if (target == nullptr || seen) {
        block.remove_child(pair);
        continue;
      }
      pair.attribute("name").set_value(target);
      pair.attribute("value").set_value(value);
      seen = true;
    }
  }

  pugi::xml_node configuration_;
  bool changed_ = false;
};

// --- access control of 1.x: permissions have names of their own, and are given to users directly

void UpgradePermissions(pugi::xml_node role) {
  constexpr std::array<std::string_view, 3> kKinds = {"read", "write", "deny"};
  for (pugi::xml_node permission : role.children()) {
    const std::string kind = permission.name();
    if (!Among(kind, kKinds)) continue;
    permission.set_name("acl_permission");
    pugi::xml_attribute kind_attribute = permission.insert_attribute_after("kind", permission.attribute("id"));
    if (!kind_attribute) kind_attribute = permission.append_attribute("kind");
    kind_attribute.set_value(kind.c_str());
    if (pugi::xml_attribute reference = permission.attribute("ref")) reference.set_name("reference");
    // Only what is about a type of elements may be about one of their attributes.
    pugi::xml_attribute type = permission.attribute("tag");
    if (type)
      type.set_name("object-type");
    else
      permission.remove_attribute("attribute");
  }
}

// What a user was permitted without a role becomes a role of the user's own.
void OwnRole(pugi::xml_node acls, pugi::xml_node user) {
  const std::string id = "auto-" + std::string(Value(user, "id"));
  pugi::xml_node role = acls.insert_child_after("acl_role", user);
  role.append_attribute("id") = id.c_str();
  for (pugi::xml_node permission = user.child("acl_permission"); permission;) {
    role.append_move(permission);
    permission = user.child("acl_permission");
  }
  user.append_child("role").append_attribute("id") = id.c_str();
}

void UpgradeAccess(pugi::xml_node configuration) {
  pugi::xml_node acls = configuration.child("acls");
  for (const pugi::xml_node role : acls.children("acl_role")) UpgradePermissions(role);
  for (pugi::xml_node user : Children(acls, "acl_user")) {
    user.set_name("acl_target");
    UpgradePermissions(user);
    for (pugi::xml_node reference : user.children("role_ref")) reference.set_name("role");
    if (user.child("acl_permission")) OwnRole(acls, user);
  }
}

}  // namespace

void UpgradeFrom2(pugi::xml_document& document) {
  Upgrade2(document).Run();
  UpgradeAccess(document.document_element().child("configuration"));
}

}  // namespace picket::solver
