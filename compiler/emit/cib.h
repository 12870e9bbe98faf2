// The way into the emitter: from checked statements to a whole CIB. The parts are in the files beside this one.
#pragma once

#include <pugixml.hpp>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/emit/context.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::emit {

/// Writes expanded and checked statements as a CIB. Every element gets an id
/// and an entry in `map`; values that wait for deployment are added to
/// `secrets`. What is wrong with a value's shape is reported here; the document
/// is only worth something if nothing was.
pugi::xml_document EmitCib(const std::vector<ast::Statement>& statements, const Symbols& symbols, Target target,
                           SourceMap& map, std::vector<Secret>& secrets, Diagnostics& diagnostics);

/// The document as text, two blanks for a level, ending in a newline.
std::string CibText(const pugi::xml_document& document);

}  // namespace picket::compiler::emit
