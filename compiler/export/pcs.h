// CIB to commands of pcs.
#pragma once

#include "compiler/export/exported.h"

namespace picket::compiler::exporting {

/// A CIB as a script for a shell that calls `pcs -f FILE …` (pcs 0.11) and so makes the CIB again. Every word
/// stands in single quotes where a shell could take it for anything else. What pcs has no command for is left
/// out, and told.
Exported ExportPcs(const pugi::xml_document& cib);

}  // namespace picket::compiler::exporting
