/* PID 1 waits for many things at once and must never wait for one of them alone. Each thread has a
 * loop of its own, or adds to another's. */
#ifndef SRT_LOOP_H
#define SRT_LOOP_H

#include <pthread.h>
#include <stdint.h>

struct watch {
  int fd;
  void (*ready)(struct watch *watch, uint32_t events);
};

/* Calls `ready` with what the descriptor has of the events (epoll_ctl(2)). The watch must live
 * until it is removed, and be removed before its descriptor is closed: a copy elsewhere would go
 * on reporting. Both end the sandbox on failure (fail.h). */
void loop_add(struct watch *watch, uint32_t events);
void loop_remove(struct watch *watch);

/* The loop of this thread, for another to add to. What another removes may be called once more. */
int loop_here(void);
void loop_join(int loop);

/* `turn`, if there is one, is held while a watch is called. */
_Noreturn void loop_run(pthread_mutex_t *turn);

#endif
