/* Scenes: short sequences of mostly valid calls that build state. Each leaves some of it behind for what comes next; none waits long. */
#pragma once

static void some_calls(int count) { while (count-- > 0) random_call(); }
static void *arena(void) { return (void *)(chance(90) ? (uint64_t)ARENA + below(8) * 4096 + below(64) * 8 : address()); }

/* Runs `body` in a child, which then makes some random calls and ends; the parent waits or kills. */
static void in_child(void (*body)(void)) {
  uint64_t child_seed = next();
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    seed_stream(child_seed, 3, 3);
    if (body) body();
    some_calls(below(30));
    _exit(below(256));
  }
  if (child < 0) return;
  some_calls(below(8));
  if (chance(30)) kill(child, chance(60) ? SIGKILL : 1 + below(31));
  if (chance(30)) kill(child, SIGCONT);
  for (int i = 0; i < 20 && waitpid(child, NULL, WNOHANG) != child; i++) usleep(500);
  if (chance(80)) { kill(child, SIGKILL); waitpid(child, NULL, 0); }
}

static void scene_pipe(void) {
  int ends[2], others[2];
  if (pipe2(ends, chance(70) ? O_NONBLOCK : 0) < 0) return;
  if (chance(40)) fcntl(ends[0], F_SETPIPE_SZ, 4096 << below(6));
  for (int i = below(6); i > 0; i--) write(ends[1], arena(), below(chance(50) ? 100 : 9000));
  if (chance(30) && pipe2(others, O_NONBLOCK) == 0) {
    tee(ends[0], others[1], below(8192), SPLICE_F_NONBLOCK);
    splice(ends[0], NULL, others[1], NULL, below(8192), SPLICE_F_NONBLOCK);
    struct iovec vector = {arena(), below(9000)};
    vmsplice(others[1], &vector, 1, SPLICE_F_NONBLOCK);
    close(others[below(2)]);
  }
  for (int i = below(6); i > 0; i--) read(ends[0], arena(), below(5000));
  if (chance(20)) in_child(NULL);
  if (chance(90)) close(ends[0]);
  if (chance(90)) close(ends[1]);
}

static void scene_epoll(void) {
  int poll_fd = epoll_create1(chance(50) ? EPOLL_CLOEXEC : 0), event = eventfd(below(3), EFD_NONBLOCK);
  struct epoll_event events[8];
  for (int i = below(12); i > 0; i--) {
    struct epoll_event wanted = {.events = next() & (chance(30) ? 0xffffffff : 0xc000201f), .data.u64 = next()};
    epoll_ctl(chance(80) ? poll_fd : (int)descriptor(), 1 + below(3), chance(30) ? event : (int)descriptor(), &wanted);
  }
  uint64_t one = 1;
  write(event, &one, 8);
  epoll_wait(poll_fd, events, 8, below(3));
  if (chance(20)) in_child(NULL);
  if (chance(50)) close(event);
  epoll_wait(poll_fd, events, 1 + below(8), 0);
  if (chance(90)) close(poll_fd);
}

static void scene_pty(void) {
  int master = open("/dev/ptmx", O_RDWR | O_NONBLOCK | O_NOCTTY), zero = 0, number = 0;
  if (master < 0) return;
  ioctl(master, TIOCSPTLCK, &zero);
  char name[32];
  if (ioctl(master, TIOCGPTN, &number) < 0) { close(master); return; }
  snprintf(name, sizeof name, "/dev/pts/%d", number);
  int slave = open(name, O_RDWR | O_NONBLOCK | (chance(70) ? O_NOCTTY : 0));
  struct termios settings;
  for (int i = below(10); i > 0; i--) {
    static const unsigned requests[] = {TCGETS, TCSETS, TCSETSW, TCFLSH, TCXONC, TIOCGWINSZ, TIOCSWINSZ, TIOCSCTTY, TIOCSPGRP, TIOCGPGRP, FIONREAD, TIOCPKT, TIOCNOTTY, TIOCSTI, TIOCEXCL, TIOCNXCL, TIOCOUTQ, TCSBRK, TIOCGSID, TIOCSETD};
    if (chance(30) && tcgetattr(slave, &settings) == 0) {
      settings.c_lflag ^= next() & next(); settings.c_iflag ^= next() & next(); settings.c_oflag ^= next() & next();
      settings.c_cc[below(NCCS)] = next();
      tcsetattr(slave, TCSANOW, &settings);
    } else if (chance(40)) ioctl(chance(50) ? slave : master, requests[below(sizeof requests / sizeof *requests)], arena());
    else if (chance(50)) write(chance(50) ? slave : master, arena(), below(300));
    else read(chance(50) ? slave : master, arena(), below(300));
  }
  if (chance(20)) in_child(NULL);
  if (chance(90)) close(master);
  if (chance(90)) close(slave);
}

