#define _GNU_SOURCE
#include "socket-diag.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct request {
  struct nlmsghdr header;
  struct unix_diag_req about;
};

/* Returns how much the kernel answers about the socket with this number, or -1. */
static ssize_t ask(uint32_t socket_inode, char *answer, size_t room) {
  struct request request = {
      .header = {.nlmsg_len = sizeof request,
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST},
      .about = {.sdiag_family = AF_UNIX,
                .udiag_states = ~0U,
                .udiag_ino = socket_inode,
                .udiag_show = UDIAG_SHOW_VFS,
                .udiag_cookie = {~0U, ~0U}},
  };
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) return -1;
  ssize_t got = send(fd, &request, sizeof request, 0);
  /* The answer is there once send(2) returns. */
  if (got >= 0) got = recv(fd, answer, room, MSG_DONTWAIT);
  (void)close(fd);
  return got;
}

static bool find_inode(const char *answer, size_t length, uint32_t *inode) {
  struct nlmsghdr header;
  if (length < sizeof header) return false;
  memcpy(&header, answer, sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return false;
  size_t at = NLMSG_SPACE(sizeof(struct unix_diag_msg));
  struct rtattr attribute;
  while (at + sizeof attribute <= length) {
    memcpy(&attribute, answer + at, sizeof attribute);
    struct unix_diag_vfs found;
    if (attribute.rta_len < sizeof attribute || at + attribute.rta_len > length) return false;
    if (attribute.rta_type == UNIX_DIAG_VFS && attribute.rta_len >= RTA_LENGTH(sizeof found)) {
      memcpy(&found, answer + at + RTA_LENGTH(0), sizeof found);
      *inode = found.udiag_vfs_ino;
      return true;
    }
    at += RTA_ALIGN(attribute.rta_len);
  }
  return false;
}

/* The kernel's own number, which stat(2) does not tell on every filesystem (overlayfs). Since Linux
 * 5.14 (proc(5), /proc/PID/fdinfo). */
static bool read_inode(int object, uint32_t *inode) {
  char path[40];
  char text[512];
  (void)snprintf(path, sizeof path, "/proc/self/fdinfo/%d", object);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t got = read(fd, text, sizeof text - 1);
  (void)close(fd);
  if (got <= 0) return false;
  text[got] = '\0';
  const char *line = strstr(text, "\nino:");
  if (!line) return false;
  *inode = (uint32_t)strtoull(line + 5, NULL, 10);
  return true;
}

static ssize_t ask_of(int fd, char *answer, size_t room) {
  struct stat status;
  return fstat(fd, &status) == 0 ? ask((uint32_t)status.st_ino, answer, room) : -1;
}

bool has_socket_diag(void) {
  static int known = -1;
  if (known >= 0) return known;
  char answer[1024];
  struct nlmsghdr header = {0};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  ssize_t got = ask_of(fd, answer, sizeof answer);
  (void)close(fd);
  if (got >= (ssize_t)sizeof header) memcpy(&header, answer, sizeof header);
  known = header.nlmsg_type == SOCK_DIAG_BY_FAMILY;
  return known;
}

bool is_bound_to(int fd, int object) {
  char answer[1024];
  uint32_t told, here;
  ssize_t got = ask_of(fd, answer, sizeof answer);
  return got > 0 && find_inode(answer, (size_t)got, &told) && read_inode(object, &here) &&
         told == here;
}
