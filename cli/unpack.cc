#include "cli/unpack.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace picket::cli {
namespace {

constexpr size_t kBytesMax = size_t{512} << 20;
constexpr size_t kStep = size_t{1} << 16;
constexpr uint64_t kXzMemoryBytesMax = uint64_t{256} << 20;
constexpr std::string_view kXz =
    "\xfd"
    "7zXZ";
constexpr const char* kTooMuch = "is larger than any CIB";

// Gives false where it ends too early or is damaged.
bool FromBzip2(std::string& packed, std::string& text) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return false;
  stream.next_in = packed.data();
  stream.avail_in = static_cast<unsigned>(packed.size());
  std::vector<char> buffer(kStep);
  int outcome = BZ_OK;
  while (outcome == BZ_OK && text.size() <= kBytesMax) {
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<unsigned>(buffer.size());
    outcome = BZ2_bzDecompress(&stream);
    const size_t made = buffer.size() - stream.avail_out;
    text.append(buffer.data(), made);
    if (outcome == BZ_OK && made == 0 && stream.avail_in == 0) break;  // Cut off.
  }
  BZ2_bzDecompressEnd(&stream);
  return outcome == BZ_STREAM_END || text.size() > kBytesMax;
}

bool FromGzip(std::string& packed, std::string& text) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return false;
  stream.next_in = reinterpret_cast<unsigned char*>(packed.data());
  stream.avail_in = static_cast<unsigned>(packed.size());
  std::vector<unsigned char> buffer(kStep);
  int outcome = Z_OK;
  while (outcome == Z_OK && text.size() <= kBytesMax) {
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<unsigned>(buffer.size());
    outcome = inflate(&stream, Z_NO_FLUSH);
    text.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return outcome == Z_STREAM_END || text.size() > kBytesMax;
}

bool FromXz(std::string& packed, std::string& text) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kXzMemoryBytesMax, 0) != LZMA_OK) return false;
  stream.next_in = reinterpret_cast<const uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::vector<uint8_t> buffer(kStep);
  lzma_ret outcome = LZMA_OK;
  while (outcome == LZMA_OK && text.size() <= kBytesMax) {
    stream.next_out = buffer.data();
    stream.avail_out = buffer.size();
    outcome = lzma_code(&stream, LZMA_FINISH);
    text.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
  }
  lzma_end(&stream);
  return outcome == LZMA_STREAM_END || text.size() > kBytesMax;
}

}  // namespace

std::optional<std::string> Unpacked(std::string text, std::string& reason) {
  const bool bzip2 = text.starts_with("BZh"), xz = text.starts_with(kXz);
  if (!bzip2 && !xz && !text.starts_with("\x1f\x8b")) return text;
  std::string plain;
  if (!(bzip2 ? FromBzip2(text, plain) : xz ? FromXz(text, plain) : FromGzip(text, plain))) {
    reason = std::string("is damaged: ") + (bzip2 ? "bzip2" : xz ? "xz" : "gzip") + " cannot unpack it";
    return std::nullopt;
  }
  if (plain.size() <= kBytesMax) return plain;
  reason = kTooMuch;
  return std::nullopt;
}

}  // namespace picket::cli
