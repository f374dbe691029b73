#define _GNU_SOURCE
#include "standing.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../fail.h"
#include "fold.h"
#include "glob.h"

/* Where the folder of the last path stands: most of what is made is made beside what was made before. */
struct folder_kept {
  char path[PATH_MAX];
  size_t length;
  struct standing standing;
  uint32_t nodes[];
};

void make_standing(const struct rules *rules, struct standing *standing) {
  /* Each node is in it once at most, and the next set is made behind the present one. */
  size_t present = 2 * (size_t)rules->nodes, all = present + rules->nodes;
  struct folder_kept *kept = calloc(1, sizeof *kept + all * sizeof *kept->nodes);
  if (!kept) fail_init("remember names", errno);
  *standing = (struct standing){.rules = rules, .kept = kept, .active = kept->nodes};
  kept->standing.active = kept->nodes + present;
  kept->length = sizeof kept->path; /* no folder's */
}

static void clear(struct standing *standing) {
  *standing = (struct standing){
      .rules = standing->rules, .kept = standing->kept, .active = standing->active};
}

static void copy(const struct standing *from, struct standing *to) {
  uint32_t *active = to->active;
  memcpy(active, from->active, from->count * sizeof *active);
  *to = *from;
  to->active = active;
}

struct set {
  uint32_t *node;
  size_t count;
};

static bool add_alone(struct set *set, uint32_t node) {
  size_t at = set->count;
  while (at > 0 && set->node[at - 1] > node) at--;
  if (at > 0 && set->node[at - 1] == node) return false;
  memmove(set->node + at + 1, set->node + at, (set->count - at) * sizeof *set->node);
  set->node[at] = node;
  set->count++;
  return true;
}

static void add(const struct rules *rules, struct set *set, uint32_t node) {
  if (add_alone(set, node) && rules->node[node].also != NO_NODE)
    add(rules, set, rules->node[node].also);
}

static void add_child(const struct rules *rules, struct set *set, uint32_t node, bool folded,
                      const char *name, size_t length) {
  uint32_t child = find_child(rules, node, folded, name, length);
  if (child != NO_NODE) add(rules, set, child);
}

static void drop(const struct rules *rules, struct set *set, uint16_t flag) {
  size_t kept = 0;
  for (size_t i = 0; i < set->count; i++)
    if (!(rules->node[set->node[i]].flags & flag)) set->node[kept++] = set->node[i];
  set->count = kept;
}

static bool is_shown_again(const struct node *node) {
  return (node->flags & (NODE_POINT | NODE_DENY)) == NODE_POINT;
}

/* What is beneath is not the project's, unless the user names this very folder. */
static void leave_project(const struct rules *rules, struct set *set) {
  drop(rules, set, NODE_PROJECT);
  for (size_t i = 0; i < set->count; i++) {
    const struct node *node = &rules->node[set->node[i]];
    if (!(node->flags & (NODE_ROOT | NODE_ZONE)) && !is_shown_again(node)) continue;
    for (uint32_t at = set->node[i]; at != NO_NODE; at = rules->node[at].also)
      (void)add_alone(set, at);
    break;
  }
}

static void begin_at(struct standing *standing, struct set *set, uint32_t node) {
  const struct rules *rules = standing->rules;
  if (rules->node[node].flags & NODE_PRIVATE) {
    clear(standing);
    set->count = 0;
  }
  /* What srt protects of its own is not what the user names as a root. */
  standing->by_path = standing->own = standing->told = (struct denial){0};
  add(rules, set, node);
}

static struct denial *denial_of(struct standing *standing, uint16_t flags) {
  if (flags & NODE_TOLD) return flags & NODE_FILE ? &standing->told_as_file : &standing->told;
  if (flags & NODE_FILE) return &standing->as_file;
  if (flags & NODE_POINT) return &standing->by_path;
  return flags & NODE_OWN ? &standing->own : &standing->by_pattern;
}

/* Of the nodes that refuse, or of those that tell. */
static uint16_t all_flags(const struct rules *rules, const struct set *set, uint16_t told) {
  uint16_t flags = 0;
  for (size_t i = 0; i < set->count; i++) {
    uint16_t more = rules->node[set->node[i]].flags;
    if ((more & NODE_TOLD) == told) flags |= more;
  }
  return flags;
}

