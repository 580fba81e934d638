/* What the caller may not do, what there is none of, and bad memory: calls about processes, identities, limits, scheduling and signals.
   covers: kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal pidfd_open get_robust_list getresuid getresgid setregid setresgid setgroups
     setreuid setresuid setuid setgid getrlimit setrlimit prlimit64 capset capget setpgid sched_setparam sched_setscheduler sched_setaffinity
     sched_setattr sched_getattr setpriority getpriority adjtimex clock_settime clock_adjtime settimeofday timerfd_create syslog rt_sigsuspend
     fork vfork clone clone3 timer_create getpgid getsid sethostname setdomainname */
#include "observe.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/time.h>
#include <time.h>

/* Process numbers end below this on every system. */
enum { NOBODY = 0x7fffffff };

struct attributes { unsigned size, policy; unsigned long flags; int nice; unsigned priority; unsigned long runtime, deadline, period; unsigned low, high; };

static void become(uid_t user) {
  setresgid(user, user, user);
  setresuid(user, user, user);
}

static void signals(pid_t other) {
  siginfo_t info = {.si_code = SI_QUEUE};
  int descriptor = syscall(SYS_pidfd_open, other, 0);
  SHOW(syscall(SYS_kill, other, 0));
  SHOW(syscall(SYS_kill, other, SIGTERM));
  SHOW(syscall(SYS_kill, other, 65));
  SHOW(syscall(SYS_kill, other, -1));
  SHOW(syscall(SYS_kill, NOBODY, 0));
  SHOW(syscall(SYS_kill, -NOBODY, SIGTERM));
  SHOW(syscall(SYS_tkill, other, SIGTERM));
  SHOW(syscall(SYS_tkill, NOBODY, SIGTERM));
  SHOW(syscall(SYS_tkill, 0, SIGTERM));
  SHOW(syscall(SYS_tkill, -1, SIGTERM));
  SHOW(syscall(SYS_tkill, other, 65));
  SHOW(syscall(SYS_tgkill, other, other, SIGTERM));
  SHOW(syscall(SYS_tgkill, other, NOBODY, SIGTERM));
  SHOW(syscall(SYS_tgkill, getpid(), other, SIGTERM));
  SHOW(syscall(SYS_tgkill, 0, other, SIGTERM));
  SHOW(syscall(SYS_tgkill, other, 0, SIGTERM));
  SHOW(syscall(SYS_tgkill, other, other, 65));
  SHOW(syscall(SYS_rt_sigqueueinfo, other, SIGTERM, &info));
  SHOW(syscall(SYS_rt_sigqueueinfo, NOBODY, SIGTERM, &info));
  SHOW(syscall(SYS_rt_sigqueueinfo, other, SIGTERM, BAD_POINTER));
  SHOW(syscall(SYS_rt_tgsigqueueinfo, other, other, SIGTERM, &info));
  SHOW(syscall(SYS_rt_tgsigqueueinfo, other, -1, SIGTERM, &info));
  SHOW(syscall(SYS_pidfd_send_signal, descriptor, SIGTERM, NULL, 0));
  SHOW(syscall(SYS_pidfd_send_signal, descriptor, 65, NULL, 0));
  SHOW(syscall(SYS_pidfd_send_signal, descriptor, SIGTERM, BAD_POINTER, 0));
  SHOW(syscall(SYS_pidfd_send_signal, descriptor, SIGTERM, NULL, 1 << 30));
  SHOW(syscall(SYS_pidfd_send_signal, -1, SIGTERM, NULL, 0));
  SHOW(syscall(SYS_pidfd_send_signal, 1, SIGTERM, NULL, 0));
  close(descriptor);
}

