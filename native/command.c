#define _GNU_SOURCE
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "caller.h"
#include "confine.h"
#include "descriptors.h"
#include "fail.h"
#include "one-processor.h"
#include "pass.h"

enum { RELEASE_FD = 3 /* in the child, once the sandbox's own descriptors are gone */ };

struct report {
  int error;
  bool ours; /* a step of srt failed, not the command */
  char step[56];
};

static int parent_end = -1;

static _Noreturn void child_failed(const char *step, bool ours) {
  struct report report = {.error = errno, .ours = ours};
  strncpy(report.step, step, sizeof report.step - 1);
  (void)!write(RELEASE_FD, &report, sizeof report);
  _exit(EXIT_SRT_FAILED);
}

static void must(const char *problem) {
  if (problem) child_failed(problem, true);
}

static void reset_signals(uint64_t ignored) {
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action = {.sa_handler = ignored >> (number - 1) & 1 ? SIG_IGN : SIG_DFL};
    /* SIGKILL, SIGSTOP and the C library's own two cannot be set and need not be. */
    (void)sigaction(number, &action, NULL);
  }
  sigset_t none;
  if (sigemptyset(&none) != 0 || sigprocmask(SIG_SETMASK, &none, NULL) != 0)
    child_failed("unblock signals", true);
}

static void arrange_descriptors(int release) {
  if (release != RELEASE_FD && dup3(release, RELEASE_FD, O_CLOEXEC) < 0) _exit(EXIT_SRT_FAILED);
  if (dup2(STDERR_FD, STDERR_FILENO) < 0) child_failed("restore standard error", true);
  if (syscall(SYS_close_range, RELEASE_FD + 1, ~0U, 0) != 0)
    child_failed("close descriptors", true);
}

/* In srt's own process group the command could signal srt and its neighbours with kill(0). With a
 * terminal it must stay there all the same, or job control and pipelines break; then the filter
 * refuses such calls. Returns whether it left. */
static bool leave_process_group(void) {
  int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
  if (terminal >= 0) {
    if (close(terminal) != 0) child_failed("close", true);
    return false;
  }
  if (setpgid(0, 0) != 0) child_failed("make a process group", true);
  return true;
}

/* Returns what PID 1 says of looking into this process. */
static bool wait_for_release(void) {
  char go;
  ssize_t got;
  do got = read(RELEASE_FD, &go, 1);
  while (got < 0 && errno == EINTR);
  if (got != 1) _exit(EXIT_SRT_FAILED);
  return go == 1;
}

/* Whether any folder of PATH that can be searched holds the name, executable or not. */
static bool lies_in_path(const char *name) {
  const char *folder = getenv("PATH");
  while (folder) {
    const char *end = strchrnul(folder, ':');
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%.*s/%s", (int)(end - folder), folder, name);
    bool fits = length > 0 && (size_t)length < sizeof path;
    if (end > folder && fits && access(path, F_OK) == 0) return true;
    folder = *end ? end + 1 : NULL;
  }
  return false;
}

/* execvp answers EACCES for a name that is nowhere when it may not search one folder of PATH;
 * to a shell, and so to whoever reads our exit status, that is "not found". */
static void tell_missing_from_refused(const char *name) {
  if (errno != EACCES || strchr(name, '/')) return;
  errno = lies_in_path(name) ? EACCES : ENOENT;
}

static void restore_descriptor_limit(uint64_t soft) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) child_failed("getrlimit", true);
  if (limit.rlim_cur == soft) return;
  limit.rlim_cur = soft;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) child_failed("setrlimit", true);
}

static _Noreturn void become_command(const struct start *start, const struct inherited *inherited,
                                     int release) {
  arrange_descriptors(release);
  must(enter_caller_namespace(start->uid, start->gid));
  must(drop_capabilities());
  if (send(RELEASE_FD, "", 1, MSG_NOSIGNAL) != 1) _exit(EXIT_SRT_FAILED);
  bool seen = wait_for_release();
  reset_signals(inherited->ignored);
  restore_descriptor_limit(inherited->descriptors);
  if (chdir(start->cwd) != 0) child_failed("chdir", false);
  struct mediation made = {.connects = true, .sockets = seen, .files = start->files};
  bool decided = start->files == FILES_DECIDED;
  if (install_syscall_filter(!leave_process_group(), &made) != 0)
    child_failed(decided ? "decide about files by name" : "install the syscall filter", true);
  /* It closes on exec, and is for PID 1 to serve. */
  if (send_with_fd(RELEASE_FD, &made, sizeof made, made.listener) != 0)
    child_failed("pass the listener on", true);
  /* execvp searches the PATH of the environment it is given; scripts without #! run in sh. */
  environ = start->env;
  (void)execvp(start->argv[0], start->argv);
  tell_missing_from_refused(start->argv[0]);
  child_failed("execve", false);
}

/* Waits for the child's byte or report; see read_report for what a report means. */
static ssize_t read_child(void *buffer, size_t size) {
  ssize_t got;
  do got = read(parent_end, buffer, size);
  while (got < 0 && errno == EINTR);
  return got;
}

_Static_assert(sizeof(struct mediation) < sizeof(struct report), "they are told apart by size");

static struct report report; /* outlives release_command, which returns its step */

pid_t fork_command(const struct start *start, const struct inherited *inherited) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    fail_init("socketpair", errno);
  pid_t child = fork_here();
  if (child < 0) fail_init("fork", errno);
  if (child == 0) become_command(start, inherited, ends[1]);
  parent_end = ends[0];
  if (close(ends[1]) != 0) fail_init("close", errno);
  ssize_t got = read_child(&report, sizeof report);
  if (got == (ssize_t)sizeof report) fail_init(report.step, report.error);
  if (got != 1) fail_init("confine the command", EPROTO);
  return child;
}

/* Takes what the child made of its filter; a report that came instead is in `report` then. */
static bool take_mediation(struct mediation *made) {
  int listener;
  ssize_t got = receive_with_fd(parent_end, &report, sizeof report, &listener);
  if (got == (ssize_t)sizeof report) return false;
  if (got != (ssize_t)sizeof *made) fail_init("start the command", EPROTO);
  memcpy(made, &report, sizeof *made);
  made->listener = listener;
  return true;
}

int release_command(pid_t command, const char **step, struct mediation *made) {
  char seen = can_look_into(command, RELEASE_FD) ? 1 : 0;
  if (send(parent_end, &seen, 1, MSG_NOSIGNAL) != 1) fail_init("release the command", errno);
  bool failed = !take_mediation(made);
  /* Close-on-exec: end of file is the proof that execve succeeded. */
  ssize_t got = failed ? (ssize_t)sizeof report : read_child(&report, sizeof report);
  (void)close(parent_end);
  if (got == 0) return 0;
  if (got != (ssize_t)sizeof report) fail_init("start the command", EPROTO);
  if (report.ours) fail_init(report.step, report.error);
  *step = report.step;
  return report.error;
}
