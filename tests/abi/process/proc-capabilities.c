/* Capabilities (capabilities(7)): sets, ambient ones, secure bits, what a change of user ids does to them, exec.
   covers: capget capset prctl setresuid setuid setfsuid setgroups */
#include "observe.h"
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
#define KILL_BIT (1u << CAP_KILL)
#define CHOWN_BIT (1u << CAP_CHOWN)
static struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
static struct __user_cap_data_struct data[2];
static void show(const char *what) {
  header.pid = 0;
  syscall(SYS_capget, &header, data);
  NOTE("%s: kill %d%d%d chown %d%d%d ambient %d", what, !!(data[0].effective & KILL_BIT), !!(data[0].permitted & KILL_BIT), !!(data[0].inheritable & KILL_BIT),
       !!(data[0].effective & CHOWN_BIT), !!(data[0].permitted & CHOWN_BIT), !!(data[0].inheritable & CHOWN_BIT), prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0));
}
static int set(unsigned effective, unsigned permitted, unsigned inheritable) {
  memset(data, 0, sizeof data);
  data[0].effective = effective;
  data[0].permitted = permitted;
  data[0].inheritable = inheritable;
  return syscall(SYS_capset, &header, data);
}

int main(int argc, char **argv) {
  if (argc > 1) { show("after exec"); return 0; }
  char self[4096] = {0};
  readlink("/proc/self/exe", self, sizeof self - 1);
  show("root");
  IN_CHILD("sets", {
    SHOW(set(KILL_BIT, KILL_BIT | CHOWN_BIT, 0));
    show("fewer");
    SHOW(set(KILL_BIT | CHOWN_BIT, KILL_BIT, 0));
    SHOW(set(KILL_BIT | CHOWN_BIT, KILL_BIT | CHOWN_BIT, KILL_BIT));
    show("inheritable");
    SHOW(set(0, CHOWN_BIT, 0));
    SHOW(set(0, KILL_BIT, 0));
    show("less");
  });
  IN_CHILD("ambient", {
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    SHOW(prctl(PR_CAP_AMBIENT, 9, CAP_KILL, 0, 0));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 77, 0, 0));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 1, 0));
    SHOW(set(KILL_BIT | (1u << CAP_SETUID), KILL_BIT | CHOWN_BIT | (1u << CAP_SETUID), KILL_BIT));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    show("raised");
    SHOW(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    SHOW(setresuid(1000, 1000, 1000));
    show("kept over the change of ids");
    SHOW(set(KILL_BIT, KILL_BIT | CHOWN_BIT, KILL_BIT));
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    show("again");
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_KILL, 0, 0));
    show("lowered");
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0);
    SHOW(set(KILL_BIT, KILL_BIT | CHOWN_BIT, 0));
    show("not inheritable, not ambient");
    SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
  });
  IN_CHILD("secure bits", {
    SHOW(prctl(PR_GET_SECUREBITS));
    SHOW(prctl(PR_SET_SECUREBITS, 0x1000, 0, 0, 0));
    SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0));
    SHOW(setresuid(1000, 1000, 1000));
    show("no fix-up");
    SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED, 0, 0, 0));
    SHOW(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0));
    SHOW(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    SHOW(prctl(PR_GET_SECUREBITS));
    set(0, 0, 0);
    SHOW(prctl(PR_SET_SECUREBITS, prctl(PR_GET_SECUREBITS), 0, 0, 0));
    SHOW(prctl(PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0));
  });
  IN_CHILD("no root", {
    SHOW(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0, 0));
    execl(self, "x", "report", NULL);
  });
  IN_CHILD("exec as root", {
    set(0, 0, 0);
    execl(self, "x", "report", NULL);
  });
  IN_CHILD("bounded", {
    prctl(PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0);
    execl(self, "x", "report", NULL);
  });
  IN_CHILD("fsuid", {
    setfsuid(1000);
    show("other fsuid");
    setfsuid(0);
    show("back");
  });
  IN_CHILD("euid", {
    setresuid(-1, 1000, -1);
    show("effective set empty");
    RAW(setgroups, 0, 0);
    setresuid(-1, 0, -1);
    show("full again");
  });
  header.pid = getppid();
  SHOW(syscall(SYS_capset, &header, data));
  SHOW(syscall(SYS_capget, &header, NULL));
  RAW(capget, 0, data);
  RAW(capget, 0x10, data);
  header.pid = 0;
  RAW(capget, &header, 0x10);
  RAW(capset, &header, 0x10);
  RAW(capset, 0, 0);
  header.version = _LINUX_CAPABILITY_VERSION_1;
  SHOW(syscall(SYS_capget, &header, data));
  return 0;
}
