/* Something to profile: time in a function of its own, in system calls, in a thread, and in a child. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned long sink;

__attribute__((noinline)) void spin_in_user_mode(long n) {
  for (long i = 0; i < n; i++) sink += i * i;
}

__attribute__((noinline)) void ask_the_kernel(int n) {
  struct stat st;
  for (int i = 0; i < n; i++) stat("/etc/passwd", &st);
}

static void *other(void *unused) {
  (void)unused;
  ask_the_kernel(500);
  return 0;
}

int main(int argc, char **argv) {
  int times = argc > 1 ? argv[1][0] - '0' : 1;
  pthread_t thread;
  if (pthread_create(&thread, 0, other, 0)) return 1;
  pthread_join(thread, 0);
  for (int i = 0; i < times; i++) {
    spin_in_user_mode(20000000);
    ask_the_kernel(30000);
  }
  if (fork() == 0) _exit(5);
  int status;
  wait(&status);
  puts("done");
  return 3;
}
