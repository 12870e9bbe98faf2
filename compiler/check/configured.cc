#include "compiler/check/configured.h"

#include <algorithm>

#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

constexpr const char* kPacemakerTimeout = "20s";

std::string RoleNamed(std::string_view role) {
  if (role == "Master") return "Promoted";
  if (role == "Slave") return "Unpromoted";
  return std::string(role);
}

}  // namespace

pugi::xml_node Configuration::Resources() const {
  return cib_.child("cib").child("configuration").child("resources");
}

pugi::xml_node Configuration::ById(std::string_view id) {
  if (by_id_.empty()) {
    struct Indexer : pugi::xml_tree_walker {
      bool for_each(pugi::xml_node& node) override {
        if (const auto attribute = node.attribute("id")) index->emplace(attribute.value(), node);
        return true;
      }
      std::unordered_map<std::string, pugi::xml_node>* index = nullptr;
    } indexer;
    indexer.index = &by_id_;
    cib_.child("cib").child("configuration").traverse(indexer);
  }
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? pugi::xml_node() : found->second;
}

pugi::xml_node Configuration::TemplateOf(pugi::xml_node primitive) {
  const auto name = primitive.attribute("template");
  const pugi::xml_node found = name ? ById(name.value()) : pugi::xml_node();
  return std::string_view(found.name()) == "template" ? found : pugi::xml_node();
}

std::string Configuration::AgentOf(pugi::xml_node primitive) {
  const pugi::xml_node source = primitive.attribute("template") ? TemplateOf(primitive) : primitive;
  const std::string kind = source.attribute("class").value();
  const std::string provider = source.attribute("provider").value();
  const std::string type = source.attribute("type").value();
  if (kind.empty() || type.empty() || (kind == "ocf" && provider.empty())) return "";
  return kind + ':' + (kind == "ocf" ? provider + ':' : "") + type;
}

std::vector<ConfiguredPair> Configuration::PairsOf(pugi::xml_node element) {
  std::vector<ConfiguredPair> pairs;
  for (pugi::xml_node written : element.children("instance_attributes")) {
    const auto reference = written.attribute("id-ref");
    const pugi::xml_node block = reference ? ById(reference.value()) : written;
    const bool conditional = !block.child("rule").empty();
    for (pugi::xml_node pair : block.children("nvpair")) {
      const auto other = pair.attribute("id-ref");
      const pugi::xml_node source = other ? ById(other.value()) : pair;
      const auto name = pair.attribute("name") ? pair.attribute("name") : source.attribute("name");
      pairs.push_back({name.value(), source.attribute("value").value(), source.attribute("id").value(),
                       !reference && !other, conditional});
    }
  }
  return pairs;
}

std::vector<ConfiguredPair> Configuration::ParametersOf(pugi::xml_node primitive) {
  std::vector<ConfiguredPair> pairs = PairsOf(primitive);
  const auto inherit = [&](pugi::xml_node from) {
    for (ConfiguredPair& pair : PairsOf(from)) {
      pair.own = false;
      pairs.push_back(std::move(pair));
    }
  };
  if (const pugi::xml_node from = TemplateOf(primitive)) inherit(from);
  for (pugi::xml_node above = primitive.parent(); above && above != Resources(); above = above.parent()) {
    inherit(above);
  }
  return pairs;
}

std::vector<ConfiguredOperation> Configuration::OperationsOf(pugi::xml_node element) {
  std::vector<ConfiguredOperation> operations;
  const auto read = [&](pugi::xml_node owner, bool own) {
    for (pugi::xml_node written : owner.children("operations")) {
      const auto reference = written.attribute("id-ref");
      const pugi::xml_node list = reference ? ById(reference.value()) : written;
      for (pugi::xml_node op : list.children("op")) {
        ConfiguredOperation operation;
        operation.name = op.attribute("name").value();
        operation.interval = op.attribute("interval").value();
        operation.role = RoleNamed(op.attribute("role").value());
        operation.timeout = op.attribute("timeout").value();
        operation.id = op.attribute("id").value();
        operation.own = own && !reference;
        for (pugi::xml_node meta : op.children("meta_attributes")) {
          const pugi::xml_node pair = meta.find_child_by_attribute("nvpair", "name", "timeout");
          if (pair && operation.timeout.empty()) operation.timeout = pair.attribute("value").value();
        }
        for (pugi::xml_node block : op.children("instance_attributes")) {
          const pugi::xml_node pair = block.find_child_by_attribute("nvpair", "name", "OCF_CHECK_LEVEL");
          if (pair) operation.depth = pair.attribute("value").value();
        }
        const bool replaced = std::any_of(operations.begin(), operations.end(), [&](const ConfiguredOperation& other) {
          return !own && other.name == operation.name &&
                 AsIntervalMs(other.interval) == AsIntervalMs(operation.interval);
        });
        if (!replaced) operations.push_back(std::move(operation));
      }
    }
  };
  read(element, true);
  if (const pugi::xml_node from = TemplateOf(element)) read(from, false);
  return operations;
}

std::string Configuration::DefaultTimeout() {
  std::string timeout = kPacemakerTimeout;
  std::int64_t best = 0;
  bool found = false;
  for (pugi::xml_node written : cib_.child("cib").child("configuration").child("op_defaults").children()) {
    const auto reference = written.attribute("id-ref");
    const pugi::xml_node block = reference ? ById(reference.value()) : written;
    const pugi::xml_node pair = block.find_child_by_attribute("nvpair", "name", "timeout");
    if (!pair) continue;
    if (block.child("rule")) return "";
    const std::int64_t score = AsInteger(block.attribute("score").value()).value_or(0);
    if (found && score <= best) continue;
    found = true;
    best = score;
    timeout = pair.attribute("id-ref") ? ById(pair.attribute("id-ref").value()).attribute("value").value()
                                       : pair.attribute("value").value();
  }
  return timeout;
}

bool Configuration::Tells(pugi::xml_node element, std::string_view meta) {
  const std::string name(meta);
  const auto tells = [&](pugi::xml_node written) {
    const auto reference = written.attribute("id-ref");
    const pugi::xml_node block = reference ? ById(reference.value()) : written;
    const pugi::xml_node pair = block.find_child_by_attribute("nvpair", "name", name.c_str());
    return pair && AsBoolean(pair.attribute("value").value()).value_or(true);
  };
  for (pugi::xml_node block : element.children("meta_attributes")) {
    if (tells(block)) return true;
  }
  for (pugi::xml_node block : cib_.child("cib").child("configuration").child("rsc_defaults").children()) {
    if (tells(block)) return true;
  }
  return false;
}

bool Configuration::IsPromotable(pugi::xml_node clone) {
  if (std::string_view(clone.name()) == "master") return true;
  for (pugi::xml_node meta : clone.children("meta_attributes")) {
    if (meta.child("rule")) continue;
    const pugi::xml_node pair = meta.find_child_by_attribute("nvpair", "name", "promotable");
    if (pair && AsBoolean(pair.attribute("value").value()).value_or(false)) return true;
  }
  return false;
}

}  // namespace picket::compiler
