#include "runtime/control/own_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace picket::runtime {
namespace {

std::string Base() {
  // Not the test's own folder, whose place others choose.
  static const std::string base = [] {
    char name[] = "/tmp/picket-own-folder-XXXXXX";
    return std::string(mkdtemp(name));
  }();
  return base;
}

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

TEST_CASE("a folder is made, below a sticky one too, and has its mode") {
  std::string error;
  CHECK(MakeOwnFolder(Base() + "/new", 0750, error));
  CHECK(ModeOf(Base() + "/new") == 0750);
  CHECK(MakeOwnFolder(Base() + "/new/", 0700, error));
  CHECK(ModeOf(Base() + "/new") == 0700);
}

TEST_CASE("one that others can write to is refused, and so is one below it") {
  std::string error;
  REQUIRE(mkdir((Base() + "/open").c_str(), 0700) == 0);
  REQUIRE(chmod((Base() + "/open").c_str(), 0777) == 0);
  CHECK_FALSE(MakeOwnFolder(Base() + "/open", 0700, error));
  CHECK(error == "others can write to " + Base() + "/open: choose another folder, or `chmod go-w " + Base() + "/open`");
  CHECK_FALSE(MakeOwnFolder(Base() + "/open/below", 0700, error));
  CHECK(access((Base() + "/open/below").c_str(), F_OK) != 0);
  // What is sticky may be above, and not be taken itself.
  REQUIRE(chmod((Base() + "/open").c_str(), 01777) == 0);
  CHECK(MakeOwnFolder(Base() + "/open/below", 0700, error));
  CHECK_FALSE(MakeOwnFolder(Base() + "/open", 0700, error));
}

TEST_CASE("a link is not followed") {
  std::string error;
  REQUIRE(mkdir((Base() + "/real").c_str(), 0700) == 0);
  REQUIRE(symlink((Base() + "/real").c_str(), (Base() + "/link").c_str()) == 0);
  CHECK_FALSE(MakeOwnFolder(Base() + "/link", 0700, error));
  CHECK(error.find("is a link or no folder") != std::string::npos);
  // One above is ours, since nobody else can write there.
  CHECK(MakeOwnFolder(Base() + "/link/below", 0700, error));
}

TEST_CASE("somebody else's folder is refused") {
  std::string error;
  if (geteuid() != 0) return;
  REQUIRE(mkdir((Base() + "/theirs").c_str(), 0755) == 0);
  REQUIRE(chown((Base() + "/theirs").c_str(), 4711, 4711) == 0);
  CHECK_FALSE(MakeOwnFolder(Base() + "/theirs", 0755, error));
  CHECK(error.find("belongs to user 4711") != std::string::npos);
  CHECK_FALSE(MakeOwnFolder(Base() + "/theirs/below", 0755, error));
}

TEST_CASE("a relative path begins where we are") {
  char here[4096];
  REQUIRE(getcwd(here, sizeof here));
  CHECK(AbsolutePath("some/./where/") == std::string(here) + "/some/where");
  CHECK(AbsolutePath("/") == "/");
}

}  // namespace
}  // namespace picket::runtime
