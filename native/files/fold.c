#define _GNU_SOURCE
#include "fold.h"

#include <stdbool.h>
#include <string.h>

size_t next_character(const char *name, size_t length, uint32_t *character) {
  const unsigned char *byte = (const unsigned char *)name;
  *character = byte[0] < 0x80 ? byte[0] : 0xdc00U | byte[0];
  size_t size = byte[0] >= 0xf0 && byte[0] < 0xf5 ? 4
                : byte[0] >= 0xe0                 ? 3
                : byte[0] >= 0xc2                 ? 2
                                                  : 1;
  if (size == 1 || byte[0] >= 0xf5 || size > length) return 1;
  uint32_t value = byte[0] & (0xffU >> (size + 1));
  for (size_t i = 1; i < size; i++) {
    if ((byte[i] & 0xc0) != 0x80) return 1;
    value = value << 6 | (byte[i] & 0x3fU);
  }
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < least[size] || value > 0x10ffff || (value & 0x1ff800) == 0xd800) return 1;
  *character = value;
  return size;
}

static bool is_ignored(uint32_t character) {
  static const struct {
    uint32_t first, last;
  } ranges[] = {{0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},
                {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x202a, 0x202e},
                {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
                {0xffa0, 0xffa0},   {0xfff0, 0xfff8},   {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
                {0xe0000, 0xe0fff}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (character >= ranges[i].first && character <= ranges[i].last) return true;
  return false;
}

size_t fold_name(const char *name, size_t length, char *out) {
  size_t written = 0;
  for (size_t at = 0; at < length;) {
    uint32_t character;
    size_t size = next_character(name + at, length - at, &character);
    if (character == 0x17f) out[written++] = 's';
    else if (character == 0x212a) out[written++] = 'k';
    else if (character == 0x37e) out[written++] = ';';
    else if (character == 0x1fef) out[written++] = '`';
    else if (size == 1 && name[at] >= 'A' && name[at] <= 'Z')
      out[written++] = (char)(name[at] + ('a' - 'A'));
    else if (size == 1 || !is_ignored(character)) {
      memcpy(out + written, name + at, size);
      written += size;
    }
    at += size;
  }
  return written;
}

const char *letters_of(uint32_t character) {
  static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
  if (character == 0xdf || character == 0x1e9e) return "ss";
  return character >= 0xfb00 && character <= 0xfb06 ? ligatures[character - 0xfb00] : NULL;
}

size_t spell_out(const char *name, size_t length, char *out) {
  size_t written = 0;
  for (size_t at = 0; at < length;) {
    uint32_t character;
    size_t size = next_character(name + at, length - at, &character);
    const char *letters = letters_of(character);
    /* None is longer than the character in UTF-8. */
    size_t taken = letters ? strlen(letters) : size;
    memcpy(out + written, letters ? letters : name + at, taken);
    written += taken;
    at += size;
  }
  return written;
}
