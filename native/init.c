#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "confine.h"
#include "connect.h"
#include "descriptors.h"
#include "dial.h"
#include "fail.h"
#include "handover.h"
#include "listeners.h"
#include "loop.h"
#include "message.h"
#include "mounts.h"
#include "notify.h"

enum { SIGNALS = 65, SAME_SIGNAL_MS = 1000 };

static pid_t command;

/* When our whole process group last got each signal, in milliseconds; 0 for never. */
static long long group_signal[SIGNALS];

static long long now_ms(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) fail_init("clock_gettime", errno);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void read_signals(void);

static void signals_arrived(struct watch *watch, uint32_t events) {
  (void)watch;
  (void)events;
  read_signals();
}

static struct watch signals = {.fd = -1, .ready = signals_arrived};

static void watch_signals(void) {
  sigset_t all;
  if (sigfillset(&all) != 0 || sigprocmask(SIG_BLOCK, &all, NULL) != 0)
    fail_init("block signals", errno);
  /* launch left some ignored; an ignored SIGCHLD would lose exit statuses. */
  if (signal(SIGCHLD, SIG_DFL) == SIG_ERR) fail_init("signal", errno);
  signals.fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals.fd < 0) fail_init("signalfd", errno);
  loop_add(&signals, EPOLLIN);
}

static _Noreturn void finish(int status) {
  unsigned char how[2] = {WIFSIGNALED(status) ? 1 : 0,
                          (unsigned char)(WIFSIGNALED(status) ? WTERMSIG(status)
                                                              : WEXITSTATUS(status))};
  (void)send_frame(CONTROL_FD, MESSAGE_EXITED, how, sizeof how);
  /* The kernel kills what is left of this PID namespace (pid_namespaces(7)). */
  _exit(how[0] ? 128 + how[1] : how[1]);
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

static void read_signals(void) {
  struct signalfd_siginfo info;
  while (read(signals.fd, &info, sizeof info) == (ssize_t)sizeof info) {
    if (info.ssi_signo == SIGCHLD) reap();
    /* Process 0 is outside the namespace: the terminal, or a kill of the group. */
    else if (info.ssi_pid == 0 && info.ssi_signo < SIGNALS)
      group_signal[info.ssi_signo] = now_ms();
  }
}

/* Whether the process group that srt is in was sent this signal just now, as a terminal's Ctrl-C
 * is, or a kill of the group. Its copy for srt comes here too, and is what `deliver` is about. */
static bool sent_to_group(int number) {
  read_signals();
  bool fresh = group_signal[number] != 0 && now_ms() - group_signal[number] < SAME_SIGNAL_MS;
  group_signal[number] = 0;
  return fresh;
}

static void deliver(int number) {
  if (number <= 0 || number >= SIGNALS) fail_init("signal number", EPROTO);
  pid_t target = command;
  if (sent_to_group(number)) {
    /* A group from outside shows as 0: the command is in it still, and has had the signal. */
    if (getpgid(command) == 0) return;
    /* It has a group of its own (command.c), which the sender meant as well. */
    if (getpgid(command) == command) target = -command;
  }
  if (kill(target, number) != 0 && errno != ESRCH) fail_init("kill", errno);
}

static void read_control(struct watch *watch, uint32_t events) {
  (void)events;
  char *payload = NULL;
  size_t length;
  int type = read_frame(watch->fd, &payload, &length);
  if (type < 0) _exit(EXIT_SRT_FAILED); /* srt is gone, and we end all that it started */
  if (type == MESSAGE_SIGNAL && length == 1) deliver((unsigned char)payload[0]);
  else if (type == MESSAGE_VERDICT) take_verdict(payload, length);
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
  char payload[5];
  put_u32(payload, (uint32_t)made->error);
  payload[4] = gateway_port(AF_INET6) != 0;
  if (send_frame(CONTROL_FD, MESSAGE_STARTED, payload, sizeof payload) != 0)
    _exit(EXIT_SRT_FAILED);
}

static void start_command(void) {
  char *payload = NULL;
  size_t length;
  struct start start;
  int type = read_frame(START_FD, &payload, &length);
  if (type < 0) fail_init("read instructions", errno);
  if (close(START_FD) != 0) fail_init("close", errno);
  if (type != MESSAGE_START || parse_start(payload, length, &start) != 0)
    fail_init("understand instructions", EPROTO);
  const char *problem = open_listeners(&start);
  if (problem) fail_init(problem, errno);
  command = fork_command(&start);
  problem = lock_init();
  if (problem) fail_init(problem, errno);
  stop_if_srt_is_gone();
  const char *step = NULL;
  struct mediation made;
  int error = release_command(&step, &made);
  if (error != 0) {
    (void)send_failure(CONTROL_FD, MESSAGE_NOT_EXECUTED, step, error);
    _exit(EXIT_SRT_FAILED);
  }
  free(start.argv);
  free(start.env);
  free(payload);
  if (made.listener >= 0) problem = start_notifications(made.listener, consider_connect);
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
  watch_signals();
  const char *problem = check_standard_streams();
  if (!problem) problem = cut_propagation();
  if (!problem) problem = cover_proc();
  if (problem) fail_init(problem, errno);
  start_command();
  close_command_streams();
  static struct watch control = {.fd = CONTROL_FD, .ready = read_control};
  static struct watch channel = {.fd = IPC_FD, .ready = read_channel};
  loop_add(&control, EPOLLIN);
  loop_add(&channel, EPOLLIN);
  loop_run();
}
