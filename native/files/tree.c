#define _GNU_SOURCE
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "glob.h"

static uint32_t hash(uint32_t node, const char *name, size_t length) {
  uint32_t value = 2166136261U ^ node; /* FNV-1a */
  for (size_t i = 0; i < length; i++) value = (value ^ (unsigned char)name[i]) * 16777619U;
  return value ^ value >> 15;
}

static struct literal *slot_for(const struct rules *rules, uint32_t node, bool folded,
                                const char *name, size_t length) {
  for (uint32_t at = hash(node, name, length);; at++) {
    struct literal *slot = &rules->slot[at & (rules->slots - 1)];
    if (!slot->name) return slot;
    if (slot->node == node && slot->folded == folded && slot->length == length &&
        memcmp(slot->name, name, length) == 0)
      return slot;
  }
}

static bool grow(struct rules *rules) {
  struct literal *before = rules->slot;
  uint32_t count = rules->slots;
  struct literal *slot = calloc(count * 2, sizeof *slot);
  if (!slot) return false;
  rules->slot = slot;
  rules->slots = count * 2;
  for (uint32_t i = 0; i < count; i++) {
    const struct literal *old = &before[i];
    if (old->name) *slot_for(rules, old->node, old->folded, old->name, old->length) = *old;
  }
  free(before);
  return true;
}

static void take_literal(struct cursor *in, struct rules *rules, uint32_t node) {
  unsigned char folded = take_u8(in);
  const char *name = take_string(in);
  uint32_t child = take_u32(in);
  if (in->broken || folded > 1 || child >= rules->nodes ||
      (rules->literals >= rules->slots / 2 && !grow(rules))) {
    in->broken = true;
    return;
  }
  size_t length = strlen(name);
  struct literal *slot = slot_for(rules, node, folded == 1, name, length);
  if (!slot->name) rules->literals++;
  *slot = (struct literal){node, child, folded == 1, name, length};
}

static void take_pattern(struct cursor *in, struct rules *rules) {
  unsigned char folded = take_u8(in);
  size_t length = take_u32(in);
  const char *segment = take(in, length);
  uint32_t child = take_u32(in);
  struct pattern *more = NULL;
  char ends[2];
  if (!in->broken && folded <= 1 && child < rules->nodes && is_glob(segment, length, ends))
    more = realloc(rules->pattern, (rules->patterns + 1) * sizeof *more);
  if (!more) {
    in->broken = true;
    return;
  }
  rules->pattern = more;
  more[rules->patterns++] = (struct pattern){child, folded == 1, ends[0], ends[1], segment,
                                               length};
}

static void take_node(struct cursor *in, struct rules *rules, uint32_t index) {
  struct node *node = &rules->node[index];
  node->flags = take_u16(in);
  node->rule = take_u32(in);
  node->also = take_u32(in);
  if (node->flags > NODE_FLAGS || (node->also != NO_NODE && node->also >= rules->nodes))
    in->broken = true;
  uint32_t literals = take_u32(in);
  for (uint32_t i = 0; i < literals && !in->broken; i++) take_literal(in, rules, index);
  node->pattern = rules->patterns;
  node->patterns = take_u32(in);
  for (uint32_t i = 0; i < node->patterns && !in->broken; i++) take_pattern(in, rules);
  node->branches = literals > 0 || node->patterns > 0;
}

struct rules *take_rules(struct cursor *in) {
  uint32_t nodes = take_u32(in);
  /* Each node takes 18 bytes at least: a larger count is a lie, not a size to allocate. */
  if (nodes > in->left / 18) in->broken = true;
  if (in->broken || nodes == 0) return NULL;
  struct rules *rules = calloc(1, sizeof *rules);
  if (rules) {
    *rules = (struct rules){.nodes = nodes, .slots = 64};
    rules->node = calloc(nodes, sizeof *rules->node);
    rules->slot = calloc(rules->slots, sizeof *rules->slot);
  }
  if (!rules || !rules->node || !rules->slot) in->broken = true;
  for (uint32_t i = 0; i < nodes && !in->broken; i++) take_node(in, rules, i);
  if (!in->broken) return rules;
  free_rules(rules);
  return NULL;
}

void free_rules(struct rules *rules) {
  if (!rules) return;
  free(rules->node);
  free(rules->pattern);
  free(rules->slot);
  free(rules);
}

uint32_t find_child(const struct rules *rules, uint32_t node, bool folded, const char *name,
                    size_t length) {
  const struct literal *found = slot_for(rules, node, folded, name, length);
  return found->name ? found->child : NO_NODE;
}
