/* Connects in as many ways as programs do, and says what came of it:
 *
 *   dial HOW FAMILY ADDRESS PORT ...   prints one line each: "ok ANSWER", or an errno
 *
 * HOW: blocking, nonblocking, twice (connect again on a connected socket), thread, vfork, alarm (a
 * signal interrupts after 200 ms), bound (source port chosen before), datagram, fault (a bad
 * pointer), short (a cut address), closed (no such descriptor), unspec (disconnect, then connect),
 * fork (a child connects the parent's socket), deferred (until something is sent). FAMILY: 4, 6, 6only (IPV6_V6ONLY). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TCP_FASTOPEN_NO_COOKIE
#define TCP_FASTOPEN_NO_COOKIE 34
#endif

static struct sockaddr_storage to;
static socklen_t to_length;

static int result(int returned) {
  return returned == 0 ? 0 : errno;
}

static void say(int fd, int error) {
  char answer[64] = "";
  if (error == 0 && fd >= 0) {
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    if (poll(&readable, 1, 3000) == 1) {
      ssize_t got = recv(fd, answer, sizeof answer - 1, MSG_DONTWAIT);
      if (got < 0) error = errno;
    }
  }
  if (error == 0) printf("ok %s\n", answer);
  else printf("%s\n", strerrorname_np(error));
}

static void *in_thread(void *fd) {
  return (void *)(long)result(connect(*(int *)fd, (struct sockaddr *)&to, to_length));
}

static void ring(int number) {
  (void)number;
}

static int finish(int fd) {
  struct pollfd writable = {.fd = fd, .events = POLLOUT};
  if (poll(&writable, 1, 5000) != 1) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

static int dial(const char *how, int fd) {
  struct sockaddr *address = (struct sockaddr *)&to;
  if (strcmp(how, "nonblocking") == 0) {
    int error = result(connect(fd, address, to_length));
    return error == EINPROGRESS ? finish(fd) : error;
  }
  if (strcmp(how, "twice") == 0) {
    int error = result(connect(fd, address, to_length));
    return error ? error : result(connect(fd, address, to_length));
  }
  if (strcmp(how, "thread") == 0) {
    pthread_t thread;
    void *error;
    pthread_create(&thread, NULL, in_thread, &fd);
    pthread_join(thread, &error);
    return (int)(long)error;
  }
  if (strcmp(how, "vfork") == 0 || strcmp(how, "fork") == 0) {
    pid_t child = how[0] == 'v' ? vfork() : fork();
    if (child == 0) _exit(result(connect(fd, address, to_length)));
    int status;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
  if (strcmp(how, "alarm") == 0) {
    struct sigaction action = {.sa_handler = ring};
    sigaction(SIGALRM, &action, NULL);
    ualarm(200000, 0);
  }
  if (strcmp(how, "bound") == 0) {
    struct sockaddr_storage own = {.ss_family = to.ss_family};
    if (bind(fd, (struct sockaddr *)&own, to_length) != 0) return errno;
  }
  if (strcmp(how, "deferred") == 0) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, &on, sizeof on);
    if (connect(fd, address, to_length) != 0) return errno;
    return send(fd, "x", 1, MSG_NOSIGNAL) == 1 ? 0 : errno;
  }
  if (strcmp(how, "fault") == 0) return result(connect(fd, (struct sockaddr *)8, to_length));
  if (strcmp(how, "short") == 0) return result(connect(fd, address, 7));
  if (strcmp(how, "closed") == 0) return result(connect(999, address, to_length));
  if (strcmp(how, "unspec") == 0) {
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    if (connect(fd, &none, sizeof none) != 0) return errno;
  }
  return result(connect(fd, address, to_length));
}

int main(int argc, char **argv) {
  for (; argc > 4; argc -= 4, argv += 4) {
    int v6 = argv[2][0] == '6';
    memset(&to, 0, sizeof to);
    in_port_t port = htons((in_port_t)atoi(argv[4]));
    if (v6) {
      struct sockaddr_in6 *a = (struct sockaddr_in6 *)&to;
      a->sin6_family = AF_INET6;
      a->sin6_port = port;
      inet_pton(AF_INET6, argv[3], &a->sin6_addr);
      to_length = sizeof *a;
    } else {
      struct sockaddr_in *a = (struct sockaddr_in *)&to;
      a->sin_family = AF_INET;
      a->sin_port = port;
      inet_pton(AF_INET, argv[3], &a->sin_addr);
      to_length = sizeof *a;
    }
    int type = strcmp(argv[1], "datagram") == 0 ? SOCK_DGRAM : SOCK_STREAM;
    if (strcmp(argv[1], "nonblocking") == 0) type |= SOCK_NONBLOCK;
    int fd = socket(to.ss_family, type, 0);
    int only = 1;
    if (strcmp(argv[2], "6only") == 0) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    int error = dial(argv[1], fd);
    say(type == SOCK_DGRAM ? -1 : fd, error);
    fflush(stdout);
    close(fd);
  }
  return 0;
}
