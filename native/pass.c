#define _GNU_SOURCE
#include "pass.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

union control {
  struct cmsghdr align;
  char bytes[CMSG_SPACE(sizeof(int))];
};

int send_with_fd(int channel, const void *bytes, size_t length, int fd) {
  struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = length};
  union control control;
  memset(&control, 0, sizeof control);
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (fd >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  }
  ssize_t done;
  do done = sendmsg(channel, &message, MSG_NOSIGNAL);
  while (done < 0 && errno == EINTR);
  if (done < 0) return -1;
  if ((size_t)done == length) return 0;
  errno = EMSGSIZE;
  return -1;
}

ssize_t receive_with_fd(int channel, void *bytes, size_t room, int *fd) {
  struct iovec part = {.iov_base = bytes, .iov_len = room};
  union control control;
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  ssize_t got;
  do got = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  *fd = -1;
  const struct cmsghdr *rights = got < 0 ? NULL : CMSG_FIRSTHDR(&message);
  if (rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS)
    memcpy(fd, CMSG_DATA(rights), sizeof *fd);
  return got;
}
