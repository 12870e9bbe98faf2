// The control socket: connections, who is at the other end, lines in, lines out.
//
// It is for root, for whoever picketd itself runs as, and for the group haclient; nobody else gets in. The
// kernel says who the peer is and in which groups; name services are asked for the group's number alone, on a
// thread of their own.
//
// Nobody can keep the others waiting. A client has one request under way: the next one is looked at when the
// answer has been taken. Requests of all clients queue up, and the loop takes one at a time between other
// things. When all places are taken, who has said nothing for longest goes; root and picketd's own user have
// places that others do not get. What a client leaves unread is bounded, and so is what all of them do.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"
#include "runtime/ports/linux/descriptor.h"
#include "runtime/ports/linux/group_number.h"

namespace picket::runtime {

class Clients {
 public:
  // Epoll data of the listening socket and of clients: this bit marks them, so that they are no runs.
  static constexpr uint64_t kTag = uint64_t{1} << 63;
  static constexpr size_t kClientsMax = 192;
  static constexpr size_t kOthersMax = 128;                // of those, for others than root and picketd's own user
  static constexpr size_t kOneUserMax = 64;                // for one of these others
  static constexpr size_t kBacklogMax = size_t{4} << 20;   // unread, when another answer comes
  static constexpr size_t kUnreadMax = size_t{512} << 20;  // of all clients

  explicit Clients(int epoll) : epoll_(epoll) {}

  // `group`: who may speak to us beside root and ourselves.
  bool Listen(const std::string& path, std::string& error, const std::string& group = "haclient");
  // To be called now and then: the group's number may have become known.
  void Refresh();
  void Accept(std::vector<Event>& events);
  void Ready(ClientNumber client, uint32_t what, std::vector<Event>& events);
  // The next request, if there is one.
  bool TakeRequest(std::vector<Event>& events);
  bool HasRequest() const { return !waiting_.empty(); }
  void Do(const Answer& answer, std::vector<Event>& events);
  void Do(const CloseClient& close, std::vector<Event>& events);
  // What has been written for clients so far goes out, as far as they take it within a second.
  void Flush();
  size_t size() const { return clients_.size(); }

 private:
  struct Client {
    Descriptor socket;
    uid_t uid = 0;
    bool trusted = false;  // root, or picketd's own user
    std::string in;
    std::string out;
    bool asked = false;   // a request of it is under way
    bool queued = false;  // one waits
    bool hears = false;   // it asked to be told of what happens, and is not idle
    uint64_t last_said = 0;
    uint32_t events = 0;  // as epoll has them
  };

  bool IsWelcome(int socket, const ucred& peer) const;
  bool MakeRoom(uid_t uid, bool trusted, std::vector<Event>& events);
  void Queue(ClientNumber number, Client& client);
  void Write(Client& client);
  void Watch(ClientNumber number, Client& client);
  void Close(ClientNumber number, std::vector<Event>& events);

  int epoll_;
  std::string path_;
  Descriptor listener_;
  std::unique_ptr<GroupNumber> group_;
  int64_t shown_group_ = -1;
  std::map<ClientNumber, Client> clients_;
  std::deque<ClientNumber> waiting_;
  size_t unread_ = 0;
  uint64_t said_ = 0;
  ClientNumber next_ = 1;
};

}  // namespace picket::runtime
