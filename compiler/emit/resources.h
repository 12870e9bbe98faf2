// The part of the emitter that writes resources.
#pragma once

#include "compiler/emit/context.h"

namespace picket::compiler::emit {

/// Appends a resource with everything it contains to `parent`: primitive,
/// template, group, clone or bundle. `statement` is the one that defines it.
void EmitResource(Context& context, pugi::xml_node parent, const ast::Statement& statement);

/// The primitive inside a bundle, whose statement is the bundle's.
void EmitPrimitive(Context& context, pugi::xml_node parent, const ast::Primitive& primitive, const Span& span);

/// `node far remote { server=… }` as the connection resource that it needs.
void EmitRemoteConnection(Context& context, pugi::xml_node parent, const ast::Node& node, const Span& span);

/// The container, network and storage of a bundle (bundle.cc).
void EmitBundle(Context& context, pugi::xml_node parent, const ast::Bundle& bundle, const Span& span);

/// Items that groups, clones, bundles, alerts and recipients share: meta,
/// params, description. `plain` is the tag that plain options belong to.
void EmitCollectionItems(Context& context, pugi::xml_node element, const std::string& owner,
                         const std::vector<ast::Item>& items, const char* plain);

}  // namespace picket::compiler::emit
