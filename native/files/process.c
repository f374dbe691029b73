#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KEPT = 256, PAGE = 4096 };

static struct process kept[KEPT];

static ssize_t read_status(int folder, char *text, size_t room) {
  int fd = openat(folder, "status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t got = read(fd, text, room - 1);
  (void)close(fd);
  if (got >= 0) text[got] = '\0';
  return got;
}

/* proc(5): lines of a key and a value. */
static unsigned long long field_of(const char *text, const char *key, int base) {
  const char *line = strstr(text, key);
  return line ? strtoull(line + strlen(key), NULL, base) : 0;
}

static bool look(struct process *process) {
  char text[4096];
  if (read_status(process->folder, text, sizeof text) <= 0) return false;
  process->umask = (mode_t)field_of(text, "\nUmask:", 8);
  process->group = (pid_t)field_of(text, "\nTgid:", 10);
  return true;
}

static void drop(struct process *process) {
  if (process->thread != 0) (void)close(process->folder);
  *process = (struct process){0};
}

void take_umask(const struct process *process) {
  static mode_t present = (mode_t)-1;
  if (process->umask == present) return;
  present = process->umask;
  (void)umask(present);
}

/* Threads share their mask, unless one asked for its own (unshare(2), CLONE_FS). */
static void forget_others(const struct process *process) {
  for (size_t i = 0; i < KEPT; i++)
    if (kept[i].group == process->group && &kept[i] != process) drop(&kept[i]);
}

void note_umask(struct process *process, mode_t mask) {
  process->umask = mask & 0777;
  process->setting = true;
  forget_others(process);
}

struct process *find_process(pid_t thread) {
  struct process *process = &kept[(size_t)thread % KEPT];
  /* What was kept of a thread that ended says so, even where its number has come round again. */
  if (process->thread == thread && faccessat(process->folder, "comm", F_OK, 0) == 0) {
    if (process->setting) forget_others(process);
    process->setting = false;
    return process;
  }
  drop(process);
  char path[32];
  (void)snprintf(path, sizeof path, "/proc/%d", (int)thread);
  int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return NULL;
  *process = (struct process){.thread = thread, .folder = folder};
  if (look(process)) return process;
  drop(process);
  errno = ESRCH;
  return NULL;
}

int open_descriptor(const struct process *process, int fd) {
  char path[24];
  (void)snprintf(path, sizeof path, "fd/%d", fd);
  int opened = openat(process->folder, path, O_PATH | O_CLOEXEC);
  if (opened < 0 && errno == ENOENT) errno = EBADF;
  return opened;
}

int open_start(const struct process *process, int dirfd) {
  if (dirfd == AT_FDCWD) return openat(process->folder, "cwd", O_PATH | O_CLOEXEC);
  return open_descriptor(process, dirfd);
}

int read_path(const struct process *process, unsigned long address, char *path) {
  /* One piece a page, because what comes before a page that is not there is read all the same. */
  size_t first = PAGE - address % PAGE;
  struct iovec here = {.iov_base = path, .iov_len = PATH_MAX};
  struct iovec there[] = {{(void *)address, first}, {(void *)(address + first), PATH_MAX - first}};
  ssize_t got = process_vm_readv(process->thread, &here, 1, there, first < PATH_MAX ? 2 : 1, 0);
  if (got < 0) return errno == ESRCH ? ESRCH : EFAULT;
  if (memchr(path, '\0', (size_t)got)) return 0;
  return got == PATH_MAX ? ENAMETOOLONG : EFAULT;
}

bool ends_in_slash(const char *path) {
  size_t length = strlen(path);
  return length > 0 && path[length - 1] == '/';
}

bool has_signal(const struct process *process) {
  char text[4096];
  if (read_status(process->folder, text, sizeof text) <= 0) return false;
  unsigned long long waiting = field_of(text, "\nSigPnd:", 16) | field_of(text, "\nShdPnd:", 16);
  return (waiting & ~field_of(text, "\nSigBlk:", 16) & field_of(text, "\nSigCgt:", 16)) != 0;
}

bool is_own_thread(long number) {
  char path[48];
  (void)snprintf(path, sizeof path, "/proc/1/task/%ld", number);
  return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
