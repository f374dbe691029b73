/* Makes system calls by name and prints what each gave, as one JSON object:
 *
 *   try-syscall getpid socket:16:3:9 mount:@:@:1   →   {"getpid":7,"socket:16:3:9":"EPROTONOSUPPORT",…}
 *
 * After the name come arguments in any C notation; "@" is a pointer to 4 KiB of zeroes and "%" to
 * one iovec that names 8 of them; what begins with an apostrophe is a text. A number is the call's result, a name its errno or the signal
 * that ended it. Each call has a process of its own, so none spoils the next.
 *
 *   --own-user-namespace   first: become root of a new user and mount namespace
 *   --here CALL            make one call in this very process, and print nothing */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ARGUMENTS = 6, SCRATCH = 4096, X32_BIT = 0x40000000 };

struct call {
  const char *name;
  long number;
};

/* Numbers from 424 on are the same on every architecture; older C libraries do not name them. */
static const struct call calls[] = {
    {"getpid", SYS_getpid},
    {"socket", SYS_socket},
    {"socketpair", SYS_socketpair},
    {"ioctl", SYS_ioctl},
    {"kill", SYS_kill},
    {"ptrace", SYS_ptrace},
    {"process_vm_readv", SYS_process_vm_readv},
    {"process_vm_writev", SYS_process_vm_writev},
    {"pidfd_open", 434},
    {"setpriority", SYS_setpriority},
    {"shmget", SYS_shmget},
    {"shmctl", SYS_shmctl},
    {"clone", SYS_clone},
    {"clone3", 435},
    {"unshare", SYS_unshare},
    {"setns", SYS_setns},
    {"chroot", SYS_chroot},
    {"mount", SYS_mount},
    {"umount2", SYS_umount2},
    {"pivot_root", SYS_pivot_root},
    {"open_tree", 428},
    {"move_mount", 429},
    {"fsopen", 430},
    {"fsconfig", 431},
    {"fsmount", 432},
    {"fspick", 433},
    {"mount_setattr", 442},
    {"io_uring_setup", 425},
    {"io_uring_enter", 426},
    {"io_uring_register", 427},
    {"bpf", SYS_bpf},
    {"perf_event_open", SYS_perf_event_open},
    {"userfaultfd", SYS_userfaultfd},
    {"keyctl", SYS_keyctl},
    {"add_key", SYS_add_key},
    {"request_key", SYS_request_key},
    {"kexec_load", SYS_kexec_load},
    {"init_module", SYS_init_module},
    {"finit_module", SYS_finit_module},
    {"open_by_handle_at", SYS_open_by_handle_at},
    {"syslog", SYS_syslog},
    {"openat", SYS_openat},
    {"openat2", 437},
    {"truncate", SYS_truncate},
    {"mkdirat", SYS_mkdirat},
    {"mknodat", SYS_mknodat},
    {"symlinkat", SYS_symlinkat},
    {"linkat", SYS_linkat},
    {"renameat2", SYS_renameat2},
    {"unlinkat", SYS_unlinkat},
    {"fchmodat", SYS_fchmodat},
    {"fchmodat2", 452},
    {"setxattr", SYS_setxattr},
    {"tgkill", SYS_tgkill},
    {"rt_sigqueueinfo", SYS_rt_sigqueueinfo},
    {"unknown", 9999},
};

struct outcome {
  long result;
  int error;
};

static char scratch[SCRATCH];
static struct iovec vector = {.iov_base = scratch, .iov_len = 8};

static long parse_argument(const char *text) {
  if (strcmp(text, "@") == 0) return (long)scratch;
  if (strcmp(text, "%") == 0) return (long)&vector;
  if (text[0] == '\'') return (long)(text + 1);
  /* strtoul, because a request with garbage in its upper half does not fit in a long. */
  return text[0] == '-' ? strtol(text, NULL, 0) : (long)strtoul(text, NULL, 0);
}

static long by_number(long number, char *rest) {
  long a[MAX_ARGUMENTS] = {0};
  for (size_t i = 0; rest && i < MAX_ARGUMENTS; i++) a[i] = parse_argument(strsep(&rest, ":"));
  long result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (number == SYS_clone && result == 0) _exit(0);
  return result;
}

/* A pair of this type, and one end of it connected to a path: "pair-connect:TYPE:PATH". */
static long pair_connect(char *rest) {
  int ends[2];
  int type = (int)parse_argument(strsep(&rest, ":"));
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (rest) strncpy(address.sun_path, rest, sizeof address.sun_path - 1);
  if (socketpair(AF_UNIX, type, 0, ends) != 0) return -1;
  return connect(ends[0], (struct sockaddr *)&address, sizeof address);
}

/* A name for a socket that was made by socketpair(2): "pair-bind:PATH". */
static long pair_bind(const char *path) {
  int ends[2];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
  return bind(ends[0], (struct sockaddr *)&address, sizeof address);
}

