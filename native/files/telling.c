#define _GNU_SOURCE
#include "telling.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../descriptors.h"
#include "../message.h"
#include "outward.h"
#include "report.h"

/* More than a project has of such files. */
enum { KEPT = 4096 };

struct told {
  uint64_t hash;
  uint32_t rule;
  char *path;
};

static struct told kept[KEPT];
static size_t count;
static uint32_t untold; /* that there was no room for */
static struct standing standing;

void use_told_rules(const struct rules *rules) {
  make_standing(rules, &standing);
}

static bool is_kept(const char *path, uint64_t hash) {
  for (size_t i = 0; i < count; i++)
    if (kept[i].hash == hash && strcmp(kept[i].path, path) == 0) return true;
  return false;
}

static void tell(const struct attempt *attempt, const char *path, uint32_t rule) {
  uint64_t hash = hash_text(HASH_START, path);
  if (is_kept(path, hash)) return;
  char *copy = count < KEPT ? strdup(path) : NULL;
  if (!copy) {
    untold++;
    return;
  }
  kept[count++] = (struct told){hash, rule, copy};
  report_handed_over(attempt, path, rule);
}

static uint32_t rule_for_link(const struct place *place, const char *path) {
  char text[PATH_MAX];
  ssize_t length = readlinkat(place->folder, place->name, text, sizeof text - 1);
  if (length < 0) return NO_RULE;
  text[length] = '\0';
  return leads_out(&standing, path, text) ? OUTWARD_LINK : NO_RULE;
}

void tell_of_change(const struct attempt *attempt, const struct place *place, enum named named) {
  uint32_t rule = attempt->told;
  if (rule == NO_RULE && named != NAMED_LINK) return;
  char path[2 * PATH_MAX];
  if (path_of_place(place, path) != 0) return;
  if (rule == NO_RULE) rule = rule_for_link(place, path);
  if (rule != NO_RULE) tell(attempt, path, rule);
}

void tell_of_object(const struct attempt *attempt, int object) {
  char path[2 * PATH_MAX];
  if (attempt->told != NO_RULE && path_of_object(object, path) == 0)
    tell(attempt, path, attempt->told);
}

/* The part of the path behind the folder, with its slash, or NULL for what is not in it. */
static const char *path_beneath(const char *path, const char *folder) {
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length : NULL;
}

/* A link, and a folder of whose files nothing is known, are worth telling of wherever they are. */
static uint32_t rule_at(const char *path, uint32_t before) {
  struct stat status;
  bool there = lstat(path, &status) == 0;
  /* One that is too long to be looked at now may be moved to where it is not. */
  if (!there && errno != ENAMETOOLONG) return NO_RULE;
  stand_at(&standing, path);
  enum named named = there && S_ISDIR(status.st_mode) ? NAMED_FOLDER : NAMED_FILE;
  uint32_t rule = rule_to_tell(&standing, named);
  return rule == NO_RULE && before >= MOVED_FOLDER ? before : rule;
}

void tell_of_move(const struct attempt *attempt, const struct place *from,
                       const struct place *to) {
  char left[2 * PATH_MAX], entered[2 * PATH_MAX], path[4 * PATH_MAX];
  size_t before = count;
  if (before == 0 || path_of_place(from, left) != 0 || path_of_place(to, entered) != 0) return;
  for (size_t i = 0; i < before; i++) {
    const char *beneath = path_beneath(kept[i].path, left);
    if (!beneath) continue;
    if (strlen(entered) + strlen(beneath) >= sizeof path) {
      untold++;
      continue;
    }
    (void)stpcpy(stpcpy(path, entered), beneath);
    uint32_t rule = rule_at(path, kept[i].rule);
    if (rule != NO_RULE) tell(attempt, path, rule);
  }
}

void finish_telling(void) {
  char more[4];
  put_u32(more, untold);
  if (untold > 0) (void)send_frame(CONTROL_FD, MESSAGE_HANDED_OVER, more, sizeof more);
}
