/* mkdir, rmdir, link, symlink, readlink, unlink, rename, renameat2, mknod: rules and errors.
   covers: mkdir rmdir link symlink readlink unlink rename renameat2 unlinkat linkat readlinkat mknodat */
#include "observe.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static void touch(const char *name) { close(open(name, O_CREAT | O_WRONLY, 0644)); }
static long links(const char *name) { struct stat st; return lstat(name, &st) < 0 ? -1 : (long)st.st_nlink; }

int main(void) {
  char buffer[64];
  SHOW(mkdir("d", 0755));
  SHOW(mkdir("d", 0755));
  SHOW(mkdir("d/", 0755));
  SHOW(mkdir("e/", 0755));
  SHOW(mkdir(".", 0755));
  SHOW(mkdir("..", 0755));
  SHOW(mkdir("/", 0755));
  SHOW(mkdir("", 0755));
  SHOW(mkdir("x/y", 0755));
  SHOW(mkdir(BAD_POINTER, 0755));
  struct stat st;
  mkdir("sticky", 07777);
  stat("sticky", &st);
  NOTE("mode %o", st.st_mode);
  NOTE("links of an empty directory %ld", links("d"));
  mkdir("d/sub", 0755);
  NOTE("with a subdirectory %ld", links("d"));
  SHOW(rmdir("d"));
  SHOW(rmdir("d/sub/."));
  SHOW(rmdir("d/sub/.."));
  SHOW(rmdir("/"));
  SHOW(rmdir("missing"));
  SHOW(rmdir("d/sub/"));
  touch("f");
  SHOW(rmdir("f"));
  SHOW(rmdir("f/x"));
  SHOW(unlink("d"));
  SHOW(unlink("f/"));
  SHOW(unlink("missing"));
  SHOW(unlink("missing/"));
  SHOW(unlink("."));
  SHOW(unlink(""));
  SHOW(unlinkat(AT_FDCWD, "e", AT_REMOVEDIR));
  SHOW(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
  SHOW(unlinkat(AT_FDCWD, "f", 1));
  SHOW(unlinkat(999, "f", 0));
  /* hard links */
  SHOW(link("f", "g"));
  NOTE("links %ld %ld", links("f"), links("g"));
  SHOW(link("f", "g"));
  SHOW(link("missing", "h"));
  SHOW(link("d", "h"));
  SHOW(link("f", "h/"));
  SHOW(link("f", "missing/h"));
  SHOW(linkat(AT_FDCWD, "f", AT_FDCWD, "h", 1));
  SHOW(unlink("f"));
  NOTE("links %ld", links("g"));
  /* symbolic links */
  SHOW(symlink("target", "s"));
  SHOW(symlink("target", "s"));
  SHOW(symlink("", "t"));
  SHOW(symlink("x", "t/"));
  SHOW(symlink("x", ""));
  SHOW(readlink("s", buffer, sizeof buffer));
  NOTE("%.6s", buffer);
  SHOW(readlink("s", buffer, 3));
  SHOW(readlink("s", buffer, 0));
  SHOW(readlink("g", buffer, sizeof buffer));
  SHOW(readlink("missing", buffer, sizeof buffer));
  SHOW(readlink("s", BAD_POINTER, 10));
  lstat("s", &st);
  NOTE("symlink mode %o size %ld", st.st_mode, (long)st.st_size);
  SHOW(linkat(AT_FDCWD, "s", AT_FDCWD, "s2", 0));
  lstat("s2", &st);
  NOTE("link to a symlink %o", st.st_mode);
  SHOW(linkat(AT_FDCWD, "s", AT_FDCWD, "s3", AT_SYMLINK_FOLLOW));
  int path = open("s", O_PATH | O_NOFOLLOW);
  SHOW(readlinkat(path, "", buffer, sizeof buffer));
  SHOW(readlinkat(AT_FDCWD, "", buffer, sizeof buffer));
  symlink(".", "here");
  SHOW(access("here/here/here/here/g", F_OK));
  char deep[256] = "";
  for (int i = 0; i < 40; i++) strcat(deep, "here/");
  SHOW_AS("forty links", access(strcat(deep, "g"), F_OK));
  deep[strlen(deep) - 1] = 0;
  SHOW_AS("forty-one links", access(strcat(deep, "here/g"), F_OK));
  symlink("g", "tog");
  SHOW(access("tog/", F_OK));
  symlink("d", "tod");
  SHOW(access("tod/", F_OK));
  SHOW(unlink("tod/"));
  SHOW(rmdir("tod"));
  SHOW(mkdir("s", 0755));
  /* rename */
  touch("a"); touch("b");
  SHOW(rename("a", "b"));
  SHOW(access("a", F_OK));
  SHOW(rename("b", "b"));
  SHOW(rename("missing", "b"));
  SHOW(rename("b", "d"));
  SHOW(rename("d", "b"));
  SHOW(rename("b", "d/"));
  SHOW(rename("b", "new/"));
  SHOW(rename("b/", "new"));
  SHOW(rename("d", "d/inside"));
  mkdir("d/inside", 0755);
  SHOW(rename("d/inside", "d"));
  SHOW(rename("d", "d/inside/x"));
  mkdir("full", 0755); touch("full/x"); mkdir("empty", 0755);
  SHOW(rename("empty", "full"));
  SHOW(rename("full", "empty"));
  SHOW(access("empty/x", F_OK));
  SHOW(rename(".", "x"));
  SHOW(rename("empty", "."));
  SHOW(rename("empty", ".."));
  link("b", "b2");
  SHOW(rename("b", "b2"));
  NOTE("both names stay %ld %ld", links("b"), links("b2"));
  SHOW(renameat2(AT_FDCWD, "b", AT_FDCWD, "g", RENAME_NOREPLACE));
  SHOW(renameat2(AT_FDCWD, "b", AT_FDCWD, "c", RENAME_NOREPLACE));
  SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "empty", RENAME_EXCHANGE));
  stat("c", &st);
  NOTE("exchanged: %s", S_ISDIR(st.st_mode) ? "directory" : "file");
  SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "missing", RENAME_EXCHANGE));
  SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "empty", RENAME_EXCHANGE | RENAME_NOREPLACE));
  SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "empty", RENAME_EXCHANGE | RENAME_WHITEOUT));
  SHOW(mkdir("w", 0755));
  touch("w/old");
  SHOW(renameat2(AT_FDCWD, "w/old", AT_FDCWD, "w/new", RENAME_WHITEOUT | RENAME_NOREPLACE));
  SHOW(lstat("w/old", &st));
  NOTE("whiteout %o device %lx links %ld owner %d", st.st_mode, (long)st.st_rdev, (long)st.st_nlink, st.st_uid);
  SHOW(lstat("w", &st));
  NOTE("size %ld", (long)st.st_size);
  SHOW(renameat2(AT_FDCWD, "w/new", AT_FDCWD, "w/old", RENAME_WHITEOUT));
  SHOW(lstat("w/new", &st));
  NOTE("whiteout %o", st.st_mode);
  SHOW(open("w/new", O_RDONLY));
  IN_CHILD("unprivileged", { chmod("w", 0777); setresuid(1000, 1000, 1000); SHOW(renameat2(AT_FDCWD, "w/old", AT_FDCWD, "w/mine", RENAME_WHITEOUT)); SHOW(lstat("w/old", &st)); NOTE("owner %d", st.st_uid); });
  SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "empty", 64));
  mkdir("p", 0755); mkdir("p/q", 0755); mkdir("r", 0755);
  NOTE("before %ld %ld", links("p"), links("r"));
  SHOW(rename("p/q", "r/q"));
  NOTE("after %ld %ld", links("p"), links("r"));
  /* mknod */
  SHOW(mknod("fifo", S_IFIFO | 0600, 0));
  SHOW(mknod("plain", 0600, 0));
  SHOW(mknod("sock", S_IFSOCK | 0600, 0));
  SHOW(mknod("dir", S_IFDIR | 0600, 0));
  SHOW(mknod("lnk", S_IFLNK | 0600, 0));
  SHOW(mknod("fifo", S_IFIFO | 0600, 0));
  SHOW(mknod("fifo/", S_IFIFO | 0600, 0));
  SHOW(mknod("nf/", S_IFIFO | 0600, 0));
  lstat("fifo", &st); NOTE("%o", st.st_mode);
  lstat("plain", &st); NOTE("%o", st.st_mode);
  lstat("sock", &st); NOTE("%o", st.st_mode);
  SHOW(open("sock", O_RDONLY));
  /* unlinked files live on */
  int fd = open("plain", O_RDWR);
  chmod("plain", 0600);
  unlink("plain");
  SHOW(write(fd, "still", 5));
  fstat(fd, &st);
  NOTE("links %ld size %ld", (long)st.st_nlink, (long)st.st_size);
  return 0;
}
