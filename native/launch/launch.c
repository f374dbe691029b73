#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../descriptors.h"
#include "fail-launch.h"

/* Namespaces and rights (bwrap(1), 0.8). As uid 0 of its one user namespace bubblewrap keeps the
 * capabilities that srt-init needs until the command starts: to listen below port 1024 and to
 * complete the loopback interface (interface.h), to map the caller's uid in a nested user namespace
 * (user_namespaces(7), since Linux 5.12), and to make the mounts (mounts/), of which some lie in
 * folders of mode 0.
 *
 * Of the policy there is nothing here: argv is readable by every local user, and bubblewrap follows
 * links. It shows the host's tree to srt-init alone, which makes the command's own of that.
 *
 * There is no --die-with-parent: should srt be killed while bubblewrap is between clone and the
 * release of its child, that child would wait for ever. srt-init's watch on the control channel ends
 * everything instead, at any instant. */
#define OPTIONS                                                                                    \
  "--unshare-user", "--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts",            \
      "--unshare-cgroup", "--uid", "0", "--gid", "0", "--cap-drop", "ALL", "--cap-add",            \
      "CAP_NET_BIND_SERVICE", "--cap-add", "CAP_NET_ADMIN", "--cap-add", "CAP_SETFCAP",            \
      "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_DAC_OVERRIDE", "--as-pid-1", "--bind", "/",  \
      "/host", "--proc", "/proc", "--dev", "/dev", "--chdir", "/"

/* Sanitizers are libraries, which are looked for where they are outside. */
#ifdef SANITIZED
#define LIBRARIES                                                                                  \
  "--symlink", "host/usr", "/usr", "--symlink", "host/lib", "/lib", "--symlink", "host/lib64",     \
      "/lib64",
#else
#define LIBRARIES
#endif

/* INIT_FD, by the procfs of the sandbox. */
#define PROGRAM "/proc/self/fd/9"
_Static_assert(INIT_FD == 9, "PROGRAM names it");

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

/* The sandbox may hide its path, so PID 1 is started through a descriptor. */
static void open_init(const char *path) {
  int init = open(path, O_PATH);
  if (init < 0) fail_launch(path, errno);
  move_to(init, INIT_FD);
}

/* What srt's own Node and command are told is nobody's business here. */
static char *nothing[] = {NULL};

_Noreturn void launch(const char *bubblewrap, const char *init) {
  /* What the caller has open, who starts srt, is none of the sandbox's. */
  if (syscall(SYS_close_range, FRONT_FD + 1, ~0U, 0) != 0) fail_launch("close_range", errno);
  divert_standard_error();
  ignore_signals();
  open_init(init);
  (void)execle(bubblewrap, bubblewrap, OPTIONS, LIBRARIES "--", PROGRAM, "init", (char *)NULL, nothing);
  fail_launch(bubblewrap, errno);
}
