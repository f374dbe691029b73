/* What processes and threads do to files at the same time, one line for each NAME of the arguments:
 *
 *   file-races NAME ...      prints "NAME: OUTCOME" */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 64, EACH = 40, STORM = 10000, OPENERS = 100 };

static char place[64];

static const char *path(const char *prefix, int number) {
  static _Thread_local char text[64];
  snprintf(text, sizeof text, "%s%d", prefix, number);
  return text;
}

/* Makes a file that must not be there. Returns 0 or an errno. */
static int make(const char *name) {
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

static const char *result(int done) {
  return done >= 0 ? "ok" : strerrorname_np(errno);
}

static mode_t mode_of(const char *name) {
  struct stat status;
  return stat(name, &status) == 0 ? status.st_mode & 07777 : 0;
}

static void pause_for(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  while (nanosleep(&time, &time) != 0) continue;
}

/* Nobody but its opener ever had the file open, once that has closed it. */
static void reopened(void) {
  int busy = 0, failed = 0;
  for (int i = 0; i < 1000; i++) {
    int fd = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0700);
    if (fd < 0 || write(fd, "#!/bin/sh\n", 10) != 10) failed++;
    close(fd);
    if (i % 2) failed += truncate("script", 10) != 0;
    fd = open("script", O_RDONLY);
    if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0) busy++;
    close(fd);
    if (i % 50) continue;
    pid_t child = vfork();
    if (child == 0) {
      execl("script", "script", NULL);
      _exit(errno);
    }
    int status;
    waitpid(child, &status, 0);
    busy += status != 0;
  }
  printf("busy %d failed %d", busy, failed);
}

static void *make_many(void *number) {
  long failed = 0;
  for (int i = 0; i < EACH; i++) failed += make(path("t", (int)(long)number * EACH + i)) != 0;
  return (void *)failed;
}

static void threads(void) {
  pthread_t all[THREADS];
  long failed = 0;
  for (long i = 0; i < THREADS; i++) pthread_create(&all[i], NULL, make_many, (void *)i);
  for (int i = 0; i < THREADS; i++) {
    void *of;
    pthread_join(all[i], &of);
    failed += (long)of;
  }
  printf("failed %ld", failed);
}

static void forks(void) {
  int failed = 0, status;
  for (int i = 0; i < 300; i++)
    if (fork() == 0) _exit(make(path("f", i)));
  while (wait(&status) > 0) failed += status != 0;
  printf("failed %d", failed);
}

static void ring(int number) {
  (void)number;
}

/* With SA_RESTART nothing is to be seen of the signals; without, a call may say EINTR, and has done
 * nothing then. */
static void storm(int flags) {
  struct sigaction action = {.sa_handler = ring, .sa_flags = flags};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &often, NULL);
  int failed = 0;
  for (int i = 0; i < STORM; i++) {
    int error = make(path("s", i));
    while (error == EINTR && flags == 0) error = make(path("s", i));
    failed += error != 0;
  }
  setitimer(ITIMER_REAL, &never, NULL);
  int missing = 0;
  for (int i = 0; i < STORM; i++) missing += unlink(path("s", i)) != 0;
  printf("failed %d missing %d", failed, missing);
}

static void storm_restarts(void) {
  storm(SA_RESTART);
}

static void storm_interrupts(void) {
  storm(0);
}

static pthread_barrier_t turn;

static void *own_folder(void *unused) {
  (void)unused;
  unshare(CLONE_FS);
  mkdir("own", 0755);
  chdir("own");
  umask(027);
  make("mine");
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&turn);
  make("mine-later");
  return NULL;
}

static void *shared_mask(void *unused) {
  (void)unused;
  make("before");
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&turn);
  make("after");
  return NULL;
}

static int in_clone(void *unused) {
  (void)unused;
  make("cloned");
  umask(0);
  return 0;
}

