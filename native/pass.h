/* Open descriptors sent over a Unix socket (unix(7), SCM_RIGHTS). */
#ifndef SRT_PASS_H
#define SRT_PASS_H

#include <stddef.h>
#include <sys/types.h>

/* Sends all of `bytes`, with the descriptor unless it is -1. Returns 0, or -1 with errno. */
int send_with_fd(int channel, const void *bytes, size_t length, int fd);

/* Receives once, at most `room` bytes. Returns how many came, or -1 with errno; `fd` is the
 * descriptor that came along, close-on-exec, or -1. */
ssize_t receive_with_fd(int channel, void *bytes, size_t room, int *fd);

#endif
