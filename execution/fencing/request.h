// A request to fence a node, played from its beginning to the moment when everybody knows how it ended.
//
// A pure function: the caller says whose fencers answer, where devices are started and what each would do where; what
// a live cluster leaves open is asked of Choices. Times are milliseconds since the request. One request alone is
// played: devices that are busy with other targets, and what becomes of the cluster meanwhile, are the caller's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "execution/choices.h"
#include "execution/fencing/fencing.h"
#include "execution/fencing/parameters.h"

namespace picket::execution {

enum class Engine : uint8_t {
  kPacemaker,  // devices without levels are one pool, in no order
  kPicketd,    // the higher priority first, then as in the configuration; one node carries an order out
};

struct FenceRequest {
  std::string target;
  std::string action = "reboot";    // `reboot`, `off`, `on`
  int64_t delay_ms = 0;             // what the action carries (priority-fencing-delay); below 0: no delay of any kind
  int64_t timeout_ms = 0;           // 0: the configuration's fencing-timeout
  std::string requester;            // the node whose daemon leads: that of the DC
  std::vector<std::string> peers;   // whose fencers answer: the requester, and all others of its partition
  std::vector<std::string> silent;  // members whose fencers hang
  // Devices, as `device@node`, whose `list` failed there before: they are asked for the `status` of the target now.
  std::set<std::string> asks_status;
  int attempt = 0;  // how often fencing of the target failed before (picketd asks another node then)
};

// A device that is about to be used.
struct FenceUse {
  std::string device;
  std::string node;
  std::string target;
  std::string action;  // `off`, `on`, `reboot`
  int attempt = 0;     // of this device, on this node, by this request
};

struct FenceBehaviour {
  enum class How : uint8_t {
    kWorks,
    kRefuses,        // it fails, and did nothing
    kHangs,          // it never ends by itself, and did nothing
    kLies,           // it says that it worked, and did nothing
    kWorksButFails,  // it says that it failed, and did it
    kSilent,         // the node is gone or cut off before it answers, and nothing was done
  };
  How how = How::kWorks;
  int64_t after_ms = 3000;  // how long the agent runs; of no concern if it hangs or is silent
};

// What a device answers that has to be asked whom it reaches.
struct FenceAnswer {
  bool reaches = true;
  // Its agent ended with status 0. Else it is asked a second time, a second later: also where it says of a target that
  // the target is off, which is a status of 2.
  bool at_once = true;
};

// What the world is like. Functions may be empty.
struct FenceWorld {
  // Whether the device is started on the node (its id as configured); empty: nowhere.
  std::function<bool(const std::string& device, const std::string& node)> is_started;
  std::function<FenceBehaviour(const FenceUse& use)> behaviour;
  // What a device that has to be asked says of the target, by `list` or by `status`; empty: that it reaches it.
  std::function<FenceAnswer(const std::string& device, const std::string& node, HostCheck how)> answer;
};

// One run of an agent.
struct FenceAttempt {
  enum class End : uint8_t { kOk, kFailed, kKilled, kSilent };
  std::string device;
  std::string node;
  std::string action;        // `off`, `on`, `reboot`
  std::string agent_action;  // as pcmk_ACTION_action has it
  int64_t waited_ms = 0;     // before it began
  int64_t begin_ms = 0;
  int64_t end_ms = 0;  // may be later than the end of the request, whose result it does not change then
  End end = End::kOk;
  bool took_effect = false;  // the agent did what it was told
};

struct FenceOutcome {
  enum class Result : uint8_t { kDone, kError, kTimeout, kNoDevice };
  Result result = Result::kNoDevice;
  int64_t duration_ms = 0;           // when everybody knows
  std::string requester;             // another one than asked if it is the target
  std::string executor;              // the node that ran the last device; empty: nobody
  std::vector<std::string> devices;  // those whose success it is, as configured
  std::vector<FenceAttempt> attempts;
  // When the target lost its power: nothing if it did not, whatever the result says; also after a failure.
  std::optional<int64_t> off_ms;
  std::optional<int64_t> on_ms;       // when it got it back, if by this request
  std::set<std::string> asks_status;  // by the next request, as there
  bool assumed = false;               // done because a watchdog should have fired by now

  bool success() const { return result == Result::kDone; }
};

FenceOutcome Fence(const Fencing& fencing, const FenceRequest& request, const FenceWorld& world, Engine engine,
                   Choices& choices);

}  // namespace picket::execution
