// Requests of clients: each is read, checked against what its client may do, and handed to the room that it concerns.
//
// What a request says is in runtime/control/request.h, who is connected in connections.h. Each request is answered: at
// once, or by the room that carries it out. A request changes nothing by itself: changes go to the group (changes.h,
// attributes.h), and leaving and recovering are the business of departure.h and views.h. Cost: the request; a `status`
// with the CIB is the whole state, as text.
#pragma once

#include <string>

#include "runtime/control/request.h"
#include "runtime/daemon/attributes.h"
#include "runtime/daemon/changes.h"
#include "runtime/daemon/connections.h"
#include "runtime/daemon/departure.h"
#include "runtime/daemon/mail.h"
#include "runtime/daemon/membership.h"
#include "runtime/daemon/newsroom.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/status.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"
#include "runtime/daemon/views.h"

namespace picket::runtime {

// The rooms that requests go to.
struct RoomsOfRequests {
  Connections& connections;
  const Newsroom& newsroom;
  Attributes& attributes;
  const Mail& mail;
  Status& status;
  Changes& changes;
  Departure& departure;
  Views& views;
};

class Requests {
 public:
  Requests(Parts& parts, const Membership& membership, const View& view, RoomsOfRequests rooms)
      : parts_(parts), membership_(membership), view_(view), rooms_(rooms) {}

  void On(const ClientSent& event, Turn& turn);

 private:
  void Handle(ClientNumber client, const AskStatus& ask, Turn& turn);
  void Handle(ClientNumber client, const AskEvents& ask, Turn& turn);
  void Handle(ClientNumber client, const AskWatch& ask, Turn& turn);
  void Handle(ClientNumber client, const AskAttribute& ask, Turn& turn);
  void Handle(ClientNumber client, const Apply& apply, Turn& turn);
  void Handle(ClientNumber client, const ChangeAttribute& change, Turn& turn);
  void Handle(ClientNumber client, const ChangeProperty& change, Turn& turn);
  void Handle(ClientNumber client, const Cleanup& cleanup, Turn& turn);
  void Handle(ClientNumber client, const Stop& stop, Turn& turn);
  void Handle(ClientNumber client, const Recover& recover, Turn& turn);
  void Handle(ClientNumber client, const Fence& fence, Turn& turn);
  void ConfirmOff(ClientNumber client, const std::string& node, Turn& turn);
  std::string WhyNotApplied(const Apply& apply) const;
  void Refuse(ClientNumber client, std::string_view why, Turn& turn) const;

  Parts& parts_;
  const Membership& membership_;
  const View& view_;
  RoomsOfRequests rooms_;
};

}  // namespace picket::runtime
