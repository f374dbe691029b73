#define _GNU_SOURCE
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"
#include "loop.h"

enum { SIGNALS = 65, SAME_SIGNAL_MS = 1000 };

/* When our whole process group last got each signal, in milliseconds; 0 for never. */
static long long group_signal[SIGNALS];

static struct watch signals;
static void (*child_ended)(void);

static long long now_ms(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) fail_init("clock_gettime", errno);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void read_signals(void) {
  struct signalfd_siginfo info;
  while (read(signals.fd, &info, sizeof info) == (ssize_t)sizeof info) {
    if (info.ssi_signo == SIGCHLD) child_ended();
    /* Process 0 is outside the namespace: the terminal, or a kill of the group. */
    else if (info.ssi_pid == 0 && info.ssi_signo < SIGNALS)
      group_signal[info.ssi_signo] = now_ms();
  }
}

static void signals_arrived(struct watch *watch, uint32_t events) {
  (void)watch;
  (void)events;
  read_signals();
}

void block_signals_but(int number) {
  uint64_t blocked = UINT64_MAX;
  if (number > 0) blocked &= ~((uint64_t)1 << (number - 1));
  if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, sizeof blocked) != 0)
    fail_init("block signals", errno);
}

void watch_signals(void (*on_child_ended)(void)) {
  child_ended = on_child_ended;
  sigset_t all;
  if (sigfillset(&all) != 0 || sigprocmask(SIG_BLOCK, &all, NULL) != 0)
    fail_init("block signals", errno);
  /* launch left some ignored; an ignored SIGCHLD would lose exit statuses. */
  if (signal(SIGCHLD, SIG_DFL) == SIG_ERR) fail_init("signal", errno);
  signals.fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals.fd < 0) fail_init("signalfd", errno);
  signals.ready = signals_arrived;
  loop_add(&signals, EPOLLIN);
}

/* Whether the process group that srt is in was sent this signal just now, as a terminal's Ctrl-C
 * is, or a kill of the group. Its copy for srt comes here too, and is what `deliver` is about. */
static bool sent_to_group(int number) {
  read_signals();
  bool fresh = group_signal[number] != 0 && now_ms() - group_signal[number] < SAME_SIGNAL_MS;
  group_signal[number] = 0;
  return fresh;
}

void deliver_signal(pid_t command, int number) {
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
