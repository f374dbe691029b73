#define _GNU_SOURCE
#include "waiting.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "../must-lock.h"
#include "../notify.h"
#include "../signals.h"
#include "../sweep.h"
#include "share.h"

enum { ROOM = 512, STACK = 128 * 1024 };

struct waiting {
  pthread_t thread;
  struct opening opening;
  int object;
  bool used;
  bool ends; /* its caller is gone or has a signal */
};

static struct waiting table[ROOM];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int reopen(int object, int flags) {
  char path[32];
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", object);
  return open(path, flags);
}

void answer_opening(const struct opening *opening, int fd, int error) {
  if (error == 0 && !opening->truncating) {
    answer_with_descriptor(opening->call, opening->caller, fd, opening->flags & O_CLOEXEC);
    return;
  }
  if (error == 0 && ftruncate(fd, opening->length) != 0) error = errno;
  /* Before the caller goes on, as in answer_with_descriptor. */
  if (fd >= 0) (void)close(fd);
  answer_call(opening->call, error);
}

static bool is_to_end(const struct waiting *waiting) {
  must_lock(&lock);
  bool ends = waiting->ends;
  (void)pthread_mutex_unlock(&lock);
  return ends;
}

static void *open_one(void *argument) {
  struct waiting *waiting = argument;
  int flags = waiting->opening.flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW);
  int fd, error;
  /* The command can send process 1 our signal too, as often as it likes. */
  block_signals_but(SIGRTMIN);
  do {
    fd = reopen(waiting->object, flags | O_CLOEXEC | O_NOCTTY);
    error = fd < 0 ? errno : 0;
  } while (error == EINTR && !is_to_end(waiting));
  block_signals_but(0);
  answer_opening(&waiting->opening, fd, error == EINTR ? RESTART : error);
  must_lock(&lock);
  (void)close(waiting->object);
  waiting->used = false;
  (void)pthread_mutex_unlock(&lock);
  return NULL;
}

static void ignore(int number) {
  (void)number;
}

/* The one signal that these threads take ends their open(2), and nothing else: they have all others
 * blocked, as the thread has that starts them. */
static int start_thread(struct waiting *waiting) {
  struct sigaction action = {.sa_handler = ignore};
  pthread_attr_t attributes;
  if (sigaction(SIGRTMIN, &action, NULL) != 0) return errno;
  int error = pthread_attr_init(&attributes);
  if (error != 0) return error;
  (void)pthread_attr_setstacksize(&attributes, STACK);
  (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  error = pthread_create(&waiting->thread, &attributes, open_one, waiting);
  (void)pthread_attr_destroy(&attributes);
  return error;
}

void open_waiting(int object, const struct opening *opening) {
  must_lock(&lock);
  struct waiting *waiting = NULL;
  /* Each has two descriptors: what is opened, and the one that is to come. */
  static size_t room;
  if (room == 0) room = share_of_descriptors(8, ROOM);
  for (size_t i = 0; i < room && !waiting; i++)
    if (!table[i].used) waiting = &table[i];
  int error = waiting ? 0 : EAGAIN;
  if (waiting) {
    *waiting = (struct waiting){.opening = *opening, .object = object, .used = true};
    error = start_thread(waiting);
    waiting->used = error == 0;
  }
  (void)pthread_mutex_unlock(&lock);
  if (error == 0) {
    expect_sweep();
    return;
  }
  (void)close(object);
  answer_opening(opening, -1, error);
}

bool sweep_opens(void) {
  bool more = false;
  /* A thread that is in the table has not ended: to leave, it needs the lock. */
  must_lock(&lock);
  for (size_t i = 0; i < ROOM; i++) {
    struct waiting *waiting = &table[i];
    if (!waiting->used) continue;
    more = true;
    const struct process *process = find_process(waiting->opening.caller);
    bool ends = !call_waits(waiting->opening.call) || !process || has_signal(process);
    /* It may not have come to its open(2) yet: then the next sweep finds it there. */
    waiting->ends |= ends;
    if (ends) (void)pthread_kill(waiting->thread, SIGRTMIN);
  }
  (void)pthread_mutex_unlock(&lock);
  return more;
}