static void scene_memory(void) {
  size_t length = (1 + below(chance(20) ? 600 : 12)) * 4096;
  int file = chance(40) ? open(chance(50) ? "a" : "b", O_RDWR | O_CREAT, 0666) : chance(30) ? (int)syscall(SYS_memfd_create, "m", 3) : -1;
  if (file >= 0) ftruncate(file, below(length + 8192));
  int shared_or_not = chance(50) ? MAP_PRIVATE : MAP_SHARED;
  char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, shared_or_not | (file < 0 ? MAP_ANONYMOUS : 0) | (chance(20) ? MAP_POPULATE : 0), file, below(3) * 4096);
  if (at != MAP_FAILED) {
    for (int i = below(12); i > 0; i--) {
      char *part = at + below(length / 4096) * 4096;
      size_t size = (1 + below(4)) * 4096;
      switch (below(10)) {
        case 0: mprotect(part, size, below(8)); break;
        case 1: if (part + size < at + length) munmap(part, size); break;
        case 2: { void *moved = mremap(part, size, (1 + below(8)) * 4096, chance(70) ? MREMAP_MAYMOVE : below(8), arena()); if (moved != MAP_FAILED && chance(70)) munmap(moved, 4096); break; }
        case 3: madvise(part, size, below(26)); break;
        case 4: case 5: read(open("/dev/zero", O_RDONLY), part, size); break;
        case 6: write(3 + below(20), part, size); break;
        case 7: msync(part, size, 1 + below(6)); break;
        case 8: if (file >= 0) ftruncate(file, below(length)); break;
        default: in_child(NULL);
      }
    }
    if (chance(90)) munmap(at, length);
  }
  if (file >= 0 && chance(90)) close(file);
}

static volatile uint32_t *word; /* shared with children */

static void futex_partner(void) {
  struct timespec limit = {0, 1000000 + below(3000000)};
  for (int i = below(6); i > 0; i--) syscall(SYS_futex, word + below(2), chance(70) ? below(2) * 9 : below(14), below(2), &limit, word + below(2), chance(50) ? -1 : number());
}
static void scene_futex(void) {
  if (!word) word = mmap((void *)0x356789000, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  pid_t child = fork();
  uint64_t stream = next();
  if (child == 0) { seed_stream(stream, 5, 5); futex_partner(); some_calls(5); _exit(0); }
  for (int i = below(12); i > 0; i--) {
    static const int wakers[] = {1, 3, 4, 5, 10, 129};
    word[below(2)] = below(2);
    syscall(SYS_futex, word + below(2), wakers[below(6)], below(4), below(4), word + below(2), chance(50) ? word[0] : number());
  }
  futex_partner();
  if (child > 0) { if (chance(50)) kill(child, SIGKILL); else usleep(3000), kill(child, SIGKILL); waitpid(child, NULL, 0); }
}

static void scene_signals(void) {
  static char stack[16384];
  stack_t alternate = {.ss_sp = stack, .ss_size = chance(80) ? sizeof stack : below(4096), .ss_flags = chance(80) ? 0 : next()};
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = next() & (SA_ONSTACK | SA_NODEFER | SA_RESTART | SA_SIGINFO | SA_RESETHAND)};
  sigset_t some;
  struct timespec limit = {0, below(500000)};
  siginfo_t info;
  sigemptyset(&some);
  for (int i = below(6); i > 0; i--) sigaddset(&some, 1 + below(64));
  if (chance(50)) sigaltstack(&alternate, NULL);
  sigaction(16 + below(14), &action, NULL);
  sigdelset(&some, SIGALRM); /* it ends waits */
  sigprocmask(below(3), &some, NULL);
  for (int i = below(8); i > 0; i--) {
    int number = 32 + below(32);
    if (chance(50)) number = SIGUSR1;
    union sigval value = {.sival_ptr = arena()};
    if (chance(50)) sigqueue(getpid(), number, value); else kill(getpid(), number);
  }
  int file = chance(50) ? (int)syscall(SYS_signalfd4, -1, &some, 8, 04000) : -1;
  if (file >= 0) { read(file, ARENA, 256); if (chance(90)) close(file); }
  sigtimedwait(&some, &info, &limit);
  alternate.ss_flags = SS_DISABLE;
  sigaltstack(&alternate, NULL);
}

