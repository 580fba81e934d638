/* What an ABI test prints: observations that must be the same on Linux and on Typix.
 *
 *   SHOW(close(-1))                 close(-1): -1 EBADF
 *   SHOW_AS("read at end", read())  read at end: 0
 *   NOTE("mode %o", mode)           mode 644
 *
 * No addresses, process numbers or times that differ by nature: use SHOW_OK(fork()), which prints only whether it worked.
 */
#ifndef OBSERVE_H
#define OBSERVE_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((constructor)) static void observe_start(void) { setvbuf(stdout, NULL, _IONBF, 0); }

static inline const char *errno_name(int number) {
  const char *name = strerrorname_np(number);
  return name ? name : "unknown errno";
}

__attribute__((unused)) static long observe(const char *what, long result, int exact) {
  int error = errno;
  if (result == -1) printf("%s: -1 %s\n", what, errno_name(error));
  else if (exact) printf("%s: %ld\n", what, result);
  else printf("%s: ok\n", what);
  errno = error;
  return result;
}

#define SHOW(call) (errno = 0, observe(#call, (long)(call), 1))
#define SHOW_AS(what, call) (errno = 0, observe(what, (long)(call), 1))
#define SHOW_OK(call) (errno = 0, observe(#call, (long)(call), 0))
#define NOTE(...) (printf(__VA_ARGS__), putchar('\n'))

/* How a child ended, in words. */
__attribute__((unused)) static void show_status(const char *what, int status) {
  if (WIFEXITED(status)) printf("%s: exited %d\n", what, WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) printf("%s: killed by SIG%s\n", what, sigabbrev_np(WTERMSIG(status)));
  else if (WIFSTOPPED(status)) printf("%s: stopped by SIG%s\n", what, sigabbrev_np(WSTOPSIG(status)));
  else if (WIFCONTINUED(status)) printf("%s: continued\n", what);
  else printf("%s: status %#x\n", what, status);
}

/* Runs `body` in a child and shows how it ended. */
#define IN_CHILD(what, ...)                      \
  do {                                           \
    pid_t child_ = fork();                       \
    if (child_ == 0) { __VA_ARGS__; _exit(0); }  \
    int status_;                                 \
    if (waitpid(child_, &status_, 0) == child_) show_status(what, status_); \
  } while (0)

/* A page that is there, followed by one that is not: the last `size` bytes before the hole. */
__attribute__((unused)) static char *before_hole(size_t size) {
  char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(pages + 4096, 4096);
  return pages + 4096 - size;
}
/* A read-only page. */
__attribute__((unused)) static char *read_only_page(void) { return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
#define BAD_POINTER ((void *)0x10)
#define KERNEL_POINTER ((void *)0xffff800000000000)
#endif
