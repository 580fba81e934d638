/* prctl(2), arch_prctl(2), personality(2), set_tid_address(2).
   covers: prctl arch_prctl personality set_tid_address getcpu */
#include "observe.h"
#include <asm/prctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int main(void) {
  char name[16];
  unsigned long base;
  SHOW(prctl(PR_SET_NAME, "a-name-that-is-too-long", 0, 0, 0));
  SHOW(prctl(PR_GET_NAME, name, 0, 0, 0));
  NOTE("name %s", name);
  SHOW(prctl(PR_SET_NAME, BAD_POINTER, 0, 0, 0));
  SHOW(prctl(PR_GET_NAME, BAD_POINTER, 0, 0, 0));
  SHOW(prctl(PR_SET_NAME, "short", 0, 0, 0));
  SHOW(prctl(PR_GET_NAME, name, 0, 0, 0));
  NOTE("name %s", name);
  SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
  SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_DUMPABLE, 2, 0, 0, 0));
  SHOW(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
  SHOW(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
  SHOW(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_KEEPCAPS, 2, 0, 0, 0));
  SHOW(prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0));
  SHOW(prctl(PR_GET_TIMING, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_TIMING, 1, 0, 0, 0));
  SHOW(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_TIMERSLACK, 1234, 0, 0, 0));
  SHOW(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_TIMERSLACK, 0, 0, 0, 0));
  SHOW(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
  SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  SHOW(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
  SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 1));
  SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  IN_CHILD("inherited", SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)));
  SHOW(prctl(PR_CAPBSET_READ, 100, 0, 0, 0));
  SHOW(prctl(PR_GET_ENDIAN, name, 0, 0, 0));
  SHOW(prctl(99999, 0, 0, 0, 0));
  SHOW(syscall(SYS_arch_prctl, ARCH_GET_FS, &base));
  NOTE("fs is the thread pointer: %d", base == (unsigned long)__builtin_thread_pointer());
  SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, 0x123450));
  SHOW(syscall(SYS_arch_prctl, ARCH_GET_GS, &base));
  NOTE("gs %#lx", base);
  SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, 0x8000000000000000));
  SHOW(syscall(SYS_arch_prctl, ARCH_SET_FS, KERNEL_POINTER));
  SHOW(syscall(SYS_arch_prctl, ARCH_GET_GS, BAD_POINTER));
  SHOW(syscall(SYS_arch_prctl, 0x9999, 0));
  IN_CHILD("gs is inherited", {
    syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
    NOTE("gs %#lx", base);
  });
  SHOW(personality(0xffffffff));
  SHOW(personality(ADDR_NO_RANDOMIZE));
  SHOW(personality(0xffffffff));
  NOTE("set_tid_address gives the tid: %d", syscall(SYS_set_tid_address, NULL) == syscall(SYS_gettid));
  unsigned cpu = 9, node = 9;
  SHOW(syscall(SYS_getcpu, &cpu, &node, NULL));
  NOTE("node %u", node);
  SHOW(syscall(SYS_getcpu, NULL, NULL, NULL));
  SHOW(syscall(SYS_getcpu, BAD_POINTER, NULL, NULL));
  return 0;
}