/* A name for a file that has none yet: "name-unnamed:FOLDER:PATH". */
static long name_unnamed(char *rest) {
  char link[32];
  int fd = open(strsep(&rest, ":"), O_TMPFILE | O_WRONLY, 0644);
  if (fd < 0) return -1;
  (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  return linkat(AT_FDCWD, link, AT_FDCWD, rest, AT_SYMLINK_FOLLOW);
}

/* Makes a file by a path in which "%d" is a descriptor of the working directory: "through:FORMAT". */
static long make_through(const char *format) {
  char path[SCRATCH];
  const char *number = strstr(format, "%d");
  int fd = open(".", O_PATH);
  if (!number || fd < 0) return -1;
  (void)snprintf(path, sizeof path, "%.*s%d%s", (int)(number - format), format, fd, number + 2);
  return open(path, O_CREAT | O_WRONLY, 0644);
}

/* What chmod(2) would do, by the access list of a file (acl(5)): "list-mode:PATH". */
static long list_mode(const char *path) {
  static const struct {
    unsigned int version;
    struct {
      unsigned short tag, permissions;
      unsigned int id;
    } entry[3];
  } list = {2, {{0x01, 7, ~0U}, {0x04, 5, ~0U}, {0x20, 5, ~0U}}};
  return syscall(SYS_setxattr, path, "system.posix_acl_access", &list, sizeof list, 0);
}

/* An ioctl(2) of a folder that was opened to be read: "ioctl-of:REQUEST:FOLDER". */
static long ioctl_of(char *rest) {
  unsigned long request = (unsigned long)parse_argument(strsep(&rest, ":"));
  int fd = open(rest, O_RDONLY);
  return fd < 0 ? -1 : ioctl(fd, request, scratch);
}

#if defined(__x86_64__)
/* The 32-bit entry: number 20 is getpid there. */
static long getpid_by_int80(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  return result;
}
#endif

static long perform(char *text) {
  char *rest = text;
  const char *name = strsep(&rest, ":");
  if (strcmp(name, "pair-connect") == 0) return pair_connect(rest);
  if (strcmp(name, "pair-bind") == 0) return pair_bind(rest);
  if (strcmp(name, "name-unnamed") == 0) return name_unnamed(rest);
  if (strcmp(name, "through") == 0) return make_through(rest);
  if (strcmp(name, "list-mode") == 0) return list_mode(rest);
  if (strcmp(name, "ioctl-of") == 0) return ioctl_of(rest);
#if defined(__x86_64__)
  if (strcmp(name, "getpid-x32") == 0) return by_number(SYS_getpid | X32_BIT, rest);
  if (strcmp(name, "getpid-int80") == 0) return getpid_by_int80();
#endif
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (strcmp(name, calls[i].name) == 0) return by_number(calls[i].number, rest);
  (void)fprintf(stderr, "try-syscall: no call named %s\n", name);
  _exit(2);
}

static void print_outcome(const char *text, const struct outcome *outcome, int status) {
  printf("\"%s\":", text);
  if (WIFSIGNALED(status)) printf("\"SIG%s\"", sigabbrev_np(WTERMSIG(status)));
  else if (outcome->result >= 0) printf("%ld", outcome->result);
  else printf("\"%s\"", strerrorname_np(outcome->error));
}

static bool try_call(char *text, struct outcome *outcome) {
  char *copy = strdup(text);
  pid_t child = copy ? fork() : -1;
  if (child == 0) {
    errno = 0;
    outcome->result = perform(copy);
    outcome->error = errno;
    _exit(0);
  }
  free(copy);
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child) return false;
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0) return false;
  print_outcome(text, outcome, status);
  return true;
}

static bool write_file(const char *path, const char *text) {
  size_t length = strlen(text);
  int fd = open(path, O_WRONLY);
  bool done = fd >= 0 && write(fd, text, length) == (ssize_t)length;
  return fd >= 0 && close(fd) == 0 && done;
}

static bool enter_own_user_namespace(void) {
  char uid_map[32], gid_map[32];
  (void)snprintf(uid_map, sizeof uid_map, "0 %u 1", geteuid());
  (void)snprintf(gid_map, sizeof gid_map, "0 %u 1", getegid());
  return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/uid_map", uid_map) && write_file("/proc/self/gid_map", gid_map);
}

int main(int argc, char **argv) {
  int first = 1;
  if (argc == 3 && strcmp(argv[1], "--here") == 0) return perform(argv[2]) >= 0 ? 0 : 1;
  if (argc > 1 && strcmp(argv[1], "--own-user-namespace") == 0) {
    if (!enter_own_user_namespace()) return 3;
    first++;
  }
  struct outcome *outcome = mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (outcome == MAP_FAILED) return 4;
  (void)setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  putchar('{');
  for (int i = first; i < argc; i++) {
    if (i > first) putchar(',');
    /* Nothing may be in the buffer that the child would print a second time. */
    if (fflush(stdout) != 0 || !try_call(argv[i], outcome)) return 5;
  }
  puts("}");
  return 0;
}
