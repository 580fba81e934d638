/* rseq(2): registration, and sections that start again after a signal and after another process ran.
   covers: rseq */
#include "observe.h"
#include <linux/rseq.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/time.h>

#define SIGNATURE 0x53053053u
static struct rseq own __attribute__((aligned(32)));
static volatile int hits;
static void hit(int number) { (void)number; hits++; }
static long rseq(void *area, unsigned size, int flags, unsigned signature) { return syscall(SYS_rseq, area, size, flags, signature); }

/* Spins in a section until it is aborted, or until *stop is set. 1: aborted. */
static int spin(struct rseq *area, struct rseq_cs *section, volatile int *stop) {
  int aborted = 0;
  __asm__ volatile(
      "lea 1f(%%rip), %%rax; mov %%rax, 8(%[cs])\n"
      "lea 2f(%%rip), %%rcx; sub %%rax, %%rcx; mov %%rcx, 16(%[cs])\n"
      "lea 4f(%%rip), %%rax; mov %%rax, 24(%[cs])\n"
      "mov %[cs], 8(%[area])\n"
      "1: cmpl $0, (%[stop]); je 1b\n"
      "2: jmp 5f\n"
      ".byte 0x0f, 0xb9, 0x3d; .long 0x53053053\n"
      "4: movl $1, %[aborted]\n"
      "5:\n"
      : [aborted] "+r"(aborted)
      : [area] "r"(area), [cs] "r"(section), [stop] "r"(stop)
      : "rax", "rcx", "memory", "cc");
  return aborted;
}

int main(void) {
  struct rseq *area = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
  struct rseq_cs section __attribute__((aligned(32)));
  volatile int never = 0;
  memset(&section, 0, sizeof section);
  NOTE("registered by the library: %d", __rseq_size >= 20);
  NOTE("cpu id is that of getcpu or the thread moved: %d", (int)area->cpu_id >= 0 && area->cpu_id_start == area->cpu_id);
  SHOW(rseq(area, 32, 0, SIGNATURE));
  SHOW(rseq(area, 32, 0, SIGNATURE + 1));
  SHOW(rseq(&own, 32, 0, SIGNATURE));
  SHOW(rseq(area, 32, 2, SIGNATURE));
  SHOW(rseq(area, 32, 3, SIGNATURE));
  SHOW(rseq(&own, 32, RSEQ_FLAG_UNREGISTER, SIGNATURE));
  SHOW(rseq(area, 32, RSEQ_FLAG_UNREGISTER, SIGNATURE + 1));
  SHOW(rseq(area, 24, RSEQ_FLAG_UNREGISTER, SIGNATURE));
  SHOW(rseq(area, 32, RSEQ_FLAG_UNREGISTER, SIGNATURE));
  NOTE("cpu id %d start %u", (int)area->cpu_id, area->cpu_id_start);
  SHOW(rseq(area, 32, RSEQ_FLAG_UNREGISTER, SIGNATURE));
  SHOW(rseq((char *)&own + 4, 32, 0, SIGNATURE));
  SHOW(rseq(&own, 16, 0, SIGNATURE));
  SHOW(rseq(KERNEL_POINTER, 32, 0, SIGNATURE));
  SHOW(rseq(&own, 32, 0, SIGNATURE));
  sched_yield();
  NOTE("cpu id set: %d", (int)own.cpu_id >= 0);

  signal(SIGALRM, hit);
  struct itimerval soon = {{0, 0}, {0, 30000}};
  setitimer(ITIMER_REAL, &soon, NULL);
  int aborts = 1;
  while (!hits) aborts &= spin(&own, &section, &never);
  NOTE("aborted %d, section pointer cleared %d", aborts, own.rseq_cs == 0);
  IN_CHILD("inherited by fork", {
    struct itimerval again = {{0, 0}, {0, 30000}};
    setitimer(ITIMER_REAL, &again, NULL);
    SHOW(spin(&own, &section, &never));
  });
  IN_CHILD("by pre-emption", {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    pid_t other = fork();
    if (other == 0) { signal(SIGALRM, SIG_DFL); alarm(5); for (;;) ; }
    SHOW(spin(&own, &section, &never));
    kill(other, SIGKILL);
    wait(NULL);
  });
  /* outside the section nothing happens but the pointer is cleared */
  volatile int always = 1;
  SHOW(spin(&own, &section, &always));
  raise(SIGALRM);
  setitimer(ITIMER_REAL, &soon, NULL);
  hits = 0;
  while (!hits) ;
  NOTE("pointer cleared %d", own.rseq_cs == 0);
  IN_CHILD("wrong signature", {
    rseq(&own, 32, RSEQ_FLAG_UNREGISTER, SIGNATURE);
    rseq(&own, 32, 0, SIGNATURE + 1);
    setitimer(ITIMER_REAL, &soon, NULL);
    spin(&own, &section, &never);
  });
  IN_CHILD("wrong version", {
    section.version = 1;
    setitimer(ITIMER_REAL, &soon, NULL);
    spin(&own, &section, &never);
  });
  IN_CHILD("bad pointer", {
    own.rseq_cs = 0x10;
    setitimer(ITIMER_REAL, &soon, NULL);
    for (;;) ;
  });
  return 0;
}
