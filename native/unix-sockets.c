#define _GNU_SOURCE
#include "unix-sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bound-sockets.h"
#include "caller.h"
#include "files/decide.h"
#include "files/report.h"
#include "gateway.h"
#include "notify.h"

enum { PATH_AT = offsetof(struct sockaddr_un, sun_path) };

static char *const *listed;
static struct place place;
static char asked[sizeof(struct sockaddr_un)]; /* with a NUL, which a full address has not */

void allow_unix_sockets(char *const *paths) {
  listed = paths;
}

bool has_unix_sockets(void) {
  return listed != NULL;
}

bool is_unix_path(int fd, const struct sockaddr_storage *address, socklen_t length) {
  if (address->ss_family != AF_UNIX || socket_option(fd, SO_DOMAIN) != AF_UNIX) return false;
  if (length <= PATH_AT || length > sizeof(struct sockaddr_un)) return false;
  return ((const struct sockaddr_un *)address)->sun_path[0] != '\0';
}

static void take_path(const struct sockaddr_storage *address, socklen_t length) {
  size_t room = length - PATH_AT;
  memset(asked, 0, sizeof asked);
  memcpy(asked, ((const struct sockaddr_un *)address)->sun_path, room);
}

static bool is_listed(const char *path) {
  if (!listed) return false;
  for (char *const *one = listed; *one; one++) {
    size_t length = strlen(*one);
    if (length == 1) return path[0] == '/';
    if (strncmp(path, *one, length) == 0 && (path[length] == '\0' || path[length] == '/'))
      return true;
  }
  return false;
}

/* What nobody listens at any more leads nowhere, and programs that find it begin anew. */
static int judge(const struct attempt *attempt, int object) {
  struct stat status;
  if (fstat(object, &status) != 0) return errno;
  if (!S_ISSOCK(status.st_mode) || is_bound_inside(&status)) return 0;
  char path[2 * PATH_MAX];
  int error = path_of_object(object, path);
  if (error != 0) return error;
  if (is_listed(path)) return 0;
  error = probe_socket(object);
  if (error != 0) return error;
  report_refusal(attempt, path, NO_RULE, EACCES);
  return EACCES;
}

int find_unix_socket(pid_t caller, struct sockaddr_storage *address, socklen_t *length,
                     int *object) {
  const struct process *process = find_process(caller);
  if (!process) return errno;
  take_path(address, *length);
  struct attempt attempt = {process, OPERATION_CONNECT, asked};
  int error = find_place(process, AT_FDCWD, asked, ends_in_slash(asked), &place);
  if (error == 0) error = follow_place(process, &place);
  if (error == 0) {
    *object = open_object(&place);
    error = *object < 0 ? errno : judge(&attempt, *object);
  }
  close_place(&place);
  *length = address_of_object(*object, address);
  return error;
}

/* The folder as the working directory, because an address has no room for a path to it and the whole
 * name; nothing else of srt-init depends on where it is. */
static int bind_at_place(int fd, const struct attempt *attempt) {
  int error = may_change(attempt, &place, NAMED_FILE, EXPECT_NOTHING);
  if (error != 0) return error == EEXIST ? EADDRINUSE : error;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strnlen(place.name, sizeof address.sun_path + 1);
  if (length > sizeof address.sun_path) return ENAMETOOLONG;
  memcpy(address.sun_path, place.name, length);
  if (fchdir(place.folder) != 0) return errno;
  take_umask(attempt->process);
  bool bound = bind(fd, (struct sockaddr *)&address, (socklen_t)(PATH_AT + length)) == 0;
  error = bound ? 0 : note_error(attempt, &place, errno);
  (void)!chdir("/");
  if (error == 0) note_bound(open_object(&place));
  return error;
}

static int bind_path(pid_t caller, int fd, const struct sockaddr_storage *address,
                     socklen_t length) {
  const struct process *process = find_process(caller);
  if (!process) return errno;
  if (!has_room_for_bound()) return ENOBUFS;
  take_path(address, length);
  struct attempt attempt = {process, OPERATION_BIND, asked};
  int error = find_place(process, AT_FDCWD, asked, false, &place);
  if (error == 0) error = bind_at_place(fd, &attempt);
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
