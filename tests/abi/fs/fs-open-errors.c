/* Opening and executing what cannot be: running programs, devices that are none, FIFOs that nobody else opens, wrong flags; truncate and
   fsync where they do not apply; broken programs.
   covers: open openat openat2 creat truncate ftruncate getdents getdents64 fsync fdatasync execve execveat fadvise64 readahead sync_file_range syncfs fchdir
     fchmod fchown flock rename */
#include "interrupt.h"
#include <elf.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

static char self[256];
static char *const nothing[] = {NULL};

static long opened(long fd) {
  if (fd >= 0) close(fd);
  return fd < 0 ? -1 : 0;
}
static void touch(const char *name) { close(open(name, O_CREAT | O_WRONLY, 0644)); }

static void all(const char *path, int flags) {
  const struct open_how how = {.flags = (unsigned)flags, .mode = flags & (O_CREAT | 020000000) ? 0644 : 0};
  SHOW(opened(syscall(SYS_open, path, flags, 0644)));
  SHOW(opened(syscall(SYS_openat, AT_FDCWD, path, flags, 0644)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how)));
}

static void flags(void) {
  NOTE("exists");
  all("f", O_CREAT | O_EXCL | O_WRONLY);
  NOTE("dangling link");
  all("dangling", O_CREAT | O_EXCL | O_WRONLY);
  NOTE("directory for writing");
  all("d", O_WRONLY);
  all("d", O_RDONLY | O_CREAT);
  NOTE("file as a directory");
  all("f", O_DIRECTORY);
  NOTE("unnamed file");
  all(".", O_TMPFILE | O_RDONLY);
  all("f", O_TMPFILE | O_RDWR);
  all("/proc", O_TMPFILE | O_RDWR);
  NOTE("link");
  all("dangling", O_RDONLY | O_NOFOLLOW);
  all("link", O_RDONLY | O_NOFOLLOW);
  NOTE("FIFO without a reader");
  all("fifo", O_WRONLY | O_NONBLOCK);
  NOTE("device without a driver");
  all("devices/c", O_RDONLY);
  all("devices/b", O_RDONLY);
  SHOW(opened(syscall(SYS_creat, "devices/c", 0644)));
  NOTE("socket");
  all("devices/s", O_RDWR);
  NOTE("running program");
  all(self, O_WRONLY);
  all(self, O_RDWR);
  all(self, O_RDONLY | O_TRUNC);
  SHOW(opened(syscall(SYS_creat, self, 0644)));
  SHOW(syscall(SYS_truncate, self, 0));
  NOTE("access mode 3");
  SHOW(opened(syscall(SYS_open, "f", 3)));
  SHOW(opened(syscall(SYS_openat, AT_FDCWD, "f", 3)));
}

static void structures(void) {
  struct { struct open_how how; unsigned long more; } large = {{.flags = O_RDONLY}, 0};
  const struct open_how unknown = {.flags = 1UL << 40}, mode = {.flags = O_RDONLY, .mode = 0644}, mode_bits = {.flags = O_CREAT, .mode = 0200000};
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &large, sizeof large)));
  large.more = 1;
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &large, sizeof large)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &large, 5000)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &large, 23)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &large, 0)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", BAD_POINTER, 24)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &unknown, 24)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &mode, 24)));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "f", &mode_bits, 24)));
}

static void interrupted(void) {
  INTERRUPTED(opened(syscall(SYS_open, "fifo", O_RDONLY)));
  INTERRUPTED(opened(syscall(SYS_open, "fifo", O_WRONLY)));
  INTERRUPTED(opened(syscall(SYS_openat, AT_FDCWD, "fifo", O_WRONLY)));
  INTERRUPTED(opened(syscall(SYS_creat, "fifo", 0644)));
  int held = open("f", O_RDONLY), again = open("f", O_RDONLY);
  flock(held, LOCK_EX);
  SHOW(syscall(SYS_flock, again, LOCK_EX | LOCK_NB));
  INTERRUPTED(syscall(SYS_flock, again, LOCK_EX));
  close(held);
  close(again);
}

static void somebody(void) {
  setresuid(1000, 1000, 1000);
  all("f", O_RDONLY | O_NOATIME);
  all("closed", O_RDONLY);
  all("f", O_WRONLY);
  SHOW(syscall(SYS_truncate, "f", 0));
}

static void lengths(void) {
  struct rlimit limit = {100, RLIM_INFINITY};
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit);
  SHOW(syscall(SYS_truncate, "f", 101));
  SHOW(syscall(SYS_truncate, "f", 100));
  SHOW(syscall(SYS_truncate, "f", -1));
  SHOW(syscall(SYS_truncate, "d", 0));
  SHOW(syscall(SYS_truncate, "fifo", 0));
  SHOW(syscall(SYS_truncate, "devices/c", 0));
  char name[40];
  int sealed = memfd_create("sealed", MFD_ALLOW_SEALING);
  ftruncate(sealed, 10);
  fcntl(sealed, F_ADD_SEALS, F_SEAL_SHRINK);
  snprintf(name, sizeof name, "/proc/self/fd/%d", sealed);
  SHOW_AS("truncate of a sealed file", syscall(SYS_truncate, name, 5));
  SHOW_AS("truncate of it to the same length", syscall(SYS_truncate, name, 10));
  int ends[2], in = open("f", O_RDONLY), path = open("f", O_PATH), directory = open("d", O_RDONLY);
  pipe(ends);
  SHOW(syscall(SYS_ftruncate, in, 1));
  SHOW(syscall(SYS_ftruncate, ends[1], 1));
  SHOW(syscall(SYS_ftruncate, directory, 1));
  SHOW(syscall(SYS_fsync, ends[0]));
  SHOW(syscall(SYS_fdatasync, ends[0]));
  SHOW(syscall(SYS_fdatasync, path));
  SHOW(syscall(SYS_syncfs, path));
  SHOW(syscall(SYS_fadvise64, ends[0], 0, 0, 0));
  SHOW(syscall(SYS_fadvise64, in, 0, 0, 77));
  SHOW(syscall(SYS_fadvise64, in, 0, -1, 0));
  SHOW(syscall(SYS_readahead, ends[0], 0, 1));
  SHOW(syscall(SYS_readahead, directory, 0, 1));
  SHOW(syscall(SYS_sync_file_range, ends[0], 0, 1, 0));
  SHOW(syscall(SYS_sync_file_range, in, -1, 1, 0));
  SHOW(syscall(SYS_sync_file_range, in, 0, -1, 0));
  SHOW(syscall(SYS_sync_file_range, in, 0, 1, 8));
  SHOW(syscall(SYS_fchmod, path, 0644));
  SHOW(syscall(SYS_fchown, path, 0, 0));
  SHOW(syscall(SYS_fchdir, in));
}

