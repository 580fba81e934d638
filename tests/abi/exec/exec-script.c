/* Interpreter scripts (execve(2)). The program is its own interpreter.
   covers: execve */
#include "observe.h"
#include <fcntl.h>

static char self[4096];

static void script(const char *name, const char *text, int length) {
  unlink(name);
  int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0755);
  write(fd, text, length < 0 ? (int)strlen(text) : length);
  close(fd);
}

static void try(const char *what, const char *text, int length) {
  script("script", text, length);
  NOTE("-- %s", what);
  pid_t pid = fork();
  if (pid == 0) {
    execl("./script", "zero", "one", "two", NULL);
    NOTE("errno %s", errno_name(errno));
    _exit(99);
  }
  int status;
  waitpid(pid, &status, 0);
  show_status("ended", status);
}

int main(int argc, char **argv) {
  if (argc > 1 && strstr(argv[0], "abi-interpreter")) {
    NOTE("argc %d", argc);
    for (int i = 0; i < argc; i++) NOTE("argv[%d] = [%.60s]", i, argv[i]);
    return 3;
  }
  char text[600], path[64];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  self[length < 0 ? 0 : length] = 0;
  unlink("/tmp/abi-interpreter");
  symlink(self, "/tmp/abi-interpreter");
  try("plain", "#!/tmp/abi-interpreter\nrest\n", -1);
  try("argument", "#!/tmp/abi-interpreter  -x y z  \nrest\n", -1);
  try("blanks", "#! \t /tmp/abi-interpreter\t\n", -1);
  try("no newline", "#!/tmp/abi-interpreter", -1);
  try("no newline, argument", "#!/tmp/abi-interpreter arg", -1);
  try("missing", "#!/no/such/interpreter\n", -1);
  try("empty", "#!\n", -1);
  try("only blanks", "#!   \n", -1);
  try("two bytes", "#!", -1);
  try("carriage return", "#!/tmp/abi-interpreter\r\n", -1);
  try("not executable", "#!/proc/version\n", -1);
  try("a directory", "#!/tmp\n", -1);
  try("NUL", "#!/tmp/abi-interpreter\0x\n", 26);
  try("NUL in the argument", "#!/tmp/abi-interpreter ab\0cd\n", 30);
  memset(text, 'a', sizeof text);
  memcpy(text, "#!/tmp/abi-interpreter ", 23);
  text[400] = '\n';
  try("long argument", text, 500);
  memset(text + 2, 'b', 500);
  try("long name", text, 500);
  memset(text + 2, ' ', 500);
  try("blanks only", text, 500);
  for (int depth = 1; depth <= 6; depth++) {
    for (int i = 0; i < depth; i++) {
      snprintf(path, sizeof path, "/tmp/abi-nested-%d", i);
      snprintf(text, sizeof text, i == 0 ? "#!/tmp/abi-interpreter\n" : "#!/tmp/abi-nested-%d\n", i - 1);
      script(path, text, -1);
    }
    NOTE("-- nested %d", depth);
    pid_t pid = fork();
    if (pid == 0) { execl(path, "zero", "one", NULL); NOTE("errno %s", errno_name(errno)); _exit(99); }
    int status;
    waitpid(pid, &status, 0);
    show_status("ended", status);
  }
  for (int i = 0; i < 6; i++) { snprintf(path, sizeof path, "/tmp/abi-nested-%d", i); unlink(path); }
  script("script", "#!/tmp/abi-interpreter\n", -1);
  IN_CHILD("no arguments at all", { char *none[] = {NULL}; execve("./script", none, none); NOTE("errno %s", errno_name(errno)); });
  unlink("script");
  unlink("/tmp/abi-interpreter");
  return 0;
}
