// A proposal for people and for programs (docs/deploy.md describes the JSON).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/proposal.h"

namespace picket::cli {

// What changes, what that does, what is left as it is.
std::string TextOf(const Wanted& wanted, const Proposal& proposal);
// The effects alone.
std::string EffectsOf(const Proposal& proposal);
nlohmann::ordered_json JsonOf(const Wanted& wanted, const Proposal& proposal);

// `12 s`, `1 min 5 s`, `300 ms`.
std::string OutageText(int64_t ms);

}  // namespace picket::cli
