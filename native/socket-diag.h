/* What the kernel says of a Unix socket (sock_diag(7)). */
#ifndef SRT_SOCKET_DIAG_H
#define SRT_SOCKET_DIAG_H

#include <stdbool.h>
#include <stdint.h>

/* Whether it says anything here: it is a module of its own (CONFIG_UNIX_DIAG). */
bool has_socket_diag(void);

/* Whether `object` (O_PATH) may be what this socket is bound to: the kernel tells 32 bits of the inode's
 * number, so it is a check of an object that was found otherwise. */
bool is_bound_to(int fd, int object);

#endif
