// Roles, in the order in which the specification compares them (spec 02 §1, 01 §3.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace picket::solver {

enum class Role : uint8_t { kUnknown, kStopped, kStarted, kUnpromoted, kPromoted };

// `Unknown`, `Stopped`, `Started`, `Unpromoted`, `Promoted`.
std::string_view RoleName(Role role);

// Any case; `Slave` and `Master` are old names. Anything else (`Unknown` included) gives nothing.
std::optional<Role> ParseRole(std::string_view text);

}  // namespace picket::solver
