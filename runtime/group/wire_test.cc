#include "runtime/group/wire.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "runtime/group/message_json.h"

namespace picket::runtime {
namespace {

// Values of every type that messages are made of, from one seed, by the same lists of fields.
class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  size_t Below(size_t limit) { return static_cast<size_t>(random_() % limit); }

  template <typename T>
  T Make() {
    T value{};
    Fill(value);
    return value;
  }
  template <size_t I>
  Message MakeMessage() {
    return Make<std::variant_alternative_t<I, Message>>();
  }

 private:
  template <typename T>
  void Fill(T& value) {
    if constexpr (fields::Described<T>) {
      std::apply([&](const auto&... each) { (Fill(value.*each.member), ...); }, kFields<T>);
    } else if constexpr (std::is_enum_v<T>) {
      value = kAllowed<T>[Below(kAllowed<T>.size())];
    } else if constexpr (fields::kIs<T, std::optional>) {
      if (Below(2) == 0) Fill(value.emplace());
    } else if constexpr (fields::kIs<T, std::vector>) {
      for (size_t i = Below(4); i > 0; --i) Fill(value.emplace_back());
    } else if constexpr (fields::kIs<T, std::pair>) {
      Fill(value.first);
      Fill(value.second);
    } else if constexpr (fields::kIs<T, std::variant>) {
      FillOne(value, Below(std::variant_size_v<T>));
    } else if constexpr (std::is_same_v<T, std::string>) {
      static const std::string kParts[] = {"web", "\"", "\\", "\n", std::string(1, '\0'), "ß", "🂡", "{", "]", " "};
      for (size_t i = Below(6); i > 0; --i) value += kParts[Below(std::size(kParts))];
    } else if constexpr (std::is_same_v<T, bool>) {
      value = Below(2) == 0;
    } else {
      const T kEdges[] = {0, 1, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
      value = Below(2) == 0 ? kEdges[Below(4)] : static_cast<T>(random_());
    }
  }
  template <typename Variant, size_t I = 0>
  void FillOne(Variant& value, size_t which) {
    if constexpr (I < std::variant_size_v<Variant>) {
      if (which == I) return Fill(value.template emplace<I>());
      FillOne<Variant, I + 1>(value, which);
    }
  }

  std::mt19937_64 random_;
};

// Equality by the lists of fields, independent of text.
template <typename T>
bool Same(const T& a, const T& b) {
  if constexpr (fields::Described<T>) {
    return std::apply([&](const auto&... each) { return (Same(a.*each.member, b.*each.member) && ...); }, kFields<T>);
  } else if constexpr (fields::kIs<T, std::vector>) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return Same(x, y); });
  } else if constexpr (fields::kIs<T, std::variant>) {
    return a.index() == b.index() &&
           std::visit([&](const auto& one) { return Same(one, std::get<std::decay_t<decltype(one)>>(b)); }, a);
  } else {
    return a == b;
  }
}

constexpr GroupPeer kPeer{2, 4711};

std::optional<Envelope> Pass(Wire& wire, const std::vector<std::string>& pieces, std::string& error) {
  std::optional<Envelope> whole;
  for (const std::string& piece : pieces) {
    REQUIRE_FALSE(whole);
    REQUIRE(piece.size() <= kMulticastMax);
    whole = wire.Unpack(kPeer, piece, error);
    REQUIRE(error == "");
  }
  return whole;
}

template <size_t I = 0>
void EveryKindRoundTrips() {
  if constexpr (I < std::variant_size_v<Message>) {
    CAPTURE(kAlternatives<Message>[I]);
    for (uint64_t seed = 0; seed < 200; ++seed) {
      Maker maker(seed * 100 + I);
      Wire wire;
      std::string error;
      const Envelope sent{maker.Make<uint64_t>(), maker.MakeMessage<I>()};
      const std::optional<Envelope> got = Pass(wire, wire.Pack(sent), error);
      REQUIRE(got);
      REQUIRE(got->message.index() == I);
      REQUIRE(Same(sent, *got));
    }
    EveryKindRoundTrips<I + 1>();
  }
}

TEST_CASE("every kind of message is read as it was sent") {
  EveryKindRoundTrips();
}

