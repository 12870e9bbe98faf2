// `from NAME`: whether there is a block, pair, rule, set or list of operations of that name.
//
// Asked once the document is complete, since NAME may stand further down, or be the id that an element got without
// the author's help. An unknown one would make the CIB invalid: nothing of it would be taken.
#pragma once

#include <vector>

#include "compiler/emit/context.h"

namespace picket::compiler::emit {

/// Reports every reference of the statements that means nothing in the document (E0201), or something of another kind
/// (E0203).
void CheckIdReferences(Context& context, const std::vector<ast::Statement>& statements,
                       const pugi::xml_document& document);

}  // namespace picket::compiler::emit
