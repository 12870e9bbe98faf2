// Commands of pcs for one element of a CIB. Inner parts that pcs cannot say are taken out of the source and
// told.
#pragma once

#include <pugixml.hpp>
#include <string>

#include "compiler/export/pcs_words.h"

namespace picket::compiler::exporting {

/// The commands; or why there are none, and the element has to be left out.
struct PcsSaid {
  std::string commands;
  std::string why;
};

/// A resource with what it holds.
PcsSaid PcsResource(Source& source, pugi::xml_node resource);

/// `constraint location`, `order`, `colocation`, `ticket`.
PcsSaid PcsConstraint(Source& source, pugi::xml_node constraint);

/// `node attribute` and `node utilization`; the node itself is there before any command.
PcsSaid PcsNode(Source& source, pugi::xml_node node);
PcsSaid PcsProperties(Source& source, pugi::xml_node set);
PcsSaid PcsDefaults(Source& source, pugi::xml_node set);
PcsSaid PcsLevel(Source& source, pugi::xml_node level);
PcsSaid PcsTag(Source& source, pugi::xml_node tag);
PcsSaid PcsAccess(Source& source, pugi::xml_node element);
PcsSaid PcsAlert(Source& source, pugi::xml_node alert);

/// The resource or template with that id; nothing if there is none.
pugi::xml_node ResourceOf(const Source& source, const std::string& id);

}  // namespace picket::compiler::exporting
