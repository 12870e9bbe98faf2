#include "runtime/ports/linux/disk.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>

namespace picket::runtime {
namespace {

TEST_CASE("a file is replaced whole, and nobody else may read it") {
  const std::string folder = std::getenv("TEST_TMPDIR");
  std::string error;
  CHECK(ReplaceFile(folder, "hard-1", "one", true, error) == WriteOutcome::kDone);
  CHECK(ReplaceFile(folder, "hard-1", "two", true, error) == WriteOutcome::kDone);
  const auto files = ReadFolder(folder, "hard-", 100);
  REQUIRE(files.size() == 1);
  CHECK(files[0].bytes == "two");
  struct stat status {};
  REQUIRE(stat((folder + "/hard-1").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("what cannot be written was not written") {
  std::string error;
  CHECK(ReplaceFile("/nowhere", "hard-1", "one", true, error) == WriteOutcome::kRefused);
  CHECK(error.find("/nowhere/hard-1") == 0);
  // A device that is full refuses before anything is replaced.
  CHECK(ReplaceFile("/dev", "full/x", "one", true, error) == WriteOutcome::kRefused);
}

TEST_CASE("a session is appended to, and after a failure written anew") {
  const std::string folder = std::getenv("TEST_TMPDIR");
  const auto text = [&] {
    const auto files = ReadFolder(folder, "session", 100);
    return files.empty() ? std::string() : files[0].bytes;
  };
  SessionFile file(folder);
  std::string error;
  CHECK_FALSE(file.Keep({1, "early\n", false}, error));
  error.clear();
  CHECK(file.Keep({2, "whole\n", true}, error));
  CHECK(file.Keep({3, "more\n", false}, error));
  CHECK(text() == "whole\nmore\n");
  CHECK(file.Keep({4, "new\n", true}, error));
  CHECK(text() == "new\n");
  SessionFile nowhere("/nowhere");
  CHECK_FALSE(nowhere.Keep({1, "whole\n", true}, error));
  CHECK(error.find("/nowhere/session") == 0);
  error.clear();
  CHECK_FALSE(nowhere.Keep({2, "more\n", false}, error));
}

TEST_CASE("a worker that hangs does not keep its owner") {
  auto inbox = std::make_shared<Inbox>();
  const auto began = std::chrono::steady_clock::now();
  {
    Worker<int> worker([inbox](int& seconds) {
      sleep(static_cast<unsigned>(seconds));
      inbox->Post(TimerFired{});
    });
    worker.Do(30);
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
}

}  // namespace
}  // namespace picket::runtime