TEST_CASE("the text of a message is what it was yesterday") {
  FailuresCleared cleared;
  cleared.node = "n1";
  cleared.resource = "vip";
  CHECK(EncodeEnvelope({7, cleared}) ==
        R"({"message":{"failures-cleared":{"node":"n1","planned":false,"resource":"vip"}},"term":7})");
  Proposed proposed;
  proposed.id = {"abc", 3};
  proposed.command = SetProperty{"stonith-enabled", std::nullopt};
  CHECK(EncodeEnvelope({0, proposed}) ==
        R"({"message":{"proposed":{"command":{"property":{"name":"stonith-enabled","value":null}},)"
        R"("id":{"counter":3,"incarnation":"abc"},"only_at":null}},"term":0})");
  CHECK(Wire().Pack({0, MayLeave{"n1"}}) ==
        std::vector<std::string>{"picket 1 1 0 1\n{\"message\":{\"may-leave\":{\"node\":\"n1\"}},\"term\":0}"});
}

TEST_CASE("bytes that are no text are replaced") {
  std::string error;
  const auto got = DecodeEnvelope(EncodeEnvelope({0, AttributeSet{"n1", "a", "x\xff"}}), error);
  REQUIRE(got);
  CHECK(std::get<AttributeSet>(got->message).value == "x\xef\xbf\xbd");
}

Envelope Large(size_t size) {
  Transfer transfer;
  transfer.hard.resize(size);
  std::mt19937 random(1);
  for (char& c : transfer.hard) c = static_cast<char>(' ' + random() % 90);
  return {1, transfer};
}

TEST_CASE("a message of 5 MB travels in pieces") {
  Wire wire;
  std::string error;
  const Envelope sent = Large(5 << 20);
  const std::vector<std::string> pieces = wire.Pack(sent);
  CHECK(pieces.size() > 20);
  const auto got = Pass(wire, pieces, error);
  REQUIRE(got);
  CHECK(Same(sent, *got));
  // The same memory serves the next one, and two senders do not disturb each other.
  const std::vector<std::string> next = wire.Pack(sent);
  for (size_t i = 0; i + 1 < next.size(); ++i) {
    CHECK_FALSE(wire.Unpack(kPeer, next[i], error));
    CHECK_FALSE(wire.Unpack({3, 1}, next[i], error));
  }
  CHECK(wire.Unpack(kPeer, next.back(), error));
  CHECK(wire.Unpack({3, 1}, next.back(), error));
}

TEST_CASE("what a change of the group cut in two never becomes whole") {
  Wire wire;
  std::string error;
  const std::vector<std::string> pieces = wire.Pack(Large(1 << 20));
  REQUIRE(pieces.size() > 4);
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (i == 2) wire.Forget();
    CHECK_FALSE(wire.Unpack(kPeer, pieces[i], error));
    CHECK(error == "");
  }
  CHECK(Pass(wire, wire.Pack(Large(1 << 20)), error));
}

TEST_CASE("a piece that is left out, repeated or of another message spoils the message, not the next one") {
  Wire wire;
  std::string error;
  const std::vector<std::string> pieces = wire.Pack(Large(1 << 20));
  const std::vector<std::string> others = wire.Pack(Large(1 << 20));
  for (const std::string& wrong : {pieces[2], pieces[1], others[2], std::string("picket 1 1 2 9\nx")}) {
    CHECK_FALSE(wire.Unpack(kPeer, pieces[0], error));
    CHECK_FALSE(wire.Unpack(kPeer, pieces[1], error));
    const bool right = wrong == pieces[2];
    CHECK_FALSE(wire.Unpack(kPeer, wrong, error));
    CHECK(error == (right ? "" : "it is not the piece that follows the one before"));
  }
  CHECK(Pass(wire, others, error));
}

