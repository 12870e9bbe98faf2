#include "runtime/deploy/secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "runtime/store/secret_pairs.h"

namespace picket::runtime {
namespace {

// `secret(PATH)`, as the compiler writes it.
std::optional<std::string> PathIn(std::string_view value) {
  constexpr std::string_view kBegin = "secret(";
  if (!value.starts_with(kBegin) || !value.ends_with(')')) return std::nullopt;
  return std::string(value.substr(kBegin.size(), value.size() - kBegin.size() - 1));
}

class Filler {
 public:
  explicit Filler(const SecretReader& read) : read_(read) {}

  void Visit(pugi::xml_node node) {
    for (pugi::xml_node child : node.children()) {
      if (std::string_view(child.name()) == "nvpair") Fill(child);
      Visit(child);
    }
  }

  std::vector<std::string> ids;
  std::vector<Refusal> refused;

 private:
  void Fill(pugi::xml_node pair) {
    const std::optional<std::string> path = PathIn(pair.attribute("value").value());
    if (!path) return;
    const std::string id = pair.attribute("id").value();
    std::string error;
    const std::optional<std::string> value = read_(*path, error);
    if (!value) {
      refused.push_back({id, "secret(\"" + *path + "\") has no value: " + error});
      return;
    }
    pair.attribute("value").set_value(value->c_str());
    ids.push_back(id);
  }

  const SecretReader& read_;
};

bool LeadsOut(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string::npos) return true;
  return ("/" + path + "/").find("/../") != std::string::npos;
}

bool IsText(const std::string& value) {
  return std::none_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::optional<std::string> Contents(int file, std::string& error) {
  struct stat about {};
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
    error = "it is no file";
    return std::nullopt;
  }
  if ((about.st_mode & S_IROTH) != 0) {
    error = "everybody on this machine may read it; `chmod o=` changes that";
    return std::nullopt;
  }
  std::string text(kSecretMax + 3, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      error = std::strerror(errno);
      return std::nullopt;
    }
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return text;
}

}  // namespace

std::vector<Refusal> FillSecrets(pugi::xml_document& document, const SecretReader& read) {
  Filler filler(read);
  const pugi::xml_node configuration = document.document_element().child("configuration");
  filler.Visit(configuration);
  if (filler.refused.empty()) MarkSecretPairs(configuration, filler.ids);
  return std::move(filler.refused);
}

std::optional<std::string> ReadSecret(const std::string& folder, const std::string& path, std::string& error) {
  if (LeadsOut(path)) {
    error = "its path leads out of the folder of secrets";
    return std::nullopt;
  }
  const std::string name = folder + "/" + path;
  const int file = open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    error = name + ": " + std::strerror(errno);
    return std::nullopt;
  }
  std::optional<std::string> value = Contents(file, error);
  close(file);
  if (!value) {
    error = name + ": " + error;
    return std::nullopt;
  }
  if (value->ends_with('\n')) value->pop_back();
  if (value->ends_with('\r')) value->pop_back();
  if (!value->empty() && value->size() <= kSecretMax && IsText(*value)) return value;
  error = name + (value->empty() ? ": it is empty" : ": it is not one line of text");
  return std::nullopt;
}

}  // namespace picket::runtime
