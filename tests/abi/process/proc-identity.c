/* User and group ids, capabilities. Runs as root, or shows the errors of a user.
   covers: setuid setgid setreuid setregid setresuid setresgid getresuid getresgid setfsuid setfsgid getgroups setgroups capget
   capset */
#include "observe.h"
#include <grp.h>
#include <linux/capability.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static void show_ids(const char *what) {
  uid_t r, e, s;
  gid_t rg, eg, sg;
  getresuid(&r, &e, &s);
  getresgid(&rg, &eg, &sg);
  int fu = setfsuid(-1), fg = setfsgid(-1);
  NOTE("%s: uid %u %u %u fs %d, gid %u %u %u fs %d", what, r, e, s, fu, rg, eg, sg, fg);
}

static void show_caps(const char *what) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  memset(data, 0, sizeof data);
  syscall(SYS_capget, &header, data);
  NOTE("%s: has effective %d permitted %d inheritable %d", what, data[0].effective != 0, data[0].permitted != 0, data[0].inheritable != 0);
}

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))

int main(void) {
  gid_t list[4] = {30, 10, 20, 10};
  if (getuid() != 0) { NOTE("not root"); return 0; }
  IN_CHILD("setuid", { RAW(setuid, 1000); show_ids("a"); show_caps("a"); RAW(setuid, 0); RAW(setuid, 1000); });
  IN_CHILD("seteuid", {
    RAW(setresuid, -1, 1000, -1); show_ids("b"); show_caps("b"); RAW(setuid, 2000); RAW(setresuid, -1, 0, -1); show_ids("b"); show_caps("b");
  });
  IN_CHILD("setreuid", { RAW(setreuid, 1000, 2000); show_ids("c"); RAW(setreuid, 2000, 1000); show_ids("c"); RAW(setreuid, 3000, -1); RAW(setreuid, -1, 0); });
  IN_CHILD("setresuid", { RAW(setresuid, 1, 2, 3); show_ids("d"); RAW(setresuid, 3, 1, 2); show_ids("d"); RAW(setresuid, 4, -1, -1); RAW(setresuid, -1, 0, -1); });
  IN_CHILD("setfsuid", { NOTE("%d %d", setfsuid(1000), setfsuid(-1)); show_ids("e"); RAW(setresuid, -1, 5, -1); show_ids("e"); });
  IN_CHILD("setgid", { RAW(setgid, 100); show_ids("f"); RAW(setregid, 5, 6); show_ids("f"); RAW(setresgid, 7, 8, 9); show_ids("f"); });
  IN_CHILD("unprivileged gid", { RAW(setresgid, 1, 2, 3); RAW(setresuid, 9, 9, 9); RAW(setgid, 3); show_ids("g"); RAW(setgid, 4); RAW(setregid, 3, 1); RAW(setgroups, 0, 0); });
  SHOW(syscall(SYS_setuid, -1));
  SHOW(syscall(SYS_setgid, -1));
  IN_CHILD("groups", {
    gid_t got[8];
    RAW(setgroups, 4, list);
    SHOW(getgroups(0, NULL));
    SHOW(getgroups(8, got));
    NOTE("%u %u %u %u", got[0], got[1], got[2], got[3]);
    SHOW(getgroups(2, got));
    SHOW(getgroups(-1, got));
    SHOW(getgroups(8, BAD_POINTER));
    RAW(setgroups, 70000, list);
    RAW(setgroups, -1, list);
    RAW(setgroups, 2, 0x10);
    RAW(setgroups, 0, 0);
    SHOW(getgroups(8, got));
  });
  IN_CHILD("keepcaps", { prctl(PR_SET_KEEPCAPS, 1); RAW(setresuid, 5, 5, 5); show_caps("kept"); });
  struct __user_cap_header_struct header = {0x12345678, 0};
  struct __user_cap_data_struct data[2];
  SHOW(syscall(SYS_capget, &header, NULL));
  NOTE("version %#x", header.version);
  header.version = 1;
  SHOW(syscall(SYS_capget, &header, data));
  header.version = _LINUX_CAPABILITY_VERSION_3;
  header.pid = -1;
  SHOW(syscall(SYS_capget, &header, data));
  header.pid = 999999;
  SHOW(syscall(SYS_capget, &header, data));
  IN_CHILD("drop", {
    header.pid = 0;
    syscall(SYS_capget, &header, data);
    data[0].effective &= ~(1u << CAP_SETUID);
    SHOW(syscall(SYS_capset, &header, data));
    RAW(setuid, 1000);
    data[0].effective |= 1u << CAP_SETUID;
    SHOW(syscall(SYS_capset, &header, data));
    data[0].permitted = data[0].effective = 0;
    SHOW(syscall(SYS_capset, &header, data));
    data[0].permitted = 1;
    SHOW(syscall(SYS_capset, &header, data));
  });
  IN_CHILD("bounding", {
    SHOW(prctl(PR_CAPBSET_DROP, CAP_SYS_TIME, 0, 0, 0));
    SHOW(prctl(PR_CAPBSET_READ, CAP_SYS_TIME, 0, 0, 0));
    SHOW(prctl(PR_CAPBSET_DROP, 99, 0, 0, 0));
  });
  return 0;
}
