#include "runtime/group/wire.h"

#include <algorithm>
#include <charconv>

#include "bazel/deps/fmt.h"
#include "runtime/group/message_json.h"

namespace picket::runtime {
namespace {

// Not the ordered kind, which goes through all keys of an object for each: an enemy could send a million.
using Json = nlohmann::json;

constexpr std::string_view kMagic = "picket ";
constexpr size_t kHeaderMax = 64;
constexpr size_t kStretchMax = kMulticastMax - kHeaderMax;
constexpr uint32_t kPiecesMax = kMessageMax / kStretchMax + 1;
// What a message may be made of. A value costs more memory than text, and ours are a few thousand at most.
constexpr size_t kValuesMax = size_t{1} << 20;
constexpr size_t kDepthMax = 16;

struct Header {
  int format = 0;
  uint64_t number = 0;
  uint32_t piece = 0, count = 0;
};

template <typename Int>
bool TakeNumber(std::string_view& text, char end, Int& value) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest == text.data() + text.size() || *rest != end) return false;
  text.remove_prefix(static_cast<size_t>(rest - text.data()) + 1);
  return true;
}

// Takes the first line off. False with the reason if it is not one of ours.
bool TakeHeader(std::string_view& piece, int high, Header& header, std::string& error) {
  if (!piece.starts_with(kMagic)) {
    error = "it is no message of picketd";
    return false;
  }
  piece.remove_prefix(kMagic.size());
  // A later format keeps the first number; the rest of its line is its own business.
  if (!TakeNumber(piece, ' ', header.format)) {
    error = "its first line is damaged";
    return false;
  }
  if (header.format < kWireLow || header.format > high) {
    error = fmt::format(
        "it is of format {}, and this picketd reads formats {} to {}: install the same version of "
        "picketd on all nodes",
        header.format, kWireLow, high);
    return false;
  }
  if (!TakeNumber(piece, ' ', header.number) || !TakeNumber(piece, ' ', header.piece) ||
      !TakeNumber(piece, '\n', header.count) || header.piece >= header.count || header.count > kPiecesMax) {
    error = "its first line is damaged";
    return false;
  }
  return true;
}

// True if the text can be parsed at a bounded cost; the parser itself has no bound but the memory.
bool IsModest(std::string_view text) {
  size_t values = 0;
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (quoted) {
      if (c == '\\') ++i;
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (c == '[' || c == '{' || c == ',' || c == ':') ++values;
    if (depth > kDepthMax || values > kValuesMax) return false;
  }
  return true;
}

}  // namespace

int Wire::FormatOf(const Message& message) const {
  if (std::holds_alternative<Hello>(message)) return kWireHello;
  // They mean nothing in an older one.
  const bool is_new = std::holds_alternative<Pulse>(message) || std::holds_alternative<Overdue>(message);
  return is_new ? std::max(speaks, 2) : speaks;
}

std::vector<std::string> Wire::Pack(const Envelope& envelope) {
  const std::string text = EncodeEnvelope(envelope);
  std::vector<std::string> pieces;
  if (text.size() > kMessageMax) return pieces;
  const size_t count = (text.size() + kStretchMax - 1) / kStretchMax;
  const uint64_t number = next_number_++;
  const int format = FormatOf(envelope.message);
  for (size_t i = 0; i < count; ++i) {
    std::string piece = fmt::format("{}{} {} {} {}\n", kMagic, format, number, i, count);
    piece.append(text, i * kStretchMax, kStretchMax);
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::optional<Envelope> Wire::Unpack(const GroupPeer& sender, std::string_view piece, std::string& error) {
  error.clear();
  Header header;
  if (!TakeHeader(piece, high, header, error)) return std::nullopt;
  if (header.count == 1) return DecodeEnvelope(piece, error);
  if (header.piece == 0) {
    partial_[sender] = Partial{header.number, 0, header.count, {}};
  }
  const auto found = partial_.find(sender);
  // Its beginning was sent before we came, or before the group changed.
  if (found == partial_.end()) return std::nullopt;
  Partial& partial = found->second;
  const bool follows = partial.number == header.number && partial.next == header.piece && partial.count == header.count;
  if (!follows || partial.bytes.size() + piece.size() > kMessageMax) {
    error = follows ? "it is longer than any message may be" : "it is not the piece that follows the one before";
    partial_.erase(found);
    return std::nullopt;
  }
  partial.bytes += piece;
  if (++partial.next < partial.count) return std::nullopt;
  const std::string bytes = std::move(partial.bytes);
  partial_.erase(found);
  return DecodeEnvelope(bytes, error);
}

std::string EncodeEnvelope(const Envelope& envelope) {
  return ToJson<Json>(envelope).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Envelope> DecodeEnvelope(std::string_view text, std::string& error) {
  error.clear();
  if (text.size() > kMessageMax || !IsModest(text)) {
    error = "it is larger than any message may be";
    return std::nullopt;
  }
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    error = "it is no JSON";
    return std::nullopt;
  }
  try {
    Envelope envelope;
    FromJson(json, envelope);
    return envelope;
  } catch (const WrongField& wrong) {
    error = wrong.what();
    return std::nullopt;
  }
}

}  // namespace picket::runtime
