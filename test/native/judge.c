/* Says what srt-init's rules for names say, without srt-init. Reads u32 n, n x (u32 length, rules
 * (native/files/tree.h), u32 m, m x string path, u32 k, k x (u32, u32 places in that list)) and
 * prints two lines for each: for every path three letters, of a file, a folder and a link there
 * ("." may be changed, "T" is told of too, "A" is EACCES, "R" is EROFS); for every pair "=" where what is beneath is
 * the same for both, else "!". */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../native/fail.h"
#include "../../native/files/rules.h"

_Noreturn void fail_init(const char *step, int error) {
  (void)fprintf(stderr, "%s: %s\n", step, strerror(error));
  exit(1);
}

static char *read_all(size_t *length) {
  size_t room = 1 << 16;
  char *bytes = malloc(room);
  *length = 0;
  while (bytes) {
    size_t got = fread(bytes + *length, 1, room - *length, stdin);
    if (got == 0) return bytes;
    *length += got;
    if (*length == room) bytes = realloc(bytes, room *= 2);
  }
  fail_init("remember the input", ENOMEM);
}

static char letter(const struct standing *standing, enum named named) {
  uint32_t rule;
  int error = judge_name(standing, named, &rule);
  if (error == 0 && rule_to_tell(standing, named) != NO_RULE) return 'T';
  return error == 0 ? '.' : error == EACCES ? 'A' : error == EROFS ? 'R' : '?';
}

static void judge_paths(const struct rules *rules, struct cursor *in) {
  struct standing one, other;
  make_standing(rules, &one);
  make_standing(rules, &other);
  char **paths = take_strings(in);
  for (size_t i = 0; !in->broken && paths[i]; i++) {
    stand_at(&one, paths[i]);
    for (enum named named = NAMED_FILE; named <= NAMED_LINK; named++)
      (void)putchar(letter(&one, named));
  }
  (void)putchar('\n');
  uint32_t pairs = take_u32(in);
  for (uint32_t i = 0; i < pairs && !in->broken; i++) {
    stand_at(&one, paths[take_u32(in)]);
    stand_at(&other, paths[take_u32(in)]);
    (void)putchar(same_beneath(&one, &other) ? '=' : '!');
  }
  (void)putchar('\n');
  free(paths);
  free(one.kept);
  free(other.kept);
}

int main(void) {
  struct cursor in = {0};
  char *bytes = in.at = read_all(&in.left);
  uint32_t sets = take_u32(&in);
  for (uint32_t i = 0; i < sets && !in.broken; i++) {
    size_t length = take_u32(&in);
    struct cursor encoded = {.at = in.at, .left = length};
    (void)take(&in, length);
    struct rules *rules = in.broken ? NULL : take_rules(&encoded);
    if (!rules || encoded.left > 0) fail_init("read the rules", EINVAL);
    judge_paths(rules, &in);
    free_rules(rules);
  }
  free(bytes);
  return in.broken || in.left > 0;
}
