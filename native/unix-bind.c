#define _GNU_SOURCE
#include "unix-bind.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "bound-sockets.h"
#include "caller.h"
#include "files/decide.h"
#include "notify.h"
#include "socket-diag.h"
#include "unix-sockets.h"

static struct place place;
static char asked[UNIX_PATH_ROOM];

/* Where the path begins, if the kernel finds the same place from there for srt-init as for the caller;
 * links of /proc mean another process's. Else -1. */
static int open_same_start(const struct process *process) {
  char folder[UNIX_PATH_ROOM];
  size_t end = strlen(asked);
  while (end > 0 && asked[end - 1] == '/') end--;
  while (end > 0 && asked[end - 1] != '/') end--;
  memcpy(folder, end > 0 ? asked : ".", end > 0 ? end : 1);
  folder[end > 0 ? end : 1] = '\0';
  int start = open_start(process, AT_FDCWD);
  struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                         .resolve = RESOLVE_NO_MAGICLINKS};
  int found = start < 0 ? -1 : (int)syscall(SYS_openat2, start, folder, &how, sizeof how);
  struct stat one, other;
  bool same = found >= 0 && fstat(found, &one) == 0 && fstat(place.folder, &other) == 0 &&
              one.st_dev == other.st_dev && one.st_ino == other.st_ino;
  if (found >= 0) (void)close(found);
  if (same) return start;
  if (start >= 0) (void)close(start);
  return -1;
}

/* Binds with another working directory; nothing else of srt-init depends on it. */
static int bind_from(int folder, int fd, const struct sockaddr_un *address, socklen_t length) {
  if (fchdir(folder) != 0) return errno;
  int error = bind(fd, (const struct sockaddr *)address, length) == 0 ? 0 : errno;
  (void)!chdir("/");
  return error;
}

/* By the very path, because getsockname(2) shows it and programs tell it to others. Whoever exchanges
 * a folder meanwhile leads it elsewhere than to the place, where then no new object is; or one that the
 * socket is not bound to. */
static int bind_by_path(int start, int fd, const struct sockaddr_un *address, socklen_t length) {
  int error = bind_from(start, fd, address, length);
  if (error != 0) return error;
  int object = open_object(&place);
  if (object < 0) return 0;
  if (is_bound_to(fd, object)) note_bound(object);
  else (void)close(object);
  return 0;
}

/* By the name alone, in the folder that was found. An address has no room for a path to both. */
static int bind_by_name(int fd) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strnlen(place.name, sizeof address.sun_path + 1);
  if (length > sizeof address.sun_path) return ENAMETOOLONG;
  memcpy(address.sun_path, place.name, length);
  socklen_t whole = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  int error = bind_from(place.folder, fd, &address, whole);
  if (error == 0) note_bound(open_object(&place));
  return error;
}

static int bind_at_place(int fd, struct attempt *attempt, const struct sockaddr_un *address,
                         socklen_t length) {
  struct stat status;
  if (fstatat(place.folder, place.name, &status, AT_SYMLINK_NOFOLLOW) == 0) return EADDRINUSE;
  int error = may_change(attempt, &place, NAMED_FILE, EXPECT_NOTHING);
  if (error != 0) return error;
  int start = has_socket_diag() ? open_same_start(attempt->process) : -1;
  take_umask(attempt->process);
  if (start >= 0) {
    error = bind_by_path(start, fd, address, length);
    (void)close(start);
  } else error = bind_by_name(fd);
  return error == 0 ? 0 : note_error(attempt, &place, error);
}

static int bind_path(pid_t caller, int fd, const struct sockaddr_storage *address,
                     socklen_t length) {
  const struct process *process = find_process(caller);
  if (!process) return errno;
  if (!has_room_for_bound()) return ENOBUFS;
  take_unix_path(address, length, asked);
  struct attempt attempt = {process, OPERATION_BIND, asked, NO_RULE};
  int error = find_place(process, AT_FDCWD, asked, false, &place);
  if (error == 0)
    error = bind_at_place(fd, &attempt, (const struct sockaddr_un *)address, length);
  close_place(&place);
  return error;
}

bool consider_bind(const struct seccomp_notif *call) {
  struct sockaddr_storage address;
  socklen_t length;
  int fd = copy_socket(call);
  int error = fd < 0 ? errno : read_address(call, &address, &length);
  if (error == 0 && !call_waits(call->id)) error = EINTR;
  if (error == 0 && is_unix_path(fd, &address, length))
    error = bind_path((pid_t)call->pid, fd, &address, length);
  else if (error == 0 && bind(fd, (struct sockaddr *)&address, length) != 0) error = errno;
  if (fd >= 0) (void)close(fd);
  answer_call(call->id, error);
  return true;
}
