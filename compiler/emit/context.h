// What the functions that write the CIB share: the document under
// construction, the ids that are taken, the source map and the target.
#pragma once

#include <cstdint>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::emit {

/// Which Pacemaker the CIB is for: option names and schema differ.
enum class Target { k21, k30 };

/// A value that is filled in at deployment: `secret("ipmi/ha1")`. The document
/// holds a placeholder in the `value` of the pair with this id.
struct Secret {
  std::string pair_id;
  std::string path;
  Span span;
};

/// Hands out ids. An id is made of the author's names and, where those do not
/// suffice, of what the element says; never of a number that counts elements,
/// which would shift when a line is put in. Only elements that are equal in
/// every respect are told apart by counting.
class IdTable {
 public:
  /// Keeps an id that the author wrote from being derived for something else.
  void Reserve(std::string_view id) { taken_.insert(std::string(id)); }
  /// An id that looks like `wanted`; `content` is what tells the element from
  /// others that want the same.
  std::string Claim(std::string_view wanted, std::string_view content);

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, int> twins_;  // by the id they want: the number to try next
};

/// A short, stable digest of a text: eight hexadecimal digits.
std::string ShortHash(std::string_view text);

/// The text with everything that an XML id cannot hold replaced by `-`.
std::string IdPart(std::string_view text);

struct Context {
  Target target = Target::k21;
  const Symbols& symbols;
  SourceMap& map;
  Diagnostics& diagnostics;
  std::vector<Secret>& secrets;
  IdTable ids;
  /// Set by constructs that only schemas before 4.0 allow.
  bool needs_old_schema = false;
  /// Set by accounts with an id of their own, which schemas before 3.8 lack.
  bool names_accounts = false;
  /// Set by conditions on dates that schemas before 3.9 lack.
  bool needs_date_schema = false;

  pugi::xml_node crm_config, nodes, resources, constraints, fencing_topology, rsc_defaults, op_defaults, tags, acls,
      alerts;

  /// Gives an element its id, from the author (`@id`) or derived, and notes
  /// where it comes from.
  std::string SetId(pugi::xml_node element, const std::optional<ast::Text>& given, std::string_view wanted,
                    std::string_view content, const Span& span);

  /// Sets an attribute and notes where it comes from. The element has its id.
  void Set(pugi::xml_node element, const char* attribute, std::string_view value, const Span& span);

  Diagnostic& Error(std::string_view code, const Span& span, std::string message) {
    return diagnostics.Error(code, span, std::move(message));
  }
};

/// The text of a value where only a text makes sense; reports lists, maps and
/// calls. `what` is for "… is a single value".
std::string TextOf(Context& context, const ast::Value& value, std::string_view what);

/// `promoted` as the CIB spells it: Promoted. Reports what is no role.
std::string RoleOf(Context& context, const ast::Text& role);

/// A score as the CIB spells it; reports what is none, and negative ones if
/// `positive`.
std::string ScoreOf(Context& context, const ast::Value& value, bool positive);

/// true or false, as attributes of the CIB want it; reports anything else.
std::string BooleanOf(Context& context, const ast::Option& option);

/// Reports an option that is not one of `known`, with the nearest that is.
void UnknownOption(Context& context, const ast::Option& option, const std::vector<std::string>& known,
                   std::string_view owner);

}  // namespace picket::compiler::emit
