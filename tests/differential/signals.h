/* Signals that a process sends to itself: actions, masks, queues, alternate stacks, waiting for them, and the order of delivery. */
#pragma once
#include "differ.h"
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/wait.h>

static const int used_signals[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD, SIGWINCH, SIGURG, SIGCONT, 34, 35, 64};
static int depth;
static int some_signal(void) { return PICK(used_signals); }

static void show_set(unsigned long set) { say(" %lx", set); }

static void on_any(int number, siginfo_t *info, void *context) {
  unsigned long mask;
  stack_t stack;
  (void)context;
  syscall(SYS_rt_sigprocmask, 0, NULL, &mask, 8);
  sigaltstack(NULL, &stack);
  say("  [handler %d code %d value %d mask %lx stack %d depth %d]\n", number, info->si_code, info->si_code == SI_QUEUE ? info->si_value.sival_int : 0, mask, stack.ss_flags, depth);
  if (depth < 3 && chance(20)) { depth++; raise(some_signal()); depth--; }
}

static char alternate[32768];
static int signal_file = -1;

static void prepare_signals(void) {
  unsigned long mask = 1ul << (SIGUSR1 - 1) | 1ul << 33;
  signal_file = SYS(SYS_signalfd4, -1, &mask, 8, SFD_NONBLOCK);
  for (unsigned i = 0; i < sizeof used_signals / sizeof *used_signals; i++) signal(used_signals[i], SIG_IGN);
}

static void step_action(void) {
  static const unsigned long flags[] = {SA_NODEFER, SA_RESETHAND, SA_ONSTACK, SA_RESTART, SA_NOCLDSTOP, SA_NOCLDWAIT, 0x800};
  int number = chance(90) ? some_signal() : PICK(((int[]){0, SIGKILL, SIGSTOP, 65, -1, 33}));
  struct sigaction action = {0}, old = {0};
  int kind = below(4);
  if (kind < 2) { action.sa_sigaction = on_any; action.sa_flags = SA_SIGINFO | SOME(flags, 2); }
  else { action.sa_handler = SIG_IGN; action.sa_flags = SOME(flags, 1); }
  for (int i = below(3); i > 0; i--) sigaddset(&action.sa_mask, some_signal());
  say("sigaction %d %s %x", number, kind < 2 ? "handler" : "ignore", action.sa_flags);
  long got = or_errno(sigaction(number, chance(10) ? NULL : &action, &old));
  if (got == 0) say(" was %s %x", old.sa_handler == SIG_IGN ? "ignore" : old.sa_handler == SIG_DFL ? "default" : "handler", old.sa_flags & ~0x04000000);
  result(got);
}

static void step_send(void) {
  int number = some_signal();
  siginfo_t info = {0};
  switch (below(6)) {
    case 0: case 1: say("kill %d\n", number); say(" "); result(SYS(SYS_kill, getpid(), number)); break;
    case 2: say("tgkill %d\n", number); say(" "); result(SYS(SYS_tgkill, getpid(), gettid(), number)); break;
    case 3: {
      info.si_code = PICK(((int[]){SI_QUEUE, SI_QUEUE, SI_QUEUE, SI_USER, SI_TKILL, SI_TIMER, 1}));
      info.si_value.sival_int = step_number;
      say("sigqueueinfo %d code %d\n", number, info.si_code);
      say(" ");
      result(SYS(SYS_rt_sigqueueinfo, getpid(), number, &info));
      break;
    }
    case 4: number = PICK(((int[]){0, 65, -1, 1000})); say("kill %d", number); result(SYS(SYS_kill, getpid(), number)); break;
    default: say("kill group %d\n", number); say(" "); result(SYS(SYS_kill, 0, number)); break;
  }
}

static void step_mask(void) {
  unsigned long set = 0, old = 0;
  for (int i = below(4); i > 0; i--) set |= 1ul << (some_signal() - 1);
  if (chance(10)) set |= 1ul << (SIGKILL - 1) | 1ul << (SIGSTOP - 1);
  int how = chance(95) ? below(3) : 3 + below(3);
  unsigned size = chance(97) ? 8 : below(17);
  say("sigprocmask %d %lx %u\n", how, set, size);
  long got = SYS(SYS_rt_sigprocmask, how, chance(90) ? &set : NULL, &old, size);
  say(" ");
  if (got == 0) show_set(old);
  result(got);
}

