// What the lab (cli/lab) is told of a policy: its nodes and links, corosync.conf, the CIB, its tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/compile.h"

namespace picket::cli {

// The policy's cluster as JSON.
std::string LabPlan(const compiler::CompileResult& compilation);

// Writes the lab's programs into a new folder and gives its path; nullopt and the reason if that fails.
std::optional<std::string> UnpackLab(std::string& reason);

// The same, with the policy's plan beside the programs, in `PlanIn(folder)`. nullopt after telling why on stderr.
std::optional<std::string> UnpackLabFor(const compiler::CompileResult& compilation);
std::string PlanIn(const std::string& folder);

// Runs the lab's program from that folder with these words, to its end, and gives its exit status.
int RunLab(const std::string& folder, const std::vector<std::string>& words);

void RemoveLabFolder(const std::string& folder);

}  // namespace picket::cli