/* Working directories and masks, of threads and processes that share them or do not. */
static void masks(void) {
  pthread_t thread;
  umask(022);
  pthread_barrier_init(&turn, NULL, 2);
  pthread_create(&thread, NULL, shared_mask, NULL);
  pthread_barrier_wait(&turn);
  umask(077);
  pthread_barrier_wait(&turn);
  pthread_join(thread, NULL);
  pthread_create(&thread, NULL, own_folder, NULL);
  pthread_barrier_wait(&turn);
  umask(002);
  make("ours");
  pthread_barrier_wait(&turn);
  pthread_join(thread, NULL);
  pid_t child = vfork();
  if (child == 0) {
    umask(070);
    make("vforked");
    _exit(0);
  }
  waitpid(child, NULL, 0);
  make("still");
  char *stack = malloc(65536);
  child = clone(in_clone, stack + 65536, CLONE_FS | SIGCHLD, NULL);
  waitpid(child, NULL, 0);
  make("shared");
  printf("%o %o %o %o %o %o %o %o %o", mode_of("before"), mode_of("after"), mode_of("own/mine"),
         mode_of("own/mine-later"), mode_of("ours"), mode_of("vforked"), mode_of("still"),
         mode_of("cloned"), mode_of("shared"));
  umask(022);
}

/* Each child waits in open(2) for a reader. */
static pid_t wait_for_reader(void) {
  mkfifo("pipe", 0600);
  pid_t child = fork();
  if (child == 0) {
    int fd = open("pipe", O_WRONLY);
    _exit(fd < 0 ? errno : write(fd, "x", 1) == 1 ? 0 : 99);
  }
  return child;
}

static void meeting(void) {
  pid_t child = wait_for_reader();
  char got = '-';
  int fd = open("pipe", O_RDONLY), status;
  ssize_t length = read(fd, &got, 1);
  waitpid(child, &status, 0);
  close(fd);
  int alone = open("pipe", O_WRONLY | O_NONBLOCK);
  printf("%zd %c %d, alone %s", length, got, status, result(alone));
}

static void interrupted(void) {
  mkfifo("pipe", 0600);
  struct sigaction action = {.sa_handler = ring};
  sigaction(SIGALRM, &action, NULL);
  ualarm(100000, 0);
  printf("%s", result(open("pipe", O_WRONLY)));
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  if (fork() == 0) {
    pause_for(300);
    _exit(open("pipe", O_RDONLY) < 0);
  }
  ualarm(100000, 0);
  printf(" restarted %s", result(open("pipe", O_WRONLY)));
  wait(NULL);
}

/* Signals that are nobody's to handle, to who waits in open(2). */
static void signalled(void) {
  static const int numbers[] = {SIGKILL, SIGTERM, SIGQUIT, SIGHUP};
  int status;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    pid_t child = wait_for_reader();
    pause_for(100);
    kill(child, numbers[i]);
    waitpid(child, &status, 0);
    printf("%d ", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
  }
  /* Not SIGTSTP, which does nothing in a process group that nobody controls (credentials(7)). */
  static const int stops[] = {SIGSTOP};
  for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
    pid_t child = wait_for_reader();
    pause_for(100);
    kill(child, stops[i]);
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d ", WIFSTOPPED(status) ? WSTOPSIG(status) : -1);
    kill(child, SIGCONT);
    int fd = open("pipe", O_RDONLY);
    waitpid(child, &status, 0);
    printf("then %d ", status);
    close(fd);
  }
}

static void many_wait(void) {
  mkfifo("pipe", 0600);
  int failed = 0, status;
  for (int i = 0; i < OPENERS; i++)
    if (fork() == 0) _exit(open("pipe", O_WRONLY) < 0 ? errno : 0);
  pause_for(100);
  for (int i = 0; i < 200; i++) failed += make(path("w", i)) != 0;
  printf("meanwhile failed %d", failed);
  fflush(stdout);
  int fd = open("pipe", O_RDWR);
  for (failed = 0; wait(&status) > 0;) failed += status != 0;
  printf(" openers failed %d", failed);
  close(fd);
}

