#define _GNU_SOURCE
#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../descriptors.h"
#include "../front-words.h"
#include "../launch/fail-launch.h"
#include "../launch/launch.h"
#include "dist.h"
#include "find-bubblewrap.h"
#include "node.h"

#if defined __x86_64__
#define INIT "native/srt-init-x64"
#elif defined __aarch64__
#define INIT "native/srt-init-arm64"
#endif

enum { MONITOR_MS = 100 };

/* src/supervisor/signals.ts */
static const int forwarded[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

static sigset_t callers_mask;
static pid_t node, monitor;
static int node_status; /* waitpid(2)'s, or what Node said */
static bool ended;      /* Node has said it */
static bool alone;
static bool superfluous; /* what is left of bubblewrap */

/* None may end this process before those that it starts. */
static int catch_signals(void) {
  sigset_t caught;
  (void)sigemptyset(&caught);
  (void)sigaddset(&caught, SIGCHLD);
  for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++)
    (void)sigaddset(&caught, forwarded[i]);
  if (sigprocmask(SIG_BLOCK, &caught, &callers_mask) != 0) fail_launch("sigprocmask", errno);
  /* An ignored one would reap the children unseen. */
  if (signal(SIGCHLD, SIG_DFL) == SIG_ERR) fail_launch("signal", errno);
  int signals = signalfd(-1, &caught, SFD_CLOEXEC);
  if (signals < 0) fail_launch("signalfd", errno);
  return signals;
}

static void restore_signals(void) {
  if (sigprocmask(SIG_SETMASK, &callers_mask, NULL) != 0) fail_launch("sigprocmask", errno);
}

/* Else a descriptor of ours would be taken for a standard stream. */
static void fill_standard_streams(void) {
  for (int fd = 0; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    if (open("/dev/null", O_RDWR) != fd) fail_launch("open /dev/null", errno);
  }
}

/* In the order of IPC_FD, CONTROL_FD, START_FD, LEASE_FD and FRONT_FD. */
static _Noreturn void become_sandbox(const char *bubblewrap, const int given[5]) {
  int high[5];
  static char init[PATH_MAX];
  find_in_dist(INIT, init);
  restore_signals();
  for (int i = 0; i < 5; i++) {
    high[i] = fcntl(given[i], F_DUPFD_CLOEXEC, INIT_FD + 1);
    if (high[i] < 0) fail_launch("fcntl", errno);
  }
  for (int i = 0; i < 5; i++)
    if (dup2(high[i], IPC_FD + i) < 0) fail_launch("dup2", errno);
  if (chdir("/") != 0) fail_launch("chdir", errno);
  launch(bubblewrap, init);
}

static void make_pair(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    fail_launch("socketpair", errno);
}

static pid_t must_fork(void) {
  pid_t child = fork();
  if (child < 0) fail_launch("fork", errno);
  return child;
}

/* Those that the sandbox gets. The other ends are Node's alone, so that one side's end is the other's
 * end of file. */
struct sandbox_ends {
  int ipc, control;
};

static struct sandbox_ends make_ends(struct node_descriptors *given) {
  int ipc[2], control[2];
  make_pair(ipc);
  make_pair(control);
  given->ipc = ipc[0];
  given->control = control[0];
  /* src/supervisor/inherited-channel.ts */
  struct timeval moment = {.tv_usec = 4000};
  if (setsockopt(given->control, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment) != 0)
    fail_launch("setsockopt", errno);
  given->start = memfd_create("srt-start", MFD_CLOEXEC);
  if (given->start < 0) fail_launch("memfd_create", errno);
  return (struct sandbox_ends){.ipc = ipc[1], .control = control[1]};
}

static void start_sandbox(const char *bubblewrap, const struct sandbox_ends *ends,
                          const struct node_descriptors *given) {
  /* A lease is for what Node starts: it is not known yet whether there must be one. */
  int no_lease = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (no_lease < 0) fail_launch("open /dev/null", errno);
  monitor = must_fork();
  if (monitor == 0)
    become_sandbox(bubblewrap,
                   (int[]){ends->ipc, ends->control, given->start, no_lease, given->words});
  if (close(ends->ipc) != 0 || close(ends->control) != 0 || close(no_lease) != 0)
    fail_launch("close", errno);
}