static void scheduling(pid_t other) {
  struct sched_param zero = {0}, one = {1};
  struct attributes attributes = {.size = 48, .policy = SCHED_OTHER}, fifo = {.size = 48, .policy = SCHED_FIFO, .priority = 1}, unknown = {.size = 48, .policy = 77};
  unsigned long mask = 1;
  char large[4097] = {0};
  SHOW(syscall(SYS_sched_setparam, other, &zero));
  SHOW(syscall(SYS_sched_setparam, NOBODY, &zero));
  SHOW(syscall(SYS_sched_setparam, -1, &zero));
  SHOW(syscall(SYS_sched_setparam, 0, NULL));
  SHOW(syscall(SYS_sched_setparam, 0, BAD_POINTER));
  SHOW(syscall(SYS_sched_setparam, 0, &one));
  SHOW(syscall(SYS_sched_setscheduler, other, SCHED_OTHER, &zero));
  SHOW(syscall(SYS_sched_setscheduler, other, SCHED_BATCH, &zero));
  SHOW(syscall(SYS_sched_setscheduler, NOBODY, SCHED_OTHER, &zero));
  SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, BAD_POINTER));
  SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL));
  SHOW(syscall(SYS_sched_setscheduler, 0, -1, &zero));
  SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &zero));
  SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &one));
  SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &one));
  SHOW(syscall(SYS_sched_setaffinity, other, 8, &mask));
  SHOW(syscall(SYS_sched_setaffinity, NOBODY, 8, &mask));
  SHOW(syscall(SYS_sched_setaffinity, 0, 8, BAD_POINTER));
  SHOW(syscall(SYS_sched_setaffinity, 0, 0, &mask));
  SHOW(syscall(SYS_sched_setattr, other, &attributes, 0));
  SHOW(syscall(SYS_sched_setattr, NOBODY, &attributes, 0));
  SHOW(syscall(SYS_sched_setattr, 0, &attributes, 0));
  SHOW(syscall(SYS_sched_setattr, 0, &fifo, 0));
  SHOW(syscall(SYS_sched_setattr, 0, &unknown, 0));
  SHOW(syscall(SYS_sched_setattr, 0, BAD_POINTER, 0));
  SHOW(syscall(SYS_sched_setattr, 0, NULL, 0));
  SHOW(syscall(SYS_sched_setattr, -1, &attributes, 0));
  SHOW(syscall(SYS_sched_setattr, 0, &attributes, 1));
  /* A structure of another size: too short, longer with and without something in the rest, too long. */
  memcpy(large, &attributes, sizeof attributes);
  *(unsigned *)large = 47;
  SHOW(syscall(SYS_sched_setattr, 0, large, 0));
  NOTE("size left %u", *(unsigned *)large);
  *(unsigned *)large = 64;
  SHOW(syscall(SYS_sched_setattr, 0, large, 0));
  large[63] = 1;
  SHOW(syscall(SYS_sched_setattr, 0, large, 0));
  *(unsigned *)large = 4097;
  SHOW(syscall(SYS_sched_setattr, 0, large, 0));
  *(unsigned *)large = 0;
  SHOW(syscall(SYS_sched_setattr, 0, large, 0));
  SHOW(syscall(SYS_sched_getattr, NOBODY, &attributes, 48, 0));
  SHOW(syscall(SYS_sched_getattr, -1, &attributes, 48, 0));
  SHOW(syscall(SYS_sched_getattr, 0, BAD_POINTER, 48, 0));
  SHOW(syscall(SYS_sched_getattr, 0, NULL, 48, 0));
  SHOW(syscall(SYS_sched_getattr, 0, &attributes, 47, 0));
  SHOW(syscall(SYS_sched_getattr, 0, &attributes, 4097, 0));
  SHOW(syscall(SYS_sched_getattr, 0, &attributes, 48, 1));
  SHOW(syscall(SYS_sched_getattr, 0, read_only_page(), 48, 0));
  SHOW(setpriority(PRIO_PROCESS, other, 5));
  SHOW(setpriority(PRIO_PROCESS, 0, -5));
  SHOW(setpriority(PRIO_PROCESS, NOBODY, 5));
  SHOW(setpriority(7, 0, 5));
  SHOW(getpriority(PRIO_PROCESS, NOBODY));
  SHOW(getpriority(-1, 0));
}

