/* The rules for names as a tree, from its root (node 0) down a path. src/compile/names/ writes it. */
#ifndef SRT_TREE_H
#define SRT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../cursor.h"

/* What a node says of the path that leads to it, and of all that is beneath. */
enum node_flag {
  NODE_DEEP = 1 << 0,      /* stays, however many folders follow (`**`) */
  NODE_DENY = 1 << 1,      /* not to be changed */
  NODE_READ_ONLY = 1 << 2, /* of a denial: as on a read-only mount, EROFS instead of EACCES */
  NODE_POINT = 1 << 3,     /* of a denial: by a path, and so until the next path that has rules;
                              alone: the end of one */
  NODE_OWN = 1 << 4,       /* of a denial, or a node on the way to one: srt's own protection, which is
                              not of a root that the user names; neither: by a pattern, for good */
  NODE_FILE = 1 << 5,      /* of a denial: not of folders, and of nothing beneath */
  NODE_EXCEPT = 1 << 6,    /* not what srt's own protection says of this very path */
  NODE_ROOT = 1 << 7,      /* a path that may be changed */
  NODE_PRIVATE = 1 << 8,   /* the sandbox's own: nothing from above counts beneath */
  NODE_ZONE = 1 << 9,      /* to be changed only where NODE_ALLOW is on the way */
  NODE_ALLOW = 1 << 10,
  NODE_PROJECT = 1 << 11,      /* of what is not srt's concern below a folder of dependencies */
  NODE_DEPENDENCIES = 1 << 12, /* such a folder */
  NODE_TOLD = 1 << 13, /* of names whose changes are told of: a denial tells and refuses nothing, an
                          exception is one from that */
  NODE_FLAGS = (1 << 14) - 1
};

#define NO_RULE UINT32_MAX
#define NO_NODE UINT32_MAX

struct node {
  uint16_t flags;
  uint32_t rule;              /* of srt's list, for its reports */
  uint32_t also;              /* a node that is reached along with it, or NO_NODE */
  uint32_t patterns, pattern; /* how many, and the first */
  bool branches;              /* to others, by a name */
};

struct literal {
  uint32_t node, child;
  bool folded;
  const char *name;
  size_t length;
};

struct pattern {
  uint32_t child;
  bool folded;
  char first, last; /* the bytes that every name has there that fits, or NUL; most names do not */
  const char *segment;
  size_t length;
};

struct rules {
  struct node *node;
  uint32_t nodes;
  struct pattern *pattern;
  uint32_t patterns;
  struct literal *slot; /* open addressing; an empty one has no name */
  uint32_t slots;       /* a power of two, less than half used */
  uint32_t literals;
};

/* u32 n, n x (u16 flags, u32 rule, u32 also,
 *             u32 m, m x (u8 1 for a folded name, string name, u32 node),
 *             u32 m, m x (u8 folded, u32 length, segment (glob.h), u32 node))
 * Returns NULL for no nodes, or with `in` broken. It points into the payload. */
struct rules *take_rules(struct cursor *in);
void free_rules(struct rules *rules);

/* The node that this very name leads to from another one, or NO_NODE. */
uint32_t find_child(const struct rules *rules, uint32_t node, bool folded, const char *name,
                    size_t length);

#endif
