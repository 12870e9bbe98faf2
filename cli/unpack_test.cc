#include "cli/unpack.h"

#include <bzlib.h>
#include <doctest/doctest.h>
#include <lzma.h>
#include <zlib.h>

namespace picket::cli {
namespace {

std::string Bzip2(std::string text) {
  std::string packed(text.size() + 1000, '\0');
  auto size = static_cast<unsigned>(packed.size());
  REQUIRE(BZ2_bzBuffToBuffCompress(packed.data(), &size, text.data(), static_cast<unsigned>(text.size()), 9, 0, 0) ==
          BZ_OK);
  packed.resize(size);
  return packed;
}

std::string Gzip(std::string text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<unsigned char*>(text.data());
  stream.avail_in = static_cast<unsigned>(text.size());
  stream.next_out = reinterpret_cast<unsigned char*>(packed.data());
  stream.avail_out = static_cast<unsigned>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string Xz(const std::string& text) {
  std::string packed(text.size() + 1000, '\0');
  size_t size = 0;
  REQUIRE(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const uint8_t*>(text.data()),
                                  text.size(), reinterpret_cast<uint8_t*>(packed.data()), &size,
                                  packed.size()) == LZMA_OK);
  packed.resize(size);
  return packed;
}

TEST_CASE("what is packed is unpacked, anything else is left alone") {
  const std::string text(300000, 'x');
  std::string reason;
  for (const std::string& input : {text, Bzip2(text), Gzip(text), Xz(text)}) CHECK(Unpacked(input, reason) == text);
  CHECK(Unpacked("", reason) == "");
  CHECK(Unpacked("<cib/>", reason) == "<cib/>");
  CHECK(reason.empty());
}

TEST_CASE("what is cut off or damaged is refused") {
  for (std::string packed : {Bzip2("some text"), Gzip("some text")}) {
    for (size_t size = 4; size < packed.size(); size += 3) {
      std::string reason;
      CHECK_FALSE(Unpacked(packed.substr(0, size), reason));
      CHECK(reason.find("is damaged") != std::string::npos);
    }
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    std::string reason;
    CHECK_FALSE(Unpacked(packed, reason));
  }
}

}  // namespace
}  // namespace picket::cli
