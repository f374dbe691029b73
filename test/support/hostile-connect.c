/* Connects as a program does that means harm to whoever does it on its behalf:
 *
 *   hostile-connect HOW ADDRESS PORT
 *
 * linger: another thread connects the socket elsewhere while its connect(2) waits, sends more than
 *   the far end takes, and closes it: whoever closes it last waits for an hour.
 * deaf: nobody hears what the connect(2) says, for 1.5 s; prints "deaf" when it has begun.
 * close: says whether the last close(2) of such a socket waits, for a second.
 * blocking: the same as deaf, and another thread makes the socket a blocking one all the time. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in to;
static _Atomic pid_t caller;

static void *in_thread(void *fd) {
  caller = (pid_t)syscall(SYS_gettid);
  long error = connect(*(int *)fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
  caller = 0;
  return (void *)error;
}

/* Whether the thread sleeps, which it does nowhere but in connect(2). */
static int sleeps(pid_t thread) {
  char path[64], text[256] = "";
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
  int fd = open(path, O_RDONLY);
  if (fd < 0) return 0;
  ssize_t got = read(fd, text, sizeof text - 1);
  close(fd);
  const char *state = got > 0 ? strrchr(text, ')') : NULL;
  return state && state[2] == 'S';
}

/* Whoever gets a signed segment and has no key for it drops it in silence (RFC 2385). */
static void deafen(int fd) {
  struct tcp_md5sig key = {.tcpm_keylen = 3, .tcpm_key = "key"};
  struct sockaddr_in near = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  memcpy(&key.tcpm_addr, &near, sizeof near);
  if (setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &key, sizeof key) != 0) perror("TCP_MD5SIG");
}

static void fill(int fd) {
  static char bytes[65536];
  while (send(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0) continue;
}

static void set_linger(int fd, int seconds) {
  struct linger linger = {.l_onoff = 1, .l_linger = seconds};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

/* A listener that takes no connection, and so nothing that is sent beyond a certain amount. */
static struct sockaddr_in listen_near(void) {
  struct sockaddr_in near = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof near;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&near, length) != 0 || listen(fd, 100) != 0) perror("listen");
  getsockname(fd, (struct sockaddr *)&near, &length);
  return near;
}

static int connect_near(int fd, const struct sockaddr_in *near) {
  if (connect(fd, (const struct sockaddr *)near, sizeof *near) != 0) return -1;
  fill(fd);
  return 0;
}

static void linger(const struct sockaddr_in *near) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  set_linger(fd, 3600);
  pthread_t thread;
  caller = -1;
  pthread_create(&thread, NULL, in_thread, &fd);
  while (caller == -1 || (caller > 0 && !sleeps(caller))) usleep(20);
  usleep(100);
  if (caller > 0 && connect_near(fd, near) == 0 && caller > 0) close(fd);
  pthread_join(thread, NULL);
}

static const char *close_waits(const struct sockaddr_in *near) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  set_linger(fd, 1);
  if (connect_near(fd, near) != 0) return "not connected";
  time_t begun = time(NULL);
  close(fd);
  return time(NULL) > begun ? "waited" : "did not wait";
}

static void *make_blocking(void *fd) {
  for (;;) fcntl(*(int *)fd, F_SETFL, 0);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  to.sin_family = AF_INET;
  to.sin_port = htons((in_port_t)atoi(argv[3]));
  inet_pton(AF_INET, argv[2], &to.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (strcmp(argv[1], "linger") == 0) {
    struct sockaddr_in near = listen_near();
    puts("trying");
    fflush(stdout);
    for (int i = 0; i < 20; i++) linger(&near);
    pause();
  }
  if (strcmp(argv[1], "close") == 0) {
    struct sockaddr_in near = listen_near();
    puts(close_waits(&near));
  }
  if (strcmp(argv[1], "deaf") == 0) {
    deafen(fd);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    int error = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
    puts(error == EINPROGRESS ? "deaf" : strerrorname_np(error));
    fflush(stdout);
    usleep(1500000);
  }
  if (strcmp(argv[1], "blocking") == 0) {
    deafen(fd);
    pthread_t thread;
    pthread_create(&thread, NULL, make_blocking, &fd);
    pthread_create(&thread, NULL, in_thread, &fd);
    puts("trying");
    fflush(stdout);
    pause();
  }
  return 0;
}
