#define _GNU_SOURCE
#include "rules.h"

#include <errno.h>

/* Whether what begins at the node is for telling alone. */
static bool leads_to_told(const struct rules *rules, const struct node *node) {
  if (node->branches) return false;
  for (uint32_t at = node->also; at != NO_NODE; at = rules->node[at].also)
    if (!(rules->node[at].flags & NODE_TOLD)) return false;
  return true;
}

/* Whether rules for what is beneath go through this name and not through any. */
static bool is_on_the_way(const struct standing *standing) {
  const struct rules *rules = standing->rules;
  /* Those of srt's own protection mean nothing where nothing is writable by a rule. */
  uint16_t passed = NODE_DEEP | NODE_TOLD | (standing->writable ? 0 : NODE_OWN);
  for (size_t i = 0; i < standing->count; i++) {
    const struct node *node = &rules->node[standing->active[i]];
    if (!(node->flags & passed) && !leads_to_told(rules, node)) return true;
  }
  return false;
}

int judge_name(const struct standing *standing, enum named named, uint32_t *rule) {
  const struct denial *denials[] = {&standing->by_path, &standing->by_pattern, &standing->own,
                                    &standing->as_file};
  /* Where nothing is writable anyway, the mounts have the better answer. */
  size_t count = !standing->writable ? 2 : named == NAMED_FOLDER ? 3 : 4;
  for (size_t i = 0; i < count; i++) {
    if (denials[i]->flags == 0) continue;
    *rule = denials[i]->rule;
    return denials[i]->flags & NODE_READ_ONLY ? EROFS : EACCES;
  }
  *rule = standing->zone;
  if (standing->zoned && !standing->allowed) return EROFS;
  *rule = NO_RULE;
  return named == NAMED_LINK && is_on_the_way(standing) ? EACCES : 0;
}

uint32_t rule_to_tell(const struct standing *standing, enum named named) {
  if (!standing->writable) return NO_RULE;
  if (standing->told.flags != 0) return standing->told.rule;
  bool as_file = named != NAMED_FOLDER && standing->told_as_file.flags != 0;
  return as_file ? standing->told_as_file.rule : NO_RULE;
}

/* The first node from `at` on of those that refuse, or of those that tell. */
static size_t seek(const struct standing *standing, size_t at, uint16_t told) {
  while (at < standing->count &&
         (standing->rules->node[standing->active[at]].flags & NODE_TOLD) != told)
    at++;
  return at;
}

bool tells_more_beneath(const struct standing *to, const struct standing *from) {
  size_t known = seek(from, 0, NODE_TOLD);
  for (size_t i = seek(to, 0, NODE_TOLD); i < to->count; i = seek(to, i + 1, NODE_TOLD)) {
    while (known < from->count && from->active[known] < to->active[i])
      known = seek(from, known + 1, NODE_TOLD);
    if (known == from->count || from->active[known] != to->active[i]) return to->writable;
  }
  return false;
}

bool same_beneath(const struct standing *one, const struct standing *other) {
  if (one->allowed != other->allowed || one->zoned != other->zoned) return false;
  size_t i = seek(one, 0, 0), j = seek(other, 0, 0);
  while (i < one->count && j < other->count && one->active[i] == other->active[j]) {
    i = seek(one, i + 1, 0);
    j = seek(other, j + 1, 0);
  }
  return i == one->count && j == other->count;
}
