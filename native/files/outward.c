#define _GNU_SOURCE
#include "outward.h"

#include <limits.h>
#include <string.h>

static void drop_last_name(char *path) {
  char *slash = strrchr(path, '/');
  if (slash) *slash = '\0';
}

/* Makes `out` the path that the link leads to. Returns whether there is one that can be told. */
static bool lead(const char *path, const char *text, char out[4 * PATH_MAX]) {
  (void)strcpy(out, *text == '/' ? "" : path);
  if (*text != '/') drop_last_name(out);
  bool named = false;
  for (; *text; text += strcspn(text, "/")) {
    text += strspn(text, "/");
    size_t length = strcspn(text, "/");
    if (length == 0 || (length == 1 && text[0] == '.')) continue;
    if (length == 2 && text[0] == '.' && text[1] == '.') {
      if (named) return false;
      drop_last_name(out);
    } else {
      named = true;
      char *end = out + strlen(out);
      *end = '/';
      *(char *)mempcpy(end + 1, text, length) = '\0';
    }
  }
  return true;
}

bool leads_out(struct standing *standing, const char *path, const char *text) {
  char target[4 * PATH_MAX];
  if (!lead(path, text, target)) return true;
  stand_at(standing, target);
  uint32_t rule;
  return !standing->writable || judge_name(standing, NAMED_FILE, &rule) != 0;
}
