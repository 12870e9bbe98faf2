// The other end of the control socket: one request, and its answers line by line. Blocking, for client programs.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace picket::runtime {

// Where a daemon keeps what: by default where root's or this user's belongs, or both below one folder.
struct Folders {
  std::string run;
  std::string state;
  std::string socket() const { return run + "/control"; }
};
Folders FoldersIn(const std::string& folder);  // empty: the defaults

class Connection {
 public:
  Connection() = default;
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool Open(const std::string& socket, std::string& error);
  bool Send(const nlohmann::ordered_json& request);
  // The next line; nothing at the end, or after `timeout_ms` (negative: never) without one.
  std::optional<nlohmann::ordered_json> Read(int timeout_ms);
  // Whether the daemon has closed the connection; else a Read() that gave nothing ran out of time.
  bool ended() const { return ended_; }

 private:
  int fd_ = -1;
  std::string in_;
  bool ended_ = false;
};

// Asks and gives the one answer; nothing and the reason if there is none or it is an error.
std::optional<nlohmann::ordered_json> Ask(const std::string& socket, const nlohmann::ordered_json& request,
                                          std::string& error);

}  // namespace picket::runtime
