/* Waiting until others wait, however busy the machine is: a task sleeps when /proc/ID/stat says S. */
#ifndef ASLEEP_H
#define ASLEEP_H
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static inline int is_asleep(pid_t id) {
  char path[64], text[256] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", (int)id);
  int file = open(path, O_RDONLY);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  const char *name_end = length > 0 ? strrchr(text, ')') : NULL;
  return name_end != NULL && name_end[1] == ' ' && name_end[2] == 'S';
}

/* Returns when the process, or thread, sleeps. */
__attribute__((unused)) static void until_asleep(pid_t id) {
  while (!is_asleep(id)) usleep(1000);
}

/* Returns when this process has `count` other threads and all of them sleep. */
__attribute__((unused)) static void until_threads_asleep(int count) {
  for (int asleep = 0; asleep != count;) {
    DIR *tasks = opendir("/proc/self/task");
    asleep = 0;
    for (struct dirent *entry; tasks && (entry = readdir(tasks));) {
      pid_t id = atoi(entry->d_name);
      if (id > 0 && id != gettid() && is_asleep(id)) asleep++;
    }
    if (tasks) closedir(tasks);
    if (asleep != count) usleep(1000);
  }
}
#endif
