// Files that are written whole or not at all.
//
// The text goes to a new file beside the target, which then takes the target's name, so a reader sees the old
// text or the new one and a crash leaves the old one. What is not a regular file (a pipe, /dev/stdout) is
// written directly. A link is followed; the target's permissions are kept.
#pragma once

#include <string>
#include <string_view>

namespace picket::cli {

// Gives false and the system's reason if that fails.
bool WriteFile(const std::string& path, std::string_view text, std::string& reason);

// Whether WriteFile() could make or replace the file, as far as can be told without doing it.
bool CanWriteFile(const std::string& path, std::string& reason);

}  // namespace picket::cli