static void directories(void) {
  char entries[512];
  mkdir("gone", 0755);
  int fd = open("gone", O_RDONLY), file = open("f", O_RDONLY);
  rmdir("gone");
  SHOW(syscall(SYS_getdents, fd, entries, sizeof entries));
  SHOW(syscall(SYS_getdents64, fd, entries, sizeof entries));
  SHOW(syscall(SYS_getdents, file, entries, sizeof entries));
  SHOW(syscall(SYS_getdents, -1, entries, sizeof entries));
  int directory = open("d", O_RDONLY);
  SHOW(syscall(SYS_getdents, directory, entries, 1));
  SHOW(syscall(SYS_getdents, directory, BAD_POINTER, sizeof entries));
  SHOW(syscall(SYS_getdents64, directory, read_only_page(), sizeof entries));
  close(fd);
  close(file);
  close(directory);
}

static void both(const char *path) {
  SHOW_AS(path, syscall(SYS_execve, path, nothing, nothing));
  SHOW_AS(path, syscall(SYS_execveat, AT_FDCWD, path, nothing, nothing, 0));
}

static void write_program(const char *name, const void *bytes, size_t size) {
  int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0755);
  write(fd, bytes, size);
  close(fd);
}

static void programs(void) {
  struct { Elf64_Ehdr header; Elf64_Phdr segment; char interpreter[32]; } image = {
    .header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT}, .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
      .e_phoff = sizeof(Elf64_Ehdr), .e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1},
    .segment = {.p_type = PT_INTERP, .p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), .p_filesz = 32},
  };
  char *const wrong[] = {BAD_POINTER, NULL};
  static char large[140000];
  memset(large, 'a', sizeof large - 1);
  char *const too_large[] = {large, NULL};
  strcpy(image.interpreter, "text");
  write_program("text", "no program, and longer than an ELF header, which is sixty-four bytes long.", 74);
  write_program("broken", &image, sizeof image);
  both("broken");
  both("text");
  write_program("empty", "", 0);
  both("empty");
  write_program("cut", &image, 20);
  both("cut");
  strcpy(image.interpreter, "missing");
  write_program("no-interpreter", &image, sizeof image);
  both("no-interpreter");
  image.interpreter[31] = 'x';
  write_program("unended", &image, sizeof image);
  both("unended");
  image.interpreter[31] = 0;
  image.header.e_phnum = 0;
  write_program("no-segments", &image, sizeof image);
  both("no-segments");
  image.header.e_phnum = 1;
  image.header.e_machine = EM_386 + 100;
  write_program("other-machine", &image, sizeof image);
  both("other-machine");
  both("f");
  both("d");
  write_program("script", "#!missing\n", 10);
  both("script");
  write_program("circle", "#!circle\n", 9);
  both("circle");
  write_program("no-name", "#!\n", 3);
  both("no-name");
  int fd = open("text", O_WRONLY);
  both("text");
  close(fd);
  SHOW(syscall(SYS_execve, self, BAD_POINTER, nothing));
  SHOW(syscall(SYS_execve, self, nothing, BAD_POINTER));
  SHOW(syscall(SYS_execve, self, wrong, nothing));
  SHOW(syscall(SYS_execve, self, nothing, wrong));
  SHOW(syscall(SYS_execve, self, too_large, nothing));
  SHOW(syscall(SYS_execve, self, nothing, too_large));
  SHOW(syscall(SYS_execveat, AT_FDCWD, self, too_large, nothing, 0));
  SHOW(syscall(SYS_execveat, AT_FDCWD, self, wrong, nothing, 0));
  SHOW(syscall(SYS_execveat, AT_FDCWD, self, nothing, nothing, 1));
  SHOW(syscall(SYS_execveat, AT_FDCWD, "link", nothing, nothing, AT_SYMLINK_NOFOLLOW));
}

int main(void) {
  readlink("/proc/self/exe", self, sizeof self - 1);
  touch("f");
  chmod("f", 0644);
  mkdir("d", 0755);
  mkdir("closed", 0700);
  mkdir("devices", 0755);
  symlink("missing", "dangling");
  symlink("f", "link");
  mkfifo("fifo", 0644);
  SHOW(mount("none", "devices", "tmpfs", 0, NULL));
  SHOW(mknod("devices/c", S_IFCHR | 0644, makedev(4000, 1)));
  SHOW(mknod("devices/b", S_IFBLK | 0644, makedev(4000, 1)));
  SHOW(mknod("devices/s", S_IFSOCK | 0644, 0));
  flags();
  structures();
  interrupted();
  IN_CHILD("somebody", somebody());
  IN_CHILD("lengths", lengths());
  directories();
  programs();
  SHOW(umount2("devices", 0));
  return 0;
}
