#include "runtime/attributes/tools.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace picket::runtime {
namespace {

constexpr const char* kNames[] = {"attrd_updater", "cibadmin", "crm_attribute", "crm_failcount", "crm_master",
                                  "crm_mon",       "crm_node", "crm_resource",  "crm_standby",   "crmadmin"};

}  // namespace

bool MakeTools(const std::string& folder, const std::string& program, std::string& error) {
  if (mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
    error = folder + ": " + std::strerror(errno);
    return false;
  }
  for (const char* name : kNames) {
    const std::string link = folder + "/" + name;
    unlink(link.c_str());
    if (symlink(program.c_str(), link.c_str()) != 0) {
      error = link + ": " + std::strerror(errno);
      return false;
    }
  }
  return true;
}

}  // namespace picket::runtime