TEST_CASE("what is none of ours is refused with a reason") {
  const std::pair<std::string, std::string> kCases[] = {
      {"", "it is no message of picketd"},
      {"hello", "it is no message of picketd"},
      {"picket ", "its first line is damaged"},
      {"picket 3 whatever comes then",
       "it is of format 3, and this picketd reads formats 1 to 2: install the same version of picketd on all "
       "nodes"},
      {"picket 1 1 1 1\n{}", "its first line is damaged"},
      {"picket 1 1 0 0\n{}", "its first line is damaged"},
      {"picket 1 -1 0 1\n{}", "its first line is damaged"},
      {"picket 1 1 0 4000000000\n{}", "its first line is damaged"},
      {"picket 1 99999999999999999999999 0 1\n{}", "its first line is damaged"},
      {"picket 1 1 0 1\n", "it is no JSON"},
      {"picket 1 1 0 1\n[]", "is no object"},
      {"picket 1 1 0 1\n{\"term\":1}", "`message` is missing"},
      {"picket 1 1 0 1\n{\"term\":-1,\"message\":{\"goodbye\":{\"node\":\"a\"}}}", "`term` is out of range"},
      {"picket 1 1 0 1\n{\"term\":1.5,\"message\":{\"goodbye\":{\"node\":\"a\"}}}", "`term` is no whole number"},
      {"picket 1 1 0 1\n{\"term\":1,\"message\":{\"goodbye\":{\"node\":7}}}", "`message` `goodbye` `node` is no text"},
      {"picket 1 1 0 1\n{\"term\":1,\"message\":{\"quake\":{}}}", "`message` is `quake`, of which nothing is known"},
      {"picket 1 1 0 1\n{\"term\":1,\"message\":{}}", "`message` is not one thing with its name"},
  };
  for (const auto& [piece, reason] : kCases) {
    CAPTURE(piece);
    std::string error;
    CHECK_FALSE(Wire().Unpack(kPeer, piece, error));
    CHECK(error == reason);
  }
}

TEST_CASE("a number that an enumeration does not have is refused") {
  Transfer transfer;
  transfer.absent.emplace_back().standing = Standing::kFenced;
  std::string text = EncodeEnvelope({1, transfer});
  const size_t at = text.find("\"standing\":4");
  REQUIRE(at != std::string::npos);
  std::string error;
  CHECK(DecodeEnvelope(text, error));
  for (const char* number : {"5", "-1", "260"}) {
    std::string wrong = text;
    wrong.replace(at + 11, 1, number);
    CHECK_FALSE(DecodeEnvelope(wrong, error));
    CHECK(error == "`message` `transfer` `absent` `standing` is none of the numbers that it may be");
  }
}

TEST_CASE("text that would cost much more memory than it has bytes is not parsed") {
  std::string error;
  CHECK_FALSE(DecodeEnvelope(std::string(size_t{50} << 20, '['), error));
  CHECK(error == "it is larger than any message may be");
  std::string many = "[0";
  for (int i = 0; i < 2000000; ++i) many += ",0";
  CHECK_FALSE(DecodeEnvelope(many + "]", error));
  CHECK(error == "it is larger than any message may be");
  // In a text they are only letters.
  CHECK(DecodeEnvelope(EncodeEnvelope({1, Goodbye{std::string(3000000, ',')}}), error));
}

TEST_CASE("changed bytes never crash, and give no message larger than they are") {
  Maker maker(42);
  Wire wire;
  std::string error;
  size_t read = 0;
  for (int run = 0; run < 20000; ++run) {
    std::string piece = wire.Pack(maker.Make<Envelope>()).front();
    for (size_t i = 1 + maker.Below(4); i > 0; --i) {
      const size_t at = maker.Below(piece.size());
      switch (maker.Below(4)) {
        case 0:
          piece[at] = static_cast<char>(maker.Below(256));
          break;
        case 1:
          piece.erase(at, maker.Below(20));
          break;
        case 2:
          piece.insert(at, piece.substr(maker.Below(piece.size()), maker.Below(20)));
          break;
        default:
          piece[at] = "0123456789{}[]\",:\\"[maker.Below(18)];
      }
      if (piece.empty()) piece = "p";
    }
    const auto envelope = wire.Unpack(kPeer, piece, error);
    if (!envelope) continue;
    ++read;
    REQUIRE(error == "");
    const std::string text = EncodeEnvelope(*envelope);
    REQUIRE(text.size() <= piece.size() + 200);
    REQUIRE(DecodeEnvelope(text, error));
  }
  // Some changes only concern what is written in a text.
  CHECK(read > 100);
}

}  // namespace
}  // namespace picket::runtime
