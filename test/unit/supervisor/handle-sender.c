/* A child process that is not Node and speaks the part of Node's IPC that srt relies on, written
 * apart from srt-init so that this test is about Node alone.
 *
 *   handle-sender N      N listening sockets, each sent when Node has acknowledged the one before
 *   handle-sender line   a message without a socket
 *   handle-sender N NODE SCRIPT   the same for a Node that it starts itself, with the channel as 5
 *
 * Prints each port, then what Node answered. Ends when the channel does. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IPC_FD = 3 };

static void need(int met, const char *what) {
  if (met) return;
  perror(what);
  exit(1);
}

static int listener(void) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  need(fd >= 0, "socket");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  need(bind(fd, (struct sockaddr *)&address, length) == 0, "bind");
  need(listen(fd, 16) == 0, "listen");
  need(getsockname(fd, (struct sockaddr *)&address, &length) == 0, "getsockname");
  printf("%d\n", ntohs(address.sin_port));
  return fd;
}

static void send_line(const char *line, int fd) {
  char control[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec part = {(void *)line, strlen(line)};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  }
  need(sendmsg(IPC_FD, &message, 0) == (ssize_t)part.iov_len, "sendmsg");
}

static int answer(void) {
  char buffer[512];
  ssize_t length = read(IPC_FD, buffer, sizeof buffer - 1);
  if (length <= 0) return 0;
  buffer[length] = '\0';
  fputs(buffer, stdout);
  fflush(stdout);
  return 1;
}

/* It gets the channel as any descriptor, and no NODE_CHANNEL_FD in its environment. */
static void start_node(char **argv) {
  int ends[2];
  need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
  pid_t child = fork();
  need(child >= 0, "fork");
  if (child == 0) {
    need(dup2(ends[1], 5) == 5, "dup2");
    need(close(ends[0]) == 0, "close");
    execl(argv[0], argv[0], argv[1], (char *)NULL);
    need(0, "execl");
  }
  need(close(ends[1]) == 0, "close");
  need(dup2(ends[0], IPC_FD) == IPC_FD, "dup2");
  if (ends[0] != IPC_FD) need(close(ends[0]) == 0, "close");
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "1";
  int place = 0;
  if (argc > 3) start_node(argv + 2);
  if (strcmp(what, "line") == 0) send_line("{\"hello\":true}\n", -1);
  for (int left = atoi(what); left > 0; left--) {
    int fd = listener();
    fflush(stdout);
    char line[96];
    snprintf(line, sizeof line,
             "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":{\"listener\":%d}}\n", place++);
    send_line(line, fd);
    need(answer(), "no answer");
    need(close(fd) == 0, "close");
  }
  while (answer()) continue;
  return 0;
}
