#include "runtime/ports/linux/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "runtime/ports/linux/become_agent.h"
#include "runtime/ports/linux/begin_bytes.h"

namespace picket::runtime {
namespace {

constexpr size_t kOutputMax = 64 << 10;

int OpenPidfd(int64_t pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0));
}

// Field 22 of /proc/PID/stat; 0 if there is no such process. The name in field 2 may hold anything.
uint64_t StartTicks(int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return 0;
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int i = 3; i < 22; ++i) fields >> field;
  uint64_t ticks = 0;
  fields >> ticks;
  return ticks;
}

// Whether a line of /proc/PID/stat is of a process in that group that is more than an entry in a table: where
// nobody reaps orphans, the dead stay there for ever.
bool IsAliveIn(const std::string& stat, int64_t group) {
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return false;
  std::istringstream fields(stat.substr(name_end + 1));
  char state = 0;
  int64_t parent = 0, of = 0;
  fields >> state >> parent >> of;
  return of == group && state != 'Z' && state != 'X';
}

bool GroupLives(int64_t pid) {
  if (kill(static_cast<pid_t>(-pid), 0) != 0 && errno != EPERM) return false;
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(opendir("/proc"), closedir);
  if (!processes) return true;
  while (const dirent* entry = readdir(processes.get())) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    std::ifstream file(std::string("/proc/") + entry->d_name + "/stat");
    std::string text;
    if (std::getline(file, text, '\0') && IsAliveIn(text, pid)) return true;
  }
  return false;
}

