/* uname(2), sethostname(2), setdomainname(2), sysinfo(2), syslog(2), reboot(2) errors, getrandom(2).
   covers: uname sethostname setdomainname sysinfo syslog reboot getrandom getuid geteuid getgid getegid getpid getppid */
#include "observe.h"
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
static int differs(const unsigned char *bytes, int length) {
  for (int i = 1; i < length; i++) if (bytes[i] != bytes[0]) return 1;
  return 0;
}

int main(void) {
  struct utsname name;
  SHOW(uname(&name));
  NOTE("%s %s, release %d version %d node %d", name.sysname, name.machine, name.release[0] != 0, name.version[0] != 0, name.nodename[0] != 0);
  RAW(uname, 0x10);
  RAW(uname, 0);
  RAW(uname, KERNEL_POINTER);
  RAW(uname, before_hole(100));
  SHOW(sethostname(name.nodename, strlen(name.nodename)));
  SHOW(setdomainname(name.domainname, strlen(name.domainname)));
  char text[70] = "xxxxxxxx";
  RAW(sethostname, text, 65);
  RAW(sethostname, text, -1);
  RAW(setdomainname, text, 65);
  RAW(sethostname, 0x10, 5);
  RAW(setdomainname, 0x10, 5);
  RAW(sethostname, before_hole(3), 4);
  IN_CHILD("without privilege", {
    if (setresuid(1000, 1000, 1000) == 0) { RAW(sethostname, text, 3); RAW(setdomainname, text, 3); RAW(sethostname, text, 65); RAW(reboot, 0xfee1dead, 672274793, 0x12345, 0); RAW(syslog, 9, 0, 0); RAW(syslog, 8, 0, 9); RAW(syslog, 77, 0, 0); }
  });
  struct utsname after;
  uname(&after);
  NOTE("names unchanged: %d", strcmp(after.nodename, name.nodename) == 0 && strcmp(after.domainname, name.domainname) == 0);

  struct sysinfo info;
  memset(&info, 0xff, sizeof info);
  SHOW(sysinfo(&info));
  NOTE("uptime %d, memory %d free %d unit %d processes %d", info.uptime > 0, info.totalram > 0, info.freeram <= info.totalram, info.mem_unit > 0, info.procs > 0);
  RAW(sysinfo, 0);
  RAW(sysinfo, 0x10);
  RAW(sysinfo, before_hole(50));

  RAW(syslog, 0, 0, 0);
  RAW(syslog, 1, 0, 0);
  RAW(syslog, 2, 0, 10);
  RAW(syslog, 2, text, -1);
  RAW(syslog, 2, text, 0);
  RAW(syslog, 3, 0, 10);
  RAW(syslog, 3, text, -1);
  RAW(syslog, 3, text, 0);
  RAW(syslog, 4, 0, 10);
  RAW(syslog, 4, text, -1);
  RAW(syslog, 8, 0, 0);
  RAW(syslog, 8, 0, 9);
  SHOW_OK(syscall(SYS_syslog, 10, NULL, 0));
  RAW(syslog, 11, 0, 0);
  RAW(syslog, -1, 0, 0);

  RAW(reboot, 0, 0, 0, 0);
  RAW(reboot, 0xfee1dead, 5, 0, 0);
  RAW(reboot, 1, 672274793, 0x01234567, 0);
  RAW(reboot, 0xfee1dead, 672274793, 0x12345, 0);
  RAW(reboot, 0xfee1dead, 537993216, 0x54321, 0);

  unsigned char bytes[300];
  memset(bytes, 0, sizeof bytes);
  SHOW(getrandom(bytes, sizeof bytes, 0));
  NOTE("not constant %d", differs(bytes, sizeof bytes));
  SHOW(getrandom(bytes, 16, GRND_NONBLOCK));
  SHOW(getrandom(bytes, 16, GRND_RANDOM));
  SHOW(getrandom(bytes, 16, GRND_INSECURE));
  SHOW(getrandom(bytes, 16, GRND_RANDOM | GRND_NONBLOCK));
  SHOW(getrandom(bytes, 16, GRND_RANDOM | GRND_INSECURE));
  SHOW(getrandom(bytes, 16, 8));
  SHOW(getrandom(bytes, 0, 0));
  SHOW(getrandom(NULL, 0, 0));
  SHOW(syscall(SYS_getrandom, BAD_POINTER, 5, 0));
  SHOW(syscall(SYS_getrandom, KERNEL_POINTER, 5, 0));
  SHOW(getrandom(before_hole(10), 20, 0));
  SHOW(getrandom(read_only_page(), 20, 0));
  char *large = malloc(1 << 20);
  memset(large, 0, 1 << 20);
  SHOW(getrandom(large, 1 << 20, 0));
  NOTE("the end is filled: %d", differs((unsigned char *)large + (1 << 20) - 64, 64));

  NOTE("ids agree: %d", getuid() == 0 && geteuid() == 0 && getgid() == 0 && getegid() == 0);
  pid_t self = getpid();
  IN_CHILD("parent", NOTE("getppid %d, own pid %d", getppid() == self, getpid() != self));
  IN_CHILD("ids", { setresgid(1, 2, 3); setresuid(4, 5, 6); NOTE("%d %d %d %d", getuid(), geteuid(), getgid(), getegid()); });
  return 0;
}
