// The pieces that both readers share: attributes, rules and name/value blocks with references resolved (spec
// 01 §4, §5).
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "solver/model/behaviour.h"
#include "solver/model/rule_def.h"
#include "solver/model/table.h"

namespace picket::solver {

Attributes ReadAttributes(pugi::xml_node element);

// Reads parts of one document; references look through all of it.
class PartReader {
 public:
  // `errors` gets a line for each reference that leads nowhere; may be null.
  PartReader(const pugi::xml_document& document, std::vector<std::string>* errors, const Target& target = {})
      : document_(document), errors_(errors), target_(target) {}

  // `element` itself, or what its id-ref names; none if that does not exist.
  pugi::xml_node Resolve(pugi::xml_node element) const;
  // A <rule>; one that cannot be resolved or has no id is marked as broken.
  RuleDef ReadRule(pugi::xml_node element) const;
  // What the <rule> children of an element amount to; nothing where there are none. `any`: one that passes is enough.
  std::optional<RuleDef> ReadRules(pugi::xml_node parent, bool any) const;
  // The blocks called `name` directly below `parent`, highest precedence first.
  NvBlocks ReadNvBlocks(pugi::xml_node parent, const char* name, std::string_view first_id = {}) const;
  bool Behaves(Behaviour behaviour) const { return target_.Behaves(behaviour); }

 private:
  std::vector<NvPair> ReadPairs(pugi::xml_node block) const;
  // What FindById() finds, from an index that is made when the first reference is met.
  pugi::xml_node Find(const char* element, std::string_view id) const;
  void Error(std::string text) const {
    if (errors_ != nullptr) errors_->push_back(std::move(text));
  }

  const pugi::xml_document& document_;
  std::vector<std::string>* errors_;
  const Target target_;
  // By element name and id; a null node where there are several.
  mutable std::unordered_map<std::string, pugi::xml_node> by_id_;
};

}  // namespace picket::solver
