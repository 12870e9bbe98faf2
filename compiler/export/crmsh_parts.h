// Statements of crmsh, one for each element; without the line break at the end. Nothing where only `xml` can
// say it.
#pragma once

#include <pugixml.hpp>
#include <string>

#include "compiler/export/crmsh_words.h"

namespace picket::compiler::exporting {

/// `primitive`, `rsc_template`, `group`, `clone`, `bundle`; members are statements of their own.
Said CrmshResource(const Source& source, pugi::xml_node resource);

/// `location`, `colocation`, `order`, `rsc_ticket`.
Said CrmshConstraint(const Source& source, pugi::xml_node constraint);

/// `node`, `property`, `rsc_defaults`, `op_defaults`, `tag`, `role`, `acl_target`, `acl_group`, `alert`.
Said CrmshNode(const Source& source, pugi::xml_node node);
Said CrmshDefaults(const Source& source, pugi::xml_node set, const char* keyword);
Said CrmshTag(pugi::xml_node tag);
Said CrmshAccess(const Source& source, pugi::xml_node element);
Said CrmshAlert(const Source& source, pugi::xml_node alert);

/// `fencing_topology`, which is one statement for the whole section.
Said CrmshFencing(const Source& source, pugi::xml_node section);

}  // namespace picket::compiler::exporting
