/* Sockets that have a path. Processes of the host listen at many, and whoever connects to
 * docker.sock is root there; no mount stands in the way of a connect(2). So those can be connected to
 * that were bound inside of this sandbox, and those that srt's list has; the object that was judged
 * is the one that is used. */
#ifndef SRT_UNIX_SOCKETS_H
#define SRT_UNIX_SOCKETS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* Uses this list from now on: absolute paths without links, each with all that is beneath. NULL
 * terminated. Until then there are no Unix sockets. */
void allow_unix_sockets(char *const *paths);

/* Whether the command can make any. */
bool has_unix_sockets(void);

/* Whether this is the address of a Unix socket in the file system, and meant for one. */
bool is_unix_path(int fd, const struct sockaddr_storage *address, socklen_t length);

/* Copies its path, with a NUL, which a full address has not. */
enum { UNIX_PATH_ROOM = sizeof(struct sockaddr_un) };
void take_unix_path(const struct sockaddr_storage *address, socklen_t length, char *path);

/* Puts an address that leads to the very object into the place of the caller's; it is valid as long
 * as `object` is open (O_PATH). Returns 0, or the errno for the caller. */
int find_unix_socket(pid_t caller, struct sockaddr_storage *address, socklen_t *length,
                     int *object);

#endif
