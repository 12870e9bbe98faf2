// Texts that are packed: Pacemaker saves what its scheduler was given with bzip2; people pack with gzip
// and xz.
#pragma once

#include <optional>
#include <string>

namespace picket::cli {

// The text as it is, or unpacked if it begins as bzip2, gzip or xz do. Nothing, and the reason, if it is damaged
// or more than any CIB has: a few packed bytes can become as many as they like.
std::optional<std::string> Unpacked(std::string text, std::string& reason);

}  // namespace picket::cli
