// What a CIB is as a document: reading it, its schema names and legacy spellings, finding sections and ids.
//
// On pugixml alone. The compiler's importer and the solver share it. Spec 01 §2.
#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "solver/model/behaviour.h"

namespace picket::solver {

struct DocumentError {
  int exit_status = 0;  // crm_simulate's code (spec 06 §12.4): 65 unreadable, 78 schema or feature set
  std::string message;
};

// Parses text. Comments and text are dropped. Adds an empty `status` if it is missing. Bad XML: error 65. A clone
// or a bundle with more than 10,000 instances: error 78, for nobody could hold them in memory.
bool ParseDocument(std::string_view text, pugi::xml_document& document, DocumentError& error);

// Normalises 1.x-3.x documents in place to the current schema's spelling (spec 01 §2.4, §2.5) and sets
// validate-with to pacemaker-4.0. `warning` gets the one stderr line for `none`, if any. Unknown schema:
// error 78.
// `target`: the release that reads it. One before 3.0 stops at the newest schema that it knows, and sets that.
bool UpgradeDocument(pugi::xml_document& document, std::string& warning, DocumentError& error,
                     const Target& target = {});

// The release that the document's cluster runs, by its dc-version or its feature set; the newest where it says
// nothing (spec 07 §1.2).
Target TargetOf(const pugi::xml_document& document);

// Normalises a document of 1.x or 2.x to the spelling of 3.x in place; leaves others as they are (spec 01 §2.5): for
// the importer, which keeps what 3.x can say.
void UpgradeOldSpellings(pugi::xml_document& document);

// The only element of that name anywhere in the document, or none (spec 01 §2.3).
pugi::xml_node OnlyElement(const pugi::xml_document& document, const char* name);
// First element `element` with that id anywhere, or none; none also if there are several (spec 01 §4.1).
pugi::xml_node FindById(const pugi::xml_document& document, const char* element, std::string_view id);

// The document as crm_simulate saves it: two spaces of indentation, no declaration.
std::string DocumentText(const pugi::xml_document& document);

}  // namespace picket::solver
