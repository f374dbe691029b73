#define _GNU_SOURCE
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

int find_target(struct target *target, const struct process *process, enum operation operation,
                int dirfd, unsigned long path, bool follow) {
  target->attempt = (struct attempt){process, operation, target->asked, NO_RULE};
  target->place.folder = target->place.object = -1;
  int error = read_path(process, path, target->asked);
  if (error != 0) return error;
  /* Left to the kernel, the slash would lead through a link as process 1 sees it. */
  bool folder = (follow || operation == OPERATION_CHMOD) && ends_in_slash(target->asked);
  error = find_place(process, dirfd, target->asked, folder, &target->place);
  return error == 0 && follow ? follow_place(process, &target->place) : error;
}

int find_target_or_start(struct target *target, const struct process *process,
                         enum operation operation, int dirfd, unsigned long path, bool follow,
                         int flags) {
  int error = find_target(target, process, operation, dirfd, path, follow);
  if (error != ENOENT || !(flags & AT_EMPTY_PATH) || target->asked[0] != '\0') return error;
  target->place.object = open_start(process, dirfd);
  return target->place.object < 0 ? errno : 0;
}

int finish_target(struct target *target, int error) {
  if (error != 0) error = note_error(&target->attempt, &target->place, error);
  close_place(&target->place);
  return error;
}

int result(long done) {
  return done == 0 ? 0 : errno;
}

int result_but_for_path(long done) {
  return done == 0 || errno == ENOENT ? 0 : errno;
}

enum named named_at(const struct place *place) {
  struct stat status;
  if (fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0) return NAMED_FILE;
  if (S_ISDIR(status.st_mode)) return NAMED_FOLDER;
  return S_ISLNK(status.st_mode) ? NAMED_LINK : NAMED_FILE;
}
