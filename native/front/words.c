#define _GNU_SOURCE
#include "words.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "../launch/fail-launch.h"

void open_words(int *ours, int *theirs, const struct inherited *inherited) {
  int ends[2], on = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    fail_launch("socketpair", errno);
  *ours = ends[0];
  *theirs = ends[1];
  if (setsockopt(*ours, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
    fail_launch("setsockopt", errno);
  if (send(*ours, inherited, sizeof *inherited, MSG_NOSIGNAL) != (ssize_t)sizeof *inherited)
    fail_launch("send", errno);
}

bool hear_word(int words, struct word *heard) {
  char bytes[2] = {0, 0};
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(struct ucred))];
  } control;
  struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t got;
  /* The other end was closed with our own words unread, which is told before what is still to be read here. */
  do got = recvmsg(words, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && (errno == EINTR || errno == ECONNRESET));
  if (got <= 0) return false;
  *heard = (struct word){.word = bytes[0], .status = (unsigned char)bytes[1]};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
    struct ucred speaker;
    memcpy(&speaker, CMSG_DATA(header), sizeof speaker);
    heard->speaker = speaker.pid;
  }
  return true;
}

void say_adopted(int words) {
  static const char word = WORD_ADOPTED;
  /* Nobody is there to hear it where everything is over. */
  (void)send(words, &word, 1, MSG_NOSIGNAL);
}
