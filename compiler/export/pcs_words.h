// The small parts of pcs's commands: pairs, rules. What pcs 0.11 has no words for is taken out of the source
// and told, or nothing is given, and the whole element has to go.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/export/source.h"

namespace picket::compiler::exporting {

using Words = std::vector<std::string>;

/// `pcs -f cib.xml WORDS…` as a line for a shell; what stands behind `--` may begin with a hyphen.
std::string PcsCommand(const Words& words);

/// NAME=VALUE for the pairs of the only plain block of that kind. Other blocks, pairs without a value and
/// those that stand elsewhere are taken out.
Words PlainPairs(Source& source, pugi::xml_node owner, const char* tag, const std::string& name_of_owner);

/// Pairs of one block; those without a value are taken out.
Words Pairs(Source& source, pugi::xml_node block, const std::string& name_of_owner);

/// The conditions of a rule. `in_defaults`: one of a set of defaults, which may ask other things than one of
/// a location.
std::optional<Words> PcsRule(pugi::xml_node rule, bool in_defaults);

/// `name=value` for those of the attributes that are there.
void AddOptions(Words& words, pugi::xml_node element, std::initializer_list<const char*> names);

void Append(Words& words, const Words& more);

/// Whether an element has these attributes only.
bool HasAttributesOnly(pugi::xml_node element, std::initializer_list<std::string_view> attributes);

}  // namespace picket::compiler::exporting
