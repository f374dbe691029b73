#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptors.h"

static int write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  size_t length = strlen(text);
  ssize_t written = write(fd, text, length);
  int error = written < 0 ? errno : EIO;
  if (close(fd) != 0 && written == (ssize_t)length) return -1;
  if (written == (ssize_t)length) return 0;
  errno = error;
  return -1;
}

static int write_map(const char *path, unsigned int inside) {
  char line[32];
  (void)snprintf(line, sizeof line, "%u 0 1", inside);
  return write_file(path, line);
}

const char *enter_caller_namespace(uid_t uid, gid_t gid) {
  if (unshare(CLONE_NEWUSER) != 0) return "create the nested user namespace";
  if (write_file("/proc/self/setgroups", "deny") != 0) return "write /proc/self/setgroups";
  if (write_map("/proc/self/uid_map", uid) != 0) return "write /proc/self/uid_map";
  if (write_map("/proc/self/gid_map", gid) != 0) return "write /proc/self/gid_map";
  return NULL;
}

static int clear_capability_sets(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
  memset(none, 0, sizeof none);
  return (int)syscall(SYS_capset, &header, none);
}

const char *drop_capabilities(void) {
  /* Without NOROOT, a caller that is uid 0 would get its capabilities back at execve. */
  unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                       SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED;
  if (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) != 0) return "set the securebits";
  /* The kernel's highest capability may be newer than this file: go on until it says EINVAL. */
  for (unsigned long capability = 0; capability < 64; capability++) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
    if (errno == EINVAL && capability > CAP_SETFCAP) break;
    return "empty the capability bounding set";
  }
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return "clear ambient set";
  if (clear_capability_sets() != 0) return "drop capabilities";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "set no_new_privs";
  return NULL;
}

const char *lock_init(void) {
  if (clear_capability_sets() != 0) return "drop the capabilities of init";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "set no_new_privs on init";
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return "make init undumpable";
  return NULL;
}

/* A connected Unix stream leads to its one peer for ever. An AF_INET socket can be disconnected
 * and connected again, in the network namespace it was made in: the host's. */
static const char *check_socket(int fd) {
  struct sockaddr_storage peer;
  socklen_t length = sizeof peer;
  int type = 0;
  socklen_t type_length = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_length) != 0) return "getsockopt";
  bool stream = type == SOCK_STREAM || type == SOCK_SEQPACKET;
  if (stream && getpeername(fd, (struct sockaddr *)&peer, &length) == 0 &&
      peer.ss_family == AF_UNIX)
    return NULL;
  errno = EPROTOTYPE;
  return "a standard stream is a socket of the host's network";
}

const char *check_standard_streams(void) {
  static const int streams[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FD};
  for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
    struct stat status;
    if (fstat(streams[i], &status) != 0) return "look at the standard streams";
    if (S_ISDIR(status.st_mode)) {
      errno = EISDIR;
      return "a standard stream is a directory";
    }
    if (S_ISSOCK(status.st_mode)) {
      const char *problem = check_socket(streams[i]);
      if (problem) return problem;
    }
  }
  return NULL;
}
