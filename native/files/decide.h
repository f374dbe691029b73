/* Whether a call may change what it names. The one place where rules meet places. */
#ifndef SRT_DECIDE_H
#define SRT_DECIDE_H

#include <stdbool.h>

#include "place.h"
#include "rules.h"

/* What a process asked for, as reports say it; src/supervisor/init-messages.ts has the same list. */
enum operation {
  OPERATION_OPEN = 0,
  OPERATION_CREATE = 1,
  OPERATION_MKDIR = 2,
  OPERATION_MKNOD = 3,
  OPERATION_SYMLINK = 4,
  OPERATION_LINK = 5,
  OPERATION_RENAME = 6,
  OPERATION_UNLINK = 7,
  OPERATION_RMDIR = 8,
  OPERATION_TRUNCATE = 9,
  OPERATION_CHMOD = 10,
  OPERATION_CONNECT = 11,
  OPERATION_BIND = 12,
};

/* One call, for as long as it is looked at. */
struct attempt {
  const struct process *process;
  enum operation operation;
  const char *asked; /* the path, as the process has it */
  uint32_t told;     /* the rule by which it is told of when it is done, or NO_RULE */
};

void use_rules(const struct rules *rules);

/* What there has to be at a place for a call to succeed, whatever the rules say. */
enum expected { EXPECT_NOTHING, EXPECT_SOMETHING, EXPECT_ANY };

/* Each returns 0 or the errno for the caller, and reports a refusal. What could not be done anyway
 * is none: `mkdir -p` goes on after EEXIST, and not after EACCES. */
int may_change(struct attempt *attempt, const struct place *place, enum named named,
               enum expected expected);
int may_change_object(struct attempt *attempt, int object, enum named named);

/* For a rename, after both names were found to be changeable: a folder takes what it holds along, to
 * where other rules may be. */
int may_move_folder(const struct attempt *leaving, const struct place *from,
                    struct attempt *arriving, const struct place *to);

/* Report a write that the kernel refused because of a mount (EROFS). Both return the error. */
int note_error(const struct attempt *attempt, const struct place *place, int error);
int note_object_error(const struct attempt *attempt, int object, int error);

#endif
