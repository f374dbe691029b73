#define _GNU_SOURCE
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../launch/fail-launch.h"

/* src/supervisor/signals.ts */
static const int forwarded[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

enum { FORWARDED = sizeof forwarded / sizeof *forwarded };

static sigset_t callers_mask, kept;
static bool ready;

uint64_t ignored_signals(void) {
  uint64_t ignored = 0;
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action;
    /* The C library does not tell of its own two. */
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
      ignored |= (uint64_t)1 << (number - 1);
  }
  return ignored;
}

static void set_one(int how, int number) {
  sigset_t one;
  (void)sigemptyset(&one);
  (void)sigaddset(&one, number);
  if (sigprocmask(how, &one, NULL) != 0) fail_launch("sigprocmask", errno);
}

int catch_signals(uint64_t ignored) {
  sigset_t caught;
  (void)sigemptyset(&kept);
  (void)sigemptyset(&caught);
  (void)sigaddset(&caught, SIGCHLD);
  (void)sigaddset(&caught, SIGTSTP);
  for (size_t i = 0; i < FORWARDED; i++) (void)sigaddset(&caught, forwarded[i]);
  for (int number = 1; number < NSIG; number++)
    if (ignored >> (number - 1) & 1 && number != SIGCHLD) (void)sigdelset(&caught, number);
  if (sigprocmask(SIG_BLOCK, &caught, &callers_mask) != 0) fail_launch("sigprocmask", errno);
  /* An ignored one would reap the children unseen. A file size limit is an error to be told. */
  if (signal(SIGCHLD, SIG_DFL) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
    fail_launch("signal", errno);
  int signals = signalfd(-1, &caught, SFD_CLOEXEC);
  if (signals < 0) fail_launch("signalfd", errno);
  return signals;
}

void restore_signals(void) {
  if (sigprocmask(SIG_SETMASK, &callers_mask, NULL) != 0) fail_launch("sigprocmask", errno);
}

/* Node has a session of its own, which no terminal stops. */
static void stop_along_with(pid_t node) {
  if (node > 0) (void)kill(node, SIGSTOP);
  (void)raise(SIGTSTP);
  set_one(SIG_UNBLOCK, SIGTSTP);
  /* Here it is stopped, until somebody sends SIGCONT. */
  set_one(SIG_BLOCK, SIGTSTP);
  if (node > 0) (void)kill(node, SIGCONT);
}

void pass_on(int signals, pid_t node) {
  struct signalfd_siginfo info;
  if (read(signals, &info, sizeof info) != (ssize_t)sizeof info) fail_launch("read", errno);
  int number = (int)info.ssi_signo;
  if (number == SIGCHLD) return;
  if (number == SIGTSTP) stop_along_with(node);
  else {
    /* A Node that lives on to say that it wants to start again has not acted on it. */
    if (!ready) (void)sigaddset(&kept, number);
    if (node > 0 && (ready || number != SIGUSR1)) (void)kill(node, number);
  }
}

void node_is_ready(pid_t node) {
  ready = true;
  if (sigismember(&kept, SIGUSR1) == 1) (void)kill(node, SIGUSR1);
  (void)sigemptyset(&kept);
}

void node_ends(void) {
  ready = false;
}

void command_is_started(void) {
  set_one(SIG_UNBLOCK, SIGTSTP);
}

void raise_kept(void) {
  for (size_t i = 0; i < FORWARDED; i++)
    if (sigismember(&kept, forwarded[i]) == 1) (void)raise(forwarded[i]);
}
