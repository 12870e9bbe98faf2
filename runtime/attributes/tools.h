// The folder with the small programs that resource agents call: crm_attribute, crm_master, attrd_updater and their
// like. They are one program under many names (tool_main.cc), put first in the agents' PATH.
#pragma once

#include <string>

namespace picket::runtime {

// Makes the folder with a link for each name.
bool MakeTools(const std::string& folder, const std::string& program, std::string& error);

}  // namespace picket::runtime
