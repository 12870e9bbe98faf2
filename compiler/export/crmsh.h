// CIB to text of crmsh.
#pragma once

#include "compiler/export/exported.h"

namespace picket::compiler::exporting {

/// A CIB as the text that `crm configure load update FILE` of crmsh 4.4 takes: words where crmsh has words
/// that it takes for the same, else `xml …`. The text is read back (compiler/import/crmsh.h), and what does
/// not come back the same is said as `xml` or left out, and told.
Exported ExportCrmsh(const pugi::xml_document& cib);

}  // namespace picket::compiler::exporting
