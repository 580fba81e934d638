/* Users, groups, capabilities, limits, priorities, process groups: who may become or change what. */
#pragma once
#include "differ.h"
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

static pid_t others[3]; /* root's, 1000's, 1001's */

static void prepare_identity(void) {
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){1024, 4096}); /* what a boot gives is the system's choice */
  for (int i = 0; i < 3; i++) {
    int ends[2];
    char byte;
    pipe(ends);
    if ((others[i] = fork()) == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (i > 0) { setresgid(999 + i, 999 + i, 999 + i); setresuid(999 + i, 999 + i, 999 + i); }
      close(ends[0]); close(ends[1]);
      for (;;) pause();
    }
    close(ends[1]);
    read(ends[0], &byte, 1); /* end of file: it has its identity */
    close(ends[0]);
  }
}

static int who(void) { return PICK(((int[]){-1, -1, 0, 0, 1000, 1000, 1001, 65534})); }

static void show_identity(void) {
  uid_t r, e, s;
  gid_t rg, eg, sg, groups[8];
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct caps[2];
  static char shown[256];
  char text[256];
  getresuid(&r, &e, &s);
  getresgid(&rg, &eg, &sg);
  int fsuid = syscall(SYS_setfsuid, -1), fsgid = syscall(SYS_setfsgid, -1), count = getgroups(8, groups);
  syscall(SYS_capget, &header, caps);
  int length = snprintf(text, sizeof text, "  uid %d %d %d %d gid %d %d %d %d groups", r, e, s, fsuid, rg, eg, sg, fsgid);
  for (int i = 0; i < count; i++) length += snprintf(text + length, sizeof text - length, " %d", groups[i]);
  length += snprintf(text + length, sizeof text - length, " caps p%x:%x e%x:%x i%x:%x", caps[1].permitted, caps[0].permitted, caps[1].effective, caps[0].effective, caps[1].inheritable, caps[0].inheritable);
  snprintf(text + length, sizeof text - length, " secure %x keep %d dumpable %d\n", prctl(PR_GET_SECUREBITS), prctl(PR_GET_KEEPCAPS), prctl(PR_GET_DUMPABLE));
  if (strcmp(text, shown)) say("%s", text);
  strcpy(shown, text);
}

static void step_ids(void) {
  int a = who(), b = who(), c = who();
  gid_t groups[3] = {a, 1000, 1001};
  switch (below(9)) {
    case 0: say("setuid %d", a); result(SYS(SYS_setuid, a)); break;
    case 1: say("setgid %d", a); result(SYS(SYS_setgid, a)); break;
    case 2: say("setreuid %d %d", a, b); result(SYS(SYS_setreuid, a, b)); break;
    case 3: say("setregid %d %d", a, b); result(SYS(SYS_setregid, a, b)); break;
    case 4: case 5: say("setresuid %d %d %d", a, b, c); result(SYS(SYS_setresuid, a, b, c)); break;
    case 6: say("setresgid %d %d %d", a, b, c); result(SYS(SYS_setresgid, a, b, c)); break;
    case 7: say("setfsuid %d", a); result(SYS(SYS_setfsuid, a)); say("  setfsgid %d", b); result(SYS(SYS_setfsgid, b)); break;
    default: { int count = below(4); say("setgroups %d %d", count, a); result(SYS(SYS_setgroups, count, groups)); }
  }
}

static void step_caps(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct caps[2] = {0};
  unsigned cap = PICK(((unsigned[]){0, 1, 3, 5, 6, 7, 8, 21, 23, 24, 40, 41, 63}));
  switch (below(6)) {
    case 0: case 1:
      syscall(SYS_capget, &header, caps);
      caps[cap / 32 % 2].effective ^= chance(60) ? 1u << cap % 32 : 0;
      caps[cap / 32 % 2].permitted ^= chance(30) ? 1u << cap % 32 : 0;
      caps[cap / 32 % 2].inheritable ^= chance(40) ? 1u << cap % 32 : 0;
      say("capset %x/%x %x/%x %x/%x", caps[1].permitted, caps[0].permitted, caps[1].effective, caps[0].effective, caps[1].inheritable, caps[0].inheritable);
      result(SYS(SYS_capset, &header, caps));
      break;
    case 2: say("capbset drop %u", cap); result(SYS(SYS_prctl, PR_CAPBSET_DROP, cap, 0, 0, 0)); break;
    case 3: { int how = 1 + below(5); say("ambient %d %u", how, cap); result(SYS(SYS_prctl, PR_CAP_AMBIENT, how, how == 4 ? 0 : cap, 0, 0)); break; }
    case 4: { int bits = PICK(((int[]){0, 1, 2, 4, 8, 16, 32, 64, 128, 0x55, 256})); say("securebits %x", bits); result(SYS(SYS_prctl, PR_SET_SECUREBITS, bits, 0, 0, 0)); break; }
    default: { int on = below(3); say("keepcaps %d", on); result(SYS(SYS_prctl, PR_SET_KEEPCAPS, on, 0, 0, 0)); }
  }
}

