// What a CIB says around the dependencies of its resources, by names.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::compiler {

struct Surroundings {
  /// `kind` is template, tag, ticket, node, or nodes (several, as a pattern or an attribute names them).
  struct Thing {
    std::string id;
    std::string kind;
  };
  /// `kind` is "made from", "tagged", "needs ticket", "fences", "location". Ends are resources or things.
  struct Link {
    std::string from, to;
    std::string kind;
    std::string label;
  };
  std::vector<Thing> things;
  std::vector<Link> links;
  std::vector<std::string> not_drawn;
};

Surroundings SurroundingsOf(const pugi::xml_document& cib);

}  // namespace picket::compiler
