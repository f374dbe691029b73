/* One call on Unix sockets of its own, in the working directory, and what it gives:
 *
 *   unix-calls WHAT   →   0, an errno, or "waited 0" for one that did not come back at once */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "calls"};
static socklen_t length = sizeof at;
static int listener;

static int make(int type) {
  return socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
}

static const char *say(int result) {
  if (result >= 0) return "0";
  const char *name = strerrorname_np(errno);
  return name ? name : "?";
}

static int call(int fd) {
  return connect(fd, (struct sockaddr *)&at, length);
}

static void listen_at(int type, int backlog) {
  unlink(at.sun_path);
  listener = make(type);
  if (bind(listener, (struct sockaddr *)&at, length) != 0 || listen(listener, backlog) != 0) {
    printf("listen: %s\n", say(-1));
    exit(1);
  }
}

/* Until nobody takes what comes. */
static void fill(void) {
  listen_at(SOCK_STREAM, 0);
  for (;;) {
    int fd = make(SOCK_STREAM | SOCK_NONBLOCK);
    if (call(fd) != 0) return;
  }
}

static _Atomic bool returned;

/* Of the thread that waits: it sleeps in its call once it is looked at. */
static void *take_later(void *unused) {
  (void)unused;
  usleep(300000);
  if (returned) exit(3);
  for (;;) close(accept(listener, NULL, NULL));
}

static const char *wait_for_room(void) {
  fill();
  pthread_t thread;
  pthread_create(&thread, NULL, take_later, NULL);
  int fd = make(SOCK_STREAM);
  int result = call(fd);
  returned = true;
  if (result != 0 || fcntl(fd, F_GETFL) & O_NONBLOCK) return say(-1);
  return "waited 0";
}

static void ignore(int number) {
  (void)number;
}

static void *interrupt(void *thread) {
  for (int i = 0; i < 20 && !returned; i++) {
    usleep(100000);
    pthread_kill(*(pthread_t *)thread, SIGUSR1);
  }
  return NULL;
}

static const char *interrupted(int flags) {
  struct sigaction action = {.sa_handler = ignore, .sa_flags = flags};
  sigaction(SIGUSR1, &action, NULL);
  static pthread_t own;
  own = pthread_self();
  pthread_t thread;
  if (flags) {
    pthread_create(&thread, NULL, interrupt, &own);
    return wait_for_room();
  }
  fill();
  pthread_create(&thread, NULL, interrupt, &own);
  return say(call(make(SOCK_STREAM)));
}

static const char *limited(void) {
  fill();
  int fd = make(SOCK_STREAM);
  struct timeval limit = {.tv_usec = 200000};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return say(call(fd));
}

static const char *connect_to(const char *name, socklen_t size, int type) {
  memset(at.sun_path, 0, sizeof at.sun_path);
  memcpy(at.sun_path, name, strnlen(name, sizeof at.sun_path));
  if (name[0] == '@') at.sun_path[0] = '\0';
  length = size;
  listen_at(type, 5);
  int fd = make(type);
  const char *result = say(call(fd));
  if (name[0] != '@') unlink(at.sun_path);
  return result;
}

static const char *autobind(void) {
  listener = make(SOCK_STREAM);
  if (bind(listener, (struct sockaddr *)&at, sizeof(sa_family_t)) != 0) return say(-1);
  if (listen(listener, 1) != 0) return say(-1);
  length = sizeof at;
  getsockname(listener, (struct sockaddr *)&at, &length);
  return say(call(make(SOCK_STREAM)));
}

static const char *mode(void) {
  static char text[8];
  struct stat status;
  umask(0177);
  listen_at(SOCK_STREAM, 1);
  if (stat(at.sun_path, &status) != 0) return say(-1);
  snprintf(text, sizeof text, "%04o", status.st_mode & 07777);
  return text;
}

static const char *send_to(bool connected) {
  listen_at(SOCK_STREAM, 5);
  int fd = make(SOCK_STREAM);
  if (connected && call(fd) != 0) return say(-1);
  return say((int)sendto(fd, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&at, length));
}

static const char *answer(const char *what) {
  const struct sockaddr *to = (const struct sockaddr *)&at;
  char longest[sizeof at.sun_path + 1];
  memset(longest, 'n', sizeof longest);
  longest[sizeof longest - 1] = '\0';
  if (!strcmp(what, "unterminated")) return connect_to(longest, sizeof at, SOCK_STREAM);
  longest[sizeof longest - 2] = '\0';
  if (!strcmp(what, "longest")) return connect_to(longest, sizeof at, SOCK_STREAM);
  if (!strcmp(what, "abstract")) return connect_to("@calls", 8, SOCK_STREAM);
  if (!strcmp(what, "seqpacket")) return connect_to("calls", sizeof at, SOCK_SEQPACKET);
  if (!strcmp(what, "autobind")) return autobind();
  if (!strcmp(what, "blocking")) return wait_for_room();
  if (!strcmp(what, "limited")) return limited();
  if (!strcmp(what, "signal")) return interrupted(0);
  if (!strcmp(what, "restart")) return interrupted(SA_RESTART);
  if (!strcmp(what, "mode")) return mode();
  if (!strcmp(what, "sendto")) return send_to(false);
  if (!strcmp(what, "sendto-connected")) return send_to(true);
  if (!strcmp(what, "nonblocking")) {
    fill();
    return say(call(make(SOCK_STREAM | SOCK_NONBLOCK)));
  }
  listen_at(SOCK_STREAM, 5);
  int fd = make(SOCK_STREAM);
  if (!strcmp(what, "twice")) return call(fd) == 0 ? say(call(fd)) : "once";
  if (!strcmp(what, "taken")) return say(bind(fd, to, length));
  if (!strcmp(what, "rebound")) {
    struct sockaddr_un other = {.sun_family = AF_UNIX, .sun_path = "calls-2"};
    const char *result = say(bind(listener, (struct sockaddr *)&other, sizeof other));
    return access("calls-2", F_OK) == 0 ? "left a file" : result;
  }
  if (!strcmp(what, "stale")) {
    close(listener);
    return say(call(fd));
  }
  if (!strcmp(what, "type")) return say(call(make(SOCK_SEQPACKET)));
  if (!strcmp(what, "fault")) return say(connect(fd, (struct sockaddr *)8, length));
  if (!strcmp(what, "too-long")) return say(connect(fd, to, 129));
  if (!strcmp(what, "negative")) return say(connect(fd, to, (socklen_t)-1));
  if (!strcmp(what, "empty")) return say(connect(fd, to, 0));
  if (!strcmp(what, "no-socket")) return say(call(open("/dev/null", O_RDONLY)));
  if (!strcmp(what, "closed")) return say(call(999));
  if (!strcmp(what, "path-only")) return say(call(open("/", O_PATH)));
  if (!strcmp(what, "wrong-family")) {
    at.sun_family = AF_INET;
    return say(call(fd));
  }
  return "what?";
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  puts(answer(argv[1]));
  if (at.sun_path[0]) unlink(at.sun_path);
  return 0;
}
