/* Calls that a signal interrupts. */
#ifndef INTERRUPT_H
#define INTERRUPT_H
#include "observe.h"
#include <signal.h>

static inline void on_alarm(int number) { (void)number; }

/* Alarms come every 50 ms until the call is over: one that comes too early, on a busy machine, is followed by another. */
static inline void begin_alarms(void) {
  struct sigaction action = {.sa_handler = on_alarm};
  sigaction(SIGALRM, &action, NULL);
  ualarm(50000, 50000);
  errno = 0;
}

__attribute__((unused)) static long end_alarms(const char *what, long result) {
  int error = errno;
  ualarm(0, 0);
  errno = error;
  return observe(what, result, 1);
}

#define INTERRUPTED(call) (begin_alarms(), end_alarms(#call, (long)(call)))
#endif
