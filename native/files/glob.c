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

/* Bytes of the name that the token takes, or 0. */
static size_t take_token(const char *token, const char *name, size_t left) {
  if (left == 0) return 0;
  if (token[0] == GLOB_ONE || token[0] == GLOB_SET) {
    uint32_t character;
    size_t size = next_character(name, left, &character);
    return token[0] == GLOB_ONE || is_in_set(token, character) ? size : 0;
  }
  return name[0] == (token[0] == GLOB_BYTE ? token[1] : token[0]) ? 1 : 0;
}

bool glob_matches(const char *pattern, size_t length, const char *name, size_t name_length) {
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
    size_t taken = at < length ? take_token(pattern + at, name + done, name_length - done) : 0;
    if (taken > 0) {
      at += token_length(pattern + at, length - at);
      done += taken;
      continue;
    }
    if (!any || resume_done == name_length) return false;
    uint32_t character;
    resume_done += next_character(name + resume_done, name_length - resume_done, &character);
    at = resume;
    done = resume_done;
  }
}
