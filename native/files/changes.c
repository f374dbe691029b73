#define _GNU_SOURCE
#include "changes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "target.h"
#include "telling.h"

/* Two, for calls that take two. */
static struct target first, second;

static bool is_there(const struct place *place) {
  struct stat status;
  return fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

int make_folder(const struct process *process, int dirfd, unsigned long path, mode_t mode) {
  int error = find_target(&first, process, OPERATION_MKDIR, dirfd, path, false);
  /* Whatever the rules say, and first, as installers ask for each folder of each file. */
  if (error == 0 && is_there(&first.place)) error = EEXIST;
  if (error == 0) error = may_change(&first.attempt, &first.place, NAMED_FOLDER, EXPECT_NOTHING);
  take_umask(process);
  if (error == 0) error = result(mkdirat(first.place.folder, first.place.name, mode));
  return finish_target(&first, error);
}

int make_node(const struct process *process, int dirfd, unsigned long path, mode_t mode,
              dev_t device) {
  int error = result_but_for_path(mknodat(-1, "", mode, device));
  if (error != 0) return error;
  error = find_target(&first, process, OPERATION_MKNOD, dirfd, path, false);
  if (error == 0) error = may_change(&first.attempt, &first.place, NAMED_FILE, EXPECT_NOTHING);
  take_umask(process);
  if (error == 0) error = result(mknodat(first.place.folder, first.place.name, mode, device));
  if (error == 0) tell_of_change(&first.attempt, &first.place, NAMED_FILE);
  return finish_target(&first, error);
}

int make_symlink(const struct process *process, unsigned long target, int dirfd,
                 unsigned long path) {
  char text[PATH_MAX];
  int error = read_path(process, target, text);
  if (error != 0) return error;
  error = find_target(&first, process, OPERATION_SYMLINK, dirfd, path, false);
  if (error == 0) error = may_change(&first.attempt, &first.place, NAMED_LINK, EXPECT_NOTHING);
  if (error == 0) error = result(symlinkat(text, first.place.folder, first.place.name));
  if (error == 0) tell_of_change(&first.attempt, &first.place, NAMED_LINK);
  return finish_target(&first, error);
}

/* The other name is a way to write it unseen. */
static void tell_link(enum named made) {
  if (first.place.object >= 0) tell_of_object(&first.attempt, first.place.object);
  else tell_of_change(&first.attempt, &first.place, NAMED_FILE);
  tell_of_change(&second.attempt, &second.place, made);
}

/* By its name, where it has one: the name cannot have come to mean another object since, as every
 * call that could make it so goes through here. */
static int link_found(void) {
  if (first.place.object < 0)
    return result(linkat(first.place.folder, first.place.name, second.place.folder,
                         second.place.name, 0));
  char object[32];
  (void)snprintf(object, sizeof object, "/proc/self/fd/%d", first.place.object);
  return result(linkat(AT_FDCWD, object, second.place.folder, second.place.name,
                       AT_SYMLINK_FOLLOW));
}

/* Another sandbox may have put a link in its place since it was looked at. */
static int judge_linked(void) {
  int error = may_change(&second.attempt, &second.place, NAMED_LINK, EXPECT_ANY);
  if (error != 0) (void)unlinkat(second.place.folder, second.place.name, 0);
  return error;
}

/* A second name for what may not be written would be a way to write it. */
int make_link(const struct process *process, int from, unsigned long path, int to,
              unsigned long name, int flags) {
  if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) return EINVAL;
  bool follow = flags & AT_SYMLINK_FOLLOW;
  int error = find_target_or_start(&first, process, OPERATION_LINK, from, path, follow, flags);
  if (error == 0 && first.place.object >= 0)
    error = may_change_object(&first.attempt, first.place.object, NAMED_FILE);
  else if (error == 0)
    error = may_change(&first.attempt, &first.place, NAMED_FILE, EXPECT_SOMETHING);
  if (error != 0) return finish_target(&first, error);
  error = find_target(&second, process, OPERATION_LINK, to, name, false);
  /* What gets a second name may be a link itself. */
  enum named named = first.place.object < 0 ? named_at(&first.place) : NAMED_FILE;
  if (error == 0) error = may_change(&second.attempt, &second.place, named, EXPECT_NOTHING);
  if (error == 0) error = link_found();
  enum named made = error == 0 ? named_at(&second.place) : named;
  if (error == 0 && named != NAMED_LINK && made == NAMED_LINK) error = judge_linked();
  if (error == 0) tell_link(made);
  close_place(&first.place);
  return finish_target(&second, error);
}

int remove_path(const struct process *process, int dirfd, unsigned long path, int flags) {
  if (flags & ~AT_REMOVEDIR) return EINVAL;
  bool folder = flags & AT_REMOVEDIR;
  enum named named = folder ? NAMED_FOLDER : NAMED_FILE;
  enum operation operation = folder ? OPERATION_RMDIR : OPERATION_UNLINK;
  int error = find_target(&first, process, operation, dirfd, path, false);
  if (error == 0) error = may_change(&first.attempt, &first.place, named, EXPECT_SOMETHING);
  if (error == 0) error = result(unlinkat(first.place.folder, first.place.name, flags));
  return finish_target(&first, error);
}

/* The mode decides whether a hook is run. */
static int set_mode(struct attempt *attempt, int object, mode_t mode) {
  struct stat status;
  if (fstat(object, &status) != 0) return errno;
  enum named named = S_ISDIR(status.st_mode) ? NAMED_FOLDER : NAMED_FILE;
  int error = may_change_object(attempt, object, named);
  if (error != 0) return error;
  /* Through /proc the link itself would be left out, and what it leads to changed. */
  if (S_ISLNK(status.st_mode)) return EOPNOTSUPP;
  if (is_own_file(object, status.st_dev)) return EACCES;
  char path[32];
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", object);
  error = result(chmod(path, mode));
  if (error == 0 && S_ISREG(status.st_mode)) tell_of_object(attempt, object);
  return error;
}

int change_mode(const struct process *process, int dirfd, unsigned long path, mode_t mode,
                int flags) {
  if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) return EINVAL;
  bool follow = !(flags & AT_SYMLINK_NOFOLLOW);
  int error = find_target_or_start(&first, process, OPERATION_CHMOD, dirfd, path, follow, flags);
  int object = error == 0 ? open_object(&first.place) : -1;
  if (error == 0 && object < 0) error = errno;
  if (error == 0) error = set_mode(&first.attempt, object, mode);
  if (object >= 0) (void)close(object);
  return finish_target(&first, error);
}

int change_mode_of(const struct process *process, int fd, mode_t mode) {
  struct attempt attempt = {process, OPERATION_CHMOD, "", NO_RULE};
  if (is_path_only(process, fd)) return EBADF;
  int object = open_descriptor(process, fd);
  if (object < 0) return errno;
  int error = set_mode(&attempt, object, mode);
  (void)close(object);
  return error;
}
