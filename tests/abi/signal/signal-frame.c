/* Signal frames: context, red zone, FPU state, alternate stacks, rt_sigreturn with changed contexts.
   covers: sigaltstack rt_sigreturn */
#include "observe.h"
#include <immintrin.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>

static char alternate[65536] __attribute__((aligned(4096)));
static void *inside;
static int flags_seen;

static void show_context(int number, siginfo_t *info, void *pointer) {
  ucontext_t *context = pointer;
  greg_t *regs = context->uc_mcontext.gregs;
  NOTE("signal %d: frame 16-aligned %d, red zone %d", number, (((uintptr_t)__builtin_frame_address(0)) & 15) == 0,
       (uintptr_t)pointer < (uintptr_t)regs[REG_RSP] - 128);
  NOTE("cs %llx ss %llx", (unsigned long long)regs[REG_CSGSFS] & 0xffff, (unsigned long long)regs[REG_CSGSFS] >> 48);
  NOTE("info between context and fpu: %d", (char *)info > (char *)pointer && (char *)info < (char *)context->uc_mcontext.fpregs);
  NOTE("fpregs aligned %d mxcsr %#x cwd %#x", ((uintptr_t)context->uc_mcontext.fpregs & 63) == 0,
       context->uc_mcontext.fpregs->mxcsr, context->uc_mcontext.fpregs->cwd);
  NOTE("uc_flags has SIGCONTEXT_SS and STRICT: %d", (context->uc_flags & 6) == 6);
  NOTE("link %p mask %#lx", (void *)context->uc_link, *(unsigned long *)&context->uc_sigmask);
  NOTE("trapno %lld err %lld", regs[REG_TRAPNO], regs[REG_ERR]);
}

static void clobber(int number) {
  (void)number;
  __m128i junk = _mm_set1_epi32(0x5a5a5a5a);
  __asm__ volatile("movdqa %0, %%xmm7; movdqa %0, %%xmm0; fninit; fld1" : : "m"(junk) : "xmm0", "xmm7");
}

static void on_stack(int number, siginfo_t *info, void *context) {
  (void)number; (void)info; (void)context;
  char here;
  inside = &here;
  stack_t stack;
  sigaltstack(NULL, &stack);
  flags_seen = stack.ss_flags;
  stack_t other = {.ss_sp = alternate, .ss_size = 8192};
  SHOW(sigaltstack(&other, NULL));
}

static void change(int number, siginfo_t *info, void *pointer) {
  (void)number; (void)info;
  ucontext_t *context = pointer;
  context->uc_mcontext.gregs[REG_RAX] = 0x1234;
  context->uc_mcontext.gregs[REG_EFL] |= 0x3000 | 0x200000 | 0x1; /* IOPL must not come through, CF and ID may */
  *(unsigned long *)&context->uc_sigmask = 1ul << (SIGHUP - 1);
}

static int corruption;
static void corrupt(int number, siginfo_t *info, void *pointer) {
  (void)number; (void)info;
  ucontext_t *context = pointer;
  struct _libc_fpstate *fpu = context->uc_mcontext.fpregs;
  unsigned *software = (unsigned *)((char *)fpu + 464);
  switch (corruption) {
    case 0: context->uc_mcontext.gregs[REG_RIP] = 0x8000000000000000; break;
    case 1: fpu->mxcsr = 0xffffffff; break;
    case 2: context->uc_mcontext.fpregs = (void *)0x10; break;
    case 3: software[0] = 0; break;
    case 4: memset((char *)fpu + 512, 0xff, 64); break;
    case 5: context->uc_mcontext.fpregs = NULL; break;
    case 6: *(unsigned short *)((char *)fpu + 512 + 8) = 1; break;
    case 7: context->uc_mcontext.gregs[REG_CSGSFS] = 0; break;
    case 8: software[1] = 0xffffffff; software[4] = 0xffffffff; break;
  }
}

static void install(int number, void (*action)(int, siginfo_t *, void *), int flags) {
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_sigaction = action;
  act.sa_flags = SA_SIGINFO | flags;
  sigaction(number, &act, NULL);
}

