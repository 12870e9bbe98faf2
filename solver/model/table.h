// Name/value tables: meta-attributes, parameters, node attributes, utilization.
//
// Order of insertion is kept, because a few outputs need it (the hash-order replay of spec 03 §1.6 starts
// from it); everything that prints sorted sorts by itself. Tables are small (tens of names), lookup is a
// scan.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace picket::solver {

// XML attributes of an element in document order.
using Attributes = std::vector<std::pair<std::string, std::string>>;

class Table {
 public:
  const std::string* Find(std::string_view name) const {
    for (const auto& [key, value] : pairs_) {
      if (key == name) return &value;
    }
    return nullptr;
  }
  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  // The value, or empty text.
  std::string_view Get(std::string_view name) const {
    const std::string* value = Find(name);
    return value ? std::string_view(*value) : std::string_view();
  }
  // First setter wins: nothing happens if the name is there. Gives whether it was set.
  bool Add(std::string_view name, std::string_view value) {
    if (Has(name)) return false;
    pairs_.emplace_back(name, value);
    return true;
  }
  // Overwrites in place or appends.
  void Set(std::string_view name, std::string_view value) {
    for (auto& [key, old] : pairs_) {
      if (key == name) {
        old = value;
        return;
      }
    }
    pairs_.emplace_back(name, value);
  }
  void Remove(std::string_view name) {
    for (auto it = pairs_.begin(); it != pairs_.end(); ++it) {
      if (it->first == name) {
        pairs_.erase(it);
        return;
      }
    }
  }
  bool empty() const { return pairs_.empty(); }
  size_t size() const { return pairs_.size(); }
  void clear() { pairs_.clear(); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }
  friend bool operator==(const Table&, const Table&) = default;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

// Value of an XML attribute in a list, or nullptr.
inline const std::string* FindAttribute(const Attributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes) {
    if (key == name) return &value;
  }
  return nullptr;
}
inline std::string_view AttributeOr(const Attributes& attributes, std::string_view name,
                                    std::string_view fallback = {}) {
  const std::string* value = FindAttribute(attributes, name);
  return value ? std::string_view(*value) : fallback;
}

}  // namespace picket::solver
