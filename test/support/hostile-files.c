/* Attacks on whoever changes files for others. Works in the current folder, where "free", ".git/hooks"
 * and "swap" are:
 *
 *   hostile-files races SECONDS     all races at once; see the list below
 *   hostile-files storm SECONDS     named pipes are opened while process 1 gets all signals
 *
 * A process beside them makes and removes files all the time. Prints "beats N wrong M": how many it
 * made in the last part of the time, and how many descriptors were not of what was opened. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
  atomic_long beats, wrong;
} *shared;

typedef void *attack(void *argument);

static void run_beside(attack *other) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, other, NULL) != 0) _exit(2);
}

static void make(int folder, const char *path) {
  int fd = openat(folder, path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
  if (fd < 0) return;
  (void)!write(fd, "evil", 4);
  (void)close(fd);
}

/* One byte of the name, between allowed and protected. */
static volatile char flipped[] = "free/amcp.json";

static void *flip_name(void *argument) {
  for (;;) {
    flipped[5] = '.';
    flipped[5] = 'a';
  }
  return argument;
}

static void flip(void) {
  const char *name = (const char *)flipped;
  run_beside(flip_name);
  for (;;) {
    make(AT_FDCWD, name);
    (void)unlink("free/amcp.json");
    (void)mkdir(name, 0755);
    (void)rmdir("free/amcp.json");
    (void)symlink("file", name);
    (void)unlink("free/amcp.json");
    (void)link("free/file", name);
    (void)unlink("free/amcp.json");
    make(AT_FDCWD, "free/mine");
    (void)rename("free/mine", name);
    (void)rename("free/amcp.json", "free/mine");
    (void)mkfifo(name, 0644);
    (void)unlink("free/amcp.json");
  }
}

static void *swap_folders(void *argument) {
  for (;;) {
    (void)renameat2(AT_FDCWD, "swap/a", AT_FDCWD, "swap/b", RENAME_EXCHANGE);
    (void)renameat2(AT_FDCWD, "swap/deep/a", AT_FDCWD, "swap/deep/b", RENAME_EXCHANGE);
  }
  return argument;
}

/* "swap/b" leads to .git, "swap/deep/b" to the folder that .git is in. */
static void follow_swapped(void) {
  run_beside(swap_folders);
  for (;;) {
    make(AT_FDCWD, "swap/a/hooks/evil");
    make(AT_FDCWD, "swap/deep/a/.git/hooks/evil");
    (void)mkdir("swap/a/hooks/evil", 0755);
    (void)rename("free/file", "swap/a/hooks/evil");
    (void)link("free/file", "swap/deep/a/.git/hooks/evil");
    (void)symlink("x", "swap/a/hooks/evil");
    (void)truncate("swap/a/hooks/pre-commit", 0);
    (void)chmod("swap/a/hooks/pre-commit", 0755);
    (void)unlink("swap/a/hooks/pre-commit");
    (void)unlink("swap/a/hooks/evil");
    make(AT_FDCWD, "free/file");
  }
}

static int protected_folder, free_folder;
enum { SHARED_FD = 100 };

static void open_folders(void) {
  protected_folder = open(".git/hooks", O_PATH);
  free_folder = open("free", O_PATH);
}

static void *change_folder(void *argument) {
  for (;;) {
    (void)fchdir(protected_folder);
    (void)fchdir(free_folder);
  }
  return argument;
}

static void from_changing_folder(void) {
  open_folders();
  run_beside(change_folder);
  for (;;) {
    make(AT_FDCWD, "evil");
    (void)truncate("pre-commit", 0);
    (void)rename("file", "evil");
    (void)mkdir("evil", 0755);
  }
}

static void *change_descriptor(void *argument) {
  for (;;) {
    (void)dup2(protected_folder, SHARED_FD);
    (void)dup2(free_folder, SHARED_FD);
    (void)close(SHARED_FD);
  }
  return argument;
}

static void from_changing_descriptor(void) {
  open_folders();
  run_beside(change_descriptor);
  for (;;) {
    make(SHARED_FD, "evil");
    (void)renameat(free_folder, "file", SHARED_FD, "evil");
    (void)linkat(SHARED_FD, "pre-commit", free_folder, "taken", 0);
    (void)fchmodat(SHARED_FD, "pre-commit", 0755, 0);
    (void)unlinkat(SHARED_FD, "pre-commit", 0);
  }
}

