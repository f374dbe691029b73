/* Calls of connect(2) that are being done on a copy of the caller's socket. What can wait is never
 * waited for: the copy is connected as a non-blocking socket, and looked at again. */
#ifndef SRT_PENDING_H
#define SRT_PENDING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "loop.h"

struct pending {
  struct watch watch; /* first, so that a watch is its pending; its fd is our copy of the socket */
  uint64_t call;
  uint32_t id;
  bool used;
  pid_t caller;
  bool cancelled; /* its caller does not wait any more, and srt is to be told when it has decided */
  bool blocking;  /* the caller's socket, which is non-blocking while we connect it */
  bool retried;   /* of a Unix socket whose server takes no more connections for now */
  int object;     /* what the address leads to (O_PATH), held open meanwhile, or -1 */
  int64_t deadline; /* in ms of CLOCK_MONOTONIC, or 0 (SO_SNDTIMEO, socket(7)) */
  struct sockaddr_storage to;
  socklen_t length;
};

/* Keeps a copy of what is given, of which it takes the descriptors, and no more calls while there is no
 * room for another. */
struct pending *keep(const struct pending *given);

/* The one with this id, or NULL. */
struct pending *find_pending(uint32_t id);

/* Connects the copy. Returns whether it goes on by itself from now on, with `error` EINPROGRESS;
 * else `error` is the answer, and the pending is to be finished. */
bool connect_pending(struct pending *pending, int *error);

/* Answers the call, and forgets it. */
void finish(struct pending *pending, int error);

/* Lets those go that do not wait any more, or have a signal, or have waited for long enough. Returns
 * whether others wait. */
bool sweep_connects(void);

#endif
