// Resource elements as ResourceDefs, with their templates merged in (spec 01 §13.1, §15, §18.1).
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "solver/cib/read_parts.h"
#include "solver/model/cluster.h"

namespace picket::solver {

class ResourceReader {
 public:
  ResourceReader(const PartReader& parts, pugi::xml_node resources, std::vector<std::string>& errors)
      : parts_(parts), resources_(resources), errors_(errors) {}

  ResourceDef Read(pugi::xml_node element) const;

 private:
  // The element with its template merged in, as a child of `scratch`; none if the template is unknown.
  pugi::xml_node Expand(pugi::xml_node element, pugi::xml_document& scratch) const;
  void ReadCommon(pugi::xml_node element, ResourceDef& def) const;
  void ReadChildren(pugi::xml_node element, ResourceDef& def) const;
  BundleDef ReadBundle(pugi::xml_node element) const;
  std::vector<OperationDef> ReadOperations(pugi::xml_node operations) const;

  const PartReader& parts_;
  pugi::xml_node resources_;
  std::vector<std::string>& errors_;
};

}  // namespace picket::solver
