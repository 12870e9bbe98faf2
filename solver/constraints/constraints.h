// Constraints of the configuration, read in document order (spec 03 §4, §6; 05 §12, §16).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver {

// S5: locations, colocations, tickets here, orderings through order.h; document order.
void UnpackConstraints(Run& run);

// A constraint's reference to a resource (spec 03 §4.1): exact id or history id; a match with another id means its top.
ResourceId FindReferenced(const Run& run, std::string_view id);
// What a name in a constraint is: a resource, a template or a tag with members, or nothing (spec 03 §4.2.1, 05 §12.7).
struct Reference {
  ResourceId resource;                                // if it is one
  const std::vector<std::string>* members = nullptr;  // if it is a template or a tag
  bool known() const { return resource.valid() || members != nullptr; }
};
Reference Lookup(const Run& run, std::string_view id);
// Sets with every reference that names a tag or template replaced in place by its members, duplicates removed. If a
// name is unknown the sets come back as they are: who reads them says what an unknown member means.
std::vector<ResourceSetDef> ExpandSets(const Run& run, const std::vector<ResourceSetDef>& sets);

}  // namespace picket::solver
