// A system call without the C library: no `errno`, no lock, nothing to link with.
#pragma once

namespace picket::runtime {

// The kernel's answer: -errno where it fails.
inline long SystemCall(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
#if defined(__x86_64__)
  long answer;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall"
                   : "=a"(answer)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                   : "rcx", "r11", "memory");
  return answer;
#elif defined(__aarch64__)
  register long which __asm__("x8") = number;
  register long first __asm__("x0") = a;
  register long second __asm__("x1") = b;
  register long third __asm__("x2") = c;
  register long fourth __asm__("x3") = d;
  __asm__ volatile("svc #0" : "+r"(first) : "r"(which), "r"(second), "r"(third), "r"(fourth) : "memory");
  return first;
#else
#error "picketd knows the system calls of x86-64 and of 64-bit ARM"
#endif
}

template <typename T>
long AddressOf(const T* pointer) {
  return reinterpret_cast<long>(pointer);
}

}  // namespace picket::runtime
