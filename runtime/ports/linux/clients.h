// The control socket: connections, who is at the other end, lines in, lines out.
//
// The kernel says who the peer is. Root, whoever the daemon itself runs as, and members of the group haclient may
// change things; others may read. What a client sends or leaves unread is bounded; one that goes too far is cut off.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"
#include "runtime/ports/linux/descriptor.h"

namespace picket::runtime {

class Clients {
 public:
  // Epoll data of the listening socket and of clients: this bit marks them, so that they are no runs.
  static constexpr uint64_t kTag = uint64_t{1} << 63;

  explicit Clients(int epoll) : epoll_(epoll) {}

  bool Listen(const std::string& path, std::string& error);
  void Accept(std::vector<Event>& events);
  void Ready(ClientNumber client, uint32_t what, std::vector<Event>& events);
  void Do(const Answer& answer, std::vector<Event>& events);
  void Do(const CloseClient& close, std::vector<Event>& events);
  // What has been written for clients so far goes out; called before the daemon ends.
  void Flush();

 private:
  struct Client {
    Descriptor socket;
    bool may_change = false;
    std::string in;
    std::string out;
    bool wants_write = false;
  };

  void Write(ClientNumber number, Client& client);
  void Close(ClientNumber number, std::vector<Event>& events);

  int epoll_;
  Descriptor listener_;
  std::map<ClientNumber, Client> clients_;
  ClientNumber next_ = 1;
};

}  // namespace picket::runtime
