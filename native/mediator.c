#define _GNU_SOURCE
#include "mediator.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "connect.h"
#include "fail.h"
#include "files/calls.h"
#include "files/decide.h"
#include "files/report.h"
#include "files/waiting.h"
#include "loop.h"
#include "must-lock.h"
#include "notify.h"
#include "pending.h"
#include "signals.h"
#include "sweep.h"
#include "unix-bind.h"
#include "unix-sockets.h"

enum { READ, WRITE };

/* Verdicts, each in one piece (pipe(7), PIPE_BUF). There are never more than calls that wait, which
 * is less than the smallest pipe holds. */
static int verdicts[2];

static void read_verdict(struct watch *watch, uint32_t events) {
  (void)events;
  char payload[VERDICT_LENGTH];
  if (read(watch->fd, payload, sizeof payload) != (ssize_t)sizeof payload)
    fail_init("read a verdict", errno);
  take_verdict(payload);
}

/* What is known of processes, and of calls that wait, is both threads'. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static bool judge(const struct seccomp_notif *call) {
  if (call->data.nr == SYS_connect) return consider_connect(call);
  return call->data.nr == SYS_bind ? consider_bind(call) : consider_file_call(call);
}

static bool consider(const struct seccomp_notif *call) {
  must_lock(&turn);
  bool kept = judge(call);
  (void)pthread_mutex_unlock(&turn);
  return kept;
}

static void *mediate(void *loop) {
  loop_join(*(const int *)loop);
  /* What is looked at last is this thread's working directory, and it takes on its callers' umasks. */
  if (unshare(CLONE_FS) != 0) fail_init("unshare", errno);
  serve_calls(consider);
  return NULL;
}

static void *attend(void *unused) {
  (void)unused;
  block_signals_but(0);
  static struct watch arriving = {.ready = read_verdict};
  arriving.fd = verdicts[READ];
  loop_add(&arriving, EPOLLIN);
  static bool (*const sweeps[])(void) = {sweep_connects, sweep_opens};
  start_sweeps(sweeps, sizeof sweeps / sizeof *sweeps);
  start_reports();
  static int loop;
  loop = loop_here();
  pthread_t mediator;
  errno = pthread_create(&mediator, NULL, mediate, &loop);
  if (errno != 0) fail_init("start a thread", errno);
  loop_run(&turn);
}

const char *start_mediator(int listener, const struct rules *rules, char *const *sockets) {
  const char *problem = use_listener(listener);
  if (problem) return problem;
  if (rules) use_rules(rules);
  if (sockets) allow_unix_sockets(sockets);
  if (pipe2(verdicts, O_CLOEXEC) != 0) return "make a pipe";
  if (fcntl(verdicts[WRITE], F_SETFL, O_NONBLOCK) != 0) return "fcntl";
  pthread_t thread;
  errno = pthread_create(&thread, NULL, attend, NULL);
  return errno == 0 ? NULL : "start a thread";
}

void pass_verdict(const char *payload, size_t length) {
  if (length != VERDICT_LENGTH) fail_init("verdict", EPROTO);
  if (write(verdicts[WRITE], payload, length) != (ssize_t)length) fail_init("verdict", errno);
}
