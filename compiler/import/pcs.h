// Commands of pcs, as `pcs … config --output-format=cmd` prints them, as a CIB.
//
// The text is a list of shell lines, each a call of `pcs`. It is never run: what a shell would have to work
// out (variables, loops, other programs) is named with its line and left out. What pcs looks up in agents'
// metadata (suggested operations) is not added. docs/import.md has the list of what is read.
#pragma once

#include <pugixml.hpp>
#include <string_view>

#include "compiler/import/text_read.h"

namespace picket::compiler::import {

/// Whether some of the first lines of a text call pcs, and none is XML.
bool LooksLikePcs(std::string_view text);

/// Fills an empty document. Never fails: a text without any command gives a CIB without elements.
void ReadPcs(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, TextRead& read);

}  // namespace picket::compiler::import
