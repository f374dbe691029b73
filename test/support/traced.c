/* A tracer and its tracee, which makes calls about files:
 *
 *   traced calls            prints what the tracer sees come of each of them
 *   traced change HOW NAME  the tracee makes "free" again and again, and every other time its tracer
 *                           changes the call so that it is about NAME: HOW is memory, register or number
 *                           (of the call) at its beginning, or meanwhile (memory, at any time).
 *                           Prints how often it was "made N refused N".
 *   traced waits            a tracee that is stopped, or killed, or whose tracer is killed, while it
 *                           waits for the other end of a pipe
 *   traced killed           tracers and tracees that are killed at any time */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long must(long result, const char *what) {
  if (result != -1) return result;
  perror(what);
  _exit(1);
}

static void sleep_us(long us) {
  nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

/* A tracee that does this once it is let go by a byte to `*gate`. */
static pid_t seize(void (*act)(void), int *gate) {
  int ends[2];
  char byte = 'x';
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
  pid_t child = (pid_t)must(fork(), "fork");
  if (child == 0) {
    if (write(ends[0], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1) act();
    _exit(0);
  }
  /* What fork(3) itself calls is behind it. */
  must(read(ends[1], &byte, 1), "read");
  must(ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACESYSGOOD), "seize");
  close(ends[0]);
  *gate = ends[1];
  return child;
}

static void let_go(int gate) {
  must(write(gate, "x", 1), "write");
  close(gate);
}

/* The same, which stops at its system calls. */
static pid_t trace(void (*act)(void)) {
  int gate;
  pid_t child = seize(act, &gate);
  must(ptrace(PTRACE_INTERRUPT, child, 0, 0), "interrupt");
  must(waitpid(child, NULL, 0), "wait for a stop");
  let_go(gate);
  must(ptrace(PTRACE_SYSCALL, child, 0, 0), "go on");
  return child;
}

/* Its next stop at a system call. False once it has ended. */
static bool next_call(pid_t child, struct __ptrace_syscall_info *info) {
  for (int status; waitpid(child, &status, 0) == child && WIFSTOPPED(status);) {
    bool call = WSTOPSIG(status) == (SIGTRAP | 0x80);
    if (call && ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof *info, info) > 0) return true;
    int signal = status >> 16 || WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
    ptrace(PTRACE_SYSCALL, child, 0, signal);
  }
  return false;
}

static void make_all(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
  const struct sockaddr *to = (const struct sockaddr *)&address;
  int fd = open("file", O_RDWR | O_CREAT, 0640);
  (void)!write(fd, "text", 4);
  open("file", O_RDWR | O_CREAT | O_EXCL, 0640);
  open("missing/file", O_RDWR | O_CREAT, 0640);
  mkdir("folder", 0750);
  rename("file", "folder/moved");
  (void)!link("folder/moved", "again");
  (void)!symlink("folder", "link");
  (void)!truncate("again", 2);
  chmod("again", 0600);
  fchmod(fd, 0604);
  mknod("pipe", S_IFIFO | 0600, 0);
  open("pipe", O_RDWR);
  rmdir("folder");
  unlink("link");
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(listener, to, sizeof address);
  listen(listener, 1);
  connect(socket(AF_UNIX, SOCK_STREAM, 0), to, sizeof address);
  connect(socket(AF_UNIX, SOCK_SEQPACKET, 0), to, sizeof address);
  umask(027);
  umask(0);
}

static int see_calls(void) {
  struct __ptrace_syscall_info info;
  pid_t child = trace(make_all);
  for (unsigned long long number = 0; next_call(child, &info); ptrace(PTRACE_SYSCALL, child, 0, 0))
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) number = info.entry.nr;
    else printf("%llu %lld\n", number, (long long)info.exit.rval);
  return 0;
}

enum { ROUNDS = 400, ROOM = 64 };
static const char *how;
/* At the same addresses in both. */
static char name[ROOM] = "free", other[ROOM];

struct shared {
  int made, refused;
  bool over;
  pid_t tracee;
};
static volatile struct shared *shared;

static void count(long result) {
  if (result >= 0) shared->made++;
  else if (errno == EACCES) shared->refused++;
}

static void make_free(void) {
  for (int round = 0; round < ROUNDS; round++) {
    strcpy(name, "free");
    long fd = strcmp(how, "number") == 0 ? syscall(SYS_access, name, O_CREAT | O_RDWR, 0600)
                                         : syscall(SYS_open, name, O_CREAT | O_RDWR, 0600);
    count(fd);
    if (fd > 2) close((int)fd);
    unlink("free");
    strcpy(name, "free");
    count(syscall(SYS_mkdir, name, 0700));
    rmdir("free");
  }
  shared->over = true;
}

static void write_name(pid_t child, const char *text) {
  struct iovec from = {(void *)text, strlen(text) + 1}, to = {name, strlen(text) + 1};
  (void)!process_vm_writev(child, &from, 1, &to, 1, 0);
}

