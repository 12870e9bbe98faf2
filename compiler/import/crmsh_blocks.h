// Attribute lists, rules and operations of crmsh: what stands behind the name in most statements.
#pragma once

#include <functional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::import {

class CrmshBlocks {
 public:
  using Tell = std::function<void(const std::string& fault)>;

  /// Reads `words` from a place on.
  CrmshBlocks(const std::vector<std::string>& words, std::size_t from, Tell tell)
      : words_(words), at_(from), tell_(std::move(tell)) {}

  /// `params`, `meta`, `op` and their like.
  static bool IsKeyword(std::string_view word);

  /// All blocks until the end, into a resource or a node. Pairs without a keyword are of the kind `plain`.
  void Read(pugi::xml_node element, const std::string& id, const std::string& plain);
  /// One block, if there is one here; the place behind it.
  std::size_t Block(pugi::xml_node element, const std::string& id, const std::string& plain);
  /// Score, rule and pairs, into a block that there is.
  void Pairs(pugi::xml_node block, const std::string& id);
  /// `rule …`, if there is one here. Without a score it has the one of `score`; empty: infinite.
  bool Rule(pugi::xml_node parent, const std::string& id, const std::string& score);
  /// Tells what was not read.
  void Rest();

 private:
  bool AtEnd() const { return at_ >= words_.size(); }
  bool IsPair() const;
  void Operation(pugi::xml_node element, const std::string& id);
  void Expression(pugi::xml_node rule);
  void Date(pugi::xml_node rule, const std::string& id);
  void One(pugi::xml_node block, const std::string& id);

  const std::vector<std::string>& words_;
  std::size_t at_;
  Tell tell_;
};

}  // namespace picket::compiler::import
