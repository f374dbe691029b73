/* Feeds srt-init's parser of instructions with hostile bytes. Built two ways: with libFuzzer for
 * `npm run fuzz`, and with a seeded generator of its own (-DSTANDALONE) for the tests. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../native/fail.h"
#include "../../native/files/outward.h"
#include "../../native/files/rules.h"
#include "../../native/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_string(const char *string, const char *low, const char *high) {
  if (string < low || string >= high || string + strlen(string) >= high) abort();
}

static void check_strings(char **strings, const char *low, const char *high) {
  for (char **at = strings; *at; at++) check_string(*at, low, high);
}

/* Each lies in a mount that comes before it, and the first in nothing. */
static void check_mounts(const struct start *start, const char *low, const char *high) {
  if (start->mounts == 0 || start->mount[0].op > MOUNT_TMPFS) abort();
  for (size_t i = 0; i < start->mounts; i++) {
    const struct mount *mount = &start->mount[i];
    if (i == 0 ? mount->parent != 0 : mount->parent >= i) abort();
    if (start->mount[mount->parent].op >= MAKE_LINK) abort();
    check_string(mount->below, low, high);
    bool content = mount->op == MOUNT_FILE;
    if (!content) check_string(mount->text, low, high);
    if (!content && strlen(mount->text) != mount->text_length) abort();
    if (mount->text + mount->text_length >= high) abort();
    if (mount->op <= MOUNT_RO_BIND && mount->text[0] != '/') abort();
  }
}

/* Any tree that was taken has an answer for any path. */
static void check_rules(const struct rules *rules) {
  static const char *const paths[] = {"/", "/a", "/a/B/c", "/a/a/a/a/a", "/\xc3\xa9/\xff\xfe"};
  if (!rules) return;
  struct standing one, other;
  make_standing(rules, &one);
  make_standing(rules, &other);
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    uint32_t rule;
    stand_at(&one, paths[i]);
    int error = judge_name(&one, NAMED_LINK, &rule);
    if (error != 0 && error != EACCES && error != EROFS) abort();
    stand_at(&other, paths[i]);
    if (!same_beneath(&one, &other) || tells_more_beneath(&one, &other)) abort();
    (void)rule_to_tell(&one, NAMED_FILE);
    if (leads_out(&other, paths[i], "a/../b") == false) abort();
    (void)leads_out(&other, paths[i], i % 2 ? "../.././/c/" : "/..//a/.");
  }
  free(one.kept);
  free(other.kept);
}

_Noreturn void fail_init(const char *step, int error) {
  (void)step;
  (void)error;
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *bytes = malloc(size + 1);
  if (!bytes) abort();
  memcpy(bytes, data, size);
  struct start start;
  if (parse_start(bytes, size, &start) == 0) {
    if (!start.argv[0] || start.listeners > MAX_LISTENERS) abort();
    check_strings(start.argv, bytes, bytes + size);
    check_strings(start.env, bytes, bytes + size);
    check_string(start.cwd, bytes, bytes + size);
    check_mounts(&start, bytes, bytes + size);
    check_rules(start.rules);
    check_strings(start.sockets, bytes, bytes + size);
    free_rules(start.rules);
    free(start.sockets);
    free_start(&start);
  }
  free(bytes);
  return 0;
}

#ifdef STANDALONE

static uint64_t state;

static uint32_t next(void) { /* xorshift64* */
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (uint32_t)((state * 0x2545F4914F6CDD1DULL) >> 32);
}

/* version 6, uid 0, gid 0, no mediation, one listener, three mounts (a read-only root, in it "a", which
 * is known and shows "/a", and a file "b" of two bytes), cwd "/", argv ["a"], env ["B=c"], files wished, and two nodes: "/" with a
 * name "a" and a pattern "*" for the other, which denies; the socket "/s" */
static const uint8_t valid[] = {
    6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0,
    3, 0, 0, 0,
    1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, '/', 0,
    0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
    1, 0, 0, 0, 'a', 0, 0, 0, 2, 0, 0, 0, '/', 'a', 0,
    6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 0, 0, 0, 'b', 0, 0, 0, 2, 0, 0, 0, 0, 255, 0,
    1, 0, 0, 0, '/', 0, 1, 0, 0, 0, 1, 0, 0, 0, 97, 0, 1, 0, 0, 0, 3,
    0, 0, 0, 66, 61, 99, 0,
    1, 2, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 255, 255, 255, 255,
    1, 0, 0, 0, 0, 1, 0, 0, 0, 'a', 0, 1, 0, 0, 0,
    1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0,
    2, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 0, 0, 0, 2, 0, 0, 0, '/', 's', 0,
};

int main(int argc, char **argv) {
  long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
  state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  struct start start;
  char copy[sizeof valid];
  memcpy(copy, valid, sizeof valid);
  if (parse_start(copy, sizeof valid, &start) != 0) return 1; /* the control */
  free_rules(start.rules);
  free(start.sockets);
  free_start(&start);
  for (long i = 0; i < rounds; i++) {
    uint8_t bytes[sizeof valid + 16];
    size_t size = 1 + next() % (sizeof bytes);
    for (size_t at = 0; at < size; at++)
      bytes[at] = at < sizeof valid && next() % 8 ? valid[at] : (uint8_t)next();
    if (next() % 2) size = next() % 2 && size > sizeof valid ? sizeof valid : size;
    (void)LLVMFuzzerTestOneInput(bytes, size);
  }
  (void)printf("%ld rounds\n", rounds);
  return 0;
}

#endif
