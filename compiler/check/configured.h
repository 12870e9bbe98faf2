// A resource as its agent meets it: with what it inherits from its template
// and its containers, and with what stands elsewhere and is used by reference.
//
// Read from the compiled CIB, where all ways to say a parameter have become
// one. Says what is configured, not when: a pair in a block with a condition
// counts, and is marked.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace picket::compiler {

struct ConfiguredPair {
  std::string name;
  std::string value;
  std::string id;    ///< Of the pair, for its place; empty if there is none.
  bool own = false;  ///< Written in this resource, not inherited or used by reference.
  bool conditional = false;
};

struct ConfiguredOperation {
  std::string name;
  std::string interval;
  std::string role;     ///< Promoted or Unpromoted in today's words, or empty.
  std::string timeout;  ///< Empty if the operation does not say.
  std::string depth;    ///< OCF_CHECK_LEVEL.
  std::string id;
  bool own = false;
};

class Configuration {
 public:
  explicit Configuration(const pugi::xml_document& cib) : cib_(cib) {}

  pugi::xml_node Resources() const;
  /// The element with this id; built at the first use.
  pugi::xml_node ById(std::string_view id);
  /// The template of a primitive; null if it has none.
  pugi::xml_node TemplateOf(pugi::xml_node primitive);

  /// `ocf:heartbeat:IPaddr2`; the template's for a primitive made from one.
  /// Empty if it is not known.
  std::string AgentOf(pugi::xml_node primitive);

  /// The parameters in an element's own blocks.
  std::vector<ConfiguredPair> PairsOf(pugi::xml_node element);
  /// The parameters of a primitive, own ones first, then the template's, then
  /// those of its containers from the innermost on.
  std::vector<ConfiguredPair> ParametersOf(pugi::xml_node primitive);
  /// The operations of a primitive or template; one of its own takes the place
  /// of the template's of the same name and interval.
  std::vector<ConfiguredOperation> OperationsOf(pugi::xml_node element);

  /// The time an operation has if nothing is said; empty if it depends.
  std::string DefaultTimeout();
  /// True if a meta attribute of the element, or else of `rsc_defaults`, may be true: under a condition as
  /// well.
  bool Tells(pugi::xml_node element, std::string_view meta);
  /// True for a clone whose instances may be promoted.
  static bool IsPromotable(pugi::xml_node clone);

 private:
  const pugi::xml_document& cib_;
  std::unordered_map<std::string, pugi::xml_node> by_id_;
};

}  // namespace picket::compiler
