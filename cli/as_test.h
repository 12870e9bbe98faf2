// `picket import --as-test`: saved scheduler inputs as a policy with a test that reproduces the incident.
#pragma once

#include <string>
#include <vector>

#include "compiler/import/import.h"

namespace picket::cli {

// Reads the inputs (XML, or XML packed with bzip2) and makes a policy with a test of them: `imported.policy`.
// Gives the exit status: 1 if the test cannot be played to its end, 2 or 3, after telling why, if there is no policy.
int ImportAsTest(const std::vector<std::string>& files, bool all_ids, compiler::import::Imported& imported);

}  // namespace picket::cli
