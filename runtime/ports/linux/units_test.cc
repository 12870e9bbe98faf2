#include "runtime/ports/linux/units.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

namespace picket::runtime {
namespace {

using std::chrono::milliseconds;

void Sleep(int ms) {
  std::this_thread::sleep_for(milliseconds(ms));
}

// A bus of our own, which takes the place of the system's.
class Daemon {
 public:
  Daemon() {
    char folder[] = "/tmp/picket-bus-XXXXXX";
    REQUIRE(mkdtemp(folder));
    folder_ = folder;
    std::ofstream(folder_ + "/bus.conf") << "<busconfig><type>custom</type><listen>unix:path=" << folder_
                                         << "/bus</listen><policy context=\"default\"><allow send_destination=\"*\"/>"
                                            "<allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>";
    setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + folder_ + "/bus").c_str(), 1);
    Start();
  }
  ~Daemon() {
    Stop();
    for (const char* file : {"/bus.conf", "/bus", ""}) remove((folder_ + file).c_str());
  }

  void Start() {
    const std::string configuration = "--config-file=" + folder_ + "/bus.conf";
    pid_ = fork();
    if (pid_ == 0) {
      execlp("dbus-daemon", "dbus-daemon", "--nofork", configuration.c_str(), nullptr);
      _exit(127);
    }
    for (int i = 0; i < 500 && access((folder_ + "/bus").c_str(), F_OK) != 0; ++i) Sleep(10);
    REQUIRE(access((folder_ + "/bus").c_str(), F_OK) == 0);
  }
  void Stop() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
    remove((folder_ + "/bus").c_str());
  }

 private:
  std::string folder_;
  pid_t pid_ = -1;
};

