#include "runtime/ports/linux/machine.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/attributes/tools.h"
#include "runtime/control/own_folder.h"
#include "runtime/daemon/core.h"
#include "runtime/ports/linux/clients.h"
#include "runtime/ports/linux/corosync.h"
#include "runtime/ports/linux/disk.h"
#include "runtime/ports/linux/heartbeat.h"
#include "runtime/ports/linux/inbox.h"
#include "runtime/ports/linux/log.h"
#include "runtime/ports/linux/processes.h"
#include "runtime/ports/linux/thinker.h"
#include "runtime/ports/linux/units.h"
#include "solver/cib/dates.h"

namespace picket::runtime {
namespace {

constexpr size_t kStoredMax = size_t{256} << 20;
constexpr int kEnvironmentWrong = 3;
// Epoll data of what is neither a run nor a client.
constexpr uint64_t kWakeTag = uint64_t{1} << 62;
constexpr uint64_t kTimerTag = kWakeTag + 1;
constexpr uint64_t kSignalTag = kWakeTag + 2;
constexpr uint64_t kGroupTag = kWakeTag + 3;
constexpr uint64_t kUnitsTag = kWakeTag + 4;

int64_t Milliseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1000000;
}

Moment Now() {
  Moment now;
  now.boot_ms = Milliseconds(CLOCK_BOOTTIME);
  now.wall_ms = Milliseconds(CLOCK_REALTIME);
  now.utc_offset_s = solver::LocalOffset(now.wall_s());
  return now;
}

std::string FirstLine(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Of this boot, or of this start of the container that we are in: there process 1 has started later.
std::string BootId() {
  const std::string first = FirstLine("/proc/1/stat");
  std::istringstream fields(first.substr(std::min(first.rfind(')') + 1, first.size())));
  std::string field;
  for (int i = 0; i < 20; ++i) fields >> field;
  return FirstLine("/proc/sys/kernel/random/boot_id") + "-" + field;
}

std::string RandomName() {
  unsigned char bytes[16] = {};
  if (getrandom(bytes, sizeof bytes, 0) < 0) return std::to_string(Milliseconds(CLOCK_REALTIME));
  std::string name;
  char pair[3];
  for (const unsigned char byte : bytes) {
    std::snprintf(pair, sizeof pair, "%02x", byte);
    name += pair;
  }
  return name;
}

uint64_t RandomSeed() {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, 0) != sizeof seed) seed = static_cast<uint64_t>(Milliseconds(CLOCK_REALTIME));
  return seed;
}

// Descriptors run out sooner than anything else, and how many there may be costs nothing. Gives what it was
// before.
uint64_t RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return before;
}

