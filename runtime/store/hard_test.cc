#include "runtime/store/hard.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

Hard Sample() {
  Hard hard = Applied({}, ReplaceConfiguration{"<cib/>\n", "db.picket"});
  hard = Applied(hard, SetPermanent{"n1", "standby", "on"});
  return Applied(hard, SetProperty{"maintenance-mode", "true"});
}

StoredFile Of(const Hard& hard) {
  return {GenerationName(hard.index), EncodeHard(hard)};
}

TEST_CASE("commands are numbered, and an attribute that is erased leaves nothing") {
  Hard hard = Sample();
  CHECK(hard.index == 3);
  CHECK(hard.attributes["n1"]["standby"] == "on");
  hard = Applied(hard, SetPermanent{"n1", "standby", std::nullopt});
  CHECK(hard.attributes.empty());
  CHECK(hard.index == 4);
}

TEST_CASE("a generation comes back as it was") {
  std::string error;
  const auto back = DecodeHard(EncodeHard(Sample()), error);
  REQUIRE(back);
  CHECK(*back == Sample());
}

TEST_CASE("no byte can be changed and none can be missing") {
  const std::string whole = EncodeHard(Sample());
  std::string error;
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string torn = whole;
    torn[i] = static_cast<char>(torn[i] ^ 1);
    CHECK_FALSE(DecodeHard(torn, error));
    CHECK_FALSE(DecodeHard(whole.substr(0, i), error));
  }
}

TEST_CASE("a level from the future is refused, not guessed at") {
  std::string bytes = EncodeHard(Sample());
  bytes.replace(bytes.find(" 1 "), 3, " 2 ");
  std::string error;
  CHECK_FALSE(DecodeHard(bytes, error));
  CHECK(error == "it is of level 2, and this picketd knows level 1");
}

TEST_CASE("the newest whole generation is loaded, and a torn newer one makes forgetful") {
  const Hard old = Applied({}, ReplaceConfiguration{"<cib/>", "old"});
  StoredFile torn = Of(Sample());
  torn.bytes.resize(torn.bytes.size() / 2);
  LoadedHard loaded = LoadHard({Of(old), torn});
  CHECK(loaded.hard == old);
  CHECK(loaded.forgetful);
  CHECK(loaded.newest_seen == 3);
  CHECK(loaded.complaints.size() == 1);

  loaded = LoadHard({Of(Sample()), Of(old)});
  CHECK(loaded.hard == Sample());
  CHECK_FALSE(loaded.forgetful);

  CHECK_FALSE(LoadHard({}).forgetful);
  CHECK(LoadHard({{"notes.txt", "mine"}}).hard == Hard());
}

TEST_CASE("a generation under another's name is not used") {
  CHECK(LoadHard({{"hard-9", EncodeHard(Sample())}}).forgetful);
}

TEST_CASE("a few generations are kept") {
  CHECK(OldGenerations({"hard-1", "hard-2", "hard-5", "hard-6", "x"}, 6) ==
        std::vector<std::string>{"hard-1", "hard-2"});
}

TEST_CASE("a promise has a checksum") {
  bool damaged = true;
  CHECK(LoadPromise({}, damaged) == 0);
  CHECK_FALSE(damaged);
  const std::string whole = EncodePromise(1234);
  CHECK(LoadPromise({{kPromiseName, whole}}, damaged) == 1234);
  CHECK_FALSE(damaged);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string other = whole;
    other[at] = static_cast<char>(other[at] ^ 1);
    CHECK(LoadPromise({{kPromiseName, other}}, damaged) == 0);
    CHECK(damaged);
    CHECK(LoadPromise({{kPromiseName, whole.substr(0, at)}}, damaged) == 0);
    CHECK(damaged);
  }
}

}  // namespace
}  // namespace picket::runtime
