/* sendfile(2) from what cannot be read again: refused, and nothing is taken from it.
   covers: sendfile */
#include "observe.h"
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <termios.h>

int main(void) {
  int master, slave, ends[2];
  char bytes[16];
  int out = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
  master = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(master);
  unlockpt(master);
  slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
  write(master, "line\n\004", 6);
  SHOW(sendfile(out, slave, NULL, 100));
  SHOW(read(slave, bytes, sizeof bytes));
  SHOW_AS("end of file", read(slave, bytes, sizeof bytes));
  pipe(ends);
  write(ends[1], "abc", 3);
  SHOW(sendfile(out, ends[0], NULL, 100));
  SHOW(read(ends[0], bytes, sizeof bytes));
  SHOW(sendfile(out, open("/dev/zero", O_RDONLY), NULL, 100));
  return 0;
}
