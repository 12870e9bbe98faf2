// What a provider, or a house, wants of a policy beyond what is right for everybody: values that its guides advise.
//
// A profile is a text of lines, described in docs/profiles.md:
//
//     profile azure
//     totem token = 30000ms "a host may pause for up to 30 s"
//     param stonith:fence_azure_arm pcmk_reboot_timeout = 900s
//
// Opinions are never among the defaults: they are checked where `check --profile` asks for them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/compile.h"

namespace picket::compiler {

struct Opinion {
  enum class Subject { kSection, kProperty, kDefaults, kParameter, kMeta, kOperation, kLinks, kTransport };
  enum class Relation { kEqual, kNotEqual, kAtLeast, kAtMost };

  Subject subject = Subject::kProperty;
  std::string section;    ///< `totem`, `quorum`, `crypto`, `sbd`; `rsc_defaults`, `op_defaults`.
  std::string agent;      ///< Of parameters, meta attributes and operations; a `*` at its end stands for anything.
  std::string operation;  ///< Of an operation: `monitor`.
  std::string role;       ///< Of an operation: `promoted`, or empty.
  std::string name;       ///< Of the option.
  Relation relation = Relation::kEqual;
  std::string value;
  std::string where;   ///< Only where a resource of this agent is in the policy; empty: always.
  std::string reason;  ///< One sentence, or empty.
};

struct Profile {
  std::string name;
  std::vector<Opinion> opinions;
};

struct ProfileFault {
  std::size_t line = 0;  ///< One-based.
  std::string message;
  std::string help;
};

/// Any bytes may come in; a text that is no profile gives nothing and the first fault.
std::optional<Profile> ReadProfile(std::string_view text, ProfileFault& fault);

/// A warning (W0490) for each opinion that the policy does not share.
void CheckProfile(const Profile& profile, const Review& review);

}  // namespace picket::compiler