static void scene_timers(void) {
  int ids[4];
  struct itimerspec when = {{0, 100000 + below(1000000)}, {0, 1 + below(1000000)}};
  for (int i = 0; i < 4; i++) {
    struct sigevent event = {.sigev_notify = chance(50) ? SIGEV_SIGNAL : SIGEV_NONE, .sigev_signo = SIGUSR1};
    ids[i] = -1;
    syscall(SYS_timer_create, below(8), &event, &ids[i]);
    syscall(SYS_timer_settime, ids[i], below(2), &when, chance(50) ? ARENA : 0);
  }
  int file = timerfd_create(below(2), TFD_NONBLOCK);
  timerfd_settime(file, below(2), &when, NULL);
  usleep(below(2000));
  read(file, ARENA, 8);
  if (chance(90)) close(file);
  for (int i = 0; i < 4; i++) if (chance(90)) syscall(SYS_timer_delete, ids[i]);
}

static void body_exec(void) {
  static const char *const contents[] = {"#!/bin/busybox true\n", "#!x", "#! /proc/self/exe\n", "#!", "\177ELF", "#!/bin/busybox\0x", "", "MZ", "#!/tmp\n"};
  const char *content = contents[below(9)];
  char *arguments[] = {"x", chance(50) ? (char *)arena() : NULL, NULL};
  int file = open("x", O_RDWR | O_CREAT | O_TRUNC, 0777);
  write(file, content, content[0] ? 3 + below(16) : 0);
  if (chance(20)) ftruncate(file, below(8192));
  if (chance(90)) close(file);
  const char *program = chance(70) ? "./x" : chance(50) ? "/bin/busybox" : "/proc/self/exe";
  if (chance(20)) unlink("x");
  if (chance(30)) syscall(SYS_execveat, file, "", chance(80) ? arguments : arena(), NULL, 0x1000);
  syscall(SYS_execve, program, chance(80) ? (void *)arguments : arena(), chance(70) ? NULL : arena());
}
static void scene_exec(void) { in_child(body_exec); }

/* A frame of random words, some plausible, for rt_sigreturn. */
static void body_sigreturn(void) {
  uint64_t *frame = (uint64_t *)(ARENA + 4096 + below(512) * 8);
  for (int i = 0; i < 160; i++) frame[i] = chance(50) ? number() : address();
  if (chance(50)) frame[5 + 18] = 0x33 | 0x2bull << 48, frame[5 + 16] = (uint64_t)restorer, frame[5 + 15] = (uint64_t)frame;
  __asm__ volatile("mov %0, %%rsp; mov $15, %%eax; syscall; ud2" :: "r"(chance(90) ? (uint64_t)frame : address()) : "memory");
}
static void scene_sigreturn(void) { in_child(body_sigreturn); }

