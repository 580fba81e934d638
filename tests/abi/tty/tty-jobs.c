/* Job control: controlling terminal, foreground group, SIGTTIN, SIGTTOU, orphaned groups, signals from keys, hang-up
 * (credentials(7), tcsetpgrp(3), ioctl_tty(2)).
   covers: ioctl */
#include "../support/terminal.h"

static volatile sig_atomic_t seen;
static void note_signal(int number) { seen = number; }

static void catch(int number) {
  struct sigaction action = { .sa_handler = note_signal };
  action.sa_flags = SA_RESTART;
  sigaction(number, &action, NULL);
}

/* In a new session whose terminal is the pair's slave. */
static void in_session(const char *what, void (*body)(struct pair)) {
  struct pair pair = open_pair();
  NOTE("-- %s", what);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    setsid();
    ioctl(pair.slave, TIOCSCTTY, 0);
    body(pair);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  show_status("session leader", status);
  close(pair.slave);
  close(pair.master);
}

static void acquiring(struct pair pair) {
  pid_t group = -1;
  SHOW(ioctl(pair.slave, TIOCSCTTY, 0));
  SHOW(ioctl(pair.slave, TIOCGPGRP, &group));
  NOTE("own group in the foreground: %d", group == getpgrp());
  SHOW(ioctl(pair.slave, TIOCGSID, &group));
  NOTE("own session: %d", group == getsid(0));
  SHOW_AS("group by the master", ioctl(pair.master, TIOCGPGRP, &group));
  NOTE("same: %d", group == getpgrp());
  int tty = open("/dev/tty", O_RDWR);
  SHOW_OK(tty);
  struct pair other = open_pair();
  SHOW_AS("second terminal", ioctl(other.slave, TIOCSCTTY, 0));
  SHOW_AS("group of a foreign terminal", ioctl(other.slave, TIOCGPGRP, &group));
  group = 0x7ffffff;
  SHOW_AS("TIOCSPGRP, no such group", ioctl(pair.slave, TIOCSPGRP, &group));
  group = -5;
  SHOW_AS("TIOCSPGRP, negative", ioctl(pair.slave, TIOCSPGRP, &group));
  group = 1;
  SHOW_AS("TIOCSPGRP, other session", ioctl(pair.slave, TIOCSPGRP, &group));
  catch(SIGHUP);
  SHOW(ioctl(pair.slave, TIOCNOTTY));
  NOTE("got SIGHUP: %d", seen == SIGHUP);
  SHOW_AS("open /dev/tty without a terminal", open("/dev/tty", O_RDWR));
  SHOW(ioctl(pair.slave, TIOCNOTTY));
  SHOW_AS("TIOCGPGRP without a terminal", ioctl(pair.slave, TIOCGPGRP, &group));
}

/* A child in a group of its own, in the background. */
static pid_t background(void (*body)(struct pair), struct pair pair) {
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    pause_a_moment();
    body(pair);
    _exit(0);
  }
  setpgid(child, child);
  return child;
}

static void read_line(struct pair pair) { show_read("background read", pair.slave, 100); }
static void write_word(struct pair pair) { SHOW_AS("background write", write(pair.slave, "w", 1)); }
static void set_settings(struct pair pair) {
  struct termios settings;
  tcgetattr(pair.slave, &settings);
  SHOW_AS("background tcsetattr", tcsetattr(pair.slave, TCSANOW, &settings));
}
static void ignore_and_read(struct pair pair) {
  signal(SIGTTIN, SIG_IGN);
  show_read("background read, SIGTTIN ignored", pair.slave, 100);
}
static void ignore_and_set(struct pair pair) {
  signal(SIGTTOU, SIG_IGN);
  set_settings(pair);
}
static void take_foreground(struct pair pair) {
  signal(SIGTTOU, SIG_IGN);
  pid_t group = getpgrp();
  SHOW_AS("background tcsetpgrp, SIGTTOU ignored", ioctl(pair.slave, TIOCSPGRP, &group));
}

