#include "runtime/ports/linux/units.h"

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>
#include <time.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string_view>

namespace picket::runtime {
namespace {

constexpr const char* kSystemd = "org.freedesktop.systemd1";
constexpr const char* kManagerPath = "/org/freedesktop/systemd1";
constexpr const char* kManager = "org.freedesktop.systemd1.Manager";
constexpr const char* kUnitPath = "/org/freedesktop/systemd1/unit";
constexpr const char* kUnit = "org.freedesktop.systemd1.Unit";
constexpr const char* kLocal = "org.freedesktop.DBus.Local";

// How long until a state in between, or a bus that is away, is looked at again; and a job whose end is announced.
constexpr uint64_t kAgainUs = 250 * 1000;
constexpr uint64_t kJobUs = 2000 * 1000;

constexpr int kDone = 0;
constexpr int kError = 1;
constexpr int kNotInstalled = 5;
constexpr int kNotRunning = 7;

// What systemd says about a unit.
struct State {
  std::string load, active;
  bool condition = true;  // what had to hold when it was started did
  uint32_t job = 0;       // under way or waiting
};

bool IsOneOf(const char* name, std::initializer_list<std::string_view> names) {
  for (const std::string_view other : names) {
    if (name && name == other) return true;
  }
  return false;
}

bool IsAway(const sd_bus_error& error) {
  return IsOneOf(error.name, {SD_BUS_ERROR_NO_REPLY, SD_BUS_ERROR_DISCONNECTED, SD_BUS_ERROR_TIMEOUT,
                              "org.freedesktop.DBus.Error.TimedOut"});
}

bool IsMissing(const sd_bus_error& error) {
  return IsOneOf(error.name, {"org.freedesktop.systemd1.NoSuchUnit", SD_BUS_ERROR_SERVICE_UNKNOWN,
                              SD_BUS_ERROR_NAME_HAS_NO_OWNER, SD_BUS_ERROR_UNKNOWN_OBJECT});
}

bool ReadState(sd_bus_message* reply, State& state) {
  if (sd_bus_message_enter_container(reply, 'a', "{sv}") < 0) return false;
  while (sd_bus_message_enter_container(reply, 'e', "sv") > 0) {
    const char* name = nullptr;
    const char* text = nullptr;
    const char* path = nullptr;
    int truth = 0;
    int read = sd_bus_message_read(reply, "s", &name);
    if (read < 0) return false;
    if (std::strcmp(name, "LoadState") == 0) {
      read = sd_bus_message_read(reply, "v", "s", &text);
      if (read > 0) state.load = text;
    } else if (std::strcmp(name, "ActiveState") == 0) {
      read = sd_bus_message_read(reply, "v", "s", &text);
      if (read > 0) state.active = text;
    } else if (std::strcmp(name, "ConditionResult") == 0) {
      read = sd_bus_message_read(reply, "v", "b", &truth);
      if (read > 0) state.condition = truth != 0;
    } else if (std::strcmp(name, "Job") == 0) {
      read = sd_bus_message_read(reply, "v", "(uo)", &state.job, &path);
    } else {
      read = sd_bus_message_skip(reply, "v");
    }
    if (read < 0 || sd_bus_message_exit_container(reply) < 0) return false;
  }
  return !state.active.empty();
}

struct Verdict {
  bool waits = false;
  int code = kDone;
  std::string reason = {};
};

// `job_done`: the job that was ours has ended well.
Verdict Judge(UnitVerb verb, const State& state, bool job_done) {
  const bool starts_or_stops = verb != UnitVerb::kStatus;
  if (state.active == "activating" || state.active == "deactivating" || (starts_or_stops && state.job != 0)) {
    return {.waits = true};
  }
  if (state.active == "active" || state.active == "reloading" || state.active == "refreshing") {
    return verb == UnitVerb::kStop ? Verdict{.code = kError, .reason = "the unit is active"} : Verdict{};
  }
  if (state.active != "inactive" && state.active != "failed") {
    return {.code = kError, .reason = "the unit is in state `" + state.active + "`"};
  }
  if (state.load == "not-found") return {.code = kNotInstalled, .reason = "systemd has no such unit"};
  if (verb == UnitVerb::kStop) return {};
  const bool failed = state.active == "failed";
  if (verb == UnitVerb::kStatus) return {.code = kNotRunning, .reason = failed ? "the unit has failed" : ""};
  // A unit that does its work and ends, without RemainAfterExit=, is not active after a start that went well.
  if (!failed && job_done && state.condition) return {};
  if (!state.condition) return {.code = kError, .reason = "a condition of the unit does not hold"};
  return {.code = kError, .reason = failed ? "the unit has failed" : "the unit is not active"};
}

}  // namespace

// The connection, and the calls that are under way. Its event loop lies within ours.
class Units::Bus {
 public:
  Bus() { sd_event_new(&loop_); }
  ~Bus() {
    calls_.clear();
    Drop();
    sd_event_unref(loop_);
  }
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  int fd() const { return sd_event_get_fd(loop_); }