static int clone_main(void *argument) {
  (void)argument;
  static const int calls_to_make[] = {SYS_getpid, SYS_close, SYS_dup, SYS_sched_yield, SYS_umask, SYS_gettid, SYS_setsid, SYS_fork};
  for (int i = 0; i < 6; i++) {
    int number = calls_to_make[(i * 3 + (uint64_t)argument) % 8];
    if (number == SYS_fork) continue;
    raw(number, 20, 0, 0, 0, 0, 0);
  }
  return 0;
}
static void scene_clone(void) {
  static char stack[65536] __attribute__((aligned(16)));
  static int tids[2];
  static const int shares[] = {0, CLONE_FS, CLONE_FILES, CLONE_VM, CLONE_VM | CLONE_SIGHAND, CLONE_VM | CLONE_FILES | CLONE_FS, CLONE_NEWNS, CLONE_PARENT,
    CLONE_VM | CLONE_VFORK, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, CLONE_PIDFD};
  int flags = shares[below(11)] | (chance(30) ? CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID : 0) | (chance(30) ? CLONE_PARENT_SETTID : 0) | (chance(80) ? SIGCHLD : (int)below(65));
  if (flags & CLONE_PARENT) return; /* a sibling of the worker */
  pid_t child = clone(clone_main, stack + sizeof stack - 1024, flags, (void *)below(8), &tids[0], NULL, &tids[1]);
  if (child < 0) return;
  for (int i = 0; i < 40; i++) {
    if (flags & CLONE_THREAD ? syscall(SYS_tgkill, getpid(), child, 0) < 0 : waitpid(child, NULL, __WALL | WNOHANG) == child) break;
    usleep(300);
  }
  if (!(flags & CLONE_THREAD)) { kill(child, SIGKILL); waitpid(child, NULL, __WALL | WNOHANG); }
  if (flags & CLONE_PIDFD && chance(80)) close(tids[0]);
}
static void scene_clone3(void) {
  uint64_t arguments[11] = {chance(50) ? 0 : flag_bits(CLONE_SET) & ~(uint64_t)(CLONE_VM | CLONE_PARENT | CLONE_PTRACE | 0xff), (uint64_t)arena(), (uint64_t)arena(), (uint64_t)arena(), chance(80) ? SIGCHLD : below(70)};
  if (chance(20)) arguments[5 + below(6)] = number();
  pid_t child = syscall(SYS_clone3, arguments, chance(80) ? 88 : below(100));
  if (child == 0) { raw(SYS_getpid, 0, 0, 0, 0, 0, 0); raw(SYS_exit, 0, 0, 0, 0, 0, 0); }
  if (child > 0) { usleep(1000); kill(child, SIGKILL); waitpid(child, NULL, __WALL | WNOHANG); }
}

static void scene_files(void) {
  static const char *const names[] = {"a", "b", "c", "c/d", "c/e", "link", "fifo", "loop", "f"};
#define NAME names[below(9)]
  int file = -1;
  for (int i = 4 + below(16); i > 0; i--) {
    switch (below(18)) {
      case 0: if (file >= 0) close(file); file = open(NAME, O_RDWR | O_CREAT | O_NONBLOCK, 0666); break;
      case 1: mkdir(NAME, 0777); break;
      case 2: rename(NAME, NAME); break;
      case 3: link(NAME, NAME); break;
      case 4: symlink(NAME, NAME); break;
      case 5: unlink(NAME); break;
      case 6: rmdir(NAME); break;
      case 7: syscall(SYS_renameat2, -100, NAME, -100, NAME, below(8)); break;
      case 8: mkfifo(NAME, 0666); break;
      case 9: write(file, arena(), below(20000)); break;
      case 10: pread(file, arena(), below(9000), below(30000)); break;
      case 11: fallocate(file, below(4), below(100000), below(100000)); break;
      case 12: ftruncate(file, below(200000)); break;
      case 13: syscall(SYS_copy_file_range, file, arena(), file, arena(), below(20000), 0); break;
      case 14: setxattr(NAME, "user.a", arena(), below(200), below(3)); break;
      case 15: { int directory = open(chance(50) ? "." : "c", O_RDONLY | O_DIRECTORY); syscall(SYS_getdents64, directory, arena(), 30 + below(900)); close(directory); break; }
      case 16: if (file >= 0) { int other = open(".", 020200002, 0600); if (other >= 0) { write(other, ARENA, below(9000)); if (chance(50)) linkat(other, "", -100, NAME, 0x1000); close(other); } } break;
      default: some_calls(3);
    }
  }
  if (file >= 0 && chance(90)) close(file);
}

static int lock_file = -1;
static void body_locks(void) {
  for (int i = below(6); i > 0; i--) {
    struct flock lock = {.l_type = below(3), .l_whence = below(3), .l_start = below(100), .l_len = below(100) - 20};
    static const int commands[] = {F_SETLK, F_SETLKW, F_GETLK, 36, 37, 38};
    if (chance(80)) fcntl(lock_file, commands[below(6)], &lock); else flock(lock_file, 1 + below(12));
  }
}
static void scene_locks(void) {
  lock_file = open("a", O_RDWR | O_CREAT, 0666);
  body_locks();
  in_child(body_locks);
  body_locks();
  if (chance(90)) close(lock_file);
}

