#include "solver/place/hash_order.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace picket::solver::place {
namespace {

constexpr uint32_t kPrimes[] = {7, 13, 31, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521};
constexpr uint32_t kSmallestBits = 3;

uint32_t Hash(std::string_view key) {
  uint32_t hash = 0;
  for (const char c : key) hash = hash * 31 + static_cast<uint32_t>(static_cast<int32_t>(static_cast<signed char>(c)));
  return hash < 2 ? 2 : hash;
}

// A table that only grows: keys are numbers from 0 in order of insertion, nothing is removed, so there are no
// tombstones and "used" is the number of keys.
class GrowingTable {
 public:
  void Insert(uint32_t hash) {
    const auto key = static_cast<int32_t>(hashes_.size());
    hashes_.push_back(hash);
    size_t slot = FirstSlot(hash);
    for (size_t step = 1; slots_[slot] >= 0; ++step) slot = (slot + step) % slots_.size();
    slots_[slot] = key;
    const size_t used = hashes_.size();
    if (slots_.size() <= used + used / 16 || (slots_.size() > 4 * used && slots_.size() > 8)) Resize();
  }

  std::vector<size_t> Order() const {
    std::vector<size_t> order;
    for (const int32_t key : slots_) {
      if (key >= 0) order.push_back(static_cast<size_t>(key));
    }
    return order;
  }

 private:
  size_t FirstSlot(uint32_t hash) const { return (hash * 11u) % kPrimes[bits_ - kSmallestBits]; }

  // In place: an entry that finds its slot taken by one that has not moved yet drives that one out (spec 03 §1.6.4).
  void Resize() {
    const size_t old_size = slots_.size();
    bits_ = 0;
    for (auto n = static_cast<uint32_t>(static_cast<double>(hashes_.size()) * 1.333); n > 0; n /= 2) ++bits_;
    if (bits_ < kSmallestBits) bits_ = kSmallestBits;
    slots_.resize(std::max<size_t>(old_size, size_t{1} << bits_), -1);
    const size_t new_size = size_t{1} << bits_;
    std::vector<bool> placed(slots_.size(), false);
    for (size_t i = 0; i < old_size; ++i) {
      if (placed[i] || slots_[i] < 0) continue;
      int32_t moving = std::exchange(slots_[i], -1);
      while (moving >= 0) {
        size_t slot = FirstSlot(hashes_[static_cast<size_t>(moving)]);
        for (size_t step = 1; placed[slot]; ++step) slot = (slot + step) % new_size;
        placed[slot] = true;
        moving = std::exchange(slots_[slot], moving);
      }
    }
    slots_.resize(new_size);
  }

  uint32_t bits_ = kSmallestBits;
  std::vector<int32_t> slots_ = std::vector<int32_t>(size_t{1} << kSmallestBits, -1);
  std::vector<uint32_t> hashes_;
};

}  // namespace

std::vector<size_t> HashOrder(const std::vector<std::string_view>& keys) {
  GrowingTable table;
  for (const std::string_view key : keys) table.Insert(Hash(key));
  return table.Order();
}

}  // namespace picket::solver::place