  void Begin(const CallUnit& what) {
    auto& call = calls_[what.run];
    call = std::make_unique<Call>();
    call->bus = this;
    call->what = what;
    const int connected = Connect();
    if (connected == -ENOENT) {
      End(*call, kNotInstalled, "there is no system bus, so there is no systemd");
    } else if (connected < 0) {
      Again(*call, kAgainUs);
    } else {
      Proceed(*call);
    }
  }

  void GiveUp(RunNumber run) {
    const auto found = calls_.find(run);
    if (found != calls_.end()) End(*found->second, kError, "it was given up");
  }

  // Does what there is to do, and arms what waits.
  void Turn(std::vector<Event>& events) {
    while (sd_event_run(loop_, 0) > 0) {
      if (lost_) Drop();
    }
    for (Event& event : ended_) events.push_back(std::move(event));
    ended_.clear();
  }

 private:
  struct Call {
    Bus* bus = nullptr;
    CallUnit what;
    bool asked = false;     // systemd may have a job of ours
    bool job_done = false;  // that has ended well
    std::string job;        // its path
    sd_bus_slot* slot = nullptr;
    sd_event_source* timer = nullptr;

    Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
      sd_bus_slot_unref(slot);
      sd_event_source_unref(timer);
    }
  };

  int Connect() {
    if (bus_) return 0;
    sd_bus* bus = nullptr;
    const int opened = sd_bus_open_system(&bus);
    if (opened < 0) return opened;
    bus_ = bus;
    sd_bus_set_exit_on_disconnect(bus_, 0);
    sd_bus_attach_event(bus_, loop_, SD_EVENT_PRIORITY_NORMAL);
    sd_bus_match_signal_async(bus_, nullptr, kLocal, "/org/freedesktop/DBus/Local", kLocal, "Disconnected", OnLost,
                              nullptr, this);
    sd_bus_match_signal_async(bus_, nullptr, kSystemd, kManagerPath, kManager, "JobRemoved", OnJobRemoved, nullptr,
                              this);
    // Without it systemd announces nothing.
    sd_bus_call_method_async(bus_, nullptr, kSystemd, kManagerPath, kManager, "Subscribe", nullptr, nullptr, "");
    return 0;
  }

  void Drop() {
    lost_ = false;
    if (!bus_) return;
    sd_bus_detach_event(bus_);
    sd_bus_close_unref(bus_);
    bus_ = nullptr;
  }

  // The next question: for the job, then for the state.
  void Proceed(Call& call) {
    call.slot = sd_bus_slot_unref(call.slot);
    if (Connect() < 0) {
      Again(call, kAgainUs);
      return;
    }
    int sent = 0;
    if (call.what.verb != UnitVerb::kStatus && !call.asked) {
      const char* method = call.what.verb == UnitVerb::kStart ? "StartUnit" : "StopUnit";
      sent = sd_bus_call_method_async(bus_, &call.slot, kSystemd, kManagerPath, kManager, method, OnJob, &call, "ss",
                                      call.what.unit.c_str(), "replace");
      call.asked = sent >= 0;
    } else {
      char* path = nullptr;
      sent = sd_bus_path_encode(kUnitPath, call.what.unit.c_str(), &path);
      if (sent >= 0) {
        sent = sd_bus_call_method_async(bus_, &call.slot, kSystemd, path, "org.freedesktop.DBus.Properties", "GetAll",
                                        OnState, &call, "s", kUnit);
      }
      free(path);
    }
    if (sent < 0) Again(call, kAgainUs);
  }

