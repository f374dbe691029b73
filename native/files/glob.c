#define _GNU_SOURCE
#include "glob.h"

#include "../cursor.h"
#include "fold.h"

/* Bytes of the token at the front, or 0 where it is cut short. */
static size_t token_length(const char *pattern, size_t length) {
  size_t needed = 1;
  if (pattern[0] == GLOB_BYTE) needed = 2;
  if (pattern[0] == GLOB_SET) needed = length < 3 ? 3 : 3 + 8 * (size_t)(unsigned char)pattern[2];
  return needed <= length ? needed : 0;
}

bool is_glob(const char *pattern, size_t length, char ends[2]) {
  ends[0] = length > 0 && pattern[0] > GLOB_BYTE ? pattern[0] : '\0';
  ends[1] = '\0';
  while (length > 0) {
    size_t size = token_length(pattern, length);
    if (size == 0) return false;
    ends[1] = pattern[0] > GLOB_BYTE ? pattern[0] : '\0';
    pattern += size;
    length -= size;
  }
  return true;
}

static bool is_in_set(const char *set, uint32_t character) {
  size_t ranges = (unsigned char)set[2];
  for (size_t i = 0; i < ranges; i++) {
    const char *range = set + 3 + 8 * i;
    if (character >= get_u32(range) && character <= get_u32(range + 4)) return set[1] == 0;
  }
  return set[1] != 0;
}

static bool is_byte(const char *token, char byte) {
  if (token[0] == GLOB_BYTE) return token[1] == byte;
  return (unsigned char)token[0] > GLOB_BYTE && token[0] == byte;
}

/* What fits each other at the front of both: bytes of the pattern, and of the name. */
struct pair {
  size_t pattern, name;
};

static const struct pair NOTHING = {0, 0};

static struct pair take_letters(const char *pattern, size_t length, const char *letters,
                                size_t size) {
  size_t at = 0;
  for (; *letters; letters++) {
    if (at == length || !is_byte(pattern + at, *letters)) return NOTHING;
    at += token_length(pattern + at, length - at);
  }
  return (struct pair){at, size};
}

static struct pair take_token(const char *pattern, size_t length, bool folded, const char *name,
                              size_t left) {
  if (length == 0 || left == 0) return NOTHING;
  size_t token = token_length(pattern, length);
  uint32_t character;
  size_t size = next_character(name, left, &character);
  if (pattern[0] == GLOB_ONE) return (struct pair){token, size};
  if (pattern[0] == GLOB_SET)
    return is_in_set(pattern, character) ? (struct pair){token, size} : NOTHING;
  const char *letters = folded ? letters_of(character) : NULL;
  if (letters) return take_letters(pattern, length, letters, size);
  return is_byte(pattern, name[0]) ? (struct pair){token, 1} : NOTHING;
}

bool glob_matches(const char *pattern, size_t length, bool folded, const char *name,
                  size_t name_length) {
  size_t at = 0, done = 0;
  size_t resume = 0, resume_done = 0; /* behind the last GLOB_ANY, and what it has taken */
  bool any = false;
  for (;;) {
    if (at < length && pattern[at] == GLOB_ANY) {
      resume = ++at;
      resume_done = done;
      any = true;
      continue;
    }
    if (at == length && done == name_length) return true;
    struct pair taken =
        take_token(pattern + at, length - at, folded, name + done, name_length - done);
    if (taken.name > 0) {
      at += taken.pattern;
      done += taken.name;
      continue;
    }
    if (!any || resume_done == name_length) return false;
    uint32_t character;
    resume_done += next_character(name + resume_done, name_length - resume_done, &character);
    at = resume;
    done = resume_done;
  }
}
