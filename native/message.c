#define _GNU_SOURCE
#include "message.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cursor.h"

static struct listener take_listener(struct cursor *in) {
  unsigned char kind = take_u8(in);
  if (kind > LISTEN_GATEWAY) in->broken = true;
  return (struct listener){.kind = kind, .port = take_u16(in)};
}

void free_start(struct start *start) {
  free(start->mount);
  free(start->argv);
  free(start->env);
  memset(start, 0, sizeof *start);
}

int parse_start(char *bytes, size_t length, struct start *start) {
  struct cursor in = {.at = bytes, .left = length};
  memset(start, 0, sizeof *start);
  if (take_u32(&in) != PROTOCOL_VERSION) in.broken = true;
  start->uid = take_u32(&in);
  start->gid = take_u32(&in);
  unsigned char mediate = take_u8(&in);
  if (mediate > 1) in.broken = true;
  start->mediate = mediate == 1;
  start->listeners = take_u32(&in);
  if (start->listeners > MAX_LISTENERS) in.broken = true;
  for (size_t i = 0; !in.broken && i < start->listeners; i++) start->listener[i] = take_listener(&in);
  start->mount = take_mounts(&in, &start->mounts);
  start->cwd = take_string(&in);
  start->argv = take_strings(&in);
  start->env = take_strings(&in);
  unsigned char files = take_u8(&in);
  start->files = files;
  start->rules = take_rules(&in);
  start->sockets = take_strings(&in);
  for (size_t i = 0; !in.broken && start->sockets[i]; i++)
    if (start->sockets[i][0] != '/') in.broken = true;
  if (files > FILES_DECIDED || (files != FILES_LEFT && !start->rules)) in.broken = true;
  if (in.left != 0 || in.broken || !start->argv[0]) {
    free_rules(start->rules);
    free(start->sockets);
    free_start(start);
    return -1;
  }
  return 0;
}

static int read_exactly(int fd, void *buffer, size_t length) {
  char *at = buffer;
  while (length > 0) {
    ssize_t got = read(fd, at, length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) {
      errno = EPIPE;
      return -1;
    }
    at += got;
    length -= (size_t)got;
  }
  return 0;
}

int read_frame(int fd, char **payload, size_t *length) {
  uint32_t size;
  unsigned char type;
  if (read_exactly(fd, &size, sizeof size) != 0) return -1;
  size = le32toh(size);
  if (size < 1 || size > MAX_FRAME) {
    errno = EPROTO;
    return -1;
  }
  if (read_exactly(fd, &type, 1) != 0) return -1;
  *length = size - 1;
  *payload = malloc(*length + 1);
  if (!*payload) return -1;
  if (read_exactly(fd, *payload, *length) != 0) {
    free(*payload);
    *payload = NULL;
    return -1;
  }
  return type;
}

int send_frame(int fd, enum message_type type, const void *payload, size_t length) {
  char frame[5 + MAX_SENT];
  if (length > MAX_SENT) {
    errno = EMSGSIZE;
    return -1;
  }
  put_u32(frame, (uint32_t)length + 1);
  frame[4] = (char)type;
  if (length > 0) memcpy(frame + 5, payload, length);
  size_t sent = 0;
  while (sent < length + 5) {
    ssize_t done = send(fd, frame + sent, length + 5 - sent, MSG_NOSIGNAL);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return -1;
    sent += (size_t)done;
  }
  return 0;
}

int send_failure(int fd, enum message_type type, const char *step, int error) {
  char payload[200];
  size_t length = strnlen(step, sizeof payload - 4);
  put_u32(payload, (uint32_t)error);
  memcpy(payload + 4, step, length);
  return send_frame(fd, type, payload, 4 + length);
}
