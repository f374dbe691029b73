#define _GNU_SOURCE
#include "decide.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "telling.h"
#include "report.h"

static struct standing standing, destination;

void use_rules(const struct rules *rules) {
  make_standing(rules, &standing);
  make_standing(rules, &destination);
  use_told_rules(rules);
}

/* Without rules the mounts alone decide. */
static int judge(struct attempt *attempt, const char *path, enum named named, uint32_t *rule) {
  if (!standing.rules) return 0;
  stand_at(&standing, path);
  attempt->told = rule_to_tell(&standing, named);
  return judge_name(&standing, named, rule);
}

static int refuse(const struct attempt *attempt, const char *path, uint32_t rule, int error) {
  report_refusal(attempt, path, rule, error);
  return error;
}

/* What keeps the call from succeeding whatever the rules say, or 0. */
static int find_obstacle(const struct place *place, enum expected expected) {
  struct stat status;
  bool there = fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (there) return expected == EXPECT_NOTHING ? EEXIST : 0;
  return expected == EXPECT_SOMETHING && errno == ENOENT ? ENOENT : 0;
}

int may_change(struct attempt *attempt, const struct place *place, enum named named,
               enum expected expected) {
  char path[2 * PATH_MAX];
  uint32_t rule;
  int error = path_of_place(place, path);
  if (error != 0) return error;
  error = judge(attempt, path, named, &rule);
  if (error == 0) return 0;
  int obstacle = find_obstacle(place, expected);
  return obstacle != 0 ? obstacle : refuse(attempt, path, rule, error);
}

int may_change_object(struct attempt *attempt, int object, enum named named) {
  char path[2 * PATH_MAX];
  int error = path_of_object(object, path);
  if (error != 0) return error;
  /* A pipe, a socket, a file in memory: it has no name that a rule could be about. */
  if (path[0] != '/') return 0;
  uint32_t rule;
  error = judge(attempt, path, named, &rule);
  return error == 0 ? 0 : refuse(attempt, path, rule, error);
}

int may_move_folder(const struct attempt *leaving, const struct place *from,
                    struct attempt *arriving, const struct place *to) {
  char path[2 * PATH_MAX];
  int error = path_of_place(to, path);
  if (error != 0) return error;
  stand_at(&destination, path);
  error = path_of_place(from, path);
  if (error != 0) return error;
  stand_at(&standing, path);
  if (!same_beneath(&standing, &destination)) return refuse(leaving, path, NO_RULE, EACCES);
  if (arriving->told == NO_RULE && tells_more_beneath(&destination, &standing))
    arriving->told = MOVED_FOLDER;
  return 0;
}

int note_error(const struct attempt *attempt, const struct place *place, int error) {
  char path[2 * PATH_MAX];
  if (error == EROFS && path_of_place(place, path) == 0)
    report_refusal(attempt, path, NO_RULE, error);
  return error;
}

int note_object_error(const struct attempt *attempt, int object, int error) {
  char path[2 * PATH_MAX];
  if (error == EROFS && path_of_object(object, path) == 0)
    report_refusal(attempt, path, NO_RULE, error);
  return error;
}
