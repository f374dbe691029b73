#include "cursor.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

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
