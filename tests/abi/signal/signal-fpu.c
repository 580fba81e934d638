/* What a signal handler does to the FPU: it starts with the initial state, finds the interrupted one in its frame, may change that, and
   what it leaves in the registers is gone.
   covers: rt_sigaction rt_sigreturn */
#include "observe.h"
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>

static unsigned handler_mxcsr, frame_mxcsr, handler_control, frame_control, handler_tag;
static uint64_t handler_xmm[2], frame_xmm[2];
static int changes_frame;

static void on_signal(int number, siginfo_t *info, void *context) {
  static unsigned char environment[28];
  struct _libc_fpstate *state = ((ucontext_t *)context)->uc_mcontext.fpregs;
  __asm__ volatile("movdqu %%xmm5, %0" : "=m"(handler_xmm));
  __asm__ volatile("stmxcsr %0" : "=m"(handler_mxcsr));
  __asm__ volatile("fnstenv %0" : "=m"(environment));
  (void)number; (void)info;
  handler_control = *(uint16_t *)environment;
  handler_tag = *(uint16_t *)(environment + 8);
  frame_mxcsr = state->mxcsr;
  frame_control = state->cwd;
  memcpy(frame_xmm, &state->_xmm[5], 16);
  if (changes_frame) {
    state->_xmm[5].element[0] = 0xfeed;
    state->mxcsr = 0x1f80;
    state->cwd = 0x37f;
  }
  /* Whatever is left in the registers does not come back. */
  uint64_t junk[2] = {0xbad, 0xbad};
  unsigned other_mxcsr = 0x5f80;
  __asm__ volatile("movdqu %0, %%xmm5" : : "m"(junk));
  __asm__ volatile("ldmxcsr %0" : : "m"(other_mxcsr));
}

/* Sets the state, sends the signal, and reads the state, with nothing between that the compiler could put there. */
static void interrupted(void) {
  uint64_t before[2] = {0x1111, 0x2222}, after[2];
  unsigned mxcsr = 0x3f80, mxcsr_after; /* rounds down */
  uint16_t control = 0x27f, control_after; /* double precision */
  __asm__ volatile(
    "movdqu %5, %%xmm5\n ldmxcsr %3\n fldcw %4\n fld1\n"
    "mov %6, %%eax\n mov %7, %%edi\n mov %8, %%esi\n syscall\n"
    "movdqu %%xmm5, %0\n stmxcsr %1\n fnstcw %2\n fstp %%st(0)\n fninit\n"
    : "=m"(after), "=m"(mxcsr_after), "=m"(control_after)
    : "m"(mxcsr), "m"(control), "m"(before), "i"(SYS_kill), "r"(getpid()), "i"(SIGUSR1)
    : "rax", "rcx", "r11", "rdi", "rsi", "xmm5", "memory");
  unsigned usual = 0x1f80;
  __asm__ volatile("ldmxcsr %0" : : "m"(usual));
  NOTE("handler: xmm %lx %lx mxcsr %x control %x tags %x", handler_xmm[0], handler_xmm[1], handler_mxcsr, handler_control, handler_tag);
  NOTE("frame: xmm %lx %lx mxcsr %x control %x", frame_xmm[0], frame_xmm[1], frame_mxcsr, frame_control);
  NOTE("after: xmm %lx %lx mxcsr %x control %x", after[0], after[1], mxcsr_after, control_after);
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  interrupted();
  changes_frame = 1;
  interrupted();
  return 0;
}
