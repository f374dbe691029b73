#define _GNU_SOURCE
#include "renames.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "target.h"
#include "telling.h"

static struct target moved, replaced;

static bool are_one_mount(int folder, int other) {
  struct statx one, two;
  if (statx(folder, "", AT_EMPTY_PATH, STATX_MNT_ID, &one) != 0) return true;
  if (statx(other, "", AT_EMPTY_PATH, STATX_MNT_ID, &two) != 0) return true;
  bool known = one.stx_mask & two.stx_mask & STATX_MNT_ID;
  return !known || one.stx_mnt_id == two.stx_mnt_id;
}

/* What is moved becomes what it is at the other name too. A folder gets a slash behind its name, with
 * which the kernel moves nothing else. */
static int may_move(struct target *from, struct target *to, enum named named) {
  int error = may_change(&to->attempt, &to->place, named, EXPECT_ANY);
  if (error != 0 || named != NAMED_FOLDER) return error;
  /* The kernel's own answer, on which programs copy what the folder holds. */
  if (!are_one_mount(from->place.folder, to->place.folder)) return EXDEV;
  size_t length = strlen(from->place.name);
  if (length + 1 == sizeof from->place.name) return ENAMETOOLONG;
  memcpy(from->place.name + length, "/", 2);
  return may_move_folder(&from->attempt, &from->place, &to->attempt, &to->place);
}

/* What it is now: of a file nothing more is to be read, as it would be of a link. */
static void tell_move(const struct target *from, const struct target *to, enum named arrived) {
  tell_of_change(&to->attempt, &to->place, arrived);
  if (arrived == NAMED_FOLDER) tell_of_move(&to->attempt, &from->place, &to->place);
}

/* Another sandbox may have put something else in its place since it was looked at: then that goes back,
 * or a link goes altogether, where it may not be. */
static int judge_moved(struct target *from, struct target *to, enum named arrived) {
  int error = may_change(&to->attempt, &to->place, arrived, EXPECT_ANY);
  if (error == 0 && arrived == NAMED_FOLDER)
    error = may_move_folder(&from->attempt, &from->place, &to->attempt, &to->place);
  if (error == 0) return 0;
  long back = syscall(SYS_renameat2, to->place.folder, to->place.name, from->place.folder,
                      from->place.name, RENAME_NOREPLACE);
  if (back != 0 && arrived == NAMED_LINK) (void)unlinkat(to->place.folder, to->place.name, 0);
  return error;
}

/* Of two that change places neither is known to have gone back: what is no folder may be a link. */
static enum named named_in_exchange(const struct place *place) {
  return named_at(place) == NAMED_FOLDER ? NAMED_FOLDER : NAMED_LINK;
}

int rename_path(const struct process *process, int from, unsigned long path, int to,
                unsigned long name, unsigned int flags) {
  int error = result_but_for_path(syscall(SYS_renameat2, -1, "", -1, "", flags));
  if (error != 0) return error;
  error = find_target(&moved, process, OPERATION_RENAME, from, path, false);
  if (error != 0) return finish_target(&moved, error);
  error = find_target(&replaced, process, OPERATION_RENAME, to, name, false);
  bool exchange = flags & RENAME_EXCHANGE;
  enum named named = error == 0 ? named_at(&moved.place) : NAMED_FILE;
  if (error == 0) error = may_change(&moved.attempt, &moved.place, named, EXPECT_SOMETHING);
  if (exchange) named = named_in_exchange(&moved.place);
  if (error == 0) error = may_move(&moved, &replaced, named);
  if (error == 0 && exchange)
    error = may_move(&replaced, &moved, named_in_exchange(&replaced.place));
  if (error == 0)
    error = result(syscall(SYS_renameat2, moved.place.folder, moved.place.name,
                           replaced.place.folder, replaced.place.name, flags));
  enum named arrived = error == 0 ? named_at(&replaced.place) : named;
  if (error == 0 && !exchange && named != NAMED_FOLDER && arrived != named)
    error = judge_moved(&moved, &replaced, arrived);
  if (error == 0) tell_move(&moved, &replaced, arrived);
  if (error == 0 && exchange) tell_move(&replaced, &moved, named_at(&moved.place));
  close_place(&moved.place);
  return finish_target(&replaced, error);
}
