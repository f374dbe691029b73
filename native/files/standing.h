/* Where a path stands in the tree of the rules for names. */
#ifndef SRT_STANDING_H
#define SRT_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tree.h"

/* Why a path may not be changed; no flags, no denial. */
struct denial {
  uint16_t flags;
  uint32_t rule;
};

struct standing {
  const struct rules *rules;
  struct folder_kept *kept; /* of stand_at() */
  uint32_t *active;         /* nodes that rules go on from, ascending */
  size_t count;
  struct denial by_path, by_pattern, own;
  struct denial as_file; /* of this very path, unless it is a folder */
  struct denial told, told_as_file; /* the same of what is told of */
  bool writable; /* it is in a root, or where patterns open something */
  bool zoned, allowed;
  uint32_t zone;
};

/* Room for one standing in these rules; ends the sandbox without memory. */
void make_standing(const struct rules *rules, struct standing *standing);

/* `path` is absolute, without links, `.` and `..`. */
void stand_at(struct standing *standing, const char *path);

#endif
