// What was put in force from this machine, cluster by cluster: a line of JSON for each apply, in a file that
// only its owner reads. It outlives what others do to the cluster. Secrets are not in it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace picket::cli {

// Oldest first. A line that is damaged (a disk that was full, a kill) is left out.
std::vector<nlohmann::ordered_json> ReadJournal(const std::string& cluster);
// False and the reason if that fails.
bool AppendToJournal(const std::string& cluster, const nlohmann::ordered_json& entry, std::string& reason);

}  // namespace picket::cli
