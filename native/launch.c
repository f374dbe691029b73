#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptors.h"
#include "fail.h"

/* A terminal sends these to the whole foreground group, bubblewrap included, and bubblewrap's
 * default would be to die and take the command along before it could handle them. */
static const int left_to_the_command[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

static void ignore_signals(void) {
  for (size_t i = 0; i < sizeof left_to_the_command / sizeof *left_to_the_command; i++) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    if (sigaction(left_to_the_command[i], &action, NULL) != 0) fail_launch("sigaction", errno);
  }
}

static void move_to(int from, int to) {
  if (from == to) return;
  if (dup2(from, to) < 0) fail_launch("dup2", errno);
  if (close(from) != 0) fail_launch("close", errno);
}

/* What goes wrong from here on is said to srt, which can say it better than we can. */
static void divert_standard_error(void) {
  if (dup2(STDERR_FILENO, STDERR_FD) < 0) fail_launch("dup2", errno);
  if (dup2(CONTROL_FD, STDERR_FILENO) < 0) fail_launch("dup2", errno);
}

/* The sandbox may hide this file's own path, so PID 1 is started through a descriptor. */
static void open_self(void) {
  int self = open("/proc/self/exe", O_PATH);
  if (self < 0) fail_launch("open /proc/self/exe", errno);
  move_to(self, SELF_FD);
}

_Noreturn void launch(char **argv) {
  /* Node leaves the descriptors it inherited itself open in its children. */
  if (syscall(SYS_close_range, LEASE_FD + 1, ~0U, 0) != 0) fail_launch("close_range", errno);
  divert_standard_error();
  ignore_signals();
  open_self();
  (void)execv(argv[0], argv);
  fail_launch(argv[0], errno);
}