/* Who holds a lease makes the next one wait, and nobody else. */
static void leased(void) {
  signal(SIGIO, ring);
  int held = open("leased", O_RDWR | O_CREAT, 0600);
  int taken = fcntl(held, F_SETLEASE, F_WRLCK);
  printf("lease %s", result(taken));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    close(held);
    _exit(truncate("leased", 3) != 0 || open("leased", O_WRONLY) < 0 ? errno : 0);
  }
  pause_for(100);
  printf(" at once %s", result(open("leased", O_WRONLY | O_NONBLOCK | O_CREAT, 0600)));
  int failed = 0, status;
  for (int i = 0; i < 200; i++) failed += make(path("l", i)) != 0;
  printf(" meanwhile failed %d ended %d", failed, waitpid(child, &status, WNOHANG));
  fcntl(held, F_SETLEASE, F_UNLCK);
  waitpid(child, &status, 0);
  printf(" then %d", status);
}

static void *wait_in_thread(void *unused) {
  (void)unused;
  (void)open("pipe", O_WRONLY);
  return NULL;
}

/* A thread that waits in open(2) is no trouble to execve and exit of its process. */
static void beside(void) {
  mkfifo("pipe", 0600);
  int status;
  pid_t child = fork();
  if (child == 0) {
    pthread_t thread;
    pthread_create(&thread, NULL, wait_in_thread, NULL);
    pause_for(100);
    execl("/bin/true", "true", NULL);
  }
  waitpid(child, &status, 0);
  printf("%d", status);
}

static void too_large(void) {
  struct rlimit limit = {10, RLIM_INFINITY};
  int status;
  pid_t child = fork();
  make("small");
  if (child == 0) {
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(truncate("small", 100) != 0 ? errno : 0);
  }
  waitpid(child, &status, 0);
  printf("%d", status);
}

static volatile int go_on;

static void *make_masked(void *unused) {
  (void)unused;
  for (int round = 0; round < 200; round++) {
    pthread_barrier_wait(&turn);
    while (go_on == round) {
      make("any");
      unlink("any");
    }
    make(path("m", round));
    pthread_barrier_wait(&turn);
  }
  return NULL;
}

/* What a thread makes after another has set their mask has it, whatever it made meanwhile. */
static void mask_changes(void) {
  pthread_t thread;
  pthread_barrier_init(&turn, NULL, 2);
  pthread_create(&thread, NULL, make_masked, NULL);
  int wrong = 0;
  for (int round = 0; round < 200; round++) {
    umask(0);
    pthread_barrier_wait(&turn);
    usleep(200);
    umask(077);
    go_on = round + 1;
    pthread_barrier_wait(&turn);
  }
  pthread_join(thread, NULL);
  for (int round = 0; round < 200; round++) wrong += mode_of(path("m", round)) != 0600;
  printf("wrong %d", wrong);
}

static const struct {
  const char *name;
  void (*run)(void);
} races[] = {
    {"reopened", reopened},       {"threads", threads},
    {"forks", forks},             {"storm-restarts", storm_restarts},
    {"masks", masks},             {"storm-interrupts", storm_interrupts},
    {"meeting", meeting},         {"interrupted", interrupted},
    {"signalled", signalled},     {"many-wait", many_wait},
    {"leased", leased},           {"beside", beside},
    {"too-large", too_large},
    {"mask-changes", mask_changes},
};

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    /* Each in a process and a folder of its own. */
    snprintf(place, sizeof place, "%s.d", argv[i]);
    printf("%s: ", argv[i]);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      if (mkdir(place, 0755) != 0 || chdir(place) != 0) return 1;
      for (size_t j = 0; j < sizeof races / sizeof *races; j++)
        if (strcmp(races[j].name, argv[i]) == 0) races[j].run();
      fflush(stdout);
      _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    if (status != 0) printf("ended with %d", status);
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