int main(void) {
  install(SIGUSR1, show_context, 0);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);

  signal(SIGUSR2, clobber);
  __m128i value = _mm_set1_epi32(0x11223344), after;
  unsigned short control = 0x27f, control_after;
  __asm__ volatile(
      "fldcw %3; movdqa %2, %%xmm7; mov %4, %%edi; mov %5, %%esi; mov $62, %%eax; syscall; movdqa %%xmm7, %0; fstcw %1"
      : "=m"(after), "=m"(control_after) : "m"(value), "m"(control), "r"(getpid()), "i"(SIGUSR2)
      : "rax", "rcx", "r11", "rdi", "rsi", "xmm7", "memory");
  NOTE("xmm7 kept %d, control word %#x", memcmp(&value, &after, 16) == 0, control_after);

  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, old;
  SHOW(sigaltstack(NULL, &old));
  NOTE("flags %d size %zu", old.ss_flags, old.ss_size);
  SHOW(sigaltstack(&stack, &old));
  install(SIGUSR1, on_stack, SA_ONSTACK);
  raise(SIGUSR1);
  NOTE("on the stack %d flags %d", (char *)inside > alternate && (char *)inside < alternate + sizeof alternate, flags_seen);
  install(SIGUSR1, on_stack, 0);
  raise(SIGUSR1);
  NOTE("elsewhere %d flags %d", !((char *)inside > alternate && (char *)inside < alternate + sizeof alternate), flags_seen);
  stack.ss_size = sizeof alternate;
  stack.ss_flags = 1u << 31;
  SHOW(sigaltstack(&stack, &old));
  install(SIGUSR1, on_stack, SA_ONSTACK);
  raise(SIGUSR1);
  NOTE("autodisarm: flags %#x", flags_seen);
  SHOW(sigaltstack(NULL, &old));
  NOTE("flags %#x", old.ss_flags);
  stack.ss_flags = 4;
  SHOW(sigaltstack(&stack, NULL));
  stack.ss_flags = 0;
  stack.ss_size = 100;
  SHOW(sigaltstack(&stack, NULL));
  stack.ss_flags = SS_DISABLE;
  SHOW(sigaltstack(&stack, NULL));
  SHOW(sigaltstack(NULL, &old));
  NOTE("flags %d size %zu", old.ss_flags, old.ss_size);
  SHOW(sigaltstack((stack_t *)BAD_POINTER, NULL));
  SHOW(sigaltstack(NULL, (stack_t *)BAD_POINTER));

  install(SIGUSR1, change, 0);
  unsigned long flags, result;
  __asm__ volatile("mov $62, %%eax; syscall; pushf; pop %0" : "=r"(flags), "=a"(result) : "D"(getpid()), "S"(SIGUSR1) : "rcx", "r11", "memory");
  NOTE("rax %#lx iopl %lu carry %lu id %lu", result, flags >> 12 & 3, flags & 1, flags >> 21 & 1);
  sigset_t set;
  sigprocmask(SIG_BLOCK, NULL, &set);
  NOTE("mask from the frame: %d", sigismember(&set, SIGHUP));

  install(SIGUSR1, corrupt, 0);
  for (corruption = 0; corruption < 9; corruption++) {
    char what[40];
    snprintf(what, sizeof what, "corruption %d", corruption);
    IN_CHILD(what, raise(SIGUSR1));
  }
  IN_CHILD("sigreturn without a frame", syscall(SYS_rt_sigreturn));
  IN_CHILD("no stack for the frame", {
    __asm__ volatile("mov $0x10, %%rsp; mov $39, %%eax; syscall; mov %%eax, %%edi; mov $10, %%esi; mov $62, %%eax; syscall; hlt" : : : "memory");
  });
  IN_CHILD("segfault handler on no stack", {
    install(SIGSEGV, show_context, 0);
    __asm__ volatile("mov $0x10, %%rsp; push %%rax" : : : "memory");
  });
  return 0;
}
