#include "runtime/ports/linux/clients.h"

#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "runtime/control/request.h"

namespace picket::runtime {
namespace {

constexpr size_t kClientsMax = 128;
constexpr size_t kUnreadMax = size_t{256} << 20;
constexpr const char* kGroup = "haclient";

bool IsInGroup(uid_t uid, gid_t primary) {
  const group* wanted = getgrnam(kGroup);
  if (!wanted) return false;
  const gid_t gid = wanted->gr_gid;
  if (primary == gid) return true;
  const passwd* user = getpwuid(uid);
  if (!user) return false;
  int count = 256;
  std::vector<gid_t> groups(static_cast<size_t>(count));
  if (getgrouplist(user->pw_name, user->pw_gid, groups.data(), &count) < 0) return false;
  for (int i = 0; i < count; ++i) {
    if (groups[static_cast<size_t>(i)] == gid) return true;
  }
  return false;
}

bool MayChange(const ucred& peer) {
  return peer.uid == 0 || peer.uid == geteuid() || IsInGroup(peer.uid, peer.gid);
}

}  // namespace

bool Clients::Listen(const std::string& path, std::string& error) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    error = "its path is longer than a socket's may be";
    return false;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  listener_.Reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Whoever holds the lock of the folder owns the name; an old socket is of a daemon that is gone.
  unlink(path.c_str());
  if (!listener_.valid() || bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      chmod(path.c_str(), 0666) != 0 || listen(listener_.get(), 64) != 0) {
    error = std::strerror(errno);
    return false;
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kTag;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_.get(), &event);
  return true;
}

void Clients::Accept(std::vector<Event>& events) {
  while (true) {
    Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.valid()) return;
    ucred peer{};
    socklen_t size = sizeof peer;
    if (clients_.size() >= kClientsMax ||
        getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
      continue;
    }
    const ClientNumber number = next_++;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kTag | number;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket.get(), &event);
    Client client;
    client.socket = std::move(socket);
    client.may_change = MayChange(peer);
    events.push_back(ClientOpened{number, peer.uid, client.may_change});
    clients_[number] = std::move(client);
  }
}

void Clients::Ready(ClientNumber number, uint32_t what, std::vector<Event>& events) {
  const auto found = clients_.find(number);
  if (found == clients_.end()) return;
  Client& client = found->second;
  if (what & EPOLLOUT) Write(number, client);
  if (!(what & (EPOLLIN | EPOLLHUP | EPOLLERR))) return;
  char buffer[65536];
  const ssize_t size = read(client.socket.get(), buffer, sizeof buffer);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) {
    Close(number, events);
    return;
  }
  const size_t before = client.in.size();
  client.in.append(buffer, static_cast<size_t>(size));
  size_t begin = 0;
  for (size_t end = client.in.find('\n', before); end != std::string::npos; end = client.in.find('\n', begin)) {
    events.push_back(ClientSent{number, client.in.substr(begin, end - begin)});
    begin = end + 1;
  }
  client.in.erase(0, begin);
  // Twice, since a text grows when it is written as JSON.
  const size_t limit = client.may_change ? 2 * kConfigurationMax : kRequestMax;
  if (client.in.size() > limit) Close(number, events);
}

void Clients::Do(const Answer& answer, std::vector<Event>& events) {
  const auto found = clients_.find(answer.client);
  if (found == clients_.end()) return;
  Client& client = found->second;
  client.out += answer.line;
  client.out += '\n';
  Write(answer.client, client);
  if (client.out.size() > kUnreadMax) Close(answer.client, events);
}

void Clients::Do(const CloseClient& close, std::vector<Event>& events) { Close(close.client, events); }

void Clients::Write(ClientNumber number, Client& client) {
  size_t at = 0;
  while (at < client.out.size()) {
    const ssize_t size = send(client.socket.get(), client.out.data() + at, client.out.size() - at, MSG_NOSIGNAL);
    if (size <= 0) break;
    at += static_cast<size_t>(size);
  }
  client.out.erase(0, at);
  const bool wants = !client.out.empty();
  if (wants == client.wants_write) return;
  client.wants_write = wants;
  epoll_event event{};
  event.events = EPOLLIN | (wants ? static_cast<uint32_t>(EPOLLOUT) : 0u);
  event.data.u64 = kTag | number;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, client.socket.get(), &event);
}

void Clients::Close(ClientNumber number, std::vector<Event>& events) {
  clients_.erase(number);
  events.push_back(ClientClosed{number});
}

void Clients::Flush() {
  for (auto& [number, client] : clients_) {
    for (int tries = 0; tries < 20 && !client.out.empty(); ++tries) {
      pollfd wait{client.socket.get(), POLLOUT, 0};
      if (poll(&wait, 1, 50) > 0) Write(number, client);
    }
  }
}

}  // namespace picket::runtime
