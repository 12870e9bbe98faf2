// The status block of the XML output (spec 06 §14): the same facts as status_text.h as elements.
#pragma once

#include "simulator/text/display.h"
#include "simulator/text/xml_element.h"

namespace picket::simulator {

// Adds `nodes`, `resources` and, as the options say, `node_attributes`, `node_history`, `failures` to
// `status`.
void AddStatus(XmlElement& status, solver::Run& run, const StatusOptions& options);

}  // namespace picket::simulator
