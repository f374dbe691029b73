#define _GNU_SOURCE
#include "handover.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptors.h"

static int listeners[MAX_LISTENERS];
static size_t opened, sent;

/* Non-blocking, because srt's event loop accepts until there is nothing left: without, a sandbox
 * that uses up srt's descriptors would hold that loop in accept(2) for ever. */
static int listen_on(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
  };
  if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, SOMAXCONN) == 0)
    return fd;
  int error = errno;
  (void)close(fd);
  errno = error;
  return -1;
}

const char *open_listeners(const struct start *start) {
  for (size_t i = 0; i < start->listeners; i++) {
    int fd = listen_on(start->ports[i]);
    if (fd < 0) return "listen on the sandbox's loopback";
    listeners[opened++] = fd;
  }
  return NULL;
}

/* The message is the one that Node's own child processes send (lib/internal/child_process.js);
 * test/unit/supervisor holds the contract for each Node version. */
static int send_handle(int handle) {
  static const char message[] = "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":{}}\n";
  struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = sizeof message - 1};
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  struct msghdr header = {
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof handle);
  memcpy(CMSG_DATA(rights), &handle, sizeof handle);
  ssize_t done;
  do done = sendmsg(IPC_FD, &header, MSG_NOSIGNAL);
  while (done < 0 && errno == EINTR);
  if (done < 0) return -1;
  if (done != (ssize_t)part.iov_len) {
    errno = EMSGSIZE;
    return -1;
  }
  return 0;
}

const char *hand_over_next(void) {
  if (sent == opened) return NULL;
  int fd = listeners[sent++];
  if (send_handle(fd) != 0) return "hand a listener to srt";
  if (close(fd) != 0) return "close a listener";
  return NULL;
}

int read_acknowledgement(void) {
  char buffer[512];
  ssize_t got = read(IPC_FD, buffer, sizeof buffer);
  if (got < 0) return errno == EINTR || errno == EAGAIN ? 1 : -1;
  if (got == 0) return 0;
  /* One handle is under way at a time, so a line means that it has arrived. */
  if (!memchr(buffer, '\n', (size_t)got)) return 1;
  return hand_over_next() ? -1 : 1;
}
