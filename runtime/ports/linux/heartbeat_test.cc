#include "runtime/ports/linux/heartbeat.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace picket::runtime {
namespace {

std::string Text(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST_CASE("a device is told again and again, and let go at the end") {
  const std::string device = std::string(std::getenv("TEST_TMPDIR")) + "/watchdog";
  close(open(device.c_str(), O_CREAT | O_WRONLY, 0600));
  Heartbeat heartbeat;
  std::string error;
  REQUIRE(heartbeat.Arm(device, error, 30));
  CHECK(heartbeat.wait_ms() == 10);
  for (int turn = 0; turn < 3; ++turn) {
    heartbeat.Beat();
    heartbeat.Beat();
    usleep(11000);
  }
  CHECK(Text(device) == std::string(3, '\0'));
  heartbeat.Release();
  CHECK(Text(device) == std::string(3, '\0') + "V");
  CHECK_FALSE(Heartbeat().Arm("/nowhere/watchdog", error));
}

TEST_CASE("systemd is told as often as the unit wants") {
  // The test's own folder may have a name that is too long for a socket.
  char folder[] = "/tmp/picket-heartbeat-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/notify";
  const int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(bind(socket_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  setenv("WATCHDOG_USEC", "30000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  Heartbeat heartbeat;
  CHECK(heartbeat.wait_ms() == 10);
  heartbeat.Beat();
  char text[64] = {};
  CHECK(recv(socket_fd, text, sizeof text - 1, 0) > 0);
  CHECK(std::string(text) == "WATCHDOG=1");
  close(socket_fd);
  unlink(path.c_str());
  rmdir(folder);
  unsetenv("WATCHDOG_USEC");
  CHECK(Heartbeat().wait_ms() == -1);
}

}  // namespace
}  // namespace picket::runtime
