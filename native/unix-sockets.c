#define _GNU_SOURCE
#include "unix-sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "bound-sockets.h"
#include "files/decide.h"
#include "files/report.h"
#include "gateway.h"

enum { PATH_AT = offsetof(struct sockaddr_un, sun_path) };

static char *const *listed;
static struct place place;
static char asked[UNIX_PATH_ROOM];

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

void take_unix_path(const struct sockaddr_storage *address, socklen_t length, char *path) {
  memset(path, 0, UNIX_PATH_ROOM);
  memcpy(path, ((const struct sockaddr_un *)address)->sun_path, length - PATH_AT);
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
  take_unix_path(address, *length, asked);
  struct attempt attempt = {process, OPERATION_CONNECT, asked, NO_RULE};
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