/* What is at "free/x" is a file, a folder and a link in turn. */
static void *change_kind(void *argument) {
  for (;;) {
    (void)renameat2(AT_FDCWD, "free/x", AT_FDCWD, "free/folder", RENAME_EXCHANGE);
    (void)renameat2(AT_FDCWD, "free/x", AT_FDCWD, "free/leads", RENAME_EXCHANGE);
  }
  return argument;
}

/* A file where rules lead through is removed again; what is left is what may not be there. */
static void move_changing_kind(void) {
  run_beside(change_kind);
  for (;;) {
    (void)rename("free/x", "free/.github");
    (void)link("free/x", "free/.github");
    struct stat status;
    if (lstat("free/.github", &status) == 0 && S_ISREG(status.st_mode))
      (void)rename("free/.github", "free/x");
    if (access("free/x", F_OK) != 0) make(AT_FDCWD, "free/x");
    if (access("free/folder", F_OK) != 0) (void)mkdir("free/folder", 0755);
    if (access("free/leads", F_OK) != 0) (void)symlink("folder", "free/leads");
  }
}

static void be_killed(void) {
  for (;;) {
    pid_t child = fork();
    if (child == 0) {
      (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) {
        make(AT_FDCWD, "free/.mcp.json");
        make(AT_FDCWD, "free/killed");
        (void)rename("free/killed", ".git/hooks/evil");
      }
    }
    for (int i = rand() % 200; i > 0; i--) (void)sched_yield();
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
  }
}

static void open_pipe(int flags) {
  struct stat status;
  for (;;) {
    int fd = open("free/pipe", flags);
    if (fd <= STDERR_FILENO || fstat(fd, &status) != 0 || !S_ISFIFO(status.st_mode))
      shared->wrong++;
    if (fd > STDERR_FILENO) (void)close(fd);
  }
}

static void read_pipe(void) {
  open_pipe(O_RDONLY);
}

static void write_pipe(void) {
  open_pipe(O_WRONLY);
}

static void signal_process_one(void) {
  for (int number = 1;; number = number % SIGRTMAX + 1) {
    union sigval value = {.sival_int = 1};
    (void)kill(1, number);
    (void)kill(1, SIGRTMIN);
    (void)sigqueue(1, SIGRTMIN, value);
    DIR *threads = number % 16 ? NULL : opendir("/proc/1/task");
    for (struct dirent *entry; threads && (entry = readdir(threads));)
      (void)syscall(SYS_tgkill, 1, atoi(entry->d_name), number % 32 ? SIGRTMIN : SIGKILL);
    if (threads) (void)closedir(threads);
  }
}

static void beat(void) {
  for (;;) {
    int fd = open("free/beat", O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd >= 0 && close(fd) == 0 && unlink("free/beat") == 0) shared->beats++;
  }
}

static pid_t beside(void (*act)(void)) {
  pid_t child = fork();
  if (child != 0) return child;
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  act();
  _exit(0);
}

int main(int argc, char **argv) {
  static void (*const races[])(void) = {flip, follow_swapped, from_changing_folder,
                                        from_changing_descriptor, move_changing_kind, be_killed,
                                        beat, NULL};
  static void (*const storm[])(void) = {read_pipe, write_pipe, signal_process_one, beat, NULL};
  if (argc != 3) return 2;
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 2;
  (void)mkfifo("free/pipe", 0644);
  void (*const *acts)(void) = strcmp(argv[1], "storm") == 0 ? storm : races;
  pid_t children[8];
  size_t count = 0;
  for (; acts[count]; count++) children[count] = beside(acts[count]);
  useconds_t half = (useconds_t)(atof(argv[2]) * 500000);
  for (useconds_t waited = 0; waited < half; waited += 10000) (void)usleep(10000);
  shared->beats = 0;
  for (useconds_t waited = 0; waited < half; waited += 10000) (void)usleep(10000);
  long beats = shared->beats;
  for (size_t i = 0; i < count; i++) (void)kill(children[i], SIGKILL);
  while (wait(NULL) > 0) continue;
  printf("beats %ld wrong %ld\n", beats, (long)shared->wrong);
  return 0;
}