static void stopped_jobs(struct pair pair) {
  int status;
  pid_t child = background(read_line, pair);
  waitpid(child, &status, WUNTRACED);
  show_status("reader", status);
  tcsetpgrp(pair.slave, child);
  write(pair.master, "line\n", 5);
  kill(-child, SIGCONT);
  waitpid(child, &status, WUNTRACED);
  show_status("reader in the foreground", status);
  signal(SIGTTOU, SIG_IGN);
  tcsetpgrp(pair.slave, getpgrp());
  signal(SIGTTOU, SIG_DFL);
  child = background(write_word, pair);
  waitpid(child, &status, WUNTRACED);
  show_status("writer", status);
  struct termios settings;
  tcgetattr(pair.slave, &settings);
  settings.c_lflag |= TOSTOP;
  tcsetattr(pair.slave, TCSANOW, &settings);
  child = background(write_word, pair);
  waitpid(child, &status, WUNTRACED);
  show_status("writer with TOSTOP", status);
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  child = background(set_settings, pair);
  waitpid(child, &status, WUNTRACED);
  show_status("setter", status);
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  child = background(ignore_and_read, pair);
  waitpid(child, &status, WUNTRACED);
  child = background(ignore_and_set, pair);
  waitpid(child, &status, WUNTRACED);
  child = background(take_foreground, pair);
  waitpid(child, &status, WUNTRACED);
  show_status("taker", status);
}

static void keys(struct pair pair) {
  int numbers[] = { SIGINT, SIGQUIT, SIGTSTP, SIGWINCH };
  for (int i = 0; i < 4; i++) catch(numbers[i]);
  write(pair.master, "abc\003", 4);
  pause_a_moment();
  NOTE("^C: signal %d", seen);
  int count = -1;
  ioctl(pair.slave, FIONREAD, &count);
  NOTE("input left: %d", count);
  write(pair.master, "\034", 1);
  pause_a_moment();
  NOTE("^\\: signal %d", seen);
  write(pair.master, "\032", 1);
  pause_a_moment();
  NOTE("^Z: signal %d", seen);
  struct winsize size = { 24, 80, 0, 0 };
  SHOW(ioctl(pair.master, TIOCSWINSZ, &size));
  NOTE("new size: signal %d", seen);
  seen = 0;
  SHOW(ioctl(pair.master, TIOCSWINSZ, &size));
  NOTE("same size: signal %d", seen);
  struct winsize found = { 0 };
  SHOW(ioctl(pair.slave, TIOCGWINSZ, &found));
  NOTE("%d rows, %d columns", found.ws_row, found.ws_col);
  SHOW(ioctl(pair.master, TIOCSIG, SIGINT));
  NOTE("TIOCSIG: signal %d", seen);
  SHOW(ioctl(pair.master, TIOCSIG, SIGKILL));
  int line = 5;
  SHOW(ioctl(pair.slave, TIOCSETD, &line));
  char byte = 'q';
  SHOW(ioctl(pair.slave, TIOCSTI, &byte));
}

static void hang_up(struct pair pair) {
  catch(SIGHUP);
  close(pair.slave);
  int tty = open("/dev/tty", O_RDWR);
  SHOW_OK(tty);
  close(pair.master);
  pause_a_moment();
  NOTE("leader got SIGHUP: %d", seen == SIGHUP);
}

static void orphan(struct pair pair) {
  /* The reader's parent goes: its group is orphaned. */
  int ends[2];
  if (pipe(ends) < 0) return;
  pid_t middle = fork();
  if (middle == 0) {
    pid_t child = fork();
    if (child == 0) {
      setpgid(0, 0);
      while (getppid() == middle || getppid() == getsid(0)) break;
      pause_a_moment();
      show_read("orphaned group reads", pair.slave, 100);
      write(ends[1], "x", 1);
      _exit(0);
    }
    _exit(0);
  }
  waitpid(middle, NULL, 0);
  char byte;
  if (read(ends[0], &byte, 1) != 1) NOTE("no answer");
}

int main(void) {
  in_session("acquiring", acquiring);
  in_session("stopped jobs", stopped_jobs);
  in_session("keys", keys);
  in_session("orphan", orphan);
  struct pair pair = open_pair();
  int inherited = pair.master;
  close(pair.slave);
  close(inherited);
  pid_t child = fork();
  if (child == 0) {
    setsid();
    struct pair own = open_pair();
    ioctl(own.slave, TIOCSCTTY, 0);
    hang_up(own);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  show_status("hung-up leader", status);
  return 0;
}
