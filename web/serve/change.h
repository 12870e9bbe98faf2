// The day-to-day verbs as data: what may be asked of a live cluster, and what each one edits in its CIB.
//
// The edits are those that crm_attribute, crm_resource and their like make (spec 09 §15); `reboot` edits nothing: it
// is only asked about. Nothing here touches a cluster.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::web {

struct Change {
  enum class Verb : uint8_t {
    kReboot,
    kStandby,
    kOnline,
    kMaintenanceOn,
    kMaintenanceOff,
    kCleanup,
    kStart,
    kStop,
    kMove,
    kClear,
  };
  Verb verb = Verb::kReboot;
  std::string node;      // of the first three; of maintenance and cleanup optional; of move the place to go to
  std::string resource;  // of the last five; of cleanup optional

  friend bool operator==(const Change&, const Change&) = default;
};

// {"verb","node"?,"resource"?}; nullopt and the reason if it is no such request.
std::optional<Change> ReadChange(const nlohmann::json& request, std::string& reason);

// `put ha1 in standby`.
std::string TitleOf(const Change& change);
const char* WordOf(Change::Verb verb);
// The verbs that can be carried out, not only asked about.
std::vector<Change::Verb> AllVerbs();

// Whether the change is an edit of the configuration; `reboot` and `cleanup` are not.
bool IsEdit(const Change& change);
// Makes the edit. False and the reason if what it names is not in the CIB.
bool Edit(const Change& change, pugi::xml_document& cib, std::string& reason);
// Whether what it names is there.
bool IsPossible(const Change& change, const pugi::xml_document& cib, std::string& reason);

}  // namespace picket::web
