// How a process becomes an agent: it leaves what it has of the daemon, waits to be released, and executes the program.
//
// The same in a copy of the daemon (processes.cc, after fork) and in the small program that picketd carries
// (begin.cc). The copy has the daemon's locks, as they were, and the program has no C library: so there are system
// calls only. Header only, because the program is linked with nothing.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>

#include "runtime/ports/linux/system_call.h"

namespace picket::runtime {

// The child's ends of the pipes, and what else it must know.
struct ChildEnds {
  int input, output, errors;
  int release;   // a byte comes when it may begin; the end of the file if it may not
  int failure;   // takes errno (an int) if the program cannot be executed
  rlim_t files;  // how many it may open; 0: as it is
};

[[noreturn]] inline void EndProcess(int status) {
  while (true) SystemCall(SYS_exit_group, status);
}

inline void TakeDescriptors(const ChildEnds& ends) {
  const int given[] = {ends.input, ends.output, ends.errors, ends.release, ends.failure};
  // Out of the way of the low numbers that they are copied to.
  long high[5];
  for (int i = 0; i < 5; ++i) high[i] = SystemCall(SYS_fcntl, given[i], F_DUPFD_CLOEXEC, 10);
  for (int i = 0; i < 5; ++i) {
    if (SystemCall(SYS_dup3, high[i], i, i >= 3 ? O_CLOEXEC : 0) < 0) EndProcess(126);
  }
  SystemCall(SYS_close_range, 5, static_cast<long>(~0u));
}

inline void TakeDefaultSignals() {
  // As the kernel takes it; the default of a signal is zero in all parts.
  const uint64_t standard[4] = {0, 0, 0, 0};
  for (int number = 1; number < 65; ++number) {
    SystemCall(SYS_rt_sigaction, number, AddressOf(standard), 0, sizeof(uint64_t));
  }
  SystemCall(SYS_rt_sigprocmask, SIG_SETMASK, AddressOf(standard), 0, sizeof(uint64_t));
}

inline void TakeLimits(rlim_t files) {
  SystemCall(SYS_setpriority, PRIO_PROCESS, 0, 0);
  if (files != 0) {
    rlimit limit;
    SystemCall(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, AddressOf(&limit));
    limit.rlim_cur = files;
    SystemCall(SYS_prlimit64, 0, RLIMIT_NOFILE, AddressOf(&limit), 0);
  }
  const long oom = SystemCall(SYS_openat, AT_FDCWD, AddressOf("/proc/self/oom_score_adj"), O_WRONLY | O_CLOEXEC);
  if (oom >= 0) {
    SystemCall(SYS_write, oom, AddressOf("0"), 1);
    SystemCall(SYS_close, oom);
  }
}

[[noreturn]] inline void BecomeAgent(const ChildEnds& ends, char* const* arguments, char* const* environment) {
  SystemCall(SYS_setsid);
  TakeDescriptors(ends);
  TakeDefaultSignals();
  TakeLimits(ends.files);
  SystemCall(SYS_umask, 022);
  if (SystemCall(SYS_chdir, AddressOf("/")) < 0) EndProcess(126);
  char go = 0;
  long size = -EINTR;
  while (size == -EINTR) size = SystemCall(SYS_read, 3, AddressOf(&go), 1);
  if (size != 1) EndProcess(126);  // The daemon is gone: whoever comes next does not know of us.
  const int error =
      static_cast<int>(-SystemCall(SYS_execve, AddressOf(arguments[0]), AddressOf(arguments), AddressOf(environment)));
  SystemCall(SYS_write, 4, AddressOf(&error), sizeof error);
  EndProcess(127);
}

}  // namespace picket::runtime
