#define _GNU_SOURCE
#include "cursor.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

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

const char *take(struct cursor *in, size_t length) {
  if (in->broken || in->left < length) {
    in->broken = true;
    return NULL;
  }
  const char *bytes = in->at;
  in->at += length;
  in->left -= length;
  return bytes;
}

uint32_t take_u32(struct cursor *in) {
  const char *bytes = take(in, 4);
  return bytes ? get_u32(bytes) : 0;
}

uint16_t take_u16(struct cursor *in) {
  const char *bytes = take(in, 2);
  return bytes ? get_u16(bytes) : 0;
}

uint64_t take_u64(struct cursor *in) {
  uint64_t low = take_u32(in);
  return low | (uint64_t)take_u32(in) << 32;
}

unsigned char take_u8(struct cursor *in) {
  const char *bytes = take(in, 1);
  return bytes ? (unsigned char)*bytes : 0;
}

/* A NUL inside would make the kernel see another string than srt sent. */
char *take_string(struct cursor *in) {
  size_t length = take_u32(in);
  char *text = in->at;
  if (!take(in, length) || !take(in, 1)) return NULL;
  if (memchr(text, '\0', length) || text[length] != '\0') in->broken = true;
  return text;
}

char **take_strings(struct cursor *in) {
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
