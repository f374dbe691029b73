#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "../caller.h"
#include "../descriptors.h"
#include "../fail.h"
#include "../loop.h"
#include "../message.h"

enum {
  KEPT = 64,       /* different refusals in one interval */
  HEAD = 22,       /* of the payload, before the texts */
  NAME = 16,       /* with its NUL: comm, proc(5) */
  LONGEST = HEAD + NAME + 2 * PATH_MAX + 2,
  INTERVAL_MS = 500,
};

/* A refusal that srt knows of, and how often it happened since. */
struct refusal {
  uint64_t hash;
  uint32_t again;
  size_t length;
  char payload[LONGEST];
};

static struct refusal kept[KEPT];
static size_t count;
static uint32_t untold; /* that there was no room for */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct watch timer = {.fd = -1};

uint64_t hash_text(uint64_t value, const char *text) {
  for (; *text; text++) value = (value ^ (unsigned char)*text) * 1099511628211U; /* FNV-1a */
  return value;
}

static void send_payload(enum message_type type, const char *payload, size_t length) {
  if (send_frame(CONTROL_FD, type, payload, length) != 0) _exit(EXIT_SRT_FAILED);
}

/* u32 times, u32 pid, u8 operation, u32 errno, u32 rule, u8 length of the process name, u16 of the
 * path as asked, u16 of the path as found; the three texts. Returns the length. */
static size_t describe(char *at, const struct attempt *attempt, const char *path, uint32_t rule,
                       int error) {
  size_t asked = strnlen(attempt->asked, PATH_MAX);
  size_t found = strnlen(path, PATH_MAX);
  char name[NAME];
  size_t named = read_name(attempt->process->thread, name);
  put_u32(at, 1);
  put_u32(at + 4, (uint32_t)attempt->process->group);
  at[8] = (char)attempt->operation;
  put_u32(at + 9, (uint32_t)error);
  put_u32(at + 13, rule);
  at[17] = (char)named;
  put_u16(at + 18, (uint16_t)asked);
  put_u16(at + 20, (uint16_t)found);
  memcpy(at + HEAD, name, named);
  memcpy(at + HEAD + named, attempt->asked, asked);
  memcpy(at + HEAD + named + asked, path, found);
  return HEAD + named + asked + found;
}

void report_handed_over(const struct attempt *attempt, const char *path, uint32_t rule) {
  char payload[LONGEST];
  size_t length = describe(payload, attempt, path, rule, 0);
  send_payload(MESSAGE_HANDED_OVER, payload, length);
}

static struct refusal *find_like(uint64_t value) {
  for (size_t i = 0; i < count; i++)
    if (kept[i].hash == value) return &kept[i];
  return NULL;
}

/* Once, for a sandbox that is idle is to be woken by nothing. */
static void set_timer(void) {
  struct itimerspec once = {.it_value = {.tv_nsec = INTERVAL_MS * 1000000L}};
  if (timerfd_settime(timer.fd, 0, &once, NULL) != 0) fail_init("set a timer", errno);
}

void report_refusal(const struct attempt *attempt, const char *path, uint32_t rule, int error) {
  uint64_t value = HASH_START ^ (uint64_t)attempt->operation;
  value = hash_text(hash_text(value, path), attempt->asked);
  if (pthread_mutex_lock(&lock) != 0) return;
  struct refusal *like = find_like(value);
  if (like) like->again++;
  else if (count == KEPT) untold++;
  else {
    struct refusal *refusal = &kept[count++];
    refusal->hash = value;
    refusal->again = 0;
    if (count == 1) set_timer();
    refusal->length = describe(refusal->payload, attempt, path, rule, error);
    send_payload(MESSAGE_REFUSED, refusal->payload, refusal->length);
  }
  (void)pthread_mutex_unlock(&lock);
}

static void tell_counts(void) {
  for (size_t i = 0; i < count; i++) {
    if (kept[i].again == 0) continue;
    put_u32(kept[i].payload, kept[i].again);
    send_payload(MESSAGE_REFUSED, kept[i].payload, kept[i].length);
  }
  char more[4];
  put_u32(more, untold);
  if (untold > 0) send_payload(MESSAGE_REFUSED, more, sizeof more);
  count = 0;
  untold = 0;
}

static void interval(struct watch *watch, uint32_t events) {
  (void)events;
  uint64_t expirations;
  if (read(watch->fd, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
    fail_init("read a timer", errno);
  if (pthread_mutex_lock(&lock) != 0) return;
  tell_counts();
  (void)pthread_mutex_unlock(&lock);
}

void start_reports(void) {
  timer = (struct watch){.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                         .ready = interval};
  if (timer.fd < 0) fail_init("make a timer", errno);
  loop_add(&timer, EPOLLIN);
}

void finish_reports(void) {
  /* Whoever holds it is in the middle of telling, and process 1 does not wait for anybody. */
  if (pthread_mutex_trylock(&lock) != 0) return;
  tell_counts();
  (void)pthread_mutex_unlock(&lock);
}
