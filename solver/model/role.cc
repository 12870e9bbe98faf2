#include "solver/model/role.h"

#include "solver/model/text.h"

namespace picket::solver {

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kUnknown:
      return "Unknown";
    case Role::kStopped:
      return "Stopped";
    case Role::kStarted:
      return "Started";
    case Role::kUnpromoted:
      return "Unpromoted";
    case Role::kPromoted:
      return "Promoted";
  }
  return "Unknown";
}

std::optional<Role> ParseRole(std::string_view text) {
  if (EqualFolded(text, "Stopped")) return Role::kStopped;
  if (EqualFolded(text, "Started")) return Role::kStarted;
  if (EqualFolded(text, "Unpromoted") || EqualFolded(text, "Slave")) return Role::kUnpromoted;
  if (EqualFolded(text, "Promoted") || EqualFolded(text, "Master")) return Role::kPromoted;
  return std::nullopt;
}

}  // namespace picket::solver
