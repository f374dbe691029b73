/* One folder or file name against one segment of a pattern, as src/compile/names/ wrote it. */
#ifndef SRT_GLOB_H
#define SRT_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* A segment is bytes that mean themselves, and: */
enum glob_token {
  GLOB_ANY = 1,  /* any number of characters */
  GLOB_ONE = 2,  /* one character */
  GLOB_SET = 3,  /* u8 1 for those that are not in it, u8 n, n x (u32 first, u32 last) */
  GLOB_BYTE = 4, /* the byte behind it */
};

/* Whether the bytes are a segment. `ends` gets the byte that what fits it begins with, and the one
 * that it ends with; NUL where there are several. */
bool is_glob(const char *pattern, size_t length, char ends[2]);

/* A character is a code point, or a byte that is part of none. Of folded ones (fold.h) one may stand for
 * several letters of the pattern. */
bool glob_matches(const char *pattern, size_t length, bool folded, const char *name,
                  size_t name_length);

#endif
