// Fills in what a policy calls `secret("path")`, on the machine where it is put in force.
//
// A value `secret(PATH)` of an nvpair stands for the content of a file below a folder that is named on the command
// line; it never stands in a policy, nor in a compiled CIB. From then on it is part of the configuration, which is
// for the eyes of those who may change it: the ids of the pairs are written into the configuration, so that nobody
// else is shown them, whatever the parameters are called.
#pragma once

#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "runtime/deploy/supported.h"

namespace picket::runtime {

inline constexpr size_t kSecretMax = 16 << 10;

// The content for a path; nothing, and why, if there is none.
using SecretReader = std::function<std::optional<std::string>(const std::string& path, std::string& error)>;

// Puts all values in place, or gives what is amiss, in document order.
std::vector<Refusal> FillSecrets(pugi::xml_document& document, const SecretReader& read);

// The file PATH below the folder, without its last end of line. Refused: a path that leads out of the folder, a file
// that everybody may read, a value that is empty, too long or no text.
std::optional<std::string> ReadSecret(const std::string& folder, const std::string& path, std::string& error);

}  // namespace picket::runtime
