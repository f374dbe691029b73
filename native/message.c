#define _GNU_SOURCE
#include "message.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct cursor {
  char *at;
  size_t left;
  bool broken;
};

static const char *take(struct cursor *in, size_t length) {
  if (in->broken || in->left < length) {
    in->broken = true;
    return NULL;
  }
  const char *bytes = in->at;
  in->at += length;
  in->left -= length;
  return bytes;
}

uint32_t get_u32(const char *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return le32toh(value);
}

uint16_t get_u16(const char *bytes) {
  uint16_t value;
  memcpy(&value, bytes, sizeof value);
  return le16toh(value);
}

void put_u32(char *bytes, uint32_t value) {
  value = htole32(value);
  memcpy(bytes, &value, sizeof value);
}

void put_u16(char *bytes, uint16_t value) {
  value = htole16(value);
  memcpy(bytes, &value, sizeof value);
}

static uint32_t take_u32(struct cursor *in) {
  const char *bytes = take(in, 4);
  return bytes ? get_u32(bytes) : 0;
}

static uint16_t take_u16(struct cursor *in) {
  const char *bytes = take(in, 2);
  return bytes ? get_u16(bytes) : 0;
}

static unsigned char take_u8(struct cursor *in) {
  const char *bytes = take(in, 1);
  return bytes ? (unsigned char)*bytes : 0;
}

/* A NUL inside would make the kernel see another string than srt sent. */
static char *take_string(struct cursor *in) {
  size_t length = take_u32(in);
  char *text = in->at;
  if (!take(in, length) || !take(in, 1)) return NULL;
  if (memchr(text, '\0', length) || text[length] != '\0') in->broken = true;
  return text;
}

static char **take_strings(struct cursor *in) {
  size_t count = take_u32(in);
  /* Each string takes five bytes at least: a larger count is a lie, not a size to allocate. */
  if (in->broken || count > in->left / 5) {
    in->broken = true;
    return NULL;
  }
  char **strings = calloc(count + 1, sizeof *strings);
  if (!strings) {
    in->broken = true;
    return NULL;
  }
  for (size_t i = 0; i < count; i++) strings[i] = take_string(in);
  return strings;
}

static struct listener take_listener(struct cursor *in) {
  unsigned char kind = take_u8(in);
  if (kind > LISTEN_GATEWAY) in->broken = true;
  return (struct listener){.kind = kind, .port = take_u16(in)};
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
  start->cwd = take_string(&in);
  start->argv = take_strings(&in);
  start->env = take_strings(&in);
  if (in.left != 0 || in.broken || !start->argv[0]) {
    free(start->argv);
    free(start->env);
    memset(start, 0, sizeof *start);
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
  char frame[5 + 256];
  if (length > sizeof frame - 5) {
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
