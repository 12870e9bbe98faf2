// The rooms below the changes and the silence, for tests of what stands on them.
#pragma once

#include "runtime/daemon/clock.h"
#include "runtime/daemon/connections.h"
#include "runtime/daemon/departure.h"
#include "runtime/daemon/journal.h"
#include "runtime/daemon/membership.h"
#include "runtime/daemon/newsroom.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/test_group.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

struct TestRooms {
  explicit TestRooms(bool group = true) : parts(SettingsOf(group)) {}

  Parts parts;
  Membership membership;
  View view;
  GroupClock clock;
  Connections connections;
  Newsroom newsroom;
  Journal journal{parts, clock};
  Departure departure{parts, view, connections, newsroom, journal};
  Turn turn;
};

}  // namespace picket::runtime
