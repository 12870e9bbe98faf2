#include "cli/passwords.h"

#include <crypt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>

namespace picket::cli {
namespace {

constexpr size_t kPasswordMax = 256;

// Strong ones only: those that begin with $ and that crypt(3) knows.
bool IsHash(const std::string& hash) {
  return hash.starts_with("$") && !hash.starts_with("$1$") && hash.size() >= 20 &&
         crypt_checksalt(hash.c_str()) == CRYPT_SALT_OK;
}

}  // namespace

std::optional<Passwords> Passwords::Read(const std::string& path, std::string& reason) {
  struct stat about = {};
  std::ifstream stream(path);
  if (stat(path.c_str(), &about) != 0 || !stream) {
    reason = path + " cannot be read";
    return std::nullopt;
  }
  if (!S_ISREG(about.st_mode) || (about.st_mode & 077) != 0 || (about.st_uid != getuid() && about.st_uid != 0)) {
    reason = path + " has to be a file that only its owner can read: chmod 600 " + path;
    return std::nullopt;
  }
  Passwords passwords;
  size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const size_t colon = line.find(':');
    const std::string hash = colon == std::string::npos ? "" : line.substr(colon + 1);
    if (colon == 0 || !IsHash(hash)) {
      reason = path + ":" + std::to_string(number) +
               ": a line is NAME:HASH, the hash as `openssl passwd -6` or `mkpasswd` prints it";
      return std::nullopt;
    }
    passwords.hashes_[line.substr(0, colon)] = hash;
  }
  if (!passwords.hashes_.empty()) return passwords;
  reason = path + " has no line `NAME:HASH`";
  return std::nullopt;
}

bool Passwords::Fit(const std::string& name, const std::string& password) const {
  const auto found = hashes_.find(name);
  const std::string& hash = found == hashes_.end() ? hashes_.begin()->second : found->second;
  if (password.empty() || password.size() > kPasswordMax) return false;
  const auto data = std::make_unique<crypt_data>();
  const char* made = crypt_r(password.c_str(), hash.c_str(), data.get());
  if (!made || found == hashes_.end()) return false;
  const std::string text = made;
  unsigned difference = text.size() == hash.size() ? 0 : 1;
  for (size_t i = 0; i < text.size() && i < hash.size(); ++i)
    difference |= static_cast<unsigned char>(text[i]) ^ static_cast<unsigned char>(hash[i]);
  return difference == 0;
}

}  // namespace picket::cli