/* Takes in what the nodes say that the last segment has led to, and keeps those that lead on. */
static void read_nodes(struct standing *standing, struct set *set) {
  const struct node *nodes = standing->rules->node;
  for (size_t i = 0; i < set->count; i++) {
    uint32_t node = set->node[i];
    if (!(nodes[node].flags & (NODE_ROOT | NODE_PRIVATE))) continue;
    begin_at(standing, set, node);
    break;
  }
  standing->as_file = standing->told_as_file = (struct denial){0};
  uint16_t flags = all_flags(standing->rules, set, 0);
  uint16_t told = all_flags(standing->rules, set, NODE_TOLD) | (flags & NODE_ROOT);
  size_t kept = 0;
  for (size_t i = 0; i < set->count; i++) {
    const struct node *node = &nodes[set->node[i]];
    if (node->flags & NODE_ALLOW) standing->allowed = true;
    if (node->flags & (NODE_ROOT | NODE_ZONE)) standing->writable = true;
    if (node->flags & NODE_ZONE) {
      standing->zoned = true;
      standing->zone = node->rule;
    }
    if (is_shown_again(node)) {
      standing->by_path = (struct denial){0};
      standing->writable = true;
    }
    bool lifted = (node->flags & NODE_TOLD ? told : flags) & (NODE_EXCEPT | NODE_ROOT);
    if (node->flags & NODE_DENY && !(node->flags & NODE_OWN && lifted))
      *denial_of(standing, node->flags) = (struct denial){node->flags, node->rule};
    if (node->branches || node->also != NO_NODE || node->flags & NODE_DEEP) set->node[kept++] = set->node[i];
  }
  set->count = kept;
  if (flags & NODE_DEPENDENCIES) leave_project(standing->rules, set);
}

/* What is beyond ASCII may stand for letters. */
static bool may_be(char byte, char wanted) {
  return wanted == '\0' || byte == wanted || (unsigned char)byte >= 0x80;
}

static bool fits(const struct pattern *pattern, const char *name, size_t length) {
  if (length > 0 && !may_be(name[0], pattern->first)) return false;
  if (length > 0 && !may_be(name[length - 1], pattern->last)) return false;
  return glob_matches(pattern->segment, pattern->length, pattern->folded, name, length);
}

static void step(struct standing *standing, const char *name, size_t length) {
  const struct rules *rules = standing->rules;
  char folded[PATH_MAX], spelled[PATH_MAX];
  size_t folded_length = fold_name(name, length, folded);
  size_t spelled_length = spell_out(folded, folded_length, spelled);
  struct set next = {.node = standing->active + standing->count, .count = 0};
  for (size_t i = 0; i < standing->count; i++) {
    uint32_t at = standing->active[i];
    const struct node *node = &rules->node[at];
    /* What came along with it stays by itself, or was left behind. */
    if (node->flags & NODE_DEEP) (void)add_alone(&next, at);
    add_child(rules, &next, at, false, name, length);
    add_child(rules, &next, at, true, spelled, spelled_length);
    for (uint32_t j = 0; j < node->patterns; j++) {
      const struct pattern *pattern = &rules->pattern[node->pattern + j];
      if (pattern->folded ? fits(pattern, folded, folded_length) : fits(pattern, name, length))
        add(rules, &next, pattern->child);
    }
  }
  read_nodes(standing, &next);
  memmove(standing->active, next.node, next.count * sizeof *next.node);
  standing->count = next.count;
}

static void walk(struct standing *standing, const char *path, const char *end) {
  while (path < end) {
    size_t length = strcspn(path, "/");
    if (length > 0) step(standing, path, length);
    path += length + strspn(path + length, "/");
  }
}

static void stand_at_root(struct standing *standing) {
  struct set start = {.node = standing->active, .count = 0};
  clear(standing);
  add(standing->rules, &start, 0);
  read_nodes(standing, &start);
  standing->count = start.count;
}

static void stand_at_folder(struct standing *standing, const char *path, size_t length) {
  struct folder_kept *kept = standing->kept;
  if (length == kept->length && memcmp(path, kept->path, length) == 0) {
    copy(&kept->standing, standing);
    return;
  }
  stand_at_root(standing);
  walk(standing, path, path + length);
  if (length >= sizeof kept->path) return;
  memcpy(kept->path, path, length);
  kept->length = length;
  copy(standing, &kept->standing);
}

void stand_at(struct standing *standing, const char *path) {
  const char *end = path + strlen(path);
  const char *name = end;
  while (name > path && name[-1] != '/') name--;
  stand_at_folder(standing, path, (size_t)(name - path));
  walk(standing, name, end);
}
