#define _GNU_SOURCE
#include "caller.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* <sys/pidfd.h> is younger than some C libraries that have the calls. */
#define PIDFD_OF_THREAD O_EXCL /* since Linux 6.9 */

static bool read_memory(pid_t pid, uintptr_t from, void *to, size_t length) {
  struct iovec here = {.iov_base = to, .iov_len = length};
  struct iovec there = {.iov_base = (void *)from, .iov_len = length};
  return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)length;
}

int read_address(const struct seccomp_notif *call, struct sockaddr_storage *address,
                 socklen_t *length) {
  int given = (int)call->data.args[2];
  if (given < 0 || given > (int)sizeof *address) return EINVAL;
  memset(address, 0, sizeof *address);
  *length = (socklen_t)given;
  bool read = read_memory((pid_t)call->pid, call->data.args[1], address, (size_t)given);
  return read ? 0 : EFAULT;
}

/* The first line of a small file of /proc/PID that begins with `key`, behind it. */
static size_t read_field(pid_t pid, const char *file, const char *key, char *out, size_t room) {
  char path[48];
  char text[512];
  (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t got = read(fd, text, sizeof text - 1);
  (void)close(fd);
  if (got <= 0) return 0;
  text[got] = '\0';
  const char *line = strstr(text, key);
  if (!line) return 0;
  line += strlen(key);
  size_t length = strcspn(line, "\n");
  if (length >= room) length = room - 1;
  memcpy(out, line, length);
  out[length] = '\0';
  return length;
}

static pid_t process_of(pid_t thread) {
  char number[16];
  if (read_field(thread, "status", "\nTgid:\t", number, sizeof number) == 0) return thread;
  return (pid_t)strtol(number, NULL, 10);
}

int copy_socket(const struct seccomp_notif *call) {
  pid_t thread = (pid_t)call->pid;
  int process = (int)syscall(SYS_pidfd_open, thread, PIDFD_OF_THREAD);
  /* Older kernels know processes alone: threads share their descriptors, but for the few that
   * asked for a table of their own, whose connect the kernel then fails. */
  if (process < 0 && errno == EINVAL)
    process = (int)syscall(SYS_pidfd_open, process_of(thread), 0);
  if (process < 0) return -1;
  int copy = (int)syscall(SYS_pidfd_getfd, process, (int)call->data.args[0], 0);
  int error = errno;
  (void)close(process);
  errno = error;
  return copy;
}

bool can_look_into(pid_t child, int fd) {
  static const char known[] = "srt-init"; /* fork(2): it is at the same place there */
  char found[sizeof known] = "";
  int process = (int)syscall(SYS_pidfd_open, child, 0);
  if (process < 0) return false;
  int copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
  (void)close(process);
  if (copy < 0) return false;
  (void)close(copy);
  return read_memory(child, (uintptr_t)known, found, sizeof found) &&
         memcmp(found, known, sizeof known) == 0;
}

size_t read_name(pid_t pid, char name[16]) {
  return read_field(pid, "comm", "", name, 16);
}
