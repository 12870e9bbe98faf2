#include "runtime/ports/linux/clients.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "runtime/control/request.h"

namespace picket::runtime {
namespace {

constexpr int kFirstAnswerMs = 200;
constexpr std::chrono::milliseconds kFlush{1000};

// The groups in which the peer was when it connected, by the kernel's word.
std::vector<gid_t> GroupsOf(int socket) {
  std::vector<gid_t> groups(64);
  auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) {
    if (errno != ERANGE) return {};
    groups.resize(size / sizeof(gid_t));
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return {};
  }
  groups.resize(size / sizeof(gid_t));
  return groups;
}

}  // namespace

bool Clients::Listen(const std::string& path, std::string& error, const std::string& group) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    error = "its path is longer than a socket's may be";
    return false;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  path_ = path;
  group_ = std::make_unique<GroupNumber>(group);
  listener_.Reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Whoever holds the lock of the folder owns the name; an old socket is of a daemon that is gone.
  unlink(path.c_str());
  const mode_t before = umask(0177);
  const bool bound =
      listener_.valid() && bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  umask(before);
  if (!bound || listen(listener_.get(), 64) != 0) {
    error = std::strerror(errno);
    return false;
  }
  // Name services that answer at once are not waited for later.
  group_->WaitForFirst(kFirstAnswerMs);
  Refresh();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kTag;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_.get(), &event);
  return true;
}

// Who is not in the group does not even get as far as being refused.
void Clients::Refresh() {
  const int64_t number = group_->get();
  if (number == shown_group_) return;
  shown_group_ = number;
  const bool given = number >= 0 && chown(path_.c_str(), static_cast<uid_t>(-1), static_cast<gid_t>(number)) == 0;
  chmod(path_.c_str(), given ? 0660 : 0600);
}

bool Clients::IsWelcome(int socket, const ucred& peer) const {
  if (peer.uid == 0 || peer.uid == geteuid()) return true;
  const int64_t wanted = group_->get();
  if (wanted < 0) return false;
  const std::vector<gid_t> groups = GroupsOf(socket);
  return peer.gid == static_cast<gid_t>(wanted) ||
         std::find(groups.begin(), groups.end(), static_cast<gid_t>(wanted)) != groups.end();
}

// Whoever has said nothing for longest goes, of those who count towards the limit that is reached.
bool Clients::MakeRoom(uid_t uid, bool trusted, std::vector<Event>& events) {
  const auto make = [&](size_t limit, const auto& counts) {
    size_t count = 0;
    const std::pair<const ClientNumber, Client>* idlest = nullptr;
    for (const auto& entry : clients_) {
      if (!counts(entry.second)) continue;
      ++count;
      const bool idle = !entry.second.asked && !entry.second.queued && !entry.second.hears;
      if (idle && (!idlest || entry.second.last_said < idlest->second.last_said)) idlest = &entry;
    }
    if (count < limit) return true;
    if (!idlest) return false;
    Close(idlest->first, events);
    return true;
  };
  if (!trusted && !make(kOneUserMax, [&](const Client& client) { return client.uid == uid; })) return false;
  if (!trusted && !make(kOthersMax, [](const Client& client) { return !client.trusted; })) return false;
  return make(kClientsMax, [](const Client&) { return true; });
}

void Clients::Accept(std::vector<Event>& events) {
  while (true) {
    Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.valid()) return;
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) continue;
    const bool trusted = peer.uid == 0 || peer.uid == geteuid();
    if (!IsWelcome(socket.get(), peer) || !MakeRoom(peer.uid, trusted, events)) continue;
    const ClientNumber number = next_++;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kTag | number;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket.get(), &event);
    Client client;
    client.socket = std::move(socket);
    client.uid = peer.uid;
    client.trusted = trusted;
    client.events = EPOLLIN;
    client.last_said = ++said_;
    events.push_back(ClientOpened{number, peer.uid, true});
    clients_[number] = std::move(client);
  }
}