// Whatever is there is read; of too much the end is kept, since agents say last why they failed. What has
// ended is closed: an end would be readable for ever.
void Drain(Descriptor& from, std::string& text) {
  if (!from.valid()) return;
  char buffer[8192];
  ssize_t size = 0;
  while ((size = read(from.get(), buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<size_t>(size));
    if (text.size() > 2 * kOutputMax) text.erase(0, text.size() - kOutputMax);
  }
  if (size == 0 || (errno != EAGAIN && errno != EINTR)) from.Reset();
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Out of the way of the numbers that an agent's own descriptors get, which begin at 0.
int MovedUp(int fd) {
  if (fd < 0 || fd >= 10) return fd;
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
  close(fd);
  return moved;
}

struct Pipe {
  Descriptor read, write;
  bool Open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read.Reset(MovedUp(ends[0]));
    write.Reset(MovedUp(ends[1]));
    return read.valid() && write.valid();
  }
};

int InputOf(const std::string& input) {
  if (input.empty()) return MovedUp(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int fd = MovedUp(memfd_create("input", MFD_CLOEXEC));
  if (fd < 0) return fd;
  size_t at = 0;
  while (at < input.size()) {
    const ssize_t size = write(fd, input.data() + at, input.size() - at);
    if (size <= 0) {
      close(fd);
      return -1;
    }
    at += static_cast<size_t>(size);
  }
  lseek(fd, 0, SEEK_SET);
  return fd;
}

// A file in memory with the program of begin.cc; -1 where the kernel does not let it be.
int BeginProgram() {
#ifndef MFD_EXEC
  constexpr unsigned MFD_EXEC = 0x10;
#endif
  int fd = memfd_create("picket-begin", MFD_CLOEXEC | MFD_EXEC);
  if (fd < 0 && errno == EINVAL) fd = memfd_create("picket-begin", MFD_CLOEXEC);  // before Linux 6.3
  if (fd < 0) return fd;
  if (write(fd, kBeginProgram, kBeginProgramSize) != static_cast<ssize_t>(kBeginProgramSize)) {
    close(fd);
    return -1;
  }
  return MovedUp(fd);
}

// Begins the small program; 0 and the process, or an errno. The caller waits until the kernel has loaded it.
int BeginSmall(int program, const Spawn& spawn, const ChildEnds& ends, pid_t& pid) {
  const std::string path = "/proc/self/fd/" + std::to_string(program);
  std::vector<std::string> words = {"picket-begin", std::to_string(ends.files)};
  words.insert(words.end(), spawn.arguments.begin(), spawn.arguments.end());
  posix_spawn_file_actions_t actions;
  if (const int error = posix_spawn_file_actions_init(&actions); error != 0) return error;
  const int given[] = {ends.input, ends.output, ends.errors, ends.release, ends.failure};
  int error = 0;
  for (int i = 0; i < 5 && error == 0; ++i) error = posix_spawn_file_actions_adddup2(&actions, given[i], i);
  if (error == 0) {
    error =
        posix_spawn(&pid, path.c_str(), &actions, nullptr, Pointers(words).data(), Pointers(spawn.environment).data());
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// The same by a copy of the daemon.
int BeginCopy(const Spawn& spawn, const ChildEnds& ends, pid_t& pid) {
  const std::vector<char*> arguments = Pointers(spawn.arguments);
  const std::vector<char*> environment = Pointers(spawn.environment);
  pid = fork();
  if (pid == 0) BecomeAgent(ends, arguments.data(), environment.data());
  return pid < 0 ? errno : 0;
}

// Whether an error of BeginSmall means that it will never work here, and not that something is used up for now.
bool IsForbidden(int error) {
  return error != 0 && error != EAGAIN && error != ENOMEM && error != EMFILE && error != ENFILE && error != E2BIG;
}

}  // namespace

Processes::Processes(int epoll, bool copies) : epoll_(epoll), begin_(copies ? -1 : BeginProgram()) {}

int Processes::Begin(const Spawn& spawn, const ChildEnds& ends, pid_t& pid) {
  if (!begin_.valid()) return BeginCopy(spawn, ends, pid);
  const int error = BeginSmall(begin_.get(), spawn, ends, pid);
  if (!IsForbidden(error)) return error;
  begin_.Reset();
  return BeginCopy(spawn, ends, pid);
}

void Processes::Watch(int fd, RunNumber run) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = run;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void Processes::Do(const Spawn& spawn, std::vector<Event>& events) {
  Pipe release, failure, output, errors;
  Descriptor input(InputOf(spawn.input));
  if (!input.valid() || !release.Open() || !failure.Open() || !output.Open() || !errors.Open()) {
    events.push_back(SpawnFailed{spawn.run, std::strerror(errno)});
    return;
  }
  const ChildEnds ends{input.get(),        output.write.get(),  errors.write.get(),
                       release.read.get(), failure.write.get(), static_cast<rlim_t>(file_limit_)};
  pid_t pid = 0;
  if (const int error = Begin(spawn, ends, pid); error != 0) {
    events.push_back(SpawnFailed{spawn.run, std::strerror(error)});
    return;
  }
  Process process;
  process.pid = pid;
  process.pidfd.Reset(OpenPidfd(pid));
  if (!process.pidfd.valid()) {
    // Nobody would see its end. It waits to be released and has done nothing.
    const int error = errno;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    events.push_back(SpawnFailed{spawn.run, std::strerror(error)});
    return;
  }
  process.release = std::move(release.write);
  process.failure = std::move(failure.read);
  process.output = std::move(output.read);
  process.errors = std::move(errors.read);
  for (const Descriptor* fd : {&process.failure, &process.output, &process.errors}) {
    fcntl(fd->get(), F_SETFL, O_NONBLOCK);
  }
  Watch(process.pidfd.get(), spawn.run);
  Watch(process.output.get(), spawn.run);
  Watch(process.errors.get(), spawn.run);
  processes_[spawn.run] = std::move(process);
  events.push_back(ProcessSpawned{spawn.run, pid, StartTicks(pid)});
}

void Processes::Do(const Release& release) {
  const auto found = processes_.find(release.run);
  if (found == processes_.end()) return;
  const char go = 1;
  // A child that is gone already is reported like any other end.
  (void)!write(found->second.release.get(), &go, 1);
  found->second.release.Reset();
}

void Processes::Do(const Kill& kill) {
  const auto found = processes_.find(kill.run);
  if (found == processes_.end()) return;
  found->second.killed = true;
  const auto pid = static_cast<pid_t>(found->second.pid);
  if (::kill(-pid, SIGKILL) == 0) return;
  // It may not have made its group yet: then it never will, and if it did meanwhile, nobody in it escapes.
  if (!found->second.reaped) ::kill(pid, SIGKILL);
  ::kill(-pid, SIGKILL);
}

void Processes::Do(const Adopt& adopt, std::vector<Event>& events) {
  Process process;
  process.pid = adopt.pid;
  process.adopted = true;
  process.pidfd.Reset(OpenPidfd(adopt.pid));
  // Asked after it was opened: the descriptor keeps its process, a number may be given to another.
  if (!process.pidfd.valid() || StartTicks(adopt.pid) != adopt.start_ticks) {
    ProcessEnded ended;
    ended.run = adopt.run;
    ended.known = false;
    events.push_back(std::move(ended));
    return;
  }
  Watch(process.pidfd.get(), adopt.run);
  processes_[adopt.run] = std::move(process);
}

void Processes::Ready(RunNumber run, std::vector<Event>& events) {
  const auto found = processes_.find(run);
  if (found == processes_.end()) return;
  Process& process = found->second;
  Drain(process.output, process.output_text);
  Drain(process.errors, process.errors_text);
  if (process.reaped) return;
  if (process.adopted) {
    // It is no child of ours: that its descriptor is readable says that it is gone.
    siginfo_t info{};
    if (syscall(SYS_waitid, P_PIDFD, process.pidfd.get(), &info, WEXITED | WNOHANG | WNOWAIT, nullptr) == 0 &&
        info.si_pid == 0) {
      return;
    }
  } else if (const pid_t gone = waitpid(static_cast<pid_t>(process.pid), &process.status, WNOHANG);
             gone != process.pid) {
    if (gone == 0 || errno != ECHILD) return;  // Only output, or its end.
    process.adopted = true;                    // Somebody else has reaped it: nobody can say how it ended.
    process.status = 0;
  }
  process.reaped = true;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, process.pidfd.get(), nullptr);
  if (!process.killed || !GroupLives(process.pid)) Finish(run, events);
}

void Processes::Look(std::vector<Event>& events) {
  std::vector<RunNumber> gone;
  for (auto& [run, process] : processes_) {
    if (!process.reaped || !process.killed) continue;
    // To look is not cheap: the longer it takes, the more seldom.
    const int look = ++process.looks;
    if (look > 50 && look % 50 != 0) continue;
    if (!GroupLives(process.pid)) gone.push_back(run);
  }
  for (const RunNumber run : gone) Finish(run, events);
}

bool Processes::HasDying() const {
  for (const auto& [run, process] : processes_) {
    if (process.reaped) return true;
  }
  return false;
}

void Processes::Finish(RunNumber run, std::vector<Event>& events) {
  Process process = std::move(processes_[run]);
  processes_.erase(run);
  Drain(process.output, process.output_text);
  Drain(process.errors, process.errors_text);
  ProcessEnded ended;
  ended.run = run;
  ended.known = !process.adopted;
  if (WIFSIGNALED(process.status)) ended.signal = WTERMSIG(process.status);
  if (WIFEXITED(process.status)) ended.exit_code = WEXITSTATUS(process.status);
  int error = 0;
  if (process.failure.valid() && read(process.failure.get(), &error, sizeof error) == sizeof error) {
    ended.exec_error = error;
  }
  ended.output = std::move(process.output_text);
  ended.errors = std::move(process.errors_text);
  events.push_back(std::move(ended));
}

}  // namespace picket::runtime
