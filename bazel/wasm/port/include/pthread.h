/* No thread can be had; the caller goes on with the stack that it has, which the linker made large. */
#pragma once

#include <errno.h>
#include <stddef.h>

typedef int pthread_t;
typedef int pthread_attr_t;

static inline int pthread_attr_init(pthread_attr_t* attributes) {
  return (void)attributes, 0;
}
static inline int pthread_attr_setstacksize(pthread_attr_t* attributes, size_t bytes) {
  return (void)attributes, (void)bytes, 0;
}
static inline int pthread_attr_destroy(pthread_attr_t* attributes) {
  return (void)attributes, 0;
}
static inline int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                                 void* argument) {
  return (void)thread, (void)attributes, (void)start, (void)argument, EAGAIN;
}
static inline int pthread_join(pthread_t thread, void** result) {
  return (void)thread, (void)result, EINVAL;
}
