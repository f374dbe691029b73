#define _GNU_SOURCE
#include "children.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../launch/fail-launch.h"

static bool is_bubblewrap(pid_t pid) {
  char path[40], name[16] = "";
  (void)snprintf(path, sizeof path, "/proc/%d/comm", pid);
  FILE *comm = fopen(path, "re");
  if (!comm) return false;
  bool read = fgets(name, sizeof name, comm) != NULL;
  (void)fclose(comm);
  return read && strcmp(name, "bwrap\n") == 0;
}

/* A bubblewrap that was killed before it had released its child leaves that one waiting for ever. */
static void end_unreleased(const struct children *children) {
  char path[48];
  (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  FILE *list = fopen(path, "re");
  pid_t pid;
  while (list && fscanf(list, "%d", &pid) == 1)
    if (pid != children->node && is_bubblewrap(pid)) (void)kill(pid, SIGKILL);
  if (list) (void)fclose(list);
}

static void take(struct children *children, pid_t child, int status) {
  if (child == children->node) {
    children->node = 0;
    children->node_status = status;
  }
  if (child == children->deciding) children->deciding = 0;
  if (child == children->sandbox) children->sandbox = 0;
  if (child != children->monitor) return;
  children->monitor = 0;
  if (children->sandbox == 0 && WIFSIGNALED(status)) end_unreleased(children);
}

static bool is_ours(pid_t child) {
  siginfo_t info;
  return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

void reap(struct children *children) {
  for (;;) {
    int status;
    pid_t child = waitpid(-1, &status, WNOHANG);
    if (child < 0 && errno != ECHILD) fail_launch("waitpid", errno);
    if (child <= 0) break;
    take(children, child, status);
  }
  /* bubblewrap has taken it, before its own end. */
  if (children->monitor == 0 && children->sandbox > 0 && !is_ours(children->sandbox))
    children->sandbox = 0;
}

bool any_left(const struct children *children) {
  return children->node > 0 || children->monitor > 0 || children->sandbox > 0;
}
