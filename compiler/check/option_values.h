// What the value of an option may be, where only certain values mean anything: one table for attributes of the CIB's
// elements, for settings of Corosync and for attributes of nodes; the shapes of known_options for the rest.
//
// The writers of the CIB and of corosync.conf ask here (E0205), lints do (W0422), and so do edits in tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/known_options.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// Where an option stands that belongs to no block of pairs.
enum class Holder : uint8_t {
  kOrder,
  kLocation,
  kTicket,
  kSet,
  kBundle,
  kNetwork,  ///< Of a bundle, as the next two.
  kPort,
  kStorage,
  kTotem,
  kQuorum,
  kCrypto,
  kLink,
  kQdevice,
  kNode,    ///< `attributes` of a node
  kDevice,  ///< parameters that the fence daemon reads
};

/// Null for an option that the table does not have.
const KnownOption* FindAttribute(Holder holder, std::string_view name);
/// The names that the table has for a holder, for suggestions. Of Corosync's sections it has all names.
std::vector<std::string> AttributeNames(Holder holder);

/// What a value should have been.
struct ValueFault {
  std::string wanted;  ///< "yes or no"
  std::string remedy;  ///< What to type; never empty.
};
/// Nothing if the value fits.
std::optional<ValueFault> FaultOfValue(const KnownOption& option, std::string_view value);

/// Reports a value that does not fit (E0205). True if it fits, and for what is not in the table.
bool CheckValue(Holder holder, const ast::Option& option, Diagnostics& diagnostics);

}  // namespace picket::compiler