  void Again(Call& call, uint64_t after_us) {
    call.timer = sd_event_source_unref(call.timer);
    sd_event_add_time_relative(loop_, &call.timer, CLOCK_BOOTTIME, after_us, 1000, OnTime, &call);
  }

  void End(Call& call, int code, const std::string& reason) {
    ProcessEnded ended;
    ended.run = call.what.run;
    ended.exit_code = code;
    if (!reason.empty()) ended.errors = "ocf-exit-reason:" + reason + "\n";
    ended_.push_back(std::move(ended));
    calls_.erase(call.what.run);
  }

  // True if the reply is an error; the call is then dealt with.
  bool Failed(Call& call, sd_bus_message* reply) {
    if (sd_bus_message_is_method_error(reply, nullptr) <= 0) return false;
    const sd_bus_error& error = *sd_bus_message_get_error(reply);
    if (IsAway(error)) {
      Again(call, kAgainUs);
    } else {
      const std::string text = error.message ? error.message : error.name;
      End(call, IsMissing(error) ? kNotInstalled : kError, "systemd says: " + text);
    }
    return true;
  }

  static int OnJob(sd_bus_message* reply, void* data, sd_bus_error*) {
    Call& call = *static_cast<Call*>(data);
    if (call.bus->Failed(call, reply)) return 0;
    const char* job = nullptr;
    if (sd_bus_message_read(reply, "o", &job) > 0) call.job = job;
    // In case its end is not heard.
    call.bus->Again(call, kJobUs);
    return 0;
  }

  static int OnJobRemoved(sd_bus_message* signal, void* data, sd_bus_error*) {
    uint32_t id = 0;
    const char *job = nullptr, *unit = nullptr, *result = nullptr;
    if (sd_bus_message_read(signal, "uoss", &id, &job, &unit, &result) < 0) return 0;
    Bus& bus = *static_cast<Bus*>(data);
    for (const auto& [run, call] : bus.calls_) {
      if (call->job != job) continue;
      call->job_done = std::strcmp(result, "done") == 0;
      if (!call->job_done && call->what.verb == UnitVerb::kStart) {
        bus.End(*call, kError,
                "the start ended with `" + std::string(result) + "`; see journalctl -u " + call->what.unit);
      } else {
        bus.Proceed(*call);
      }
      break;
    }
    return 0;
  }

  static int OnState(sd_bus_message* reply, void* data, sd_bus_error*) {
    Call& call = *static_cast<Call*>(data);
    if (call.bus->Failed(call, reply)) return 0;
    State state;
    if (!ReadState(reply, state)) {
      call.bus->End(call, kError, "the answer of systemd cannot be read");
      return 0;
    }
    const Verdict verdict = Judge(call.what.verb, state, call.job_done);
    if (verdict.waits) {
      call.bus->Again(call, state.job != 0 ? kJobUs : kAgainUs);
    } else {
      call.bus->End(call, verdict.code, verdict.reason);
    }
    return 0;
  }

  static int OnTime(sd_event_source*, uint64_t, void* data) {
    Call& call = *static_cast<Call*>(data);
    call.bus->Proceed(call);
    return 0;
  }

  // Calls without an answer have failed by now, those that wait for the end of a job look by themselves.
  static int OnLost(sd_bus_message*, void* data, sd_bus_error*) {
    static_cast<Bus*>(data)->lost_ = true;
    return 0;
  }

  sd_event* loop_ = nullptr;
  sd_bus* bus_ = nullptr;
  bool lost_ = false;
  std::map<RunNumber, std::unique_ptr<Call>> calls_;
  std::vector<Event> ended_;
};

Units::Units() : bus_(std::make_unique<Bus>()) {}
Units::~Units() = default;

int Units::fd() const {
  return bus_->fd();
}

void Units::Ready(std::vector<Event>& events) {
  bus_->Turn(events);
}

void Units::Do(const CallUnit& call, std::vector<Event>& events) {
  bus_->Begin(call);
  bus_->Turn(events);
}

void Units::Do(const Kill& kill, std::vector<Event>& events) {
  bus_->GiveUp(kill.run);
  bus_->Turn(events);
}

}  // namespace picket::runtime
