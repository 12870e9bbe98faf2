// The small parts of crmsh's language: words, lists of pairs, rules, operations. Nothing (`nullopt`) where
// crmsh 4.4.1 has no words, or takes the words for something else: then the element is said as `xml`.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "compiler/export/source.h"

namespace picket::compiler::exporting {

using Said = std::optional<std::string>;

/// Text that crmsh 4.4.1 gives back as it was: printable ASCII (of other letters it makes `&#228;`, of a tab
/// blanks, and a line break ends the statement), with no backslash before a double quote or at the end.
bool FitsCrmsh(std::string_view text);

/// A word, in double quotes where it needs them; `\` and `"` inside are escaped.
std::string Quoted(std::string_view text);

/// What crmsh takes for a name of an object.
bool IsCrmshName(std::string_view text);

/// `name=value`.
std::string Option(std::string_view name, std::string_view value);

/// All blocks of a resource or a node (` params …`, ` meta …`, ` operations …`), each on a line of its own.
/// `first` is the keyword of its instance attributes: `params` or `attributes`.
Said Blocks(const Source& source, pugi::xml_node element, const std::string& parameters);

/// What stands behind the id of a block: rule and pairs.
Said BlockBody(const Source& source, pugi::xml_node block);

/// ` rule …`.
Said Rule(const Source& source, pugi::xml_node rule);

/// The score with its colon; nothing if it is none.
Said Score(pugi::xml_attribute score);

/// Whether an element has these attributes only.
bool HasOnly(pugi::xml_node element, std::initializer_list<std::string_view> attributes);

}  // namespace picket::compiler::exporting
