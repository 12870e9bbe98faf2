// The program that waits to become an agent: `picket-begin FILES PROGRAM ARGUMENT…`, with the agent's environment.
//
// picketd carries it in itself and executes it from memory (processes.cc). So a process begins without a copy of the
// daemon, whose tables of memory would take longer to copy than all the rest. Its descriptors 0 to 4 are
// those of ChildEnds in their order. No C library: it starts in no time.
#include "runtime/ports/linux/become_agent.h"

namespace {

using picket::runtime::BecomeAgent;
using picket::runtime::EndProcess;

rlim_t Number(const char* text) {
  rlim_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) number = number * 10 + static_cast<rlim_t>(*text - '0');
  return number;
}

}  // namespace

// `stack`: what the kernel leaves for a program: the number of its words, the words, zero, the environment, zero.
extern "C" [[noreturn]] void Begin(const long* stack) {
  const long count = stack[0];
  const auto words = reinterpret_cast<char* const*>(stack + 1);
  if (count < 3) EndProcess(126);
  BecomeAgent({0, 1, 2, 3, 4, Number(words[1])}, words + 2, words + count + 1);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call Begin\n  hlt\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n  mov x29, #0\n  mov x0, sp\n  bl Begin\n  brk #0\n");
#endif
