/* Makes system calls about files, as lines of standard input say, and tells all that came of them:
 *
 *   CALL ARGUMENT ... ; CALL ARGUMENT ...      one line, in a process and a folder of its own
 *
 * prints "RESULT, RESULT | what is in the folder". A result is a number, an errno, or for a new
 * descriptor its number, flags (F_GETFL, octal), FD_CLOEXEC, and what it is of. CALL is a system
 * call, or one of chain, limit, fill and spare (below). ARGUMENT: 'text with \n, \xff and \_ for a blank,
 * <text the same just before a page that is not there, <<text without its last byte there (no NUL),
 * $N the Nth descriptor of the line, BAD a pointer to nothing, or numbers and names joined by |. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAMED(name) {#name, name}
#define CALL(name) {#name, SYS_##name}

struct named {
  const char *name;
  long value;
};

static const struct named constants[] = {
    NAMED(O_RDONLY), NAMED(O_WRONLY), NAMED(O_RDWR), NAMED(O_ACCMODE), NAMED(O_CREAT),
    NAMED(O_EXCL), NAMED(O_TRUNC), NAMED(O_APPEND), NAMED(O_NONBLOCK), NAMED(O_SYNC),
    NAMED(O_DSYNC), NAMED(O_DIRECTORY), NAMED(O_NOFOLLOW), NAMED(O_CLOEXEC), NAMED(O_NOATIME),
    NAMED(O_PATH), NAMED(O_TMPFILE), NAMED(O_NOCTTY), NAMED(AT_FDCWD), NAMED(AT_REMOVEDIR),
    NAMED(AT_SYMLINK_FOLLOW), NAMED(AT_SYMLINK_NOFOLLOW), NAMED(AT_EMPTY_PATH),
    NAMED(RENAME_NOREPLACE), NAMED(RENAME_EXCHANGE), NAMED(RENAME_WHITEOUT), NAMED(S_IFREG),
    NAMED(S_IFDIR), NAMED(S_IFLNK), NAMED(S_IFIFO), NAMED(S_IFSOCK), NAMED(S_IFCHR),
    NAMED(S_IFBLK), NAMED(F_SETLEASE), NAMED(F_RDLCK), NAMED(F_WRLCK), NAMED(F_DUPFD),
    {"NULL", 0}, {"BAD", 8},
};

static const struct named calls[] = {
    CALL(openat), CALL(truncate), CALL(mkdirat), CALL(mknodat), CALL(symlinkat), CALL(linkat),
    CALL(renameat2), CALL(unlinkat), CALL(fchmodat), {"fchmodat2", 452}, CALL(fchmod),
    CALL(umask), CALL(chdir), CALL(fchdir), CALL(close), CALL(ftruncate), CALL(write),
    CALL(lseek), CALL(fcntl), CALL(setxattr), CALL(dup3), CALL(memfd_create), CALL(prctl),
#ifdef SYS_open
    CALL(open), CALL(creat), CALL(mkdir), CALL(mknod), CALL(symlink), CALL(link), CALL(rename),
    CALL(unlink), CALL(rmdir), CALL(chmod),
#endif
#ifdef SYS_renameat
    CALL(renameat),
#endif
};

enum { ARGUMENTS = 6, SLOTS = 16, TEXT = 3 * 4096 };

static int slots[SLOTS];
static int used;

static long find(const struct named *list, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(list[i].name, name) == 0) return list[i].value;
  char *end;
  long value = strtol(name, &end, 0);
  if (*name && !*end) return value;
  fprintf(stderr, "unknown: %s\n", name);
  _exit(2);
}

/* At the very end of memory that is followed by none. */
static char *at_edge(const char *text, size_t length) {
  size_t room = (TEXT + length) / 4096 * 4096;
  char *memory = mmap(NULL, room + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(memory + room, 4096);
  return memcpy(memory + room - length, text, length);
}

static size_t unescape(const char *word, char *out) {
  size_t length = 0;
  for (; *word; word++) {
    char byte = *word;
    if (byte == '\\' && *++word == 'x') {
      byte = (char)strtol((char[]){word[1], word[2], 0}, NULL, 16);
      word += 2;
    } else if (byte == '\\') {
      byte = *word == 'n' ? '\n' : *word == '_' ? ' ' : *word;
    }
    out[length++] = byte;
  }
  out[length] = '\0';
  return length;
}

static long argument(char *word) {
  char text[TEXT];
  if (*word == '$') return slots[atoi(word + 1)];
  if (*word == '\'') {
    size_t length = unescape(word + 1, text);
    return (long)memcpy(malloc(length + 1), text, length + 1);
  }
  if (*word == '<') {
    int cut = word[1] == '<';
    size_t length = unescape(word + 1 + cut, text);
    return (long)at_edge(text, length + !cut);
  }
  long value = 0;
  char *rest = NULL;
  for (char *part = strtok_r(word, "|", &rest); part; part = strtok_r(NULL, "|", &rest))
    value |= find(constants, sizeof constants / sizeof *constants, part);
  return value;
}

static char letter(mode_t mode) {
  return "?pc?d?b?-?l?s???"[mode >> 12 & 15];
}

static void tell_descriptor(int fd) {
  struct stat status;
  fstat(fd, &status);
  printf("fd %d %o%s %c%o %lld", fd, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD) ? " cloexec" : "",
         letter(status.st_mode), status.st_mode & 07777, (long long)status.st_size);
  if (used < SLOTS) slots[used++] = fd;
}

