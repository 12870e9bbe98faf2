// The archive that crm_report makes, as text in memory: nothing of it is ever written to disk, so no name in
// it can lead anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace picket::cli {

// Whether a text, once unpacked, is a tar archive.
bool IsTar(std::string_view text);

// The newest `cib.xml` in a tar archive, by its epochs; of equally new ones the first. Nothing, and the
// reason, if the archive is damaged or has none. What stands before a damaged place is not used: it may not
// be the newest.
std::optional<std::string> CibOfReport(std::string_view archive, std::string& reason);

}  // namespace picket::cli
