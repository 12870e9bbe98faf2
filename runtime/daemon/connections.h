// The clients of the control socket: who is connected, what each may do and wants to hear, and the lines they get.
//
// It knows no request and no answer's meaning: requests.h reads and answers them, newsroom.h has the news. An answer
// is one JSON object on a line. Who has gone gets none, and that is no error. Cost: the client, or for news all of
// them.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/group/outbox.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

// One line of JSON; what is no UTF-8 in it is replaced.
std::string LineOf(const nlohmann::ordered_json& json);

class Connections {
 public:
  void Open(const ClientOpened& event) { clients_[event.client] = {event.may_change, false, false}; }
  void Close(ClientNumber client) { clients_.erase(client); }

  bool IsHere(ClientNumber client) const { return clients_.count(client) > 0; }
  // Whether the client is root or of the group haclient; false for one that has gone.
  bool MayChange(ClientNumber client) const;
  // From now on the client gets every line of news; or a line whenever the state is another one.
  void Follow(ClientNumber client) { clients_.at(client).follows = true; }
  void Watch(ClientNumber client) { clients_.at(client).watches = true; }

  // To one client: `{"error": why}`, and `{"accepted": revision}`. Without a client nobody asked.
  void Refuse(std::optional<ClientNumber> client, std::string_view why, Outbox& out) const;
  void Accept(std::optional<ClientNumber> client, uint64_t revision, Outbox& out) const;
  // To all who follow the news, and to all who watch the state.
  void TellFollowers(const std::string& line, Outbox& out) const;
  void TellWatchers(uint64_t version, Outbox& out) const;

 private:
  struct Client {
    bool may_change = false;
    bool follows = false;
    bool watches = false;
  };

  std::map<ClientNumber, Client> clients_;
};

}  // namespace picket::runtime
