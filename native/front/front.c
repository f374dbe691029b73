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
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../descriptors.h"
#include "../launch/fail-launch.h"
#include "../launch/launch.h"
#include "children.h"
#include "dist.h"
#include "find-bubblewrap.h"
#include "node.h"
#include "signals.h"
#include "streams.h"
#include "words.h"

#if defined __x86_64__
#define INIT "native/srt-init-x64"
#elif defined __aarch64__
#define INIT "native/srt-init-arm64"
#endif

enum { MONITOR_MS = 100 };

static struct children children;
static bool superfluous; /* what is left of bubblewrap */
static bool adopted;     /* srt-init knows that it is our child */
static bool alone;
static int said = -1; /* Node's word on how to end */

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

/* Some shells allow fewer than a start takes. Returns what the limit was. */
static rlim_t raise_descriptors(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail_launch("getrlimit", errno);
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  /* It may be more than the kernel allows by now (fs.nr_open): then with what there is. */
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  return before;
}

static void lower_descriptors(rlim_t before) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail_launch("getrlimit", errno);
  limit.rlim_cur = before;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail_launch("setrlimit", errno);
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
  children.monitor = must_fork();
  if (children.monitor == 0)
    become_sandbox(bubblewrap,
                   (int[]){ends->ipc, ends->control, given->start, no_lease, given->words});
  if (close(ends->ipc) != 0 || close(ends->control) != 0 || close(no_lease) != 0)
    fail_launch("close", errno);
}

static void start_node(const struct node_descriptors *given, char **arguments, int signals,
                       int words) {
  pid_t front = getpid();
  children.node = children.deciding = must_fork();
  if (children.node > 0) return;
  restore_signals();
  if (close(signals) != 0 || close(words) != 0) fail_launch("close", errno);
  /* Signals of the terminal come by the front alone, and each once. */
  if (setsid() < 0) fail_launch("setsid", errno);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail_launch("prctl", errno);
  if (getppid() != front) _exit(EXIT_SRT_FAILED);
  become_deciding_node(given, arguments);
}

/* Returns whether more can come. */
static bool hear(int words) {
  struct word heard;
  if (!hear_word(words, &heard)) return false;
  switch (heard.word) {
    case WORD_READY:
      children.deciding = heard.speaker;
      node_is_ready(children.deciding);
      break;
    case WORD_STARTED:
      children.sandbox = heard.speaker;
      command_is_started();
      superfluous = true;
      break;
    case WORD_ENDED:
      said = heard.status;
      break;
    case WORD_ALONE:
      alone = true;
      children.deciding = 0;
      node_ends();
      break;
    default:
      break;
  }
  return true;
}

/* Process 1 lives without what bubblewrap has left to watch it, and becomes our child. Not at once: many a
 * command is over by then. */
static void end_monitor(void) {
  if (children.monitor > 0) (void)kill(children.monitor, SIGKILL);
  superfluous = false;
}

static void look_at_children(int words) {
  reap(&children);
  if (adopted || children.monitor > 0 || children.sandbox == 0) return;
  say_adopted(words);
  adopted = true;
}

static void wait_for_all(int signals, int words) {
  struct pollfd polled[2] = {{.fd = signals, .events = POLLIN}, {.fd = words, .events = POLLIN}};
  for (;;) {
    look_at_children(words);
    if (polled[1].fd < 0 && !any_left(&children)) return;
    int ready = poll(polled, 2, superfluous ? MONITOR_MS : -1);
    if (ready < 0 && errno != EINTR) fail_launch("poll", errno);
    if (ready == 0) end_monitor();
    if (ready <= 0) continue;
    if (polled[1].revents != 0 && !hear(words)) polled[1].fd = -1;
    if (polled[0].revents != 0) pass_on(signals, children.deciding);
  }
}

/* As Node said, or as it ended: by an exit or by the same signal. */
static int status_of_node(void) {
  if (said >= 0) return said;
  if (WIFEXITED(children.node_status)) return WEXITSTATUS(children.node_status);
  int number = WTERMSIG(children.node_status);
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
  take_streams();
  struct inherited inherited = {.ignored = ignored_signals(), .descriptors = raise_descriptors()};
  int signals = catch_signals(inherited.ignored);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) fail_launch("prctl", errno);
  int words, theirs;
  open_words(&words, &theirs, &inherited);
  struct node_descriptors given = {.words = theirs, .environment = keep_environment()};
  if (given.environment < 0) fail_launch("keep the environment", errno);
  struct sandbox_ends ends = make_ends(&given);
  /* First, because it takes longer. */
  start_node(&given, arguments, signals, words);
  start_sandbox(bubblewrap, &ends, &given);
  if (close(given.control) != 0 || close(given.ipc) != 0 || close(given.start) != 0 ||
      close(given.environment) != 0 || close(theirs) != 0)
    fail_launch("close", errno);
  wait_for_all(signals, words);
  give_streams_back();
  if (!alone) return status_of_node();
  if (prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) != 0) fail_launch("prctl", errno);
  lower_descriptors(inherited.descriptors);
  restore_signals();
  raise_kept();
  become_lone_node(arguments);
}