static int some_process(void) { return chance(30) ? 0 : PICK(others); }
static const char *process_name(int pid) { return pid == 0 ? "self" : pid == others[0] ? "root's" : pid == others[1] ? "1000's" : "1001's"; }

static void step_power(void) {
  int pid = some_process();
  switch (below(9)) {
    case 0: case 1: say("kill %s", process_name(pid)); result(SYS(SYS_kill, pid ? pid : getpid(), 0)); break;
    case 2: { int nice = (int)below(45) - 22; say("setpriority %s %d", process_name(pid), nice); result(SYS(SYS_setpriority, PRIO_PROCESS, pid, nice)); say("  is"); result(SYS(SYS_getpriority, PRIO_PROCESS, pid)); break; }
    case 3: {
      int resource = below(17);
      struct rlimit limit = {PICK(((rlim_t[]){0, 1, 100, 1000, RLIM_INFINITY})), PICK(((rlim_t[]){100, 1000, 4096, RLIM_INFINITY}))}, old = {0};
      if (resource == RLIMIT_CPU || resource == RLIMIT_AS || resource == RLIMIT_DATA || resource == RLIMIT_STACK) resource = RLIMIT_CORE;
      say("prlimit %s %d %lx %lx", process_name(pid), resource, limit.rlim_cur, limit.rlim_max);
      long got = SYS(SYS_prlimit64, pid, resource, &limit, &old);
      if (resource == RLIMIT_NOFILE || resource == RLIMIT_CORE) say(" was %lx %lx", old.rlim_cur, old.rlim_max);
      result(got);
      break;
    }
    case 4: {
      int policy = PICK(((int[]){0, 1, 2, 3, 5, 7, 0x40000000}));
      struct sched_param param = {PICK(((int[]){0, 0, 1, 50, 99, 100}))};
      say("sched_setscheduler %s %x %d", process_name(pid), policy, param.sched_priority);
      long got = SYS(SYS_sched_setscheduler, pid, policy, &param);
      result(got);
      if (got == 0 && pid == 0) { param.sched_priority = 0; syscall(SYS_sched_setscheduler, 0, 0, &param); }
      break;
    }
    case 5: say("getpgid %s", process_name(pid)); worked(SYS(SYS_getpgid, pid)); break;
    case 6: say("setpgid %s", process_name(pid)); worked(SYS(SYS_setpgid, pid, chance(50) ? pid : 0)); break;
    case 7: { unsigned long mask = PICK(((unsigned long[]){1, 0, 2, 3, ~0ul})); say("sched_setaffinity %s %lx", process_name(pid), mask); result(SYS(SYS_sched_setaffinity, pid, 8, &mask)); break; }
    default: { int on = below(2); say("dumpable %d", on); result(SYS(SYS_prctl, PR_SET_DUMPABLE, on, 0, 0, 0)); }
  }
}

static void step_files_as(void) {
  static const char *const names[] = {"x", "y", "z"};
  const char *name = PICK(names);
  int mode = PICK(((int[]){0, 0400, 0040, 0004, 0600, 0777, 06777}));
  switch (below(5)) {
    case 0: say("open %s", name); { int fd = open(name, O_CREAT | O_RDWR, mode); result(or_errno(fd)); if (fd >= 0) close(fd); } break;
    case 1: say("chmod %s %o", name, mode); result(or_errno(chmod(name, mode))); break;
    case 2: { int a = who(), b = who(); say("chown %s %d %d", name, a, b); result(or_errno(chown(name, a, b))); break; }
    case 3: { int wanted = below(8); say("access %s %d", name, wanted); result(or_errno(access(name, wanted))); break; }
    default: say("unlink %s", name); result(or_errno(unlink(name)));
  }
  struct stat st;
  if (stat(name, &st) == 0) say("  %o %d:%d\n", st.st_mode, st.st_uid, st.st_gid);
}

/* Steps run in a child that may give everything away; a few at a time. */
static void step_identity(void) {
  static int left;
  static int in_child;
  if (!in_child) {
    say("process\n");
    pid_t child = fork();
    if (child != 0) {
      int status = 0;
      while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
      say("  ended %x\n", status);
      for (int i = 0; i < 40; i++) next();
      return;
    }
    in_child = 1;
    left = 25;
    chmod(".", 01777);
    while (left-- > 0) { say(" "); step_identity(); }
    _exit(0);
  }
  switch (below(10)) {
    case 0: case 1: case 2: case 3: step_ids(); break;
    case 4: case 5: step_caps(); break;
    case 6: case 7: case 8: step_power(); break;
    default: step_files_as();
  }
  show_identity();
}

static const struct subject identity = {"identity", prepare_identity, step_identity};
