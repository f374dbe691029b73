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
#include <time.h>
#include <unistd.h>

#include "../fail.h"
#include "share.h"

enum { KEPT = 256, PAGE = 4096 };

static struct process kept[KEPT];

static struct process *slot_of(pid_t thread) {
  static size_t room;
  if (room == 0) room = share_of_descriptors(4, KEPT);
  return &kept[(size_t)thread % room];
}

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
  process->group = (pid_t)field_of(text, "\nTgid:", 10);
  return true;
}

static mode_t look_for_umask(const struct process *process) {
  char text[4096];
  if (read_status(process->folder, text, sizeof text) <= 0) return 0777;
  return (mode_t)field_of(text, "\nUmask:", 8);
}

static void drop(struct process *process) {
  if (process->thread != 0) (void)close(process->folder);
  *process = (struct process){0};
}

/* A call that was noted may not have been made yet, but surely has been after this, and once its thread
 * makes another. */
enum { SETTLED_MS = 1000, SEVERAL = 0 };

static struct {
  pid_t thread; /* or SEVERAL, all with this mask */
  mode_t mask;
  long long ms;
  long long other_ms; /* when the last one with another mask was, if it may not have been made yet */
} noted = {.thread = SEVERAL, .ms = -SETTLED_MS, .other_ms = -SETTLED_MS};
static unsigned int generation = 1;

static long long now_ms(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) fail_init("clock_gettime", errno);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void note_umask(pid_t thread, mode_t mask) {
  mask &= 0777;
  bool same = mask == noted.mask;
  if (thread != noted.thread) {
    if (!same) noted.other_ms = noted.ms;
    noted.thread = same ? SEVERAL : thread;
  }
  noted.mask = mask;
  noted.ms = now_ms();
  generation++;
}

/* Threads, and processes too, share it as they like (clone(2), CLONE_FS). Of one that is gone, what
 * takes every right away. */
static mode_t umask_of(struct process *process) {
  if (process->generation == generation) return process->umask;
  process->umask = look_for_umask(process);
  /* A call that makes it what it is already, or is another's, changes nothing. */
  long long changed_ms = process->umask == noted.mask ? noted.other_ms : noted.ms;
  if (now_ms() - changed_ms > SETTLED_MS) process->generation = generation;
  return process->umask;
}

void take_umask(const struct process *process) {
  static mode_t present = (mode_t)-1;
  mode_t wanted = umask_of(slot_of(process->thread));
  if (wanted == present) return;
  present = wanted;
  (void)umask(present);
}

struct process *find_process(pid_t thread) {
  struct process *process = slot_of(thread);
  /* What was kept of a thread that ended says so, even where its number has come round again. */
  if (process->thread == thread && faccessat(process->folder, "comm", F_OK, 0) == 0)
    return process;
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

bool is_path_only(const struct process *process, int fd) {
  char path[24];
  struct stat status;
  (void)snprintf(path, sizeof path, "fd/%d", fd);
  return fstatat(process->folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         !(status.st_mode & (S_IRUSR | S_IWUSR));
}

int open_start(const struct process *process, int dirfd) {
  if (dirfd == AT_FDCWD) return openat(process->folder, "cwd", O_PATH | O_CLOEXEC);
  return open_descriptor(process, dirfd);
}

int read_path(const struct process *process, unsigned long address, char *path) {
  /* One page after the other: each costs, most paths lie in one, and what comes before a page that is
   * not there is read all the same. */
  size_t length = 0;
  while (length < PATH_MAX) {
    size_t page = PAGE - (address + length) % PAGE;
    size_t most = PATH_MAX - length;
    struct iovec here = {.iov_base = path + length, .iov_len = page < most ? page : most};
    struct iovec there = {.iov_base = (void *)(address + length), .iov_len = here.iov_len};
    ssize_t got = process_vm_readv(process->thread, &here, 1, &there, 1, 0);
    if (got <= 0) return got < 0 && errno == ESRCH ? ESRCH : EFAULT;
    if (memchr(path + length, '\0', (size_t)got)) return 0;
    length += (size_t)got;
  }
  return ENAMETOOLONG;
}

bool ends_in_slash(const char *path) {
  size_t length = strlen(path);
  return length > 0 && path[length - 1] == '/';
}

bool has_signal(const struct process *process) {
  char text[4096];
  if (read_status(process->folder, text, sizeof text) <= 0) return false;
  unsigned long long waiting = field_of(text, "\nSigPnd:", 16) | field_of(text, "\nShdPnd:", 16);
  return (waiting & ~field_of(text, "\nSigBlk:", 16)) != 0;
}

bool is_own_thread(long number) {
  char path[48];
  (void)snprintf(path, sizeof path, "/proc/1/task/%ld", number);
  return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
