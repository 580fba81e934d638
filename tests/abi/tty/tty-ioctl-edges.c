/* Every ioctl(2) number of terminals, at both ends of a pty and on what is no terminal: with memory, without, and with the edges of it.
   covers: ioctl */
#include "terminal.h"

/* Left out: TIOCCONS would take the machine's console; TIOCSETD may load a line discipline; TIOCGPTPEER takes flags. */
static int is_tried(int command) { return command != 0x541d && command != 0x5423 && command != 0x5441; }

static void try_command(int is_master, int command) {
  struct pair pair = open_pair();
  int fd = is_master ? pair.master : pair.slave;
  char memory[256] = {0};
  fcntl(pair.master, F_SETFL, O_NONBLOCK);
  fcntl(pair.slave, F_SETFL, O_NONBLOCK);
  errno = 0;
  long bad = ioctl(fd, command, BAD_POINTER);
  const char *bad_name = bad < 0 ? errno_name(errno) : "works";
  errno = 0;
  long good = ioctl(fd, command, memory);
  printf("%#x: bad memory %s, memory %s\n", command, bad_name, good < 0 ? errno_name(errno) : "works");
}

/* Each in a session of its own: one of them takes the terminal for it. */
static void try_all(int is_master) {
  for (int command = 0x5401; command < 0x5470; command++) {
    if (!is_tried(command)) continue;
    pid_t child = fork();
    if (child == 0) {
      setsid();
      try_command(is_master, command);
      _exit(0);
    }
    waitpid(child, NULL, 0);
  }
}

static const struct { const char *name; int command; size_t size; } sized[] = {
  {"TCGETS", TCGETS, 36}, {"TCSETS", TCSETS, 36}, {"TCSETSW", TCSETSW, 36}, {"TCSETSF", TCSETSF, 36}, {"TCGETA", TCGETA, 18}, {"TCSETA", TCSETA, 18},
  {"TIOCGWINSZ", TIOCGWINSZ, 8}, {"TIOCSWINSZ", TIOCSWINSZ, 8}, {"TIOCGETD", TIOCGETD, 4}, {"TIOCOUTQ", TIOCOUTQ, 4}, {"FIONREAD", FIONREAD, 4},
  {"FIONBIO", FIONBIO, 4}, {"TIOCGPTN", TIOCGPTN, 4}, {"TIOCSPTLCK", TIOCSPTLCK, 4}, {"TIOCGPTLCK", TIOCGPTLCK, 4}, {"TIOCPKT", TIOCPKT, 4},
  {"TIOCGPKT", TIOCGPKT, 4}, {"TIOCGEXCL", TIOCGEXCL, 4}, {"TIOCGSOFTCAR", TIOCGSOFTCAR, 4}, {"TIOCSSOFTCAR", TIOCSSOFTCAR, 4},
};

static void edges(const char *what, int fd) {
  for (size_t i = 0; i < sizeof sized / sizeof sized[0]; i++) {
    char *edge = before_hole(0);
    char *places[] = {edge, edge - 1, edge - sized[i].size + 1, edge - sized[i].size, edge - 4095};
    printf("%s %s:", what, sized[i].name);
    for (int j = 0; j < 5; j++) {
      errno = 0;
      long result = ioctl(fd, sized[i].command, places[j]);
      printf(" %s", result < 0 ? errno_name(errno) : "works");
    }
    putchar('\n');
    munmap(edge - 4096, 4096);
  }
}

/* Locked settings stay, whoever sets them; locking them is for root. */
static void locks(void) {
  struct pair pair = open_pair();
  struct termios settings, changed;
  unsigned char locked[36], none[36] = {0};
  memset(locked, 0xff, sizeof locked);
  SHOW(ioctl(pair.slave, TIOCGLCKTRMIOS, locked));
  NOTE("nothing locked %d", !memcmp(locked, none, sizeof none));
  tcgetattr(pair.slave, &settings);
  unsigned local = ECHO | ICANON;
  memset(locked, 0, sizeof locked);
  memcpy(locked + 12, &local, 4);
  locked[17 + VINTR] = 1;
  SHOW(ioctl(pair.slave, TIOCSLCKTRMIOS, locked));
  changed = settings;
  changed.c_lflag &= ~(ECHO | ICANON | ISIG);
  changed.c_cc[VINTR] = 'x';
  changed.c_cc[VQUIT] = 'y';
  SHOW(tcsetattr(pair.slave, TCSANOW, &changed));
  tcgetattr(pair.slave, &changed);
  NOTE("echo %d canonical %d signals %d interrupt %d quit %d", !!(changed.c_lflag & ECHO), !!(changed.c_lflag & ICANON), !!(changed.c_lflag & ISIG),
    changed.c_cc[VINTR], changed.c_cc[VQUIT]);
  memset(locked, 0, sizeof locked);
  SHOW(ioctl(pair.master, TIOCGLCKTRMIOS, locked));
  NOTE("by the master: locked %d", !!memcmp(locked, none, sizeof none));
  IN_CHILD("as somebody", {
    setresuid(1000, 1000, 1000);
    SHOW(ioctl(pair.slave, TIOCGLCKTRMIOS, locked));
    SHOW(ioctl(pair.slave, TIOCSLCKTRMIOS, none));
    SHOW(ioctl(pair.slave, TIOCSLCKTRMIOS, BAD_POINTER));
  });
  SHOW(ioctl(pair.slave, TIOCSLCKTRMIOS, none));
  SHOW(tcsetattr(pair.slave, TCSANOW, &settings));
}

int main(void) {
  int ends[2];
  pipe(ends);
  NOTE("slave");
  try_all(0);
  NOTE("master");
  try_all(1);
  locks();
  struct pair pair = open_pair();
  SHOW(ioctl(pair.slave, TIOCGPTPEER, O_RDWR));
  SHOW(ioctl(ends[0], TIOCGPTPEER, O_RDWR));
  edges("slave", pair.slave);
  edges("master", pair.master);
  edges("pipe", ends[0]);
  edges("null", open("/dev/null", O_RDWR));
  return 0;
}
