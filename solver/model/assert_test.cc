#include "solver/model/assert.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "doctest/doctest.h"

using namespace picket;

namespace {

struct Ended {
  int status = -1;  // -1: by a signal
  std::string told;
};

// What a process says and how it ends that does `work`; 0 if `work` comes back.
template <typename Work>
Ended EndOf(const Work& work) {
  std::array<int, 2> pipe_ends{};
  REQUIRE(pipe(pipe_ends.data()) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDERR_FILENO);
    work();
    _exit(0);
  }
  close(pipe_ends[1]);
  Ended ended;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = read(pipe_ends[0], buffer.data(), buffer.size())) > 0;)
    ended.told.append(buffer.data(), static_cast<size_t>(got));
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
  return ended;
}

}  // namespace

TEST_CASE("a promise that holds costs nothing and says nothing") {
  int asked = 0;
  const Ended ended = EndOf([&] {
    PICKET_ASSERT(++asked == 1, "the condition is asked once");
    PICKET_ASSERT(asked == 1, "the condition is asked once");
  });
  CHECK(ended.status == 0);
  CHECK(ended.told.empty());
}

TEST_CASE("a broken promise ends the program with 70, and says what was promised and where") {
  const Ended ended = EndOf([] { PICKET_ASSERT(1 + 1 == 3, "one and one are three"); });
  CHECK(ended.status == 70);
  CHECK(ended.told.find("one and one are three (1 + 1 == 3, solver/model/assert_test.cc:") != std::string::npos);
  CHECK(ended.told.find("defect of Picket") != std::string::npos);
}
