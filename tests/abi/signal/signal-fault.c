/* Signals that faults of a program raise: numbers, codes, addresses.
   covers: rt_sigaction rt_sigreturn */
#include "observe.h"
#include <setjmp.h>
#include <signal.h>
#include <fcntl.h>
#include <ucontext.h>

static sigjmp_buf again;
static volatile siginfo_t seen;
static volatile long trap, error;

static void handler(int number, siginfo_t *info, void *context) {
  (void)number;
  memcpy((void *)&seen, info, sizeof *info);
  trap = ((ucontext_t *)context)->uc_mcontext.gregs[REG_TRAPNO];
  error = ((ucontext_t *)context)->uc_mcontext.gregs[REG_ERR];
  siglongjmp(again, 1);
}

#define TRY(what, base, body)                                                                                   \
  do {                                                                                                          \
    if (sigsetjmp(again, 1) == 0) { body; NOTE("%s: nothing happened", what); }                                 \
    else NOTE("%s: signal %d code %d address %+ld trap %ld error %ld", what, seen.si_signo, seen.si_code,       \
              (long)((char *)seen.si_addr - (char *)(base)), trap, error);                                      \
  } while (0)

int main(void) {
  int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_sigaction = handler;
  act.sa_flags = SA_SIGINFO | SA_NODEFER;
  for (int i = 0; i < 5; i++) sigaction(numbers[i], &act, NULL);
  char *hole = before_hole(16);
  char *fixed = read_only_page();
  volatile char *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRY("read of NULL", NULL, (void)*(volatile char *)0);
  TRY("write to NULL + 5", NULL, *(volatile char *)5 = 1);
  TRY("read of a hole", hole, (void)*(volatile char *)(hole + 16));
  TRY("write to a read-only page", fixed, fixed[10] = 1);
  TRY("read without permission", none, (void)none[3]);
  TRY("execution of data", fixed, ((void (*)(void))fixed)());
  TRY("kernel address", KERNEL_POINTER, (void)*(volatile char *)KERNEL_POINTER);
  TRY("non-canonical address", NULL, (void)*(volatile char *)0x8000000000000000);
  TRY("hlt", NULL, __asm__ volatile("hlt"));
  TRY("cli", NULL, __asm__ volatile("cli"));
  TRY("int3", NULL, __asm__ volatile("int3"));
  TRY("mov to cr3", NULL, __asm__ volatile("mov %0, %%cr3" : : "r"(0l)));
  TRY("rdmsr", NULL, __asm__ volatile("rdmsr" : : "c"(0x10) : "eax", "edx"));
  TRY("in", NULL, __asm__ volatile("inb $0x80, %%al" : : : "eax"));
  TRY("unaligned movaps", NULL, __asm__ volatile("movaps (%0), %%xmm0" : : "r"((long)fixed + 1) : "xmm0"));
  if (sigsetjmp(again, 1) == 0) { __asm__ volatile("ud2"); }
  else NOTE("ud2: signal %d code %d address is the instruction %d trap %ld", seen.si_signo, seen.si_code, seen.si_addr != NULL, trap);
  volatile int zero = 0;
  if (sigsetjmp(again, 1) == 0) { zero = 1 / zero; }
  else NOTE("division: signal %d code %d address is the instruction %d trap %ld", seen.si_signo, seen.si_code, seen.si_addr != NULL, trap);
  if (sigsetjmp(again, 1) == 0) {
    unsigned short control = 0x37b; /* division unmasked */
    __asm__ volatile("fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(control));
  } else NOTE("x87 division: signal %d code %d trap %ld", seen.si_signo, seen.si_code, trap);
  __asm__ volatile("fninit");
  if (sigsetjmp(again, 1) == 0) { __asm__ volatile("pushf; orl $0x100, (%%rsp); popf; nop" : : : "cc", "memory"); }
  else NOTE("single step: signal %d code %d trap %ld", seen.si_signo, seen.si_code, trap);
  int fd = open("fault-file", O_CREAT | O_RDWR | O_TRUNC, 0600);
  write(fd, "x", 1);
  char *mapped = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  TRY("beyond the end of a file", mapped, (void)*(volatile char *)(mapped + 4097));
  ftruncate(fd, 0);
  TRY("truncated file", mapped, mapped[1] = 1);
  unlink("fault-file");
  for (int i = 0; i < 5; i++) signal(numbers[i], SIG_DFL);
  IN_CHILD("default of a fault", *(volatile char *)0 = 1);
  signal(SIGSEGV, SIG_IGN);
  IN_CHILD("ignored fault", *(volatile char *)0 = 1);
  sigset_t set;
  sigfillset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  IN_CHILD("blocked fault", *(volatile char *)0 = 1);
  return 0;
}
