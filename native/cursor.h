/* Reads a payload from front to back. A short one, or one that says what cannot be, makes the cursor
 * broken, for good; what is read then is 0 or NULL, and the reader asks once, at the end. */
#ifndef SRT_CURSOR_H
#define SRT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
  char *at;
  size_t left;
  bool broken;
};

const char *take(struct cursor *in, size_t length);
unsigned char take_u8(struct cursor *in);
uint16_t take_u16(struct cursor *in);
uint32_t take_u32(struct cursor *in);
uint64_t take_u64(struct cursor *in);

/* u32 length, bytes, one NUL; none inside. */
char *take_string(struct cursor *in);

/* u32 count, strings. NULL terminated and allocated; the strings point into the payload. */
char **take_strings(struct cursor *in);

/* Little-endian numbers of a payload. */
uint32_t get_u32(const char *bytes);
uint16_t get_u16(const char *bytes);
void put_u32(char *bytes, uint32_t value);
void put_u16(char *bytes, uint16_t value);

#endif
