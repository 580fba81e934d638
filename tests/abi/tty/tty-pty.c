/* Pairs of pseudo-terminals: opening, locking, closing either end, packet mode, poll (pty(7), ioctl_tty(2)).
   covers: ioctl */
#include "../support/terminal.h"

static void opening(void) {
  need_devpts();
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  SHOW_OK(master);
  int number = -1, lock = -1;
  SHOW(ioctl(master, TIOCGPTN, &number));
  SHOW(ioctl(master, TIOCGPTLCK, &lock));
  NOTE("locked at first: %d", lock);
  char name[64];
  snprintf(name, sizeof name, "/dev/pts/%d", number);
  struct stat status;
  SHOW(stat(name, &status));
  NOTE("a character device: %d, major %d", S_ISCHR(status.st_mode), (int)(status.st_rdev >> 8 & 0xfff));
  SHOW_AS("open while locked", open(name, O_RDWR | O_NOCTTY));
  lock = 0;
  SHOW(ioctl(master, TIOCSPTLCK, &lock));
  SHOW_AS("write before the slave is open", write(master, "early\n", 6));
  int slave = open(name, O_RDWR | O_NOCTTY);
  SHOW_OK(slave);
  show_read("slave reads", slave, 100);
  SHOW(isatty(master));
  SHOW(isatty(slave));
  SHOW(ioctl(slave, TIOCGPTN, &number));
  int peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
  SHOW_OK(peer);
  SHOW_AS("write by the peer", write(peer, "hi", 2));
  pause_a_moment();
  show_read("master reads echo and output", master, 100);
  close(peer);
  close(slave);
  close(master);
  SHOW_AS("open after the master is closed", open(name, O_RDWR | O_NOCTTY));
}

static void closing_slave(void) {
  struct pair pair = open_pair();
  SHOW_AS("slave writes", write(pair.slave, "bye", 3));
  close(pair.slave);
  show_poll("master with data and no slave", pair.master, 0);
  show_read("master", pair.master, 100);
  show_read("master again", pair.master, 100);
  show_poll("master without slave", pair.master, 0);
  int again = open(ptsname(pair.master), O_RDWR | O_NOCTTY);
  SHOW_OK(again);
  fcntl(pair.master, F_SETFL, O_RDWR | O_NONBLOCK);
  show_read("master with a slave again", pair.master, 100);
  close(again);
  close(pair.master);
}

static void closing_master(void) {
  struct pair pair = open_pair();
  close(pair.master);
  show_poll("slave without master", pair.slave, 0);
  show_read("slave", pair.slave, 100);
  SHOW_AS("slave writes", write(pair.slave, "x", 1));
  struct termios settings;
  SHOW_AS("slave TCGETS", ioctl(pair.slave, TCGETS, &settings));
  int group = 1;
  SHOW_AS("slave TIOCSPGRP", ioctl(pair.slave, TIOCSPGRP, &group));
  close(pair.slave);
}

static void packets(void) {
  struct pair pair = open_pair();
  int on = 1;
  SHOW_AS("packet mode on the slave", ioctl(pair.slave, TIOCPKT, &on));
  SHOW(ioctl(pair.master, TIOCPKT, &on));
  SHOW_AS("slave writes", write(pair.slave, "data", 4));
  show_read("master", pair.master, 100);
  SHOW(tcflush(pair.slave, TCIFLUSH));
  show_poll("after a flush", pair.master, 0);
  show_read("master", pair.master, 100);
  SHOW(tcflow(pair.slave, TCOOFF));
  show_read("master", pair.master, 100);
  SHOW(tcflow(pair.slave, TCOON));
  show_read("master", pair.master, 100);
  struct termios settings;
  tcgetattr(pair.slave, &settings);
  settings.c_iflag &= ~IXON;
  tcsetattr(pair.slave, TCSANOW, &settings);
  show_read("master", pair.master, 100);
  close(pair.slave);
  close(pair.master);
}

static void polling(void) {
  struct pair pair = open_pair();
  show_poll("idle master", pair.master, 0);
  show_poll("idle slave", pair.slave, 0);
  write(pair.master, "part", 4);
  show_poll("slave with part of a line", pair.slave, 0);
  write(pair.master, "\n", 1);
  show_poll("slave with a line", pair.slave, 0);
  int count = -1;
  SHOW(ioctl(pair.slave, FIONREAD, &count));
  NOTE("readable: %d", count);
  show_poll("master with echo", pair.master, 0);
  SHOW(ioctl(pair.master, FIONREAD, &count));
  NOTE("readable: %d", count);
  close(pair.slave);
  close(pair.master);
}

/* TCIOFF and TCION send a character to the other end, unless TCOOFF stopped the output. */
static void flow_characters(void) {
  struct pair pair = open_pair();
  fcntl(pair.master, F_SETFL, O_NONBLOCK);
  SHOW(tcflow(pair.slave, TCIOFF));
  pause_a_moment();
  show_read("stop", pair.master, 10);
  SHOW(tcflow(pair.slave, TCION));
  pause_a_moment();
  show_read("start", pair.master, 10);
  SHOW(tcflow(pair.slave, TCOOFF));
  SHOW(tcflow(pair.slave, TCIOFF));
  SHOW(tcflow(pair.slave, TCOON));
  pause_a_moment();
  show_read("while stopped", pair.master, 10);
  close(pair.slave);
  close(pair.master);
}

int main(void) {
  opening();
  closing_slave();
  closing_master();
  packets();
  polling();
  flow_characters();
  return 0;
}
