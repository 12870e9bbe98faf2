// The part of the emitter that writes what is about people and about the CIB itself: tags, roles, ACLs, alerts, plain
// XML.
#pragma once

#include "compiler/emit/context.h"

namespace picket::compiler::emit {

void EmitTag(Context& context, const ast::Tag& tag, const Span& span);
void EmitRole(Context& context, const ast::Role& role, const Span& span);
void EmitAcl(Context& context, const ast::Acl& acl, const Span& span);
void EmitAlert(Context& context, const ast::Alert& alert, const Span& span);
/// `xml SECTION '…'`: one element as it is.
void EmitXml(Context& context, const ast::Xml& xml, const Span& span);

}  // namespace picket::compiler::emit
