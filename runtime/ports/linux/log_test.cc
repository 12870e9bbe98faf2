#include "runtime/ports/linux/log.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace picket::runtime {
namespace {

std::string Text(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST_CASE("a pipe that nobody reads stops nobody, and what was left out is counted") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const std::string line(1000, 'x');
  std::string read_text;
  {
    Log log(ends[1]);
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 3000; ++i) log.Say(SayLevel::kInfo, line);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
    // Somebody reads at last, until there is nothing left; then there is room for the next line.
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    char buffer[65536];
    for (int looks = 0; looks < 2000 && read_text.find("lines are left out") == std::string::npos; ++looks) {
      log.Say(SayLevel::kInfo, "now");
      ssize_t size = 0;
      while ((size = read(ends[0], buffer, sizeof buffer)) > 0) read_text.append(buffer, static_cast<size_t>(size));
      usleep(1000);
    }
  }
  CHECK(read_text.find("lines are left out") != std::string::npos);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("a log that nobody reads does not keep its owner from ending") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const auto began = std::chrono::steady_clock::now();
  {
    Log log(ends[1]);
    for (int i = 0; i < 200; ++i) log.Say(SayLevel::kError, std::string(1000, 'x'));
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
  // The thread still writes there; its ends stay open until the test is over.
}

TEST_CASE("a long file is put aside") {
  const std::string file = std::string(std::getenv("TEST_TMPDIR")) + "/picketd.log";
  {
    Log log(-1, file, 2000);
    for (int i = 0; i < 30; ++i) {
      log.Say(SayLevel::kWarning, "line " + std::to_string(i) + std::string(200, '.'));
      usleep(2000);
    }
  }
  CHECK(Text(file).find("line 29") != std::string::npos);
  CHECK(Text(file + ".1").find("warning: line") != std::string::npos);
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK(status.st_size < 5000);
  CHECK((status.st_mode & 0777) == 0600);
}

}  // namespace
}  // namespace picket::runtime
