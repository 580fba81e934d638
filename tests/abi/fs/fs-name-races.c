/* Names made, moved, replaced and removed by many processes at once: every call gives an answer that some order of the calls gives, and the
   tree is sound at the end.
   covers: rename renameat2 unlink mkdir rmdir link symlink */
#include "observe.h"
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#define WORKERS 6
#define ROUNDS 1500

static unsigned seed;
static unsigned pick(unsigned below) {
  seed = seed * 1103515245u + 12345u;
  return (seed >> 16) % below;
}

/* A path of one to three components out of few names, so that the processes meet. */
static const char *path(char *to) {
  char *at = to;
  for (unsigned depth = 1 + pick(3); depth > 0; depth--) at += sprintf(at, "%c%s", 'a' + pick(3), depth > 1 ? "/" : "");
  return to;
}

static int is_one_of(int error, const int *allowed) {
  for (; *allowed != 0; allowed++) if (error == *allowed) return 1;
  return 0;
}

/* What a call may answer; anything else is shown once. */
static void judge(const char *call, int result, const int *allowed) {
  if (result < 0 && !is_one_of(errno, allowed)) printf("%s: unexpected %s\n", call, strerrorname_np(errno));
}

static void storm(unsigned worker) {
  static const int make[] = {EEXIST, ENOENT, ENOTDIR, 0};
  static const int removed[] = {ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, 0};
  static const int renamed[] = {ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, EEXIST, EINVAL, 0};
  static const int linked[] = {EEXIST, ENOENT, ENOTDIR, EPERM, 0};
  char from[32], to[32];
  seed = worker * 7919 + 1;
  for (int i = 0; i < ROUNDS; i++) {
    path(from);
    path(to);
    switch (pick(8)) {
      case 0: judge("mkdir", mkdir(from, 0755), make); break;
      case 1: judge("rmdir", rmdir(from), removed); break;
      case 2: judge("unlink", unlink(from), removed); break;
      case 3: judge("rename", rename(from, to), renamed); break;
      case 4: judge("exchange", renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE), renamed); break;
      case 5: judge("link", link(from, to), linked); break;
      case 6: judge("symlink", symlink("nowhere", from), make); break;
      default: {
        static const int opened[] = {EEXIST, ENOENT, ENOTDIR, EISDIR, 0};
        int fd = open(from, O_CREAT | O_EXCL | O_WRONLY, 0644);
        judge("open", fd, opened);
        if (fd >= 0) close(fd);
      }
    }
    if (pick(4) == 0) sched_yield();
  }
}

/* Inodes met in the tree, with the number of their names. */
static struct { ino_t number; nlink_t links, names; } seen[4096];
static int seen_count, directories, faults;

static void meet(const struct stat *status) {
  for (int i = 0; i < seen_count; i++) {
    if (seen[i].number != status->st_ino) continue;
    seen[i].names++;
    return;
  }
  seen[seen_count].number = status->st_ino;
  seen[seen_count].links = status->st_nlink;
  seen[seen_count++].names = 1;
}

/* Walks a directory: its link count is two and one for each subdirectory, ".." is the directory above. */
static void walk(int fd, ino_t above, int depth) {
  struct stat own, status;
  unsigned subdirectories = 0;
  DIR *directory = fdopendir(fd);
  if (depth > 200 || directory == NULL || fstat(fd, &own) < 0) {
    faults++;
    return;
  }
  directories++;
  if (fstatat(fd, "..", &status, 0) < 0 || status.st_ino != above) faults++;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 || status.st_ino != entry->d_ino) {
      faults++;
      continue;
    }
    if (!S_ISDIR(status.st_mode)) {
      meet(&status);
      continue;
    }
    subdirectories++;
    walk(openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY), own.st_ino, depth + 1);
  }
  if (own.st_nlink != 2 + subdirectories) faults++;
  closedir(directory);
}

static void check_tree(void) {
  struct stat above;
  stat("..", &above);
  seen_count = directories = faults = 0;
  walk(open(".", O_RDONLY | O_DIRECTORY), above.st_ino, 0);
  for (int i = 0; i < seen_count; i++) if (seen[i].links != seen[i].names) faults++;
  NOTE("faults in the tree: %d", faults);
}

