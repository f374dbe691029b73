#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "confine.h"
#include "cursor.h"
#include "descriptors.h"
#include "dial.h"
#include "fail.h"
#include "files/calls.h"
#include "files/report.h"
#include "front-link.h"
#include "handover.h"
#include "interface.h"
#include "leave.h"
#include "listeners.h"
#include "loop.h"
#include "mediator.h"
#include "message.h"
#include "mounts/kernel-folders.h"
#include "mounts/root.h"
#include "signals.h"

static pid_t command;

static _Noreturn void finish(int status) {
  unsigned char how[2] = {WIFSIGNALED(status) ? 1 : 0,
                          (unsigned char)(WIFSIGNALED(status) ? WTERMSIG(status)
                                                              : WEXITSTATUS(status))};
  finish_file_calls();
  finish_reports();
  (void)send_frame(CONTROL_FD, MESSAGE_EXITED, how, sizeof how);
  leave(how[0] ? 128 + how[1] : how[1]);
}

static void reap(void) {
  for (;;) {
    int status;
    pid_t child = waitpid(-1, &status, WNOHANG);
    if (child < 0 && errno != EINTR) return;
    if (child == 0) return;
    if (child == command) finish(status);
  }
}

static void read_control(struct watch *watch, uint32_t events) {
  (void)events;
  char *payload = NULL;
  size_t length;
  int type = read_frame(watch->fd, &payload, &length);
  if (type < 0) _exit(EXIT_SRT_FAILED); /* srt is gone, and we end all that it started */
  if (type == MESSAGE_SIGNAL && length == 1) deliver_signal(command, (unsigned char)payload[0]);
  else if (type == MESSAGE_VERDICT) pass_verdict(payload, length);
  else if (type == MESSAGE_DIAL) take_dial(payload, length);
  else fail_init("control message", EPROTO);
  free(payload);
}

static void read_channel(struct watch *watch, uint32_t events) {
  (void)watch;
  (void)events;
  if (read_acknowledgement() <= 0) _exit(EXIT_SRT_FAILED);
}

/* A command whose srt was killed while it was being set up must not begin. */
static void stop_if_srt_is_gone(void) {
  struct pollfd control = {.fd = CONTROL_FD, .events = 0};
  if (poll(&control, 1, 0) < 0) fail_init("poll control channel", errno);
  if (control.revents != 0) _exit(EXIT_SRT_FAILED);
}

static void report_start(const struct mediation *made) {
  char payload[10];
  put_u32(payload, (uint32_t)made->error);
  put_u32(payload + 4, (uint32_t)made->files_error);
  payload[8] = gateway_port(AF_INET6) != 0;
  payload[9] = made->sockets;
  if (send_frame(CONTROL_FD, MESSAGE_STARTED, payload, sizeof payload) != 0)
    _exit(EXIT_SRT_FAILED);
}

/* srt knows the path, which may be longer than a step can be. */
static void enter_root_or_fail(struct start *start) {
  size_t number;
  const char *problem = enter_root(start->mount, start->mounts, &number);
  if (!problem) return;
  int error = errno;
  char step[64];
  (void)snprintf(step, sizeof step, "mount %zu: %s", number, problem);
  fail_init(step, error);
}

/* What srt says first is that its instructions are whole; what it does not live to say ends this. */
static void wait_for_go(void) {
  char *payload = NULL;
  size_t length;
  int type = read_frame(CONTROL_FD, &payload, &length);
  free(payload);
  if (type < 0) _exit(EXIT_SRT_FAILED);
  if (type != MESSAGE_GO || length != 0) fail_init("control message", EPROTO);
}

static void start_command(const struct inherited *inherited) {
  char *payload = NULL;
  size_t length;
  struct start start;
  if (has_front()) wait_for_go();
  int type = read_frame(START_FD, &payload, &length);
  if (type < 0) fail_init("read instructions", errno);
  if (close(START_FD) != 0) fail_init("close", errno);
  if (type != MESSAGE_START || parse_start(payload, length, &start) != 0)
    fail_init("understand instructions", EPROTO);
  enter_root_or_fail(&start);
  const char *problem = start.mediate ? add_addresses() : NULL;
  if (!problem) problem = open_listeners(&start);
  if (problem) fail_init(problem, errno);
  command = fork_command(&start, inherited);
  problem = lock_init();
  if (problem) fail_init(problem, errno);
  stop_if_srt_is_gone();
  const char *step = NULL;
  struct mediation made;
  int error = release_command(command, &step, &made);
  if (error != 0) {
    (void)send_failure(CONTROL_FD, MESSAGE_NOT_EXECUTED, step, error);
    leave(EXIT_SRT_FAILED);
  }
  if (made.listener >= 0)
    problem = start_mediator(made.listener, made.files ? start.rules : NULL,
                             made.sockets ? start.sockets : NULL);
  /* Rules and sockets are read as long as the sandbox lives, and lie in the payload. */
  if (!start.rules && !start.sockets[0]) free(payload);
  free_start(&start);
  if (problem) fail_init(problem, errno);
  report_start(&made);
}

/* The command's own copies must be the only ones: else a reader never sees end-of-file. */
static void close_command_streams(void) {
  if (close(STDIN_FILENO) != 0 || close(STDOUT_FILENO) != 0 || close(STDERR_FD) != 0)
    fail_init("close", errno);
}

_Noreturn void run_init(void) {
  if (getpid() != 1) fail_init("srt-init is not process 1", EINVAL);
  /* bubblewrap is our parent; should it be killed alone, nothing may go on. */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail_init("set the death signal", errno);
  if (prctl(PR_SET_NAME, "srt-init", 0, 0, 0) != 0) fail_init("set the name", errno);
  struct inherited inherited = meet_front();
  watch_signals(reap);
  const char *problem = check_standard_streams();
  if (!problem) problem = cut_propagation();
  if (!problem) problem = cover_proc();
  if (!problem) problem = protect_devices();
  if (problem) fail_init(problem, errno);
  start_command(&inherited);
  tell_front();
  close_command_streams();
  /* The first thread that was made had some unblocked here. */
  block_signals_but(0);
  static struct watch control = {.fd = CONTROL_FD, .ready = read_control};
  static struct watch channel = {.fd = IPC_FD, .ready = read_channel};
  loop_add(&control, EPOLLIN);
  loop_add(&channel, EPOLLIN);
  loop_run(NULL);
}