static void scene_mounts(void) {
  mkdir("m", 0777);
  if (mount("none", "m", chance(80) ? "tmpfs" : chance(50) ? "proc" : "sysfs", chance(80) ? 0 : flag_bits(-1), chance(70) ? NULL : "size=64k,mode=700") == 0) {
    int file = open("m/x", O_RDWR | O_CREAT, 0666);
    write(file, ARENA, 4096);
    if (chance(30)) mount("m", "c", NULL, MS_BIND, NULL), umount2("c", MNT_DETACH);
    some_calls(10);
    if (chance(50)) close(file);
    if (umount2("m", below(2) * MNT_DETACH) < 0) umount2("m", MNT_DETACH);
    if (chance(50)) close(file);
  }
}

/* On the worker itself and its own children only: another worker's descriptors would lead out of the jail. */
static void scene_pidfd(void) {
  int file = syscall(SYS_pidfd_open, getpid(), chance(80) ? 0 : O_NONBLOCK), taken = syscall(SYS_pidfd_getfd, file, below(24), chance(90) ? 0 : number());
  syscall(SYS_pidfd_send_signal, file, chance(70) ? 0 : 34 + below(20), chance(80) ? NULL : arena(), chance(90) ? 0 : number());
  pid_t child = fork();
  if (child == 0) { prctl(PR_SET_PDEATHSIG, SIGKILL); some_calls(below(20)); _exit(below(256)); }
  int other = child < 0 ? -1 : syscall(SYS_pidfd_open, child, 0);
  for (int i = below(4); i > 0; i--) { int copy = syscall(SYS_pidfd_getfd, other, below(16), 0); if (chance(90)) close(copy); }
  struct pollfd ready = {other, POLLIN, 0};
  if (chance(50)) poll(&ready, 1, below(4));
  syscall(SYS_pidfd_send_signal, other, chance(50) ? SIGKILL : 1 + below(64), NULL, 0);
  syscall(SYS_waitid, P_PIDFD, other, chance(50) ? arena() : NULL, 4 | (chance(50) ? 1 : 0) | (chance(20) ? number() & 0xf000000 : 0), NULL);
  if (child > 0) { kill(child, SIGKILL); waitpid(child, NULL, 0); }
  if (chance(90)) close(file);
  if (chance(90)) close(taken);
  if (chance(90)) close(other);
}

static void body_setsid(void) { setsid(); int slave = open("/dev/pts/0", O_RDWR | O_NONBLOCK); ioctl(slave, TIOCSCTTY, 0); }

/* A root below the jail. Nothing that leads out of it may stay open: from there ".." goes up to the real root, as on Linux. */
static void body_chroot(void) {
  syscall(SYS_close_range, 3, ~0u, 0);
  if (chroot(chance(50) ? "c" : "/proc/self/cwd") == 0 && chdir("/") < 0) _exit(0);
  some_calls(20);
}

static void scene(void) {
  int which = below(22);
  shared[worker_index].scene = which;
  switch (which) {
    case 0: scene_pipe(); break;
    case 1: scene_epoll(); break;
    case 2: scene_pty(); break;
    case 3: case 4: scene_memory(); break;
    case 5: scene_futex(); break;
    case 6: scene_signals(); break;
    case 7: scene_timers(); break;
    case 8: scene_exec(); break;
    case 9: scene_sigreturn(); break;
    case 10: scene_clone(); break;
    case 11: scene_clone3(); break;
    case 12: case 13: scene_files(); break;
    case 14: scene_locks(); break;
    case 15: scene_mounts(); break;
    case 16: in_child(body_setsid); break;
    case 17: for (int i = 0; i < 12; i++) dup2(3 + below(20), 3 + below(24)); break;
    case 18: syscall(SYS_close_range, 3 + below(24), below(40), below(8)); break;
    case 19: in_child(body_chroot); break;
    case 20: scene_pidfd(); break;
    default: in_child(NULL);
  }
  shared[worker_index].scene = -1;
}
