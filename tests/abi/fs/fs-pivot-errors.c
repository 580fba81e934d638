/* pivot_root(2), mount(2) and umount2(2): what may not be searched, and roots that cannot change places.
   covers: pivot_root mount umount2 chroot */
#include "observe.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Root without the right to search the directories of others. */
static void without_search(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  syscall(SYS_capget, &header, data);
  data[0].effective &= ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
  SHOW(syscall(SYS_capset, &header, data));
  SHOW(syscall(SYS_pivot_root, "closed/d", "closed/d"));
  SHOW(syscall(SYS_pivot_root, "d", "closed/d"));
  SHOW(mount("none", "closed/d", "tmpfs", 0, NULL));
  SHOW(mount("closed/d", "d", NULL, MS_BIND, NULL));
  SHOW(umount2("closed/d", 0));
  SHOW(chroot("closed/d"));
  SHOW(chroot("closed"));
}

int main(void) {
  mkdir("d", 0755);
  mkdir("closed", 0700);
  mkdir("closed/d", 0755);
  chown("closed", 1000, 1000);
  IN_CHILD("without search", without_search());
  mkdir("m", 0755);
  SHOW(mount("none", "m", "tmpfs", 0, NULL));
  SHOW(mount(NULL, "m", NULL, MS_PRIVATE, NULL));
  mkdir("m/n", 0755);
  SHOW(mount("none", "m/n", "tmpfs", 0, NULL));
  IN_CHILD("in a root that is mounted", {
    mkdir("m/n/d", 0755);
    chroot("m/n");
    chdir("/");
    SHOW(syscall(SYS_pivot_root, "/", "/"));
    SHOW(syscall(SYS_pivot_root, ".", "d"));
    SHOW(syscall(SYS_pivot_root, "d", "/"));
    SHOW(syscall(SYS_pivot_root, "d", "d"));
  });
  SHOW(umount2("m/n", 0));
  SHOW(umount2("m", 0));
  return 0;
}
