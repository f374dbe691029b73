/* Takes numbers and strings off the front of bytes that nothing is known of. */
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

/* Each gives 0 or NULL when there is not enough, and then marks the cursor as broken for good. */
const char *take(struct cursor *in, size_t length);
unsigned char take_u8(struct cursor *in);
uint16_t take_u16(struct cursor *in);
uint32_t take_u32(struct cursor *in);
uint64_t take_u64(struct cursor *in);

/* u32 length, bytes, one NUL. */
char *take_string(struct cursor *in);

/* u32 count, strings; as an allocated list that ends with NULL. */
char **take_strings(struct cursor *in);

#endif
