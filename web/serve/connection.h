// One connection: bytes in and out within their time and their number, with or without TLS.
//
// The socket never blocks a thread beyond the deadlines that HttpServer sets. `Connections` knows all of them.
#pragma once

#include <httplib.h>

#include <cstdint>
#include <list>
#include <mutex>
#include <string>

namespace picket::web {

// Milliseconds of a clock that never goes back.
int64_t ClockMs();

class Connection : public httplib::Stream {
 public:
  // `tls` may be null. Neither is closed here.
  Connection(int socket, SSL_CTX* tls);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Agrees on TLS; true at once without it.
  bool Greet(int64_t limit_ms);
  // Waits until a request begins; false if none comes in time.
  bool AwaitRequest(int64_t limit_ms);
  // From here on `bytes_max` may be read within `limit_ms`.
  void BeginRequest(int64_t limit_ms, size_t bytes_max);
  // From here on the answer may take so long; one of its bytes has to be taken every `stall_ms`.
  void BeginAnswer(int64_t limit_ms, int64_t stall_ms);
  // What the client sends of its own accord, or its end, says that nobody listens any more.
  bool IsGone() const;

  bool is_readable() const override { return true; }
  bool is_writable() const override { return !broken_; }
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  // Waits until the socket can be read or written; false after the deadline.
  bool Await(short events, int64_t until_ms) const;
  // One attempt: bytes, 0 at the end, -1 for an error, -2 if `events` have to be waited for first.
  ssize_t Try(bool reading, char* in, const char* out, size_t size, short& events);

  int socket_;
  SSL* ssl_ = nullptr;
  bool broken_ = false;
  int64_t read_until_ms_ = 0;
  size_t readable_bytes_ = 0;
  int64_t write_until_ms_ = 0;
  int64_t stall_ms_ = 0;
};

// All connections that are open.
class Connections {
 public:
  explicit Connections(size_t max) : max_(max) {}

  // Takes in a new one, if need be in the place of the oldest one without a session, which is ended. False: there is no
  // room.
  bool Enter(int socket);
  // A session has spoken on it: it is not ended for others.
  void Trust(int socket);
  void Leave(int socket);
  void EndAll();
  size_t size() const;

 private:
  struct One {
    int socket = -1;
    bool trusted = false;
    bool ended = false;
  };
  mutable std::mutex mutex_;
  std::list<One> all_;  // oldest first
  size_t max_;
};

}  // namespace picket::web