class Machine {
 public:
  explicit Machine(MachineOptions options)
      : options_(std::move(options)),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        inbox_(std::make_shared<Inbox>()),
        timer_(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK)),
        processes_(epoll_.get()),
        clients_(epoll_.get()) {}

  int Run() {
    if (!Prepare()) return kEnvironmentWrong;
    options_.settings.group = options_.group;
    Core core(options_.settings);
    core_ = &core;
    disk_.emplace(options_.state_folder, inbox_);
    keeper_.emplace(options_.run_folder, inbox_);
    thinker_.emplace(inbox_);
    Feed(FirstEvent());
    if (options_.group && !exit_) JoinGroup();
    sd_notify(0, "READY=1\nSTATUS=");
    while (!exit_) Turn();
    clients_.Flush();
    // If nothing runs here any more it may go without us; else whoever hangs on us must not be left to
    // itself.
    if (*exit_ == 0) heartbeat_->Release();
    return *exit_;
  }

 private:
  bool Complain(const std::string& text) {
    std::fprintf(stderr, "picketd: %s\n", text.c_str());
    return false;
  }

  bool Prepare() {
    std::string error;
    if (!MakeOwnFolder(options_.run_folder, 0755, error) || !MakeOwnFolder(options_.state_folder, 0700, error)) {
      return Complain(error);
    }
    lock_.Reset(open((options_.run_folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock_.valid()) return Complain(options_.run_folder + "/lock: " + std::strerror(errno));
    if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
      return Complain(errno == EWOULDBLOCK ? "another picketd uses " + options_.run_folder
                                           : options_.run_folder + "/lock: " + std::strerror(errno));
    }
    options_.settings.socket = options_.run_folder + "/control";
    options_.settings.tools = options_.run_folder + "/tools";
    // Secrets are in our memory, and nobody is to find them in a core dump.
    prctl(PR_SET_DUMPABLE, 0);
    processes_.SetFileLimit(RaiseFileLimit());
    if (!MakeTools(options_.settings.tools, options_.tool_program, error)) return Complain(error);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    // Signals are blocked before the threads are made, so that only the loop sees them.
    log_.emplace(STDERR_FILENO, options_.log);
    heartbeat_.emplace();
    if (!options_.watchdog.empty() && !heartbeat_->Arm(options_.watchdog, error)) return Complain(error);
    if (!clients_.Listen(options_.settings.socket, error)) return Complain(options_.settings.socket + ": " + error);
    signals_.Reset(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    Watch(inbox_->fd(), kWakeTag);
    Watch(timer_.get(), kTimerTag);
    Watch(signals_.get(), kSignalTag);
    Watch(units_.fd(), kUnitsTag);
    return true;
  }

  void Watch(int fd, uint64_t tag) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = tag;
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  }

  void JoinGroup() {
    corosync_.emplace([log = &*log_](const std::string& text) { log->Say(SayLevel::kNotice, text); });
    Watch(corosync_->fd(), kGroupTag);
  }

  Booted FirstEvent() {
    Booted booted;
    booted.boot_id = BootId();
    booted.incarnation = RandomName();
    booted.seed = RandomSeed();
    booted.cores = static_cast<int>(std::thread::hardware_concurrency());
    booted.store = ReadFolder(options_.state_folder, "hard-", kStoredMax);
    for (StoredFile& file : ReadFolder(options_.state_folder, kPromiseName, 4096)) {
      booted.store.push_back(std::move(file));
    }
    for (StoredFile& file : ReadFolder(options_.run_folder, "session", kStoredMax)) {
      if (file.name == "session") booted.session = std::move(file.bytes);
    }
    booted.configuration = options_.configuration;
    booted.source = options_.source;
    return booted;
  }

  // All that has happened, and then one request of a client: whoever asks without end does not hold up the
  // rest.
  void Turn() {
    epoll_event ready[64];
    int64_t timeout_ms = heartbeat_->wait_ms();
    if (processes_.HasDying() && (timeout_ms < 0 || timeout_ms > Processes::kLookMs)) timeout_ms = Processes::kLookMs;
    if (clients_.HasRequest()) timeout_ms = 0;
    const int count = epoll_wait(epoll_.get(), ready, 64, static_cast<int>(timeout_ms));
    heartbeat_->Beat();
    std::vector<Event> events;
    for (int i = 0; i < count; ++i) Read(ready[i].data.u64, ready[i].events, events);
    processes_.Look(events);
    for (Event& event : events) Feed(std::move(event));
    events.clear();
    if (!exit_ && clients_.TakeRequest(events)) {
      for (Event& event : events) Feed(std::move(event));
    }
    clients_.Refresh();
  }

  void Read(uint64_t tag, uint32_t what, std::vector<Event>& events) {
    if (tag == Clients::kTag) {
      clients_.Accept(events);
    } else if (tag & Clients::kTag) {
      clients_.Ready(tag & ~Clients::kTag, what, events);
    } else if (tag == kTimerTag) {
      uint64_t times = 0;
      (void)!read(timer_.get(), &times, sizeof times);
      events.push_back(TimerFired{});
    } else if (tag == kWakeTag) {
      inbox_->Take(events);
    } else if (tag == kGroupTag) {
      corosync_->Take(events);
    } else if (tag == kUnitsTag) {
      units_.Ready(events);
    } else if (tag == kSignalTag) {
      signalfd_siginfo info{};
      while (read(signals_.get(), &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP) continue;
        events.push_back(AskedToLeave{info.ssi_signo == SIGINT});
      }
    } else {
      processes_.Ready(tag, events);
    }
  }

  // One event, its effects, and what those bring about at once.
  void Feed(Event event) {
    std::vector<Event> events;
    events.push_back(std::move(event));
    for (size_t i = 0; i < events.size() && !exit_; ++i) {
      const Event next = std::move(events[i]);
      for (Effect& effect : core_->Step(Now(), next)) {
        std::visit([&](auto& e) { Do(e, events); }, effect);
      }
    }
  }

  void Do(const Spawn& spawn, std::vector<Event>& events) { processes_.Do(spawn, events); }
  void Do(const Release& release, std::vector<Event>&) { processes_.Do(release); }
  void Do(const Kill& kill, std::vector<Event>& events) {
    processes_.Do(kill);
    units_.Do(kill, events);
  }
  void Do(const CallUnit& call, std::vector<Event>& events) { units_.Do(call, events); }
  void Do(const Adopt& adopt, std::vector<Event>& events) { processes_.Do(adopt, events); }
  void Do(SaveSession& save, std::vector<Event>&) { keeper_->Do(std::move(save)); }
  void Do(WriteStore& write, std::vector<Event>&) { disk_->Do(std::move(write)); }
  void Do(Solve& solve, std::vector<Event>&) { thinker_->Do(std::move(solve)); }
  void Do(const Answer& answer, std::vector<Event>& events) { clients_.Do(answer, events); }
  void Do(const CloseClient& close, std::vector<Event>& events) { clients_.Do(close, events); }
  void Do(const WakeAt& wake, std::vector<Event>&) {
    // Never zero, which would switch the timer off.
    const int64_t at_ms = std::max<int64_t>(wake.boot_ms, 1);
    itimerspec time{};
    time.it_value.tv_sec = at_ms / 1000;
    time.it_value.tv_nsec = at_ms % 1000 * 1000000;
    timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &time, nullptr);
  }
  void Do(const Say& say, std::vector<Event>&) { log_->Say(say.level, say.text); }
  void Do(Multicast& multicast, std::vector<Event>&) {
    if (corosync_) corosync_->Do(std::move(multicast));
  }
  void Do(const Exit& exit, std::vector<Event>&) { exit_ = exit.status; }

  MachineOptions options_;
  Descriptor epoll_;
  std::shared_ptr<Inbox> inbox_;
  Descriptor timer_;
  Descriptor signals_;
  Descriptor lock_;
  Processes processes_;
  Units units_;
  Clients clients_;
  Core* core_ = nullptr;
  std::optional<int> exit_;
  std::optional<Log> log_;
  std::optional<Heartbeat> heartbeat_;
  // Last, so that their threads end before what they tell.
  std::optional<Disk> disk_;
  std::optional<SessionKeeper> keeper_;
  std::optional<Thinker> thinker_;
  std::optional<Corosync> corosync_;
};

}  // namespace

int RunMachine(MachineOptions options) {
  const int status = Machine(std::move(options)).Run();
  // A thread that hangs in a call may be there still; nothing that it could need is taken from it.
  std::fflush(nullptr);
  _exit(status);
}

}  // namespace picket::runtime
