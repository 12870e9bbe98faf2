// The part of the emitter that writes resource sets, for every constraint that has them.
#pragma once

#include "compiler/emit/context.h"

namespace picket::compiler::emit {

/// What the word in front of a set means where the set stands.
enum class SetUse { kRole, kAction };

/// A reference as text, for ids and digests: `promoted drbd-ms`, `[a b]`.
std::string Describe(const ast::Reference& reference);

/// Appends a resource_set. A bare name is a set of one. `explicit_action` says
/// that an action left out must be written as start.
void EmitSet(Context& context, pugi::xml_node constraint, const ast::Reference& reference, SetUse use,
             bool explicit_action);

/// The name, if the reference is one.
const ast::Text* NameOf(const ast::Reference& reference);

}  // namespace picket::compiler::emit