static void tell(long result, int opens) {
  if (result < 0) printf("%s", strerrorname_np(errno));
  else if (opens) tell_descriptor((int)result);
  else printf("%ld", result);
}

/* chain N TARGET: N links, l1 to l2 and so on, of which the last leads to the target.
 * limit NAME NUMBER: the soft limit of nofile or fsize. */
static int extra(const char *name, char **words) {
  if (strcmp(name, "chain") == 0) {
    int count = atoi(words[0]);
    for (int i = 1; i <= count; i++) {
      char from[16], to[16];
      snprintf(from, sizeof from, "l%d", i);
      snprintf(to, sizeof to, "l%d", i + 1);
      if (symlink(i == count ? words[1] : to, from) != 0) return 0;
    }
    return 1;
  }
  if (strcmp(name, "limit") != 0) return 0;
  int resource = strcmp(words[0], "nofile") == 0 ? RLIMIT_NOFILE : RLIMIT_FSIZE;
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return 0;
  limit.rlim_cur = (rlim_t)atol(words[1]);
  return setrlimit(resource, &limit) == 0;
}

/* fill bytes, fill names: uses up what the file system has left of them; no more than a small one has. */
static int fill(const char *what) {
  static const char block[4096];
  char name[32] = "filler/bytes";
  int names = strcmp(what, "names") == 0;
  if (mkdir("filler", 0700) != 0) return 0;
  int fd = names ? -1 : creat(name, 0600);
  long done = 0;
  for (int i = 0; done >= 0 && i < 10000; i++) {
    snprintf(name, sizeof name, "filler/%d", i);
    done = names ? mknod(name, S_IFREG | 0600, 0) : write(fd, block, sizeof block);
  }
  int error = errno;
  if (fd >= 0) close(fd);
  return done < 0 && error == ENOSPC;
}

/* spare: gives it back. */
static int spare(void) {
  DIR *filler = opendir("filler");
  if (!filler) return 0;
  for (struct dirent *entry; (entry = readdir(filler));) unlinkat(dirfd(filler), entry->d_name, 0);
  closedir(filler);
  return rmdir("filler") == 0;
}

static int make_extra(const char *name, char **words) {
  if (strcmp(name, "fill") == 0) return fill(words[0]);
  return strcmp(name, "spare") == 0 ? spare() : extra(name, words);
}