void Clients::Ready(ClientNumber number, uint32_t what, std::vector<Event>& events) {
  const auto found = clients_.find(number);
  if (found == clients_.end()) return;
  Client& client = found->second;
  if (what & (EPOLLHUP | EPOLLERR)) {
    Close(number, events);
    return;
  }
  if (what & EPOLLOUT) {
    Write(client);
    Queue(number, client);
  }
  if (what & EPOLLIN) {
    char buffer[65536];
    const ssize_t size = read(client.socket.get(), buffer, sizeof buffer);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
      Close(number, events);
      return;
    }
    if (size > 0) client.in.append(buffer, static_cast<size_t>(size));
    client.last_said = ++said_;
    Queue(number, client);
    // Twice, since a text grows when it is written as JSON.
    if (client.in.size() > 2 * kConfigurationMax) {
      Close(number, events);
      return;
    }
  }
  Watch(number, client);
}

// Its next request waits its turn, once the last one is answered and the answer taken.
void Clients::Queue(ClientNumber number, Client& client) {
  if (client.asked || client.queued || !client.out.empty() || client.in.find('\n') == std::string::npos) return;
  client.queued = true;
  waiting_.push_back(number);
}

bool Clients::TakeRequest(std::vector<Event>& events) {
  while (!waiting_.empty()) {
    const ClientNumber number = waiting_.front();
    waiting_.pop_front();
    const auto found = clients_.find(number);
    if (found == clients_.end()) continue;
    Client& client = found->second;
    const size_t end = client.in.find('\n');
    ClientSent sent{number, client.in.substr(0, end)};
    client.in.erase(0, end + 1);
    client.queued = false;
    client.asked = true;
    // It stays to be told of things; the core says of what.
    client.hears = client.hears || sent.line.find("\"watch\"") != std::string::npos ||
                   sent.line.find("\"follow\"") != std::string::npos;
    Watch(number, client);
    events.push_back(std::move(sent));
    return true;
  }
  return false;
}

void Clients::Do(const Answer& answer, std::vector<Event>& events) {
  const auto found = clients_.find(answer.client);
  if (found == clients_.end()) return;
  Client& client = found->second;
  if (client.out.size() > kBacklogMax || unread_ + answer.line.size() > kUnreadMax) {
    Close(answer.client, events);
    return;
  }
  client.asked = false;
  client.out += answer.line;
  client.out += '\n';
  unread_ += answer.line.size() + 1;
  Write(client);
  Queue(answer.client, client);
  Watch(answer.client, client);
}

void Clients::Do(const CloseClient& close, std::vector<Event>& events) {
  Close(close.client, events);
}

void Clients::Write(Client& client) {
  size_t at = 0;
  while (at < client.out.size()) {
    const ssize_t size = send(client.socket.get(), client.out.data() + at, client.out.size() - at, MSG_NOSIGNAL);
    if (size <= 0) break;
    at += static_cast<size_t>(size);
  }
  client.out.erase(0, at);
  unread_ -= at;
}

// Nothing more is read from it while it has a request under way.
void Clients::Watch(ClientNumber number, Client& client) {
  const bool reads = !client.asked && !client.queued && client.out.empty();
  const uint32_t wanted =
      (reads ? static_cast<uint32_t>(EPOLLIN) : 0u) | (client.out.empty() ? 0u : static_cast<uint32_t>(EPOLLOUT));
  if (wanted == client.events) return;
  client.events = wanted;
  epoll_event event{};
  event.events = wanted;
  event.data.u64 = kTag | number;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, client.socket.get(), &event);
}

void Clients::Close(ClientNumber number, std::vector<Event>& events) {
  const auto found = clients_.find(number);
  if (found == clients_.end()) return;
  unread_ -= found->second.out.size();
  clients_.erase(found);
  events.push_back(ClientClosed{number});
}

void Clients::Flush() {
  const auto end = std::chrono::steady_clock::now() + kFlush;
  while (std::chrono::steady_clock::now() < end) {
    std::vector<pollfd> fds;
    for (auto& [number, client] : clients_) {
      Write(client);
      if (!client.out.empty()) fds.push_back({client.socket.get(), POLLOUT, 0});
    }
    if (fds.empty() || poll(fds.data(), fds.size(), 50) < 0) return;
    // Who has gone takes nothing any more, and would be ready for ever.
    const bool alive =
        std::any_of(fds.begin(), fds.end(), [](const pollfd& fd) { return (fd.revents & POLLHUP) == 0; });
    if (!alive) return;
  }
}

}  // namespace picket::runtime
