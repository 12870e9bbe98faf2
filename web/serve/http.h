// The site on a socket: HTTP/1.1 by cpp-httplib, with or without TLS.
//
// cpp-httplib parses requests and writes answers. What it leaves to its user is here: how many connections there are,
// how long each request and each answer may take, how much a client may send. Each connection has a thread. Where there
// are too many connections, the oldest one without a session makes room, so that whoever is at work is not
// shut out by others. Nothing that a client does or leaves undone holds a thread for ever.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "web/serve/site.h"

namespace picket::web {

struct HttpSettings {
  std::string address = "127.0.0.1";
  int port = 0;                  // 0: any that is free
  std::string certificate, key;  // files in PEM; empty: no TLS
};

class HttpServer {
 public:
  static constexpr size_t kConnectionsMax = 320;
  static constexpr int64_t kRequest_ms = 10000;  // a whole request, from its first byte
  static constexpr int64_t kIdle_ms = 20000;     // until the next request begins
  static constexpr int64_t kAnswer_ms = 60000;   // a whole answer; of a stream each part
  static constexpr int64_t kStall_ms = 10000;    // without one byte of an answer being taken
  static constexpr size_t kRequestBytesMax = 48 << 10;

  explicit HttpServer(HttpSettings settings);
  ~HttpServer();

  // The port, or 0 and the reason. The site's names depend on the port, so it comes later.
  int Bind(std::string& reason);
  // Until Stop() is called from another thread.
  void Serve(Site& site);
  void Stop();

 private:
  class Server;
  HttpSettings settings_;
  std::unique_ptr<Server> server_;
  std::atomic<bool> ended_ = false;
};

}  // namespace picket::web
