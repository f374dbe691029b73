#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

/* srt may have been killed between fork and here; then nobody would end what we start. */
static void stop_if_srt_is_gone(void) {
  struct pollfd control = {.fd = CONTROL_FD, .events = 0};
  if (poll(&control, 1, 0) < 0) fail_launch("poll control channel", errno);
  if (control.revents & (POLLHUP | POLLERR | POLLNVAL)) fail_launch("control channel", EPIPE);
}

/* The sandbox may hide this file's own path, so PID 1 is started through a descriptor. */
static void open_self(void) {
  int self = open("/proc/self/exe", O_PATH);
  if (self < 0) fail_launch("open /proc/self/exe", errno);
  if (self != SELF_FD) {
    if (dup2(self, SELF_FD) < 0) fail_launch("dup2", errno);
    if (close(self) != 0) fail_launch("close", errno);
  }
}

_Noreturn void launch(char **argv) {
  stop_if_srt_is_gone();
  ignore_signals();
  open_self();
  /* Node leaves the descriptors it inherited itself open in its children. */
  if (syscall(SYS_close_range, FIRST_UNUSED_FD, ~0U, 0) != 0) fail_launch("close_range", errno);
  (void)execv(argv[0], argv);
  fail_launch(argv[0], errno);
}
