// What `picket serve` answers: every address, who may ask for it, and what happens then (docs/page.md).
//
//   GET  /                the live page; it holds nothing of the cluster
//   GET  /live.js, .css   what it runs and how it looks
//   POST /session         a token or a password becomes a session
//   POST /end             the session ends
//   GET  /events          the stream of pictures, as server-sent events
//   POST /ask             a change, simulated: {"verb","node","resource"}; with a ticket if it may be made
//   POST /do              {"ticket"}: the change that was shown is made
//   GET  /what-if/PAGE    the page that plays, over the cluster as it is now
//
// No sockets and no clock of its own: the outside is `Outside`. May be called from several threads.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "web/serve/board.h"
#include "web/serve/change.h"
#include "web/serve/door.h"
#include "web/serve/forecast.h"
#include "web/serve/messages.h"

namespace picket::web {

// What the site wants from the outside.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual int64_t NowMs() = 0;  // of a clock that never goes back
  virtual int64_t NowS() = 0;   // since 1970
  virtual std::string Random() = 0;
  // Links, votes and durations of the live cluster.
  virtual simulator::WorldSettings Settings() = 0;
  // The verbs that the live cluster offers; empty if nothing can be changed.
  virtual std::vector<Change::Verb> Verbs() = 0;
  // Makes the change if the configuration still has this version. Empty, or why it was not made.
  virtual std::string Carry(const Change& change, const std::string& configuration) = 0;
  // The page that plays, over this cluster; empty and why if it cannot be made.
  virtual std::string WhatIf(const Reading& reading, std::string& reason) = 0;
  // The token was used: there is a new one to print.
  virtual void NewToken(const std::string& token) = 0;
  // Runs on a large stack.
  virtual void WithLargeStack(const std::function<void()>& work) = 0;
};

struct SiteSettings {
  DoorSettings door;
  bool allow_changes = false;
  std::string source;  // `the cluster of this machine`
  std::string version;
};

class Site {
 public:
  static constexpr size_t kBodyMax = 16 << 10;
  static constexpr int64_t kTicketLife_ms = 120000;
  static constexpr size_t kTicketsMax = 64;
  static constexpr int kStreamsMax = 256;  // of one session: its pages that are open; others still find room

  Site(SiteSettings settings, Board& board, Outside& outside, Door::Passwords passwords = nullptr);

  // Before the body is read: the answer of what is turned away, or of what needs no body.
  std::optional<Response> Early(const Request& request);
  // The answer, once the body is there. Early() has let the request pass.
  Response Answer(const Request& request);

  // The next part of a session's stream, after the part of this number; waits for news. Empty: the stream ends.
  std::string NextEvents(const std::string& session, uint64_t& after, int64_t wait_ms);
  std::string token();

 private:
  struct Ticket {
    std::string id, session, configuration;
    Change change;
    Json shown;
    int64_t made_ms = 0;
  };

  // A place for one more stream of the session; null if it has too many.
  std::shared_ptr<void> HoldStream(const std::string& session);
  void ReleaseStream(const std::string& session);
  Response Enter(const Request& request);
  Response Ask(const Request& request);
  Response Do(const Request& request);
  Response WhatIf(const Request& request);
  std::optional<Response> Admit(const Request& request, std::string& session, std::string& name, bool question);
  // The answer of a change in the state that is known now, or the refusal.
  std::optional<Json> Simulate(const Change& change, std::string& configuration, Response& refusal);
  bool Offers(Change::Verb verb);

  SiteSettings settings_;
  Board& board_;
  Outside& outside_;
  std::mutex mutex_;  // of the door and the tickets
  Door door_;
  std::deque<Ticket> tickets_;          // oldest first
  std::map<std::string, int> streams_;  // of each session; `mutex_`
  std::mutex simulating_;               // one at a time: a simulation takes a whole processor
  int waiting_ = 0;                     // how many wait for it; `mutex_`
  std::mutex changing_;                 // one change at a time
};

// The headers that every answer has.
const std::vector<std::pair<std::string, std::string>>& SecurityHeaders();

}  // namespace picket::web
