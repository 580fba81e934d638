/* fallocate(2), sync_file_range(2), posix_fadvise(2), readahead(2), truncate(2): every mode and piece of advice, holes and data, limits.
   covers: fallocate sync_file_range fadvise64 readahead truncate ftruncate lseek fsync fdatasync syncfs */
#include "observe.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

static int fd;
static char buffer[65536];

static void shape(void) {
  struct stat st;
  fstat(fd, &st);
  printf("  size %ld blocks %ld:", (long)st.st_size, (long)st.st_blocks);
  for (off_t at = 0; at < st.st_size;) {
    off_t data = lseek(fd, at, SEEK_DATA);
    if (data < 0) break;
    off_t hole = lseek(fd, data, SEEK_HOLE);
    printf(" %ld-%ld", (long)data, (long)hole);
    at = hole;
  }
  putchar('\n');
}
/* Pages that were allocated but not written may count as data or as hole: only sizes are shown. */
static void sizes(void) {
  struct stat st;
  fstat(fd, &st);
  NOTE("  size %ld blocks %ld", (long)st.st_size, (long)st.st_blocks);
}
#define ALLOCATE(...) (SHOW_AS("fallocate " #__VA_ARGS__, fallocate(fd, __VA_ARGS__)), sizes())

int main(void) {
  int ends[2];
  pipe(ends);
  fd = open("f", O_CREAT | O_RDWR, 0644);
  ALLOCATE(0, 0, 1);
  ALLOCATE(0, 5000, 5000);
  ALLOCATE(FALLOC_FL_KEEP_SIZE, 20000, 1);
  ALLOCATE(0, 4096, 4096);
  memset(buffer, 'a', sizeof buffer);
  pwrite(fd, buffer, 20000, 0);
  shape();
  ALLOCATE(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 100, 8200);
  pread(fd, buffer, 20000, 0);
  NOTE("  %c %d %d %d %c", buffer[99], buffer[100], buffer[4096], buffer[8299], buffer[8300]);
  ALLOCATE(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 12288, 100000);
  ALLOCATE(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1 << 20, 4096);
  ALLOCATE(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 5, 1);
  SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 4096));
  SHOW(fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 4096));
  SHOW(fallocate(fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  SHOW(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 4096));
  SHOW(fallocate(fd, FALLOC_FL_INSERT_RANGE, 0, 4096));
  SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  SHOW(fallocate(fd, FALLOC_FL_UNSHARE_RANGE, 0, 4096));
  SHOW(fallocate(fd, FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  SHOW(fallocate(fd, 4, 0, 4096));
  SHOW(fallocate(fd, 1 << 20, 0, 4096));
  SHOW(fallocate(fd, 1 << 20, 0, 0));
  SHOW(fallocate(fd, 0, 0, 0));
  SHOW(fallocate(fd, 0, 0, -1));
  SHOW(fallocate(fd, 0, -1, 1));
  SHOW(fallocate(fd, 0, 0x7fffffffffffffff, 1));
  SHOW(fallocate(fd, 0, 1, 0x7fffffffffffffff));
  SHOW(fallocate(999, 0, 0, 1));
  SHOW(fallocate(999, 4, 0, 0));
  SHOW(fallocate(open("f", O_RDONLY), 0, 0, 1));
  SHOW(fallocate(open("f", O_RDONLY), FALLOC_FL_UNSHARE_RANGE, 0, 1));
  SHOW(fallocate(open("f", O_PATH), 0, 0, 1));
  SHOW(fallocate(ends[1], 0, 0, 1));
  SHOW(fallocate(open("/dev/null", O_RDWR), 0, 0, 1));
  SHOW(fallocate(open("f", O_WRONLY | O_APPEND), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1));
  SHOW(fallocate(open("f", O_WRONLY | O_APPEND), 0, 0, 1));
  /* seeking for data and holes */
  ftruncate(fd, 0);
  ftruncate(fd, 50000);
  shape();
  pwrite(fd, "x", 1, 20000);
  shape();
  SHOW(lseek(fd, 0, SEEK_DATA));
  SHOW(lseek(fd, 20480, SEEK_DATA));
  SHOW(lseek(fd, 20000, SEEK_DATA));
  SHOW(lseek(fd, 0, SEEK_HOLE));
  SHOW(lseek(fd, 16384, SEEK_HOLE));
  SHOW(lseek(fd, 49999, SEEK_HOLE));
  SHOW(lseek(fd, 50000, SEEK_HOLE));
  SHOW(lseek(fd, 50000, SEEK_DATA));
  SHOW(lseek(fd, 0x7fffffffffffffff, SEEK_SET));
  SHOW(lseek(fd, 1, SEEK_CUR));
  SHOW(lseek(fd, -0x7fffffffffffffff, SEEK_CUR));
  SHOW(lseek(fd, -1, SEEK_CUR));
  SHOW(lseek(fd, 0x7fffffffffffffff, SEEK_END));
  SHOW(lseek(fd, -50001, SEEK_END));
  SHOW(lseek(fd, 0, 5));
  SHOW(lseek(fd, 0, -1));
  SHOW(lseek(open(".", O_RDONLY), 0, SEEK_DATA));
  /* sizes */
  SHOW(ftruncate(fd, 0x7fffffffffffffff));
  shape();
  SHOW(pwrite(fd, "x", 1, 0x7ffffffffffffffe));
  SHOW(pwrite(fd, "xy", 2, 0x7ffffffffffffffe));
  SHOW(pwrite(fd, "x", 1, 0x7fffffffffffffff));
  SHOW(pread(fd, buffer, 10, 0x7fffffffffffff00) >= 0);
  SHOW(truncate("f", 4097));
  shape();
  SHOW(truncate("f/", 0));
  SHOW(truncate("", 0));
  SHOW(truncate(BAD_POINTER, 0));
  SHOW(truncate("/dev/null", 0));
  mkfifo("p", 0644);
  SHOW(truncate("p", 0));
  SHOW(ftruncate(open("f", O_PATH), 0));
  IN_CHILD("as somebody", {
    setresuid(1000, 1000, 1000);
    SHOW(truncate("f", 0));
  });
  /* advice */
  for (int advice = -1; advice < 8; advice++) SHOW_AS("posix_fadvise", posix_fadvise(fd, 0, 0, advice));
  SHOW(posix_fadvise(fd, 0, -1, POSIX_FADV_NORMAL));
  SHOW(posix_fadvise(fd, -1, 0, POSIX_FADV_NORMAL));
  SHOW(posix_fadvise(999, 0, 0, POSIX_FADV_NORMAL));
  SHOW(posix_fadvise(open("f", O_PATH), 0, 0, POSIX_FADV_NORMAL));
  SHOW(readahead(fd, 0, 4096));
  SHOW(readahead(fd, -1, 4096));
  SHOW(readahead(open("f", O_WRONLY), 0, 4096));
  SHOW(readahead(ends[0], 0, 4096));
  SHOW(readahead(open(".", O_RDONLY), 0, 4096));
  /* writing back */
  SHOW(sync_file_range(fd, 0, 0, 0));
  SHOW(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER));
  SHOW(sync_file_range(fd, 0, 4096, 8));
  SHOW(sync_file_range(fd, -1, 4096, SYNC_FILE_RANGE_WRITE));
  SHOW(sync_file_range(fd, 0, -1, SYNC_FILE_RANGE_WRITE));
  SHOW(sync_file_range(fd, 0x7fffffffffffffff, 1, SYNC_FILE_RANGE_WRITE));
  SHOW(sync_file_range(999, 0, 0, 0));
  SHOW(sync_file_range(ends[0], 0, 0, SYNC_FILE_RANGE_WRITE));
  SHOW(fsync(open("f", O_PATH)));
  SHOW(fdatasync(open(".", O_RDONLY)));
  SHOW(fdatasync(999));
  SHOW(syncfs(999));
  SHOW(syncfs(ends[0]));
  SHOW(syncfs(open("f", O_PATH)));
  return 0;
}