static void limits(pid_t other) {
  struct rlimit limit, crossed = {2, 1}, more;
  SHOW(syscall(SYS_getrlimit, RLIMIT_NLIMITS, &limit));
  SHOW(syscall(SYS_getrlimit, -1, &limit));
  SHOW(syscall(SYS_getrlimit, RLIMIT_CORE, BAD_POINTER));
  SHOW(syscall(SYS_getrlimit, RLIMIT_CORE, NULL));
  SHOW(syscall(SYS_setrlimit, RLIMIT_NLIMITS, &limit));
  SHOW(syscall(SYS_setrlimit, RLIMIT_CORE, BAD_POINTER));
  SHOW(syscall(SYS_setrlimit, RLIMIT_CORE, &crossed));
  limit.rlim_cur = limit.rlim_max = 10;
  SHOW(syscall(SYS_setrlimit, RLIMIT_MSGQUEUE, &limit));
  more.rlim_cur = more.rlim_max = 11;
  SHOW(syscall(SYS_setrlimit, RLIMIT_MSGQUEUE, &more));
  SHOW(syscall(SYS_prlimit64, other, RLIMIT_CORE, NULL, &limit));
  SHOW(syscall(SYS_prlimit64, NOBODY, RLIMIT_CORE, NULL, &limit));
  SHOW(syscall(SYS_prlimit64, 0, RLIMIT_NLIMITS, NULL, &limit));
  SHOW(syscall(SYS_prlimit64, 0, RLIMIT_CORE, BAD_POINTER, &limit));
  SHOW(syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, BAD_POINTER));
}

static void identities(void) {
  unsigned id, groups[2] = {1, 2};
  SHOW(syscall(SYS_getresuid, BAD_POINTER, &id, &id));
  SHOW(syscall(SYS_getresuid, &id, &id, NULL));
  SHOW(syscall(SYS_getresgid, BAD_POINTER, &id, &id));
  SHOW(syscall(SYS_getresgid, &id, NULL, &id));
  SHOW(syscall(SYS_setuid, 0));
  SHOW(syscall(SYS_setuid, -1));
  SHOW(syscall(SYS_setgid, 0));
  SHOW(syscall(SYS_setgid, -1));
  SHOW(syscall(SYS_setreuid, 0, -1));
  SHOW(syscall(SYS_setreuid, -1, 0));
  SHOW(syscall(SYS_setregid, 0, -1));
  SHOW(syscall(SYS_setregid, -1, 0));
  SHOW(syscall(SYS_setresuid, -1, -1, 0));
  SHOW(syscall(SYS_setresgid, -1, -1, 0));
  SHOW(syscall(SYS_setresgid, 0, -1, -1));
  SHOW(syscall(SYS_setgroups, 2, groups));
  SHOW(syscall(SYS_setgroups, 65537, groups));
  SHOW(syscall(SYS_sethostname, "x", 1));
  SHOW(syscall(SYS_setdomainname, "x", 1));
}

static void capabilities(void) {
  struct __user_cap_header_struct header = {.version = 0x12345678};
  struct __user_cap_data_struct data[2] = {{0}};
  SHOW(syscall(SYS_capset, &header, data));
  NOTE("version left %x", header.version);
  header.version = 0;
  SHOW(syscall(SYS_capget, &header, data));
  SHOW(syscall(SYS_capget, &header, NULL));
  header.version = _LINUX_CAPABILITY_VERSION_3;
  SHOW(syscall(SYS_capset, &header, BAD_POINTER));
  SHOW(syscall(SYS_capset, BAD_POINTER, data));
  SHOW(syscall(SYS_capset, read_only_page(), data));
  header.pid = NOBODY;
  SHOW(syscall(SYS_capset, &header, data));
  SHOW(syscall(SYS_capget, &header, data));
  header.pid = -1;
  SHOW(syscall(SYS_capget, &header, data));
}

static void clocks(void) {
  struct timex change = {.modes = ADJ_FREQUENCY};
  struct timespec now = {1, 0}, wrong_time = {1, 1000000000}, negative = {-1, 0};
  SHOW(syscall(SYS_adjtimex, &change));
  SHOW(syscall(SYS_adjtimex, BAD_POINTER));
  SHOW(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &change));
  SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, &now));
  SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, &wrong_time));
  SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, &negative));
  SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, BAD_POINTER));
  SHOW(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &now));
  SHOW(syscall(SYS_clock_settime, 77, &now));
  struct timeval moment = {1, 0}, wrong_moment = {1, 1000000};
  SHOW(syscall(SYS_settimeofday, &moment, NULL));
  SHOW(syscall(SYS_settimeofday, &wrong_moment, NULL));
  SHOW(syscall(SYS_timerfd_create, CLOCK_REALTIME_ALARM, 0));
  SHOW(syscall(SYS_timerfd_create, CLOCK_BOOTTIME_ALARM, 0));
}

