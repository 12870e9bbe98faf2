#include "execution/history/attributes.h"

#include <algorithm>
#include <cctype>

namespace picket::execution {
namespace {

solver::NvBlock& TransientBlock(solver::NodeState& node, const Style& style) {
  if (!node.has_transient) {
    node.has_transient = true;
    node.transient_id = node.id;
  }
  for (solver::NvBlock& block : node.transient) {
    // crm_simulate takes the first one, whatever its rule says.
    if (!block.rule || style.finds_attributes_by_id) return block;
  }
  solver::NvBlock block;
  block.id = std::string(style.attributes_prefix) + node.id;
  node.transient.push_back(std::move(block));
  return node.transient.back();
}

}  // namespace

void OverwriteAttribute(solver::Attributes& attributes, std::string_view name, std::string_view value) {
  for (auto& [key, old] : attributes) {
    if (key == name) {
      old = value;
      return;
    }
  }
  attributes.emplace_back(name, value);
}

std::string XmlId(std::string text) {
  for (char& c : text) {
    const bool allowed = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == ':' ||
                         static_cast<unsigned char>(c) >= 0x80;
    if (!allowed) c = '.';
  }
  return text;
}

void StoreTransient(solver::NodeState& node, std::string_view name, std::string_view value, const Style& style) {
  solver::NvBlock& block = TransientBlock(node, style);
  std::string id = block.id + "-" + std::string(name);
  if (style.plain_attribute_ids) {
    std::replace(id.begin(), id.end(), '#', '.');
    std::replace(id.begin(), id.end(), ':', '.');
  } else {
    id = XmlId(std::move(id));
  }
  const auto found = std::find_if(block.pairs.begin(), block.pairs.end(), [&](const solver::NvPair& pair) {
    return style.finds_attributes_by_id ? pair.id == id : pair.name == name;
  });
  if (found != block.pairs.end()) {
    found->name = name;
    found->value = value;
  } else {
    block.pairs.push_back({std::move(id), std::string(name), std::string(value)});
  }
}

void EraseTransient(solver::NodeState& node, std::string_view name) {
  for (solver::NvBlock& block : node.transient) {
    std::erase_if(block.pairs, [&](const solver::NvPair& pair) { return pair.name == name; });
  }
}

void ForgetTransient(solver::NodeState& node) {
  node.has_transient = false;
  node.transient.clear();
  node.transient_utilization.clear();
}

const std::string* FindTransient(const solver::NodeState& node, std::string_view name) {
  for (const solver::NvBlock& block : node.transient) {
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return &pair.value;
    }
  }
  return nullptr;
}

}  // namespace picket::execution
