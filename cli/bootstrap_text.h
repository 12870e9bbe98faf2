// The plan of `picket bootstrap` as people and programs read it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runtime/bootstrap/plan.h"

namespace picket::cli {

// The lines that go and come, with some around them: `- old`, `+ new`, `  same`. Control characters are
// question marks.
std::vector<std::string> LineDiff(const std::string& before, const std::string& after);

// `foretold`: what the simulator says that it does to the services, a line each.
std::string TextOf(const runtime::BootstrapPlan& plan, const std::vector<std::string>& foretold);
nlohmann::ordered_json JsonOf(const runtime::BootstrapPlan& plan, const std::vector<std::string>& foretold);

}  // namespace picket::cli
