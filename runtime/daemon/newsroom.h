// The news: what was told to people, the last of it kept for `picket events`.
//
// The rooms leave news in the turn; once a step, and once more before the daemon leaves, the newsroom publishes them:
// no secret value in any of them, a number each, a line in the log, a line to every client that follows. Then it tells
// who watches that the state is another one. Cost of a publication: the news, times the clients that follow.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "runtime/daemon/connections.h"
#include "runtime/daemon/turn.h"
#include "runtime/store/replica.h"

namespace picket::runtime {

// So many are kept; older ones are in the log only.
inline constexpr size_t kNewsKept = 2000;

class Newsroom {
 public:
  // Makes effects of the turn's news, and leaves none.
  void Publish(const Replica& replica, const Connections& connections, Turn& turn);

  // News with a higher number, a line each, the oldest first; and the number of the last that was published, 0 if
  // none was.
  std::vector<std::string> LinesSince(uint64_t number) const;
  uint64_t last() const { return next_ - 1; }

 private:
  struct Kept {
    uint64_t number = 0;
    int64_t wall_ms = 0;
    News news;
  };
  static std::string LineFor(const Kept& kept);

  std::deque<Kept> kept_;
  uint64_t next_ = 1;
  uint64_t watched_ = 0;  // the version of the state that watchers were told last
};

}  // namespace picket::runtime
