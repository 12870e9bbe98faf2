// Text of crmsh (`crm configure show`) as a CIB.
//
// The text is taken as people paste it: with prompts, indentation, typographic quotes, commands between the
// statements, a cut end. What is no configuration is skipped and listed; what is faulty is named with its
// line, and the rest is read. Comments become XML comments before the element that follows them.
//
// What comes out has the elements that crmsh makes of the text; ids of inner elements that the text does not
// give are derived. docs/import.md has the list of what is read.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "compiler/import/text_read.h"

namespace picket::compiler::import {

using CrmshRead = TextRead;

/// Whether a text is to be read so: some line of it begins as a statement of crmsh does, and none as XML.
bool LooksLikeCrmsh(std::string_view text);

/// The statements alone, a line each, for crmsh: without prompts and without what is no configuration.
std::string StatementsOfCrmsh(std::string_view text);

/// Fills an empty document. Never fails: a text without any statement gives a CIB without elements.
void ReadCrmsh(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, CrmshRead& read);

/// The same for a text that a program wrote: it has no prompts, no typographic quotes, no entities of HTML.
void ReadCrmshExactly(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, CrmshRead& read);

}  // namespace picket::compiler::import
