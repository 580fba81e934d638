/* A pseudo-terminal: what is typed, what the program reads, and what comes out, under random settings. */
#pragma once
#include "differ.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <termios.h>

static int master = -1, slave = -1;

static void prepare_terminals(void) {
  mkdir("pts", 0755);
  mount("devpts", "pts", "devpts", 0, "mode=620,ptmxmode=666");
  int number = 0, unlock = 0;
  char name[32];
  master = open("pts/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
  ioctl(master, TIOCSPTLCK, &unlock);
  ioctl(master, TIOCGPTN, &number);
  snprintf(name, sizeof name, "pts/%d", number);
  slave = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK);
  say("pair %d %d\n", master, slave);
}

static void escaped(const char *text, int length) {
  say(" \"");
  for (int i = 0; i < length && i < 400; i++) {
    unsigned char c = text[i];
    if (c < 32 || c >= 127 || c == '"' || c == '\\') say("\\%02x", c);
    else say("%c", c);
  }
  say("\"");
}

static void drain(const char *what, int fd, int size) {
  char text[5000];
  long got = SYS(SYS_read, fd, text, size);
  say("%s %d", what, size);
  if (got > 0) escaped(text, got);
  result(got);
}

/* Lets kernel threads carry on what was written. */
static void settle(void) { usleep(1500); }

static void step_type(void) {
  static const char *const pieces[] = {"a", "bc", "hello", "\n", "\r", "\t", "\b", "\177", "\025", "\027", "\022", "\026", "\004", "\003", "\034", "\032", "\023", "\021", "\001", "\033[A", "\303\244", "\377", "\0", "X Y", "\017", "foo bar\n", "  "};
  char text[600];
  int length = 0;
  for (int i = 1 + below(6); i > 0; i--) {
    const char *piece = PICK(pieces);
    int size = *piece ? strlen(piece) : 1;
    memcpy(text + length, piece, size);
    length += size;
  }
  if (chance(3)) { memset(text, 'w', 300); length = 300; }
  say("type");
  escaped(text, length);
  result(SYS(SYS_write, master, text, length));
  settle();
}

static void step_print(void) {
  static const char *const pieces[] = {"a", "line\n", "\r", "\t", "\b", "wide\ttab\n", "\n\n", "\001", "\303\244", "lower", "\r\n", "col"};
  char text[200];
  int length = 0;
  for (int i = 1 + below(4); i > 0; i--) { const char *piece = PICK(pieces); memcpy(text + length, piece, strlen(piece)); length += strlen(piece); }
  say("print");
  escaped(text, length);
  result(SYS(SYS_write, slave, text, length));
  settle();
}

static void step_settings(void) {
  static const unsigned long in[] = {ICRNL, INLCR, IGNCR, IXON, IXANY, IXOFF, ISTRIP, IUCLC, IMAXBEL, IUTF8, BRKINT, PARMRK, INPCK, IGNBRK, IGNPAR};
  static const unsigned long out[] = {OPOST, OPOST, OPOST, ONLCR, ONLCR, OCRNL, ONOCR, ONLRET, OLCUC, TAB3, OFILL};
  static const unsigned long local[] = {ICANON, ICANON, ECHO, ECHO, ECHOE, ECHOK, ECHONL, ECHOCTL, ECHOPRT, ECHOKE, IEXTEN, IEXTEN, NOFLSH, EXTPROC};
  struct termios settings;
  ioctl(slave, TCGETS, &settings);
  settings.c_iflag = SOME(in, 4);
  settings.c_oflag = SOME(out, 4);
  settings.c_lflag = SOME(local, 8) | (chance(20) ? ISIG : 0);
  if (chance(30)) settings.c_cc[VMIN] = below(4);
  if (chance(15)) settings.c_cc[VEOL] = chance(50) ? 'X' : 0;
  if (chance(10)) settings.c_cc[VEOL2] = 'Y';
  settings.c_cc[VTIME] = 0;
  unsigned long how = PICK(((unsigned long[]){TCSETS, TCSETS, TCSETSF, TCSETSW}));
  if (how == TCSETSW) how = TCSETS; /* waits for somebody to read */
  say("settings in %o out %o local %o min %d", settings.c_iflag, settings.c_oflag, settings.c_lflag, settings.c_cc[VMIN]);
  result(SYS(SYS_ioctl, slave, how, &settings));
}

static void step_ioctl(void) {
  settle();
  int value = 0, fd = chance(50) ? master : slave;
  const char *end = fd == master ? "master" : "slave";
  struct winsize size = {24 + below(3), 80, 0, 0};
  switch (below(9)) {
    case 0: { long got = SYS(SYS_ioctl, fd, FIONREAD, &value); say("FIONREAD %s [%d]", end, value); result(got); break; }
    case 1: { long got = SYS(SYS_ioctl, fd, TIOCOUTQ, &value); say("TIOCOUTQ %s [%d]", end, value); result(got); break; }
    case 2: { int queue = below(4); say("TCFLSH %s %d", end, queue); result(SYS(SYS_ioctl, fd, TCFLSH, queue)); break; }
    case 3: { int what = chance(80) ? below(4) : 4; say("TCXONC %s %d", end, what); result(SYS(SYS_ioctl, slave, TCXONC, what)); break; }
    case 4: { value = below(2); say("TIOCPKT %d", value); result(SYS(SYS_ioctl, master, TIOCPKT, &value)); break; }
    case 5: say("TIOCSWINSZ %s", end); result(SYS(SYS_ioctl, fd, TIOCSWINSZ, &size)); break;
    case 6: { long got = SYS(SYS_ioctl, fd, TIOCGWINSZ, &size); say("TIOCGWINSZ %s [%d %d]", end, size.ws_row, size.ws_col); result(got); break; }
    case 7: { char c = PICK("aX\n\4"); say("TIOCSTI %d", c); result(SYS(SYS_ioctl, slave, TIOCSTI, &c)); break; }
    default: {
      struct pollfd both[2] = {{master, POLLIN | POLLOUT | POLLPRI, 0}, {slave, POLLIN | POLLOUT | POLLPRI, 0}};
      long got = SYS(SYS_poll, both, 2, 0);
      say("poll %x %x", both[0].revents, both[1].revents);
      result(got);
    }
  }
}

static void step_terminals(void) {
  switch (below(12)) {
    case 0: case 1: case 2: step_type(); break;
    case 3: case 4: step_print(); break;
    case 5: case 6: step_settings(); break;
    case 7: case 8: drain("read", slave, PICK(((int[]){0, 1, 3, 10, 4096}))); break;
    case 9: step_ioctl(); break;
    default: drain("output", master, PICK(((int[]){1, 5, 4096, 4096})));
  }
}

static const struct subject terminals = {"terminals", prepare_terminals, step_terminals};
