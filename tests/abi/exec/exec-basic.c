/* execve(2), execveat(2): what the new program gets, errors, attributes kept and lost.
   covers: execve execveat */
#include "observe.h"
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

extern char **environ;
static void handler(int number) { (void)number; }

static int report(int argc, char **argv) {
  NOTE("argc %d", argc);
  for (int i = 0; i < argc; i++) NOTE("argv[%d] %s", i, argv[i]);
  for (int i = 0; environ[i]; i++) NOTE("env %s", environ[i]);
  NOTE("argv terminated %d, aligned %d", argv[argc] == NULL, ((long)argv & 7) == 0);
  NOTE("execfn ends in abi-self: %d", strstr((char *)getauxval(AT_EXECFN), "abi-self") != NULL);
  NOTE("pagesz %lu clktck %lu secure %lu flags %lu phent %lu", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), getauxval(AT_SECURE),
       getauxval(AT_FLAGS), getauxval(AT_PHENT));
  NOTE("uid %d euid %d", getauxval(AT_UID) == getuid(), getauxval(AT_EUID) == geteuid());
  NOTE("platform %s", (char *)getauxval(AT_PLATFORM));
  Elf64_Phdr *headers = (Elf64_Phdr *)getauxval(AT_PHDR);
  int loads = 0;
  for (unsigned i = 0; i < getauxval(AT_PHNUM); i++) loads += headers[i].p_type == PT_LOAD;
  NOTE("program headers readable: %d", loads > 1);
  NOTE("random %d vdso %d hwcap %d minsigstksz %d", getauxval(AT_RANDOM) != 0, getauxval(AT_SYSINFO_EHDR) != 0,
       getauxval(AT_HWCAP) != 0, getauxval(AT_MINSIGSTKSZ) > 1000);
  NOTE("stack aligned %d", ((long)(argv - 1) & 15) == 0);
  char name[16];
  prctl(PR_GET_NAME, name);
  NOTE("comm %s", name);
  struct sigaction act;
  sigaction(SIGUSR1, NULL, &act);
  NOTE("SIGUSR1 default %d", act.sa_handler == SIG_DFL);
  sigaction(SIGUSR2, NULL, &act);
  NOTE("SIGUSR2 ignored %d", act.sa_handler == SIG_IGN);
  sigset_t set;
  sigprocmask(SIG_BLOCK, NULL, &set);
  NOTE("SIGHUP blocked %d", sigismember(&set, SIGHUP));
  sigpending(&set);
  NOTE("SIGHUP pending %d", sigismember(&set, SIGHUP));
  SHOW(fcntl(100, F_GETFD));
  SHOW(fcntl(101, F_GETFD));
  stack_t stack;
  sigaltstack(NULL, &stack);
  NOTE("alternate stack flags %d", stack.ss_flags);
  return 44;
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "y") == 0) return 45;
  if (argc > 1 && strcmp(argv[1], "report") == 0) return report(argc, argv);
  char *arguments[] = {"first", "report", "", "three words here", NULL};
  char *environment[] = {"A=1", "", "B=two", NULL};
  unlink("abi-self");
  SHOW(symlink("/proc/self/exe", "abi-self"));
  char self[4096];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  self[length < 0 ? 0 : length] = 0;
  unlink("abi-self");
  SHOW(symlink(self, "abi-self"));
  IN_CHILD("exec", {
    static char alternate[65536];
    stack_t stack;
    stack.ss_sp = alternate;
    stack.ss_size = sizeof alternate;
    stack.ss_flags = 0;
    sigaltstack(&stack, NULL);
    signal(SIGUSR1, handler);
    signal(SIGUSR2, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGHUP);
    dup2(0, 100);
    fcntl(dup2(0, 101), F_SETFD, FD_CLOEXEC);
    execve("./abi-self", arguments, environment);
    NOTE("failed");
  });
  SHOW(execve("/does/not/exist", arguments, environment));
  SHOW(execve("", arguments, environment));
  SHOW(execve("/proc", arguments, environment));
  SHOW(execve("/proc/self/exe/x", arguments, environment));
  SHOW(execve(BAD_POINTER, arguments, environment));
  SHOW(execve("./abi-self", BAD_POINTER, environment));
  SHOW(execve("./abi-self", arguments, BAD_POINTER));
  char *bad[] = {"x", BAD_POINTER, NULL};
  SHOW(execve("./abi-self", bad, environment));
  int fd = open("plain", O_CREAT | O_WRONLY | O_TRUNC, 0644);
  write(fd, "text\n", 5);
  SHOW(execve("plain", arguments, environment));
  fchmod(fd, 0755);
  SHOW(execve("./plain", arguments, environment));
  close(fd);
  SHOW(execve("./plain", arguments, environment));
  truncate("plain", 0);
  SHOW(execve("./plain", arguments, environment));
  unlink("plain");
  char *huge = malloc(140000);
  memset(huge, 'x', 139999);
  huge[139999] = 0;
  char *large[] = {"x", "report", huge, NULL};
  SHOW(execve("./abi-self", large, environment));
  huge[131071] = 0;
  char *longest[] = {"x", "y", huge, NULL};
  IN_CHILD("longest string", execve("./abi-self", longest, environment); NOTE("failed"));

  /* execveat */
  fd = open(self, O_RDONLY | O_CLOEXEC);
  SHOW(syscall(SYS_execveat, fd, "", arguments, environment, 0));
  SHOW(syscall(SYS_execveat, fd, "", arguments, environment, 0x10));
  SHOW(syscall(SYS_execveat, -5, "x", arguments, environment, 0));
  SHOW(syscall(SYS_execveat, AT_FDCWD, "abi-self", arguments, environment, AT_SYMLINK_NOFOLLOW));
  char *brief[] = {"x", "y", NULL};
  IN_CHILD("fexecve", syscall(SYS_execveat, fd, "", brief, environment, AT_EMPTY_PATH));
  /* writing to a running program */
  SHOW(open(self, O_WRONLY));
  unlink("abi-self");
  return 0;
}
