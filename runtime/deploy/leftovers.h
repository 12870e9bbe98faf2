// What people and tools leave behind in a cluster, and forget: bans and preferences by hand, rules whose time
// is over, failures, resources that are known to nodes and to no configuration.
#pragma once

#include <cstdint>
#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::runtime {

struct Leftover {
  std::string id;      // of the element, or of the resource
  std::string what;    // `web is banned from n1`
  int64_t age_s = -1;  // -1: nothing says it
};

// `cib` has its status. In document order.
std::vector<Leftover> LeftoversOf(const pugi::xml_document& cib, int64_t now_s);

// `3 days`, `2 hours`, `5 min`, `10 s`.
std::string AgeText(int64_t age_s);

}  // namespace picket::runtime
