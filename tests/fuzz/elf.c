/* Executes mutated ELF files: elf SEED SECONDS PROGRAM...
 * A mutant has header and program-header fields set to numbers that matter, or random bytes changed, or is cut short. Each runs in a process
 * of its own, without privileges, and is killed when it takes long. Mutant N of a seed is always the same file: elf SEED -N PROGRAM... runs
 * that one alone. The last line is "elf: done MUTANTS mutants, EXECUTED executed".
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "random.h"

#define LIMIT (256 << 10)
#define MUTANT "/tmp/mutant"
static unsigned char base[LIMIT + 4096], bytes[LIMIT + 4096];

static uint64_t value(uint64_t was) {
  switch (below(6)) {
    case 0: return number();
    case 1: return was + below(8192) - 4096;
    case 2: return was ^ 1ull << below(64);
    case 3: return 0x7ffffffff000 - below(3) * 4096;
    case 4: return was & ~0xfffull;
    default: return -was;
  }
}

static size_t mutate(size_t length) {
  Elf64_Ehdr *header = (Elf64_Ehdr *)bytes;
  memcpy(bytes, base, length);
  for (int i = below(4); i > 0; i--) {
    Elf64_Phdr *segment = (Elf64_Phdr *)(bytes + 64) + below(header->e_phnum < 14 ? header->e_phnum + 1 : 1);
    switch (below(16)) {
      case 0: bytes[below(64)] = next(); break;
      case 1: header->e_entry = value(header->e_entry); break;
      case 2: header->e_phoff = value(header->e_phoff); break;
      case 3: header->e_phnum = value(header->e_phnum); break;
      case 4: header->e_phentsize = value(header->e_phentsize); break;
      case 5: header->e_type = chance(50) ? below(6) : next(); break;
      case 6: segment->p_type = chance(60) ? below(8) : chance(50) ? PT_GNU_STACK : PT_INTERP; break;
      case 7: segment->p_flags = chance(70) ? below(8) : next(); break;
      case 8: segment->p_offset = value(segment->p_offset); break;
      case 9: segment->p_vaddr = value(segment->p_vaddr); break;
      case 10: segment->p_filesz = value(segment->p_filesz); break;
      case 11: segment->p_memsz = value(segment->p_memsz); break;
      case 12: segment->p_align = chance(60) ? 1ull << below(64) : number(); break;
      case 13: *segment = ((Elf64_Phdr *)(bytes + 64))[below(4)]; break;
      default: bytes[below(64 + 56 * 14)] ^= 1 << below(8);
    }
  }
  if (chance(30)) for (int i = below(40); i > 0; i--) bytes[below(length)] = next();
  return chance(10) ? below(length + 1) : chance(5) ? below(600) : length;
}

/* 1 if the mutant was executed, 0 if the kernel refused it. */
static int run(size_t length) {
  unlink(MUTANT);
  int file = open(MUTANT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
  if (file < 0 || write(file, bytes, length) != (ssize_t)length) { perror(MUTANT); return 0; }
  close(file);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return 0;
  pid_t child = fork();
  if (child == 0) {
    char *arguments[] = {"mutant", NULL}, *environment[] = {"A=b", NULL};
    struct rlimit space = {64 << 20, 64 << 20}, none = {0, 0}, few = {20, 20};
    setrlimit(RLIMIT_AS, &space); setrlimit(RLIMIT_CORE, &none); setrlimit(RLIMIT_FSIZE, &none);
    setsid();
    if (setgid(65534) < 0 || setuid(65534) < 0) _exit(1);
    setrlimit(RLIMIT_NPROC, &few);
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++) if (dup2(null, i) < 0) _exit(1);
    execve(MUTANT, arguments, environment);
    write(ends[1], "x", 1);
    _exit(1);
  }
  char byte;
  close(ends[1]);
  int refused = read(ends[0], &byte, 1) == 1;
  close(ends[0]);
  for (int i = 0; i < 60; i++) { if (waitpid(child, NULL, WNOHANG) == child) return !refused; usleep(i < 20 ? 500 : 2000); }
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  for (int i = 0; i < 1000; i++) { if (waitpid(child, NULL, WNOHANG) == child) return !refused; usleep(10000); }
  printf("fuzz: BAD mutant is not ended by SIGKILL\n");
  return 0;
}

static size_t load(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, base, LIMIT);
  close(file);
  if (length < 64 + 56 * 4) { printf("fuzz: BAD no program %s\n", path); exit(1); }
  return length;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  uint64_t seed = strtoull(argv[1], NULL, 0);
  int seconds = atoi(argv[2]);
  unsigned done = 0, executed = 0, alone = seconds < 0 ? -seconds : 0;
  time_t end = time(NULL) + seconds;
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (unsigned index = alone; alone ? done == 0 : time(NULL) < end; index++) {
    seed_stream(seed, 99, index);
    size_t length = load(argv[3 + index % (argc - 3)]);
    executed += run(mutate(length));
    done++;
  }
  unlink(MUTANT);
  printf("elf: done %u mutants, %u executed\n", done, executed);
  return 0;
}
