#include "solver/status/md5.h"

#include <array>
#include <bit>
#include <cstdint>

namespace picket::solver {
namespace {

using Words = std::array<uint32_t, 4>;

constexpr size_t kBlockBytes = 64;

// floor(2^32 * abs(sin(i + 1))), RFC 1321 §3.4.
constexpr std::array<uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr int kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

uint32_t WordAt(const char* bytes) {
  uint32_t word = 0;
  for (int i = 3; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  return word;
}

template <int kRound>
uint32_t Mix(const Words& s) {
  switch (kRound) {
    case 0:
      return (s[1] & s[2]) | (~s[1] & s[3]);
    case 1:
      return (s[1] & s[3]) | (s[2] & ~s[3]);
    case 2:
      return s[1] ^ s[2] ^ s[3];
    default:
      return s[2] ^ (s[1] | ~s[3]);
  }
}

template <int kRound>
void AddRound(Words& s, const std::array<uint32_t, 16>& words) {
  constexpr size_t kFactor[4] = {1, 5, 3, 7};
  constexpr size_t kOffset[4] = {0, 1, 5, 0};
  for (size_t step = 0; step < 16; ++step) {
    const uint32_t word = words[(kFactor[kRound] * step + kOffset[kRound]) % 16];
    const uint32_t sum = s[0] + Mix<kRound>(s) + kSines[16 * kRound + step] + word;
    s = {s[3], s[1] + std::rotl(sum, kShifts[kRound][step % 4]), s[1], s[2]};
  }
}

void AddBlock(Words& state, const char* block) {
  std::array<uint32_t, 16> words;
  for (size_t i = 0; i < words.size(); ++i) words[i] = WordAt(block + 4 * i);
  Words s = state;
  AddRound<0>(s, words);
  AddRound<1>(s, words);
  AddRound<2>(s, words);
  AddRound<3>(s, words);
  for (size_t i = 0; i < 4; ++i) state[i] += s[i];
}

}  // namespace

std::string Md5Hex(std::string_view bytes) {
  Words state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::string tail(bytes.substr(bytes.size() / kBlockBytes * kBlockBytes));
  tail.reserve(2 * kBlockBytes);
  for (size_t at = 0; at + kBlockBytes <= bytes.size(); at += kBlockBytes) AddBlock(state, bytes.data() + at);

  // Padding: one bit, zeros, and the length in bits in the last eight bytes of a block.
  tail += '\x80';
  tail.resize((tail.size() + 8 + kBlockBytes - 1) / kBlockBytes * kBlockBytes - 8, '\0');
  const uint64_t bits = uint64_t{bytes.size()} * 8;
  for (int i = 0; i < 8; ++i) tail += static_cast<char>(bits >> (8 * i));
  for (size_t at = 0; at < tail.size(); at += kBlockBytes) AddBlock(state, tail.data() + at);

  constexpr char kHex[] = "0123456789abcdef";
  std::string text(32, '0');
  for (size_t i = 0; i < text.size(); ++i) {
    const uint32_t byte = state[i / 8] >> (8 * (i / 2 % 4)) & 0xff;
    text[i] = kHex[i % 2 == 0 ? byte >> 4 : byte & 15];
  }
  return text;
}

}  // namespace picket::solver
