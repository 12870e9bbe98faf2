// The archive that crm_report makes, as text in memory: nothing of it is ever written to disk, so no name in
// it can lead anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::cli {

// Whether a text, once unpacked, is a tar archive.
bool IsTar(std::string_view text);

// The newest `cib.xml` in a tar archive, by its epochs; of equally new ones the first. Nothing, and the
// reason, if the archive is damaged or has none. What stands before a damaged place is not used: it may not
// be the newest.
std::optional<std::string> CibOfReport(std::string_view archive, std::string& reason);

// `corosync.conf` that lies beside that CIB, else the first in the archive; nothing without one, and of a damaged
// archive.
std::optional<std::string> CorosyncOfReport(std::string_view archive);

struct ReportFile {
  std::string name;  // As in the archive, with its folders.
  std::string text;  // May be packed.
};

// The inputs that schedulers saved (`pengine/pe-input-9.bz2`), in the order of the archive, empty ones apart.
std::vector<ReportFile> InputsOfReport(std::string_view archive);

}  // namespace picket::cli