/* No more processes for this user. */
static void no_processes(void) {
  struct rlimit limit = {0, 0};
  unsigned long arguments[11] = {0};
  arguments[4] = SIGCHLD;
  setrlimit(RLIMIT_NPROC, &limit);
  SHOW(syscall(SYS_fork));
  SHOW(syscall(SYS_vfork));
  SHOW(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
  SHOW(syscall(SYS_clone3, arguments, 64));
}

/* No more queued signals: those that queue fail, ordinary ones go out without. */
static void no_signals(void) {
  struct rlimit limit = {0, 0};
  siginfo_t info = {.si_code = SI_QUEUE};
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
  sigset_t all;
  int timer;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  setrlimit(RLIMIT_SIGPENDING, &limit);
  SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGRTMIN, &info));
  SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGRTMIN, &info));
  SHOW(syscall(SYS_tkill, getpid(), SIGRTMIN));
  SHOW(syscall(SYS_tgkill, getpid(), getpid(), SIGRTMIN));
  SHOW(syscall(SYS_kill, getpid(), SIGRTMIN));
  SHOW(syscall(SYS_tkill, getpid(), SIGUSR1));
  SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer));
}

static void groups(const char *self) {
  int ready[2];
  pipe(ready);
  pid_t child = fork();
  if (child == 0) {
    dup2(ready[1], 1);
    execl(self, self, "child", NULL);
    _exit(1);
  }
  char byte;
  close(ready[1]);
  read(ready[0], &byte, 1);
  SHOW(setpgid(child, child));
  SHOW(setpgid(child, 0));
  SHOW(setpgid(NOBODY, 0));
  SHOW(setpgid(0, -1));
  SHOW(setpgid(1, 0));
  SHOW(setpgid(0, NOBODY));
  SHOW(getpgid(NOBODY));
  SHOW(getpgid(-1));
  SHOW(getsid(NOBODY));
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    write(1, "r", 1);
    pause();
  }
  const pid_t root = getpid();
  long value;
  size_t size;
  char self[256] = "";
  readlink("/proc/self/exe", self, sizeof self - 1);
  groups(self);
  pid_t target = fork();
  if (target == 0) {
    pause();
    _exit(0);
  }
  IN_CHILD("signals", { become(1000); signals(target); });
  IN_CHILD("scheduling", { become(1000); scheduling(target); });
  IN_CHILD("limits", { become(1000); limits(target); });
  IN_CHILD("identities", { become(1000); identities(); });
  IN_CHILD("capabilities", { become(1000); capabilities(); });
  IN_CHILD("clocks", { become(1000); clocks(); });
  IN_CHILD("no processes", { become(1000); no_processes(); });
  IN_CHILD("no signals", no_signals());
  IN_CHILD("robust lists", {
    become(1000);
    SHOW(syscall(SYS_get_robust_list, root, &value, &size));
    SHOW(syscall(SYS_get_robust_list, 0, BAD_POINTER, &size));
    SHOW(syscall(SYS_get_robust_list, 0, &value, BAD_POINTER));
    SHOW(syscall(SYS_get_robust_list, NOBODY, &value, &size));
  });
  IN_CHILD("log", {
    char text[16];
    SHOW(syscall(SYS_syslog, 3, NULL, 16));
    SHOW(syscall(SYS_syslog, 3, KERNEL_POINTER, 16));
    SHOW(syscall(SYS_syslog, 3, text, -1));
    SHOW(syscall(SYS_syslog, 77, NULL, 0));
    SHOW(syscall(SYS_rt_sigsuspend, BAD_POINTER, 8));
    SHOW(syscall(SYS_rt_sigsuspend, &value, 4));
    SHOW(syscall(SYS_rt_sigsuspend, &value, 0));
  });
  kill(target, SIGKILL);
  waitpid(target, NULL, 0);
  return 0;
}
