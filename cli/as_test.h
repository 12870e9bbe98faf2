// `picket import --as-test`: saved scheduler inputs as a policy with a test that reproduces the incident.
#pragma once

#include <string>
#include <vector>

namespace picket::cli {

// Reads the inputs (XML, or XML packed with bzip2), writes the policy to `output`. Gives the exit status.
int ImportAsTest(const std::vector<std::string>& files, const std::string& output, bool all_ids);

}  // namespace picket::cli
