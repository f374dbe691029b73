#define _GNU_SOURCE
#include "sockets.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../caller.h"
#include "../notify.h"
#include "report.h"

static int refuse(const struct process *process, const struct sockaddr_storage *address) {
  char asked[sizeof *address + 1] = "";
  if (address->ss_family == AF_UNIX)
    memcpy(asked, (const char *)address + offsetof(struct sockaddr_un, sun_path),
           sizeof *address - offsetof(struct sockaddr_un, sun_path));
  struct attempt attempt = {process, OPERATION_BIND, asked, NO_RULE};
  report_refusal(&attempt, "", NO_RULE, EACCES);
  return EACCES;
}

/* On our copy, whatever the caller's descriptor means by now: what was looked at is what is bound. */
int bind_socket(const struct seccomp_notif *call, const struct process *process) {
  struct sockaddr_storage address;
  int domain;
  socklen_t size = sizeof domain;
  int copy = copy_socket(call);
  if (copy < 0) return errno;
  int error = getsockopt(copy, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 ? 0 : errno;
  socklen_t length = error == 0 ? read_address(call, &address) : 0;
  if (length == (socklen_t)-1) error = EINVAL;
  /* The process may be gone and its number another's: then so was what we looked at. */
  if (error == 0 && !call_waits(call->id)) error = ESRCH;
  if (error == 0 && domain == AF_UNIX) error = refuse(process, &address);
  else if (error == 0 && bind(copy, (struct sockaddr *)&address, length) != 0) error = errno;
  (void)close(copy);
  return error;
}
