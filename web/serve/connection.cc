#include "web/serve/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace picket::web {
namespace {

constexpr ssize_t kWait = -2;

void Name(const sockaddr_storage& address, std::string& ip, int& port) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
    inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
    port = ntohs(six.sin6_port);
  } else {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    port = ntohs(four.sin_port);
  }
  ip = text;
}

}  // namespace

int64_t ClockMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Connection::Connection(int socket, SSL_CTX* tls) : socket_(socket) {
  fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL) | O_NONBLOCK);
  if (!tls) return;
  ssl_ = SSL_new(tls);
  if (ssl_) SSL_set_fd(ssl_, socket_);
  broken_ = !ssl_;
}

Connection::~Connection() {
  if (!ssl_) return;
  if (!broken_) SSL_shutdown(ssl_);
  SSL_free(ssl_);
  ERR_clear_error();
}

bool Connection::Await(short events, int64_t until_ms) const {
  for (;;) {
    const int64_t left_ms = until_ms - ClockMs();
    if (left_ms <= 0) return false;
    pollfd one = {socket_, events, 0};
    const int ready = poll(&one, 1, static_cast<int>(std::min<int64_t>(left_ms, 60000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool Connection::Greet(int64_t limit_ms) {
  if (!ssl_) return !broken_;
  const int64_t until_ms = ClockMs() + limit_ms;
  for (;;) {
    ERR_clear_error();
    const int done = SSL_accept(ssl_);
    if (done == 1) return true;
    const int error = SSL_get_error(ssl_, done);
    const short events = error == SSL_ERROR_WANT_READ ? POLLIN : error == SSL_ERROR_WANT_WRITE ? POLLOUT : 0;
    if (events == 0 || !Await(events, until_ms)) break;
  }
  broken_ = true;
  return false;
}

bool Connection::AwaitRequest(int64_t limit_ms) {
  if (broken_) return false;
  if (ssl_ && SSL_pending(ssl_) > 0) return true;
  return Await(POLLIN, ClockMs() + limit_ms);
}

void Connection::BeginRequest(int64_t limit_ms, size_t bytes_max) {
  read_until_ms_ = ClockMs() + limit_ms;
  readable_bytes_ = bytes_max;
  // An answer that nobody has thought about yet: an error of the parser's.
  BeginAnswer(limit_ms, limit_ms);
}

void Connection::BeginAnswer(int64_t limit_ms, int64_t stall_ms) {
  write_until_ms_ = ClockMs() + limit_ms;
  stall_ms_ = stall_ms;
}

bool Connection::IsGone() const {
  char byte;
  if (broken_) return true;
  const ssize_t size = recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size == 0 || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

ssize_t Connection::Try(bool reading, char* in, const char* out, size_t size, short& events) {
  if (ssl_) {
    ERR_clear_error();
    const int limit = static_cast<int>(std::min<size_t>(size, 1 << 20));
    const int done = reading ? SSL_read(ssl_, in, limit) : SSL_write(ssl_, out, limit);
    if (done > 0) return done;
    const int error = SSL_get_error(ssl_, done);
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? kWait : -1;
  }
  const ssize_t done = reading ? recv(socket_, in, size, 0) : send(socket_, out, size, MSG_NOSIGNAL);
  if (done >= 0) return done;
  events = reading ? POLLIN : POLLOUT;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? kWait : -1;
}

ssize_t Connection::read(char* data, size_t size) {
  size = std::min(size, readable_bytes_);
  while (!broken_ && size > 0) {
    short events = 0;
    const ssize_t done = Try(true, data, nullptr, size, events);
    if (done > 0) readable_bytes_ -= static_cast<size_t>(done);
    if (done >= 0) return done;
    if (done != kWait || !Await(events, read_until_ms_)) break;
  }
  broken_ = true;
  return -1;
}

ssize_t Connection::write(const char* data, size_t size) {
  size_t sent = 0;
  int64_t taken_ms = ClockMs();
  while (!broken_ && sent < size) {
    short events = 0;
    const ssize_t done = Try(false, nullptr, data + sent, size - sent, events);
    if (done > 0) {
      sent += static_cast<size_t>(done);
      taken_ms = ClockMs();
    }
    // A reader that takes a byte now and then is as bad as one that takes none: the whole has a deadline too.
    const bool late = ClockMs() >= write_until_ms_;
    if (done == 0 || done == -1 || late ||
        (done == kWait && !Await(events, std::min(write_until_ms_, taken_ms + stall_ms_)))) {
      broken_ = broken_ || sent < size;
      break;
    }
  }
  return broken_ ? -1 : static_cast<ssize_t>(sent);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  if (getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0) Name(address, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  if (getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0) Name(address, ip, port);
}

bool Connections::Enter(int socket) {
  const std::lock_guard lock(mutex_);
  const size_t ended =
      static_cast<size_t>(std::count_if(all_.begin(), all_.end(), [](const One& one) { return one.ended; }));
  if (all_.size() - ended >= max_) {
    const auto stranger =
        std::find_if(all_.begin(), all_.end(), [](const One& one) { return !one.trusted && !one.ended; });
    if (stranger == all_.end() || ended >= max_) return false;
    // Its thread wakes up and ends.
    stranger->ended = true;
    shutdown(stranger->socket, SHUT_RDWR);
  }
  all_.push_back({socket, false, false});
  return true;
}

void Connections::Trust(int socket) {
  const std::lock_guard lock(mutex_);
  for (One& one : all_) one.trusted = one.trusted || one.socket == socket;
}

void Connections::Leave(int socket) {
  const std::lock_guard lock(mutex_);
  all_.remove_if([&](const One& one) { return one.socket == socket; });
}

void Connections::EndAll() {
  const std::lock_guard lock(mutex_);
  for (One& one : all_) {
    one.ended = true;
    shutdown(one.socket, SHUT_RDWR);
  }
}

size_t Connections::size() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

}  // namespace picket::web
