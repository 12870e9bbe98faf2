// Strong ids: indices into the vectors of a Run or a Cluster that cannot be mixed up.
//
// An id never implies an order of processing; the orders that the specification asks for are vectors of ids.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace picket::solver {

template <typename Tag>
struct Id {
  int32_t value = -1;

  constexpr Id() = default;
  constexpr explicit Id(size_t index) : value(static_cast<int32_t>(index)) {}
  constexpr bool valid() const { return value >= 0; }
  constexpr explicit operator bool() const { return valid(); }
  constexpr size_t index() const { return static_cast<size_t>(value); }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using NodeId = Id<struct NodeTag>;
using ResourceId = Id<struct ResourceTag>;
// Action ids: index 0 is the first action created; the graph prints index + 1.
using ActionId = Id<struct ActionTag>;
using ColocationId = Id<struct ColocationTag>;
using LocationId = Id<struct LocationTag>;
using RelationId = Id<struct RelationTag>;

}  // namespace picket::solver

template <typename Tag>
struct std::hash<picket::solver::Id<Tag>> {
  size_t operator()(picket::solver::Id<Tag> id) const noexcept { return std::hash<int32_t>()(id.value); }
};