static void change_call(pid_t child, const struct __ptrace_syscall_info *info) {
  static int turn;
  struct user_regs_struct registers;
  bool begins = info->op == PTRACE_SYSCALL_INFO_ENTRY;
  if (!begins || info->entry.args[0] != (uintptr_t)name || turn++ / 2 % 2) return;
  if (strcmp(how, "memory") == 0) {
    write_name(child, other);
    return;
  }
  must(ptrace(PTRACE_GETREGS, child, 0, &registers), "read registers");
  registers.rdi = (uintptr_t)other;
  if (registers.orig_rax == SYS_access) registers.orig_rax = SYS_open;
  must(ptrace(PTRACE_SETREGS, child, 0, &registers), "write registers");
}

static int change_calls(void) {
  struct __ptrace_syscall_info info;
  if (strcmp(how, "meanwhile") == 0) {
    int gate;
    pid_t child = seize(make_free, &gate);
    for (let_go(gate); !shared->over; write_name(child, "free")) write_name(child, other);
    waitpid(child, NULL, 0);
  } else {
    pid_t child = trace(make_free);
    for (; next_call(child, &info); ptrace(PTRACE_SYSCALL, child, 0, 0)) change_call(child, &info);
  }
  printf("made %d refused %d\n", shared->made, shared->refused);
  return 0;
}

/* For reading alone nobody would open it in its stead. */
static void write_pipe(void) {
  int fd = open("pipe", O_WRONLY);
  _exit(fd >= 0 && write(fd, "x", 1) == 1 ? 0 : 3);
}

/* A tracee that waits in its call, and is to stop. */
static pid_t interrupt_waiting(void) {
  int gate;
  pid_t child = seize(write_pipe, &gate);
  let_go(gate);
  sleep_us(100000);
  must(ptrace(PTRACE_INTERRUPT, child, 0, 0), "interrupt");
  return child;
}

/* The tracer's own calls do not wait for those of its tracee. */
static const char *call_meanwhile(void) {
  int fd = open("meanwhile", O_CREAT | O_RDWR, 0600);
  return fd >= 0 && close(fd) == 0 && unlink("meanwhile") == 0 ? "ok" : "failed";
}

static int end_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) == child && WIFSTOPPED(status))
    ptrace(PTRACE_CONT, child, 0, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int end_by_reading(pid_t child) {
  int reader = (int)must(open("pipe", O_RDONLY | O_NONBLOCK), "open");
  int end = end_of(child);
  close(reader);
  return end;
}

static int wait_for_pipe(void) {
  must(mkfifo("pipe", 0600), "mkfifo");
  pid_t child = interrupt_waiting();
  const char *meanwhile = call_meanwhile();
  printf("interrupted: meanwhile %s, then %d\n", meanwhile, end_by_reading(child));
  child = interrupt_waiting();
  kill(child, SIGKILL);
  meanwhile = call_meanwhile();
  printf("killed: meanwhile %s, then %d\n", meanwhile, end_of(child));
  fflush(stdout);
  pid_t tracer = (pid_t)must(fork(), "fork");
  if (tracer == 0) {
    shared->tracee = interrupt_waiting();
    raise(SIGKILL);
  }
  must(waitpid(tracer, NULL, 0), "wait for a tracer");
  meanwhile = call_meanwhile();
  printf("left alone: meanwhile %s, then %d\n", meanwhile, end_by_reading(shared->tracee));
  return 0;
}

static void make_for_ever(void) {
  for (;;) {
    close(open("busy", O_CREAT | O_RDWR, 0600));
    mkdir("busy-folder", 0700);
    rename("busy", "busier");
    rmdir("busy-folder");
  }
}

static void trace_for_ever(void) {
  struct __ptrace_syscall_info info;
  pid_t child = trace(make_for_ever);
  shared->tracee = child;
  while (next_call(child, &info)) ptrace(PTRACE_SYSCALL, child, 0, 0);
  _exit(0);
}

/* Whether all children, and those that they left, are gone before long. */
static bool all_end(void) {
  for (int looks = 0; looks < 400; looks++, sleep_us(5000))
    for (pid_t one; (one = waitpid(-1, NULL, WNOHANG)) != 0;)
      if (one < 0) return true;
  return false;
}

static int kill_at_any_time(void) {
  int left = 0;
  for (int round = 0; round < 60; round++) {
    shared->tracee = 0;
    pid_t tracer = (pid_t)must(fork(), "fork");
    if (tracer == 0) trace_for_ever();
    while (shared->tracee == 0) sleep_us(100);
    sleep_us(rand() % 5000);
    /* Whoever is left alone goes on by itself. */
    if (round % 2) kill(tracer, SIGKILL);
    kill(shared->tracee, SIGKILL);
    if (!all_end()) left++;
  }
  printf("left %d, then %s\n", left, call_meanwhile());
  return 0;
}

int main(int argc, char **argv) {
  alarm(60);
  must(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl");
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const char *mode = argc > 1 ? argv[1] : "";
  if (strcmp(mode, "calls") == 0) return see_calls();
  if (strcmp(mode, "waits") == 0) return wait_for_pipe();
  if (strcmp(mode, "killed") == 0) return kill_at_any_time();
  if (strcmp(mode, "change") != 0 || argc != 4) return 2;
  how = argv[2];
  snprintf(other, sizeof other, "%s", argv[3]);
  return change_calls();
}