static void storms(void) {
  mkdir("storm", 0755);
  chdir("storm");
  fflush(stdout);
  for (unsigned worker = 0; worker < WORKERS; worker++) {
    if (fork() != 0) continue;
    storm(worker);
    fflush(stdout);
    _exit(0);
  }
  int status, bad = 0;
  while (wait(&status) > 0) if (status != 0) bad++;
  NOTE("workers that failed: %d", bad);
  check_tree();
  chdir("..");
}

/* Two directories moved into each other at once: never a circle, never both gone. */
static void circles(void) {
  int lost = 0, odd = 0;
  mkdir("c", 0755);
  chdir("c");
  for (int i = 0; i < 300; i++) {
    mkdir("x", 0755);
    mkdir("y", 0755);
    fflush(stdout);
    pid_t other = fork();
    const char *from = other == 0 ? "x" : "y", *to = other == 0 ? "y/x" : "x/y";
    sched_yield();
    int result = rename(from, to);
    int error = result == 0 ? 0 : errno;
    if (other == 0) _exit(error == 0 ? 0 : error == ENOENT ? 1 : error == EINVAL ? 2 : 3);
    int status;
    waitpid(other, &status, 0);
    int theirs = WEXITSTATUS(status);
    if (error != 0 && error != ENOENT && error != EINVAL) odd++;
    if (theirs == 3 || (error == 0) == (theirs == 0)) odd++;
    int isFirst = access("y/x", F_OK) == 0, isSecond = access("x/y", F_OK) == 0;
    if (isFirst == isSecond) lost++;
    rmdir("y/x");
    rmdir("x/y");
    rmdir("x");
    rmdir("y");
  }
  NOTE("circles: lost %d, odd answers %d", lost, odd);
  chdir("..");
  SHOW(rmdir("c"));
}

/* Of several that make one name, one succeeds; of several that remove it, one; nothing is made in a directory that is gone. */
static void once(void) {
  int made = 0, removed = 0;
  mkdir("o", 0755);
  for (int i = 0; i < 100; i++) {
    pid_t children[4];
    fflush(stdout);
    for (int k = 0; k < 4; k++) {
      children[k] = fork();
      if (children[k] == 0) {
        int fd = -1, bits = 0;
        sched_yield();
        if (k < 2) fd = open("o/f", O_CREAT | O_EXCL, 0600);
        if (fd >= 0) bits |= 1;
        sched_yield();
        if (unlink("o/f") == 0) bits |= 2;
        _exit(bits);
      }
    }
    for (int k = 0; k < 4; k++) {
      int status;
      waitpid(children[k], &status, 0);
      made += WEXITSTATUS(status) & 1;
      removed += WEXITSTATUS(status) >> 1 & 1;
    }
    if (unlink("o/f") == 0) removed++;
  }
  NOTE("as many removed as made: %d", made == removed);
  SHOW(rmdir("o"));
}

static void removed_directory(void) {
  int orphans = 0, odd = 0;
  for (int i = 0; i < 200; i++) {
    mkdir("gone", 0755);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      chdir("gone");
      int made = 0;
      for (int k = 0; k < 20; k++) {
        int fd = open("f", O_CREAT | O_WRONLY, 0600);
        if (fd < 0 && errno != ENOENT) made |= 2;
        if (fd >= 0) {
          close(fd);
          if (unlink("f") < 0) made |= 1;
        }
        sched_yield();
      }
      _exit(made);
    }
    while (rmdir("gone") < 0) {
      if (errno != ENOTEMPTY && errno != EBUSY) odd++;
      sched_yield();
    }
    int status;
    waitpid(child, &status, 0);
    if (WEXITSTATUS(status) & 1) orphans++;
    if (WEXITSTATUS(status) & 2) odd++;
  }
  NOTE("made in a removed directory: %d, odd answers: %d", orphans, odd);
}

int main(void) {
  storms();
  circles();
  once();
  removed_directory();
  return 0;
}