static void step_pending(void) {
  unsigned long set = 0;
  say("sigpending");
  long got = SYS(SYS_rt_sigpending, &set, 8);
  show_set(set);
  result(got);
}

static void step_wait(void) {
  unsigned long set = 0;
  for (int i = below(6); i > 0; i--) set |= 1ul << (some_signal() - 1);
  struct timespec none = {0, chance(90) ? 0 : 1000000000};
  siginfo_t info = {0};
  struct signalfd_siginfo from_file;
  switch (below(4)) {
    case 0: case 1: {
      say("sigtimedwait %lx\n", set);
      long got = SYS(SYS_rt_sigtimedwait, &set, &info, &none, 8);
      if (got > 0) say("  code %d value %d", info.si_code, info.si_code == SI_QUEUE ? info.si_value.sival_int : 0);
      result(got);
      break;
    }
    case 2: {
      say("signalfd read\n");
      long got = SYS(SYS_read, signal_file, &from_file, sizeof from_file);
      if (got > 0) say("  %d code %d value %d", from_file.ssi_signo, from_file.ssi_code, from_file.ssi_code == SI_QUEUE ? from_file.ssi_int : 0);
      result(got);
      break;
    }
    default: { long mask = set; say("sigsuspend %lx\n", set); long got = SYS(SYS_rt_sigsuspend, &mask, 8); say(" "); result(got); }
  }
}

static void step_stack(void) {
  stack_t stack = {alternate, PICK(((int[]){0, 0, 0, SS_DISABLE, SS_ONSTACK, 1 << 31, 5})), PICK(((size_t[]){32768, 32768, 32768, 16384, 2047, 0}))}, old;
  say("sigaltstack %x %zu", stack.ss_flags, stack.ss_size);
  long got = SYS(SYS_sigaltstack, chance(85) ? &stack : NULL, &old);
  if (got == 0) say(" was %x %zu", old.ss_flags, old.ss_size);
  result(got);
}

/* A child's end, stop and continuation, one after the other: each is waited for and all signals are blocked meanwhile, so the order is given. */
static void step_child(void) {
  unsigned long all = ~0ul, before, none = 0;
  say("child\n");
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, 8);
  pid_t child = fork();
  if (child == 0) {
    for (int i = 1; i < 65; i++) signal(i, SIG_DFL);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    if (chance(40)) _exit(step_number);
    for (;;) pause();
  }
  int kind = chance(40); /* the same choice as the child's: both have the same stream */
  siginfo_t info = {0};
  if (!kind) {
    int ends = chance(70), number = ends ? PICK(((int[]){SIGTERM, SIGKILL, SIGABRT, SIGUSR1, 40})) : SIGSTOP;
    say("  kill %d", number);
    result(SYS(SYS_kill, child, number));
    if (!ends) {
      long got;
      while ((got = SYS(SYS_waitid, P_PID, child, &info, WSTOPPED, NULL)) == -EINTR) continue;
      say("  stopped: code %d status %d", info.si_code, info.si_status);
      result(got);
      kill(child, SIGCONT);
      memset(&info, 0, sizeof info);
      while ((got = SYS(SYS_waitid, P_PID, child, &info, WCONTINUED | (chance(50) ? WNOWAIT : 0), NULL)) == -EINTR) continue;
      say("  continued: code %d status %d", info.si_code, info.si_status);
      result(got);
      kill(child, SIGKILL);
    }
  }
  int status = 0;
  long got;
  while ((got = SYS(SYS_wait4, child, &status, 0, NULL)) == -EINTR) continue;
  say("  status %x", status);
  worked(got);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, 8);
}

static void step_signals(void) {
  switch (below(14)) {
    case 0: case 1: case 2: step_action(); break;
    case 3: case 4: case 5: case 6: step_send(); break;
    case 7: case 8: step_mask(); break;
    case 9: step_pending(); break;
    case 10: case 11: step_wait(); break;
    case 12: step_stack(); break;
    default: step_child();
  }
}

static const struct subject signals = {"signals", prepare_signals, step_signals};
