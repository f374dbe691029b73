#define _GNU_SOURCE
#include "bound-sockets.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROOM = 512 };

static struct bound {
  int object;
  dev_t device;
  ino_t inode;
} table[ROOM];
static size_t count;

socklen_t address_of_object(int object, struct sockaddr_storage *address) {
  struct sockaddr_un *own = (struct sockaddr_un *)address;
  *own = (struct sockaddr_un){.sun_family = AF_UNIX};
  (void)snprintf(own->sun_path, sizeof own->sun_path, "/proc/self/fd/%d", object);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(own->sun_path) + 1);
}

/* A datagram socket can be connected to one of its kind, which hears nothing of it, and is told of
 * any other that its type is wrong (EPROTOTYPE). */
int probe_socket(int object) {
  struct sockaddr_storage address;
  socklen_t length = address_of_object(object, &address);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  int error = connect(fd, (struct sockaddr *)&address, length) == 0 ? 0 : errno;
  (void)close(fd);
  return error == EPROTOTYPE || error == EPERM ? 0 : error;
}

static bool is_gone(const struct bound *bound) {
  struct stat status;
  return fstat(bound->object, &status) != 0 || status.st_nlink == 0 ||
         probe_socket(bound->object) == ECONNREFUSED;
}

bool has_room_for_bound(void) {
  if (count < ROOM) return true;
  size_t left = 0;
  for (size_t i = 0; i < count; i++) {
    if (is_gone(&table[i])) (void)close(table[i].object);
    else table[left++] = table[i];
  }
  count = left;
  return count < ROOM;
}

void note_bound(int object) {
  struct stat status;
  if (object < 0) return;
  if (fstat(object, &status) != 0 || !S_ISSOCK(status.st_mode)) {
    (void)close(object);
    return;
  }
  table[count++] = (struct bound){object, status.st_dev, status.st_ino};
}

bool is_bound_inside(const struct stat *status) {
  for (size_t i = 0; i < count; i++)
    if (table[i].device == status->st_dev && table[i].inode == status->st_ino) return true;
  return false;
}
