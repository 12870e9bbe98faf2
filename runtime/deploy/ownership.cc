#include "runtime/deploy/ownership.h"

#include <zlib.h>

#include <optional>
#include <string_view>
#include <vector>

#include "runtime/deploy/object_key.h"
#include "solver/cib/values.h"

namespace picket::runtime {
namespace {

using pugi::xml_node;

constexpr std::string_view kSerial = "picket-serial";
constexpr std::string_view kOwned = "picket-owned";
constexpr std::string_view kBeside = "picket-beside";
constexpr std::string_view kSecrets = "picket-secrets";
constexpr std::string_view kNote = "picket-note-";
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr size_t kBytesMax = size_t{64} << 20;

std::string ToLetters(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    const size_t letters = std::min<size_t>(bytes.size() - i, 3) + 1;
    for (size_t j = 0; j < letters; ++j) text += kAlphabet[group >> (18 - 6 * j) & 63];
  }
  return text;
}

std::optional<std::string> FromLetters(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 4) {
    const size_t letters = std::min<size_t>(text.size() - i, 4);
    uint32_t group = 0;
    for (size_t j = 0; j < 4; ++j) {
      uint32_t value = 0;
      if (j < letters) {
        const auto at = std::string_view(kAlphabet).find(text[i + j]);
        if (at == std::string_view::npos) return std::nullopt;
        value = static_cast<uint32_t>(at);
      }
      group = group << 6 | value;
    }
    for (size_t j = 0; j + 1 < letters; ++j) bytes += static_cast<char>(group >> (16 - 8 * j) & 255);
  }
  return bytes;
}

// A list of names as one word that needs no quoting: packed, since a large cluster has thousands.
std::string Pack(const std::set<std::string>& keys) {
  std::string lines;
  for (const std::string& key : keys) lines += key + "\n";
  uLongf size = compressBound(static_cast<uLong>(lines.size()));
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(lines.data()),
            static_cast<uLong>(lines.size()), Z_BEST_COMPRESSION);
  packed.resize(size);
  return std::to_string(lines.size()) + ":" + ToLetters(packed);
}

std::optional<std::set<std::string>> Unpack(std::string_view text) {
  const size_t colon = text.find(':');
  const auto size = solver::ParseInteger(text);
  if (colon == std::string_view::npos || !size || *size < 0 || static_cast<size_t>(*size) > kBytesMax)
    return std::nullopt;
  const auto packed = FromLetters(text.substr(colon + 1));
  if (!packed) return std::nullopt;
  std::string lines(static_cast<size_t>(*size), '\0');
  auto made = static_cast<uLongf>(lines.size());
  if (!lines.empty() &&
      (uncompress(reinterpret_cast<Bytef*>(lines.data()), &made, reinterpret_cast<const Bytef*>(packed->data()),
                  static_cast<uLong>(packed->size())) != Z_OK ||
       made != lines.size())) {
    return std::nullopt;
  }
  std::set<std::string> keys;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = lines.find('\n', at);
    keys.insert(lines.substr(at, end - at));
    at = end + 1;
  }
  return keys;
}

// A key, and what the policy called the value: both have no tab.
std::set<std::string> SecretLines(const std::map<std::string, std::string>& secrets) {
  std::set<std::string> lines;
  for (const auto& [key, path] : secrets) lines.insert(key + "\t" + path);
  return lines;
}

std::map<std::string, std::string> SecretsIn(const std::set<std::string>& lines) {
  std::map<std::string, std::string> secrets;
  for (const std::string& line : lines) {
    const size_t tab = line.find('\t');
    if (tab != std::string::npos) secrets[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return secrets;
}

void AddPair(xml_node set, const std::string& id, std::string_view name, const std::string& value) {
  xml_node pair = set.append_child("nvpair");
  pair.append_attribute("id").set_value(id.c_str());
  pair.append_attribute("name").set_value(std::string(name).c_str());
  pair.append_attribute("value").set_value(value.c_str());
}

void Collect(xml_node element, std::set<std::string>& keys) {
  for (const xml_node child : element.children()) {
    if (IsClustersOwn(child)) continue;
    if (IsOwnable(child)) keys.insert(KeyOf(child));
    Collect(child, keys);
  }
}

}  // namespace

Ownership ReadOwnership(xml_node configuration) {
  Ownership ownership;
  const xml_node set = configuration.child("crm_config").find_child_by_attribute("id", kMarkerId);
  for (const xml_node pair : set.children("nvpair")) {
    const std::string_view name = pair.attribute("name").value();
    const std::string_view value = pair.attribute("value").value();
    if (name == kSerial) {
      ownership.serial = static_cast<uint64_t>(std::max<int64_t>(solver::ParseInteger(value).value_or(0), 0));
    } else if (name == kOwned || name == kBeside) {
      auto keys = Unpack(value);
      if (!keys) return {};
      (name == kOwned ? ownership.owned : ownership.beside) = std::move(*keys);
    } else if (name == kSecrets) {
      const auto lines = Unpack(value);
      if (!lines) return {};
      ownership.secrets = SecretsIn(*lines);
    } else if (name.starts_with(kNote)) {
      ownership.notes[std::string(name.substr(kNote.size()))] = value;
    }
  }
  return ownership;
}

void WriteOwnership(xml_node configuration, const Ownership& ownership) {
  xml_node options = configuration.child("crm_config");
  xml_node set = options.find_child_by_attribute("id", kMarkerId);
  if (!set) {
    set = options.append_child("cluster_property_set");
    set.append_attribute("id").set_value(kMarkerId);
  }
  set.remove_children();
  const std::string serial = std::to_string(ownership.serial);
  AddPair(set, "picket-serial-" + serial, kSerial, serial);
  AddPair(set, "picket-owned", kOwned, Pack(ownership.owned));
  AddPair(set, "picket-beside", kBeside, Pack(ownership.beside));
  if (!ownership.secrets.empty()) AddPair(set, "picket-secrets", kSecrets, Pack(SecretLines(ownership.secrets)));
  for (const auto& [name, value] : ownership.notes)
    AddPair(set, std::string(kNote) + name, std::string(kNote) + name, value);
}

bool IsOwnable(xml_node element) {
  const std::string_view tag = element.name();
  if (IsObject(element)) return std::string_view(element.parent().name()) != "configuration";
  if (IsBlock(element)) return static_cast<bool>(element.attribute("id-ref"));
  return tag == "nvpair" || tag == "op" || tag == "recipient" || tag == "obj_ref";
}

std::set<std::string> DeclaredKeys(xml_node configuration) {
  std::set<std::string> keys;
  for (const xml_node section : configuration.children()) Collect(section, keys);
  return keys;
}

}  // namespace picket::runtime
