// A hash of 128 bits, wide enough to stand for what was hashed: a search of a billion states meets two equal ones by
// chance with a probability of about one in 10^21.
//
// Not for keeping: the value depends on the machine's byte order.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace picket::simulator {

struct Hash {
  uint64_t a = 0;
  uint64_t b = 0;
  friend bool operator==(const Hash&, const Hash&) = default;
  friend auto operator<=>(const Hash&, const Hash&) = default;
};

struct HashOfHash {
  size_t operator()(const Hash& hash) const noexcept { return static_cast<size_t>(hash.a); }
};

class Hasher {
 public:
  void Add(uint64_t value) {
    a_ = Mix(a_ ^ value, 0x9E3779B97F4A7C15u);
    b_ = Mix(b_ + value, 0xD6E8FEB86659FD93u) ^ a_;
  }
  void Add(std::string_view text) {
    Add(text.size() ^ 0x5851F42D4C957F2Du);
    while (text.size() >= 8) {
      uint64_t word;
      std::memcpy(&word, text.data(), 8);
      Add(word);
      text.remove_prefix(8);
    }
    if (text.empty()) return;
    uint64_t word = 0;
    std::memcpy(&word, text.data(), text.size());
    Add(word);
  }
  void Add(const Hash& hash) {
    Add(hash.a);
    Add(hash.b);
  }
  Hash Get() const { return {Mix(a_, 0xBF58476D1CE4E5B9u), Mix(b_, 0x94D049BB133111EBu)}; }

 private:
  static uint64_t Mix(uint64_t value, uint64_t factor) {
    value *= factor;
    value ^= value >> 29;
    value *= 0xBF58476D1CE4E5B9u;
    return value ^ (value >> 32);
  }

  uint64_t a_ = 0x243F6A8885A308D3u;
  uint64_t b_ = 0x13198A2E03707344u;
};

}  // namespace picket::simulator
