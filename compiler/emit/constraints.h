// The part of the emitter that writes constraints.
#pragma once

#include "compiler/emit/context.h"

namespace picket::compiler::emit {

/// `location` as rsc_location.
void EmitLocation(Context& context, const ast::Location& location, const Span& span);

/// `colocation`, `separate`, `order`, `depend` and `ticket` as the constraints
/// they stand for. Sets map one to one: nothing is reversed, and inside [ ] the
/// order means what it means to Pacemaker.
void EmitRelation(Context& context, const ast::Relation& relation, const Span& span);

}  // namespace picket::compiler::emit
