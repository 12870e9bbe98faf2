#include "runtime/control/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runtime/control/own_folder.h"

namespace picket::runtime {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kAnswerMs = 60000;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

Folders FoldersIn(const std::string& given) {
  // Agents do not run where we are.
  const std::string folder = given.empty() ? given : AbsolutePath(given);
  if (!folder.empty()) return {folder + "/run", folder + "/state"};
  if (geteuid() == 0) return {"/run/picket", "/var/lib/picket"};
  const std::string runtime = Environment("XDG_RUNTIME_DIR");
  const std::string state = Environment("XDG_STATE_HOME");
  const std::string home = Environment("HOME");
  return {(runtime.empty() ? "/tmp/picket-" + std::to_string(geteuid()) : runtime + "/picket"),
          (state.empty() ? home + "/.local/state" : state) + "/picket"};
}

Connection::~Connection() {
  if (fd_ >= 0) close(fd_);
}

bool Connection::Open(const std::string& socket_path, std::string& error) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) {
    error = socket_path + ": longer than a socket's path may be";
    return false;
  }
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
  fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0 || connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const bool nobody = errno == ENOENT || errno == ECONNREFUSED;
    error = nobody ? "no picketd answers at " + socket_path : socket_path + ": " + std::strerror(errno);
    if (errno == EACCES) error += "; picketd answers root and members of the group haclient";
    return false;
  }
  // Whoever answers hears all that is sent, passwords among it.
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd_, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == 0 || peer.uid == geteuid())) {
    return true;
  }
  error = socket_path + " is served by user " + std::to_string(peer.uid) + ", which is neither root nor we ourselves";
  close(fd_);
  fd_ = -1;
  return false;
}

bool Connection::Send(const Json& request) {
  const std::string line = request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  size_t at = 0;
  while (at < line.size()) {
    const ssize_t size = send(fd_, line.data() + at, line.size() - at, MSG_NOSIGNAL);
    if (size <= 0) return false;
    at += static_cast<size_t>(size);
  }
  return true;
}

std::optional<Json> Connection::Read(int timeout_ms) {
  size_t searched = 0;
  while (true) {
    const size_t end = in_.find('\n', searched);
    if (end != std::string::npos) {
      Json json = Json::parse(std::string_view(in_).substr(0, end), nullptr, false);
      in_.erase(0, end + 1);
      if (json.is_discarded()) return std::nullopt;
      return json;
    }
    searched = in_.size();
    pollfd wait{fd_, POLLIN, 0};
    if (poll(&wait, 1, timeout_ms) <= 0) return std::nullopt;
    char buffer[65536];
    const ssize_t size = read(fd_, buffer, sizeof buffer);
    if (size <= 0) {
      ended_ = true;
      return std::nullopt;
    }
    in_.append(buffer, static_cast<size_t>(size));
  }
}

std::optional<Json> Ask(const std::string& socket, const Json& request, std::string& error) {
  Connection connection;
  if (!connection.Open(socket, error)) return std::nullopt;
  if (!connection.Send(request)) {
    error = "picketd did not take the request";
    return std::nullopt;
  }
  std::optional<Json> answer = connection.Read(kAnswerMs);
  if (!answer) {
    error = "picketd gave no answer; whether it has done what it was asked for is not known";
    return std::nullopt;
  }
  if (answer->contains("error")) {
    error = answer->at("error").get<std::string>();
    return std::nullopt;
  }
  return answer;
}

}  // namespace picket::runtime
