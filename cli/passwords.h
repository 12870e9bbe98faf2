// Who may enter `picket serve`: names and hashes of passwords, from a file.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace picket::cli {

class Passwords {
 public:
  // Lines NAME:HASH, hashed by crypt(3) (`openssl passwd -6`, `mkpasswd`); `#` begins a comment. The file is its
  // owner's alone. Nullopt and the reason if it cannot be read or is not like that.
  static std::optional<Passwords> Read(const std::string& path, std::string& reason);

  // Takes as long for a name that is not there.
  bool Fit(const std::string& name, const std::string& password) const;

 private:
  std::map<std::string, std::string> hashes_;
};

}  // namespace picket::cli