static void start_node(const struct node_descriptors *given, char **arguments) {
  pid_t front = getpid();
  node = must_fork();
  if (node > 0) return;
  restore_signals();
  /* Signals of the terminal come by the front alone, and each once. */
  if (setsid() < 0) fail_launch("setsid", errno);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail_launch("prctl", errno);
  if (getppid() != front) _exit(EXIT_SRT_FAILED);
  become_deciding_node(given, arguments);
}

/* Returns whether anything that was started is left. */
static bool reap(void) {
  for (;;) {
    int status;
    pid_t child = waitpid(-1, &status, WNOHANG);
    if (child == 0) return true;
    if (child < 0 && errno == ECHILD) return false;
    if (child < 0) fail_launch("waitpid", errno);
    if (child == monitor) monitor = 0;
    if (child != node) continue;
    node = 0;
    if (!ended) node_status = status;
  }
}

static void pass_on(int signals) {
  struct signalfd_siginfo info;
  if (read(signals, &info, sizeof info) != (ssize_t)sizeof info) fail_launch("read", errno);
  if (info.ssi_signo != SIGCHLD && node > 0) (void)kill(node, (int)info.ssi_signo);
}

/* Returns whether more can come. */
static bool hear(int words) {
  char word;
  if (read(words, &word, 1) != 1) return false;
  if (word == WORD_ALONE) alone = true;
  if (word == WORD_ENDED && read(words, &word, 1) == 1) {
    ended = true;
    node_status = (unsigned char)word;
  }
  if (word == WORD_STARTED) superfluous = true;
  return true;
}

/* Process 1 lives without what bubblewrap has left to watch it, and becomes our child. Not at once: many a
 * command is over by then. */
static void end_monitor(void) {
  if (monitor > 0) (void)kill(monitor, SIGKILL);
  superfluous = false;
}

static void wait_for_all(int signals, int words) {
  struct pollfd polled[2] = {{.fd = signals, .events = POLLIN}, {.fd = words, .events = POLLIN}};
  while (reap() || polled[1].fd >= 0) {
    int ready = poll(polled, 2, superfluous ? MONITOR_MS : -1);
    if (ready < 0 && errno != EINTR) fail_launch("poll", errno);
    if (ready == 0) end_monitor();
    if (ready <= 0) continue;
    if (polled[0].revents != 0) pass_on(signals);
    if (polled[1].revents != 0 && !hear(words)) polled[1].fd = -1;
  }
}

/* As Node said, or as it ended: by an exit or by the same signal. */
static int status_of_node(void) {
  if (ended) return node_status;
  if (WIFEXITED(node_status)) return WEXITSTATUS(node_status);
  int number = WTERMSIG(node_status);
  (void)signal(number, SIG_DFL);
  restore_signals();
  (void)raise(number);
  return 128 + number;
}

static bool starts_command(char **arguments) {
  static const char *const others[] = {"doctor", "--help", "-h", "--version", "-V"};
  if (!arguments[0]) return false;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(arguments[0], others[i]) == 0) return false;
  return true;
}

int run_front(char **arguments) {
  const char *bubblewrap = starts_command(arguments) ? find_bubblewrap() : NULL;
  if (!bubblewrap) become_lone_node(arguments);
  fill_standard_streams();
  int signals = catch_signals();
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) fail_launch("prctl", errno);
  int words[2];
  if (pipe2(words, O_CLOEXEC) != 0) fail_launch("pipe", errno);
  struct node_descriptors given = {.words = words[1], .environment = keep_environment()};
  if (given.environment < 0) fail_launch("keep the environment", errno);
  struct sandbox_ends ends = make_ends(&given);
  /* First, because it takes longer. */
  start_node(&given, arguments);
  start_sandbox(bubblewrap, &ends, &given);
  if (close(given.control) != 0 || close(given.ipc) != 0 || close(given.start) != 0 ||
      close(given.environment) != 0 || close(words[1]) != 0)
    fail_launch("close", errno);
  wait_for_all(signals, words[0]);
  if (!alone) return status_of_node();
  if (prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) != 0) fail_launch("prctl", errno);
  restore_signals();
  become_lone_node(arguments);
}