// Stands in for systemd: one unit, whose state and whose jobs the test sets.
class Systemd {
 public:
  Systemd() {
    REQUIRE(sd_bus_open_system(&bus_) >= 0);
    static const sd_bus_vtable kManager[] = {
        SD_BUS_VTABLE_START(0), SD_BUS_METHOD("StartUnit", "ss", "o", OnJob, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("StopUnit", "ss", "o", OnJob, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("Subscribe", "", "", OnSubscribe, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END};
    static const sd_bus_vtable kUnit[] = {SD_BUS_VTABLE_START(0),
                                          SD_BUS_PROPERTY("Id", "s", GetText, 0, 0),
                                          SD_BUS_PROPERTY("LoadState", "s", GetText, 0, 0),
                                          SD_BUS_PROPERTY("ActiveState", "s", GetText, 0, 0),
                                          SD_BUS_PROPERTY("ConditionResult", "b", GetCondition, 0, 0),
                                          SD_BUS_PROPERTY("Job", "(uo)", GetJob, 0, 0),
                                          SD_BUS_VTABLE_END};
    const char* manager = "org.freedesktop.systemd1.Manager";
    REQUIRE(sd_bus_add_object_vtable(bus_, nullptr, "/org/freedesktop/systemd1", manager, kManager, this) >= 0);
    REQUIRE(sd_bus_add_object_vtable(bus_, nullptr, "/org/freedesktop/systemd1/unit/web_2eservice",
                                     "org.freedesktop.systemd1.Unit", kUnit, this) >= 0);
    REQUIRE(sd_bus_request_name(bus_, "org.freedesktop.systemd1", 0) >= 0);
    thread_ = std::thread([this] { Work(); });
  }
  ~Systemd() {
    ends_ = true;
    thread_.join();
    sd_bus_close_unref(bus_);
  }

  void Be(const std::string& active, const std::string& load = "loaded") {
    const std::lock_guard lock(mutex_);
    active_ = active;
    load_ = load;
  }
  // The job that was asked for ends.
  void EndJob(const std::string& result, const std::string& active) {
    const std::lock_guard lock(mutex_);
    active_ = active;
    result_ = result;
    job_ = 0;
  }
  std::string asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  std::atomic<bool> condition = true;
  std::atomic<bool> silent = false;  // ends of jobs are not announced
  std::atomic<const char*> refusal = nullptr;

 private:
  static Systemd& Of(void* data) { return *static_cast<Systemd*>(data); }

  void Work() {
    while (!ends_) {
      while (sd_bus_process(bus_, nullptr) > 0) {
      }
      Announce();
      if (sd_bus_wait(bus_, 5000) < 0) Sleep(5);
    }
  }
  void Announce() {
    const std::lock_guard lock(mutex_);
    if (result_.empty()) return;
    if (!silent) {
      sd_bus_emit_signal(bus_, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "JobRemoved", "uoss", 7,
                         "/org/freedesktop/systemd1/job/7", "web.service", result_.c_str());
    }
    result_.clear();
  }

  static int OnJob(sd_bus_message* call, void* data, sd_bus_error* error) {
    Systemd& self = Of(data);
    if (self.refusal) return sd_bus_error_set(error, self.refusal.load(), "it was refused");
    const char *unit = nullptr, *mode = nullptr;
    sd_bus_message_read(call, "ss", &unit, &mode);
    const std::lock_guard lock(self.mutex_);
    self.asked_ = std::string(sd_bus_message_get_member(call)) + " " + unit + " " + mode;
    self.job_ = 7;
    return sd_bus_reply_method_return(call, "o", "/org/freedesktop/systemd1/job/7");
  }
  static int OnSubscribe(sd_bus_message* call, void*, sd_bus_error*) { return sd_bus_reply_method_return(call, ""); }
  static int GetText(sd_bus*, const char*, const char*, const char* name, sd_bus_message* reply, void* data,
                     sd_bus_error*) {
    Systemd& self = Of(data);
    const std::lock_guard lock(self.mutex_);
    const std::string text = name == std::string("LoadState") ? self.load_
                             : name == std::string("Id")      ? "web.service"
                                                              : self.active_;
    return sd_bus_message_append(reply, "s", text.c_str());
  }
  static int GetCondition(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply, void* data,
                          sd_bus_error*) {
    return sd_bus_message_append(reply, "b", Of(data).condition ? 1 : 0);
  }
  static int GetJob(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply, void* data, sd_bus_error*) {
    Systemd& self = Of(data);
    const std::lock_guard lock(self.mutex_);
    return sd_bus_message_append(reply, "(uo)", self.job_, self.job_ != 0 ? "/org/freedesktop/systemd1/job/7" : "/");
  }

  sd_bus* bus_ = nullptr;
  std::thread thread_;
  std::atomic<bool> ends_ = false;
  std::mutex mutex_;
  std::string load_ = "loaded", active_ = "inactive", result_, asked_;
  uint32_t job_ = 0;
};

// Units, and what they have answered.
struct Asker {
  Units units;
  std::vector<Event> events;

  void Ask(UnitVerb verb) { units.Do(CallUnit{1, "web.service", verb}, events); }
  bool Wait(int ms) {
    for (const auto end = std::chrono::steady_clock::now() + milliseconds(ms);
         events.empty() && std::chrono::steady_clock::now() < end;) {
      pollfd fd{units.fd(), POLLIN, 0};
      poll(&fd, 1, 20);
      units.Ready(events);
    }
    return !events.empty();
  }
  // The answer as `code reason`.
  std::string Answer() {
    if (!Wait(10000)) return "none";
    REQUIRE(events.size() == 1);
    const auto ended = std::get<ProcessEnded>(events.front());
    events.clear();
    CHECK(ended.run == 1);
    std::string reason = ended.errors;
    if (reason.starts_with("ocf-exit-reason:")) reason = reason.substr(16, reason.size() - 17);
    return std::to_string(ended.exit_code) + " " + reason;
  }
};

TEST_CASE("how a unit is") {
  const Daemon daemon;
  Systemd systemd;
  Asker asker;
  const std::tuple<const char*, const char*, const char*> kCases[] = {
      {"active", "loaded", "0 "},
      {"reloading", "loaded", "0 "},
      {"active", "not-found", "0 "},
      {"inactive", "loaded", "7 "},
      {"inactive", "masked", "7 "},
      {"failed", "loaded", "7 the unit has failed"},
      {"inactive", "not-found", "5 systemd has no such unit"},
      {"maintenance", "loaded", "1 the unit is in state `maintenance`"},
  };
  for (const auto& [active, load, answer] : kCases) {
    CAPTURE(active);
    systemd.Be(active, load);
    asker.Ask(UnitVerb::kStatus);
    CHECK(asker.Answer() == answer);
  }
  systemd.Be("activating");
  asker.Ask(UnitVerb::kStatus);
  CHECK_FALSE(asker.Wait(400));
  systemd.Be("active");
  CHECK(asker.Answer() == "0 ");
}

TEST_CASE("a start and a stop end with their job, and say what came of it") {
  const Daemon daemon;
  Systemd systemd;
  Asker asker;
  struct Case {
    UnitVerb verb;
    const char* result;
    const char* active;
    const char* answer;
  };
  const Case kCases[] = {
      {UnitVerb::kStart, "done", "active", "0 "},
      {UnitVerb::kStart, "done", "inactive", "0 "},  // it did its work and ended
      {UnitVerb::kStart, "done", "failed", "1 the unit has failed"},
      {UnitVerb::kStart, "timeout", "failed", "1 the start ended with `timeout`; see journalctl -u web.service"},
      {UnitVerb::kStop, "done", "inactive", "0 "},
      {UnitVerb::kStop, "done", "failed", "0 "},
      {UnitVerb::kStop, "canceled", "active", "1 the unit is active"},
      {UnitVerb::kStop, "failed", "inactive", "0 "},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.answer);
    systemd.Be(c.verb == UnitVerb::kStart ? "inactive" : "active");
    asker.Ask(c.verb);
    CHECK_FALSE(asker.Wait(60));
    CHECK(systemd.asked() ==
          (c.verb == UnitVerb::kStart ? "StartUnit web.service replace" : "StopUnit web.service replace"));
    systemd.EndJob(c.result, c.active);
    CHECK(asker.Answer() == c.answer);
  }
  systemd.condition = false;
  asker.Ask(UnitVerb::kStart);
  CHECK_FALSE(asker.Wait(60));
  systemd.EndJob("done", "inactive");
  CHECK(asker.Answer() == "1 a condition of the unit does not hold");
}

TEST_CASE("a unit that systemd has never heard of") {
  const Daemon daemon;
  Systemd systemd;
  Asker asker;
  asker.units.Do(CallUnit{1, "other.service", UnitVerb::kStatus}, asker.events);
  CHECK(asker.Answer().starts_with("5 systemd says: "));
}

TEST_CASE("what systemd refuses, and what it does not announce") {
  const Daemon daemon;
  Systemd systemd;
  Asker asker;
  systemd.refusal = "org.freedesktop.systemd1.NoSuchUnit";
  asker.Ask(UnitVerb::kStart);
  CHECK(asker.Answer() == "5 systemd says: it was refused");
  systemd.refusal = "org.freedesktop.systemd1.UnitMasked";
  asker.Ask(UnitVerb::kStart);
  CHECK(asker.Answer() == "1 systemd says: it was refused");
  systemd.refusal = nullptr;
  systemd.silent = true;
  asker.Ask(UnitVerb::kStop);
  CHECK_FALSE(asker.Wait(60));
  systemd.EndJob("done", "inactive");
  CHECK(asker.Answer() == "0 ");
}

TEST_CASE("a call that is given up ends at once, and is not heard of again") {
  const Daemon daemon;
  Systemd systemd;
  Asker asker;
  asker.Ask(UnitVerb::kStart);
  CHECK_FALSE(asker.Wait(60));
  asker.units.Do(Kill{2}, asker.events);
  CHECK(asker.events.empty());
  asker.units.Do(Kill{1}, asker.events);
  CHECK(asker.Answer() == "1 it was given up");
  systemd.EndJob("done", "active");
  CHECK_FALSE(asker.Wait(100));
}

TEST_CASE("the bus goes away in the middle of a stop and comes back") {
  Daemon daemon;
  Asker asker;
  {
    Systemd systemd;
    systemd.Be("active");
    asker.Ask(UnitVerb::kStop);
    CHECK_FALSE(asker.Wait(60));
    CHECK(systemd.asked() == "StopUnit web.service replace");
    daemon.Stop();
    CHECK_FALSE(asker.Wait(100));
  }
  daemon.Start();
  Systemd systemd;
  systemd.Be("inactive");
  CHECK(asker.Answer() == "0 ");
  CHECK(systemd.asked() == "");
}

TEST_CASE("a machine without systemd") {
  setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
  Asker asker;
  asker.Ask(UnitVerb::kStatus);
  CHECK(asker.Answer() == "5 there is no system bus, so there is no systemd");
  // A bus on which there is none.
  const Daemon daemon;
  asker.Ask(UnitVerb::kStart);
  CHECK(asker.Answer().starts_with("5 systemd says: "));
}

}  // namespace
}  // namespace picket::runtime