static int is_extra(const char *name) {
  static const char *const names[] = {"chain", "limit", "fill", "spare"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) return 1;
  return 0;
}

static void make_call(char *text) {
  char *words[ARGUMENTS + 1] = {0};
  char *rest = NULL;
  int count = 0;
  char *name = strtok_r(text, " ", &rest);
  for (char *word; count < ARGUMENTS && (word = strtok_r(NULL, " ", &rest));) words[count++] = word;
  if (is_extra(name)) {
    printf("%s", make_extra(name, words) ? "0" : "failed");
    return;
  }
  long number = find(calls, sizeof calls / sizeof *calls, name);
  long a[ARGUMENTS] = {0};
  for (int i = 0; i < count; i++) a[i] = argument(words[i]);
  int opens = strncmp(name, "open", 4) == 0 || strcmp(name, "creat") == 0 ||
              strcmp(name, "memfd_create") == 0;
  tell(syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]), opens);
}

static int visible(const struct dirent *entry) {
  return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void print_name(const char *name) {
  if (strlen(name) > 40) printf("%.8s...%zu", name, strlen(name));
  else
    for (; *name; name++) printf(*name > ' ' && *name < 127 ? "%c" : "\\x%02hhx", *name);
}

static void tell_folder(int folder) {
  struct dirent **entries;
  int count = scandirat(folder, ".", &entries, visible, alphasort);
  for (int i = 0; i < count; i++) {
    const char *name = entries[i]->d_name;
    struct stat status;
    fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW);
    printf(" ");
    print_name(name);
    printf(":%c%o,%lu", letter(status.st_mode), status.st_mode & 07777, (long)status.st_nlink);
    if (S_ISREG(status.st_mode)) printf(",%lld", (long long)status.st_size);
    if (!S_ISDIR(status.st_mode)) continue;
    int inner = openat(folder, name, O_RDONLY | O_DIRECTORY);
    if (inner < 0) continue;
    printf(" {");
    tell_folder(inner);
    printf(" }");
    close(inner);
  }
}

static void furnish(void) {
  int fd = open("file", O_WRONLY | O_CREAT, 0644);
  if (fd < 0 || write(fd, "hello", 5) != 5 || close(fd) != 0 || mkdir("folder", 0755) != 0 ||
      close(creat("folder/inner", 0600)) != 0 || symlink("file", "link") != 0 ||
      symlink("folder", "to-folder") != 0 || symlink("made", "dangling") != 0 ||
      symlink("loop", "loop") != 0 || symlink("missing/made", "far") != 0 ||
      mkfifo("fifo", 0644) != 0)
    _exit(3);
}

/* Outside as inside: nothing but the ids and the modes of files decides. */
static void drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {0};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  syscall(SYS_capset, &header, none);
  umask(022);
}

static void run_line(char *line, int number) {
  char name[16];
  snprintf(name, sizeof name, "row%d", number);
  if (mkdir(name, 0755) != 0) _exit(4);
  int folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fchdir(folder) != 0) _exit(5);
  furnish();
  alarm(20);
  char *rest = NULL;
  int first = 1;
  for (char *call = strtok_r(line, ";", &rest); call; call = strtok_r(NULL, ";", &rest)) {
    if (!first) printf(", ");
    first = 0;
    make_call(call);
  }
  printf(" |");
  extra("limit", (char *[]){"nofile", "1024"});
  tell_folder(folder);
  printf("\n");
  fflush(stdout);
  _exit(0);
}

int main(void) {
  static char line[1 << 16];
  drop_capabilities();
  for (int number = 0; fgets(line, sizeof line, stdin); number++) {
    line[strcspn(line, "\n")] = '\0';
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) run_line(line, number);
    int status;
    if (waitpid(child, &status, 0) != child || status != 0) printf("ended with %d\n", status);
  }
  return 0;
}
