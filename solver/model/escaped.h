// A text as the value of an attribute in XML, as Pacemaker writes it: in graph files, and where digests are taken.
#pragma once

#include <string>
#include <string_view>

namespace picket::solver {

// Appends `text` with entities for < > & " and for control characters (spec 06 §2, 02 §17.2).
void AppendEscaped(std::string& out, std::string_view text);

}  // namespace picket::solver
