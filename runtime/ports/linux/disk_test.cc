#include "runtime/ports/linux/disk.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>

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

}  // namespace
}  // namespace picket::runtime
