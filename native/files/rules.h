/* What the rules for names say of a path. What they are is decided in src/policy/; this is the one
 * place that answers by them. */
#ifndef SRT_RULES_H
#define SRT_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tree.h"

/* Why a path may not be changed; no flags, no denial. */
struct denial {
  uint16_t flags;
  uint32_t rule;
};

/* Where a path stands in the tree. */
struct standing {
  const struct rules *rules;
  uint32_t *active; /* nodes that rules go on from, ascending */
  size_t count;
  struct denial by_path, by_pattern, own;
  struct denial as_file; /* of this very path, unless it is a folder */
  struct denial told, told_as_file; /* the same of what is told of */
  bool writable; /* it is in a root, or where patterns open something */
  bool zoned, allowed;
  uint32_t zone;
};

enum named { NAMED_FILE, NAMED_FOLDER, NAMED_LINK };

/* Room for one standing in these rules; ends the sandbox without memory. */
void make_standing(const struct rules *rules, struct standing *standing);

/* `path` is absolute, without links, `.` and `..`. */
void stand_at(struct standing *standing, const char *path);

/* 0, or the errno for whoever would create, replace, remove or write such a thing there; then
 * `rule` is the rule that says so. A link in the place of a folder that rules lead through would
 * lead them elsewhere. */
int judge_name(const struct standing *standing, enum named named, uint32_t *rule);

/* The rule by which such a change is told of once it is made, or NO_RULE. */
uint32_t rule_to_tell(const struct standing *standing, enum named named);

/* Whether changes beneath `to` are told of that are not beneath `from`. */
bool tells_more_beneath(const struct standing *to, const struct standing *from);

/* Whether all that rules refuse of what is beneath is the same for both, so that a folder with whatever
 * is in it may go from one to the other. */
bool same_beneath(const struct standing *one, const struct standing *other);

#endif
