#define _GNU_SOURCE
#include "changes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decide.h"
#include "telling.h"

/* A path of the caller's, and what is known of it. */
struct target {
  struct attempt attempt;
  struct place place;
  char asked[PATH_MAX];
};

/* Two, for calls that take two. */
static struct target first, second;

static int find(struct target *target, const struct process *process, enum operation operation,
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

/* The same for a call that takes AT_EMPTY_PATH: what `dirfd` is, where it is given with no path. */
static int find_or_start(struct target *target, const struct process *process,
                         enum operation operation, int dirfd, unsigned long path, bool follow,
                         int flags) {
  int error = find(target, process, operation, dirfd, path, follow);
  if (error != ENOENT || !(flags & AT_EMPTY_PATH) || target->asked[0] != '\0') return error;
  target->place.object = open_start(process, dirfd);
  return target->place.object < 0 ? errno : 0;
}

static int finish(struct target *target, int error) {
  if (error != 0) error = note_error(&target->attempt, &target->place, error);
  close_place(&target->place);
  return error;
}

static int result(long done) {
  return done == 0 ? 0 : errno;
}

/* Of a call with an empty path: what the kernel says before it looks at the path, or 0. */
static int result_but_for_path(long done) {
  return done == 0 || errno == ENOENT ? 0 : errno;
}

static bool is_there(const struct place *place) {
  struct stat status;
  return fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

int make_folder(const struct process *process, int dirfd, unsigned long path, mode_t mode) {
  int error = find(&first, process, OPERATION_MKDIR, dirfd, path, false);
  /* Whatever the rules say, and first, as installers ask for each folder of each file. */
  if (error == 0 && is_there(&first.place)) error = EEXIST;
  if (error == 0) error = may_change(&first.attempt, &first.place, NAMED_FOLDER, EXPECT_NOTHING);
  take_umask(process);
  if (error == 0) error = result(mkdirat(first.place.folder, first.place.name, mode));
  return finish(&first, error);
}

int make_node(const struct process *process, int dirfd, unsigned long path, mode_t mode,
              dev_t device) {
  int error = result_but_for_path(mknodat(-1, "", mode, device));
  if (error != 0) return error;
  error = find(&first, process, OPERATION_MKNOD, dirfd, path, false);
  if (error == 0) error = may_change(&first.attempt, &first.place, NAMED_FILE, EXPECT_NOTHING);
  take_umask(process);
  if (error == 0) error = result(mknodat(first.place.folder, first.place.name, mode, device));
  if (error == 0) tell_of_change(&first.attempt, &first.place, NAMED_FILE);
  return finish(&first, error);
}

int make_symlink(const struct process *process, unsigned long target, int dirfd,
                 unsigned long path) {
  char text[PATH_MAX];
  int error = read_path(process, target, text);
  if (error != 0) return error;
  error = find(&first, process, OPERATION_SYMLINK, dirfd, path, false);
  if (error == 0) error = may_change(&first.attempt, &first.place, NAMED_LINK, EXPECT_NOTHING);
  if (error == 0) error = result(symlinkat(text, first.place.folder, first.place.name));
  if (error == 0) tell_of_change(&first.attempt, &first.place, NAMED_LINK);
  return finish(&first, error);
}

/* What is there, or a file where there is nothing. */
static enum named named_at(const struct place *place) {
  struct stat status;
  if (fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0) return NAMED_FILE;
  if (S_ISDIR(status.st_mode)) return NAMED_FOLDER;
  return S_ISLNK(status.st_mode) ? NAMED_LINK : NAMED_FILE;
}

/* The other name is a way to write it unseen. */
static void tell_link(void) {
  if (first.place.object >= 0) tell_of_object(&first.attempt, first.place.object);
  else tell_of_change(&first.attempt, &first.place, NAMED_FILE);
  tell_of_change(&second.attempt, &second.place, named_at(&second.place));
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

/* A second name for what may not be written would be a way to write it. */
int make_link(const struct process *process, int from, unsigned long path, int to,
              unsigned long name, int flags) {
  if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) return EINVAL;
  bool follow = flags & AT_SYMLINK_FOLLOW;
  int error = find_or_start(&first, process, OPERATION_LINK, from, path, follow, flags);
  if (error == 0 && first.place.object >= 0)
    error = may_change_object(&first.attempt, first.place.object, NAMED_FILE);
  else if (error == 0)
    error = may_change(&first.attempt, &first.place, NAMED_FILE, EXPECT_SOMETHING);
  if (error != 0) return finish(&first, error);
  error = find(&second, process, OPERATION_LINK, to, name, false);
  /* What gets a second name may be a link itself. */
  if (error == 0) error = may_change(&second.attempt, &second.place, NAMED_LINK, EXPECT_NOTHING);
  if (error == 0) error = link_found();
  if (error == 0) tell_link();
  close_place(&first.place);
  return finish(&second, error);
}

static bool are_one_mount(int folder, int other) {
  struct statx one, two;
  if (statx(folder, "", AT_EMPTY_PATH, STATX_MNT_ID, &one) != 0) return true;
  if (statx(other, "", AT_EMPTY_PATH, STATX_MNT_ID, &two) != 0) return true;
  bool known = one.stx_mask & two.stx_mask & STATX_MNT_ID;
  return !known || one.stx_mnt_id == two.stx_mnt_id;
}

/* What is moved becomes what it is at the other name too. Another sandbox may put something else in
 * its place meanwhile, so what is no folder may be a link, and a folder gets a slash behind its
 * name, with which the kernel moves nothing else. */
static int may_move(struct target *from, struct target *to, bool folder) {
  enum named named = folder ? NAMED_FOLDER : NAMED_LINK;
  int error = may_change(&to->attempt, &to->place, named, EXPECT_ANY);
  if (error != 0 || !folder) return error;
  /* The kernel's own answer, on which programs copy what the folder holds. */
  if (!are_one_mount(from->place.folder, to->place.folder)) return EXDEV;
  size_t length = strlen(from->place.name);
  if (length + 1 == sizeof from->place.name) return ENAMETOOLONG;
  memcpy(from->place.name + length, "/", 2);
  return may_move_folder(&from->attempt, &from->place, &to->attempt, &to->place);
}

/* What it is now: of a file nothing more is to be read, as it would be of a link. */
static void tell_move(const struct target *from, const struct target *to) {
  enum named named = named_at(&to->place);
  tell_of_change(&to->attempt, &to->place, named);
  if (named == NAMED_FOLDER) tell_of_move(&to->attempt, &from->place, &to->place);
}

int rename_path(const struct process *process, int from, unsigned long path, int to,
                unsigned long name, unsigned int flags) {
  int error = result_but_for_path(syscall(SYS_renameat2, -1, "", -1, "", flags));
  if (error != 0) return error;
  error = find(&first, process, OPERATION_RENAME, from, path, false);
  if (error != 0) return finish(&first, error);
  error = find(&second, process, OPERATION_RENAME, to, name, false);
  bool exchange = flags & RENAME_EXCHANGE;
  enum named named = error == 0 ? named_at(&first.place) : NAMED_FILE;
  if (error == 0) error = may_change(&first.attempt, &first.place, named, EXPECT_SOMETHING);
  if (error == 0) error = may_move(&first, &second, named == NAMED_FOLDER);
  if (error == 0 && exchange)
    error = may_move(&second, &first, named_at(&second.place) == NAMED_FOLDER);
  if (error == 0)
    error = result(syscall(SYS_renameat2, first.place.folder, first.place.name,
                           second.place.folder, second.place.name, flags));
  if (error == 0) tell_move(&first, &second);
  if (error == 0 && exchange) tell_move(&second, &first);
  close_place(&first.place);
  return finish(&second, error);
}

int remove_path(const struct process *process, int dirfd, unsigned long path, int flags) {
  if (flags & ~AT_REMOVEDIR) return EINVAL;
  bool folder = flags & AT_REMOVEDIR;
  enum named named = folder ? NAMED_FOLDER : NAMED_FILE;
  enum operation operation = folder ? OPERATION_RMDIR : OPERATION_UNLINK;
  int error = find(&first, process, operation, dirfd, path, false);
  if (error == 0) error = may_change(&first.attempt, &first.place, named, EXPECT_SOMETHING);
  if (error == 0) error = result(unlinkat(first.place.folder, first.place.name, flags));
  return finish(&first, error);
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
  int error = find_or_start(&first, process, OPERATION_CHMOD, dirfd, path, follow, flags);
  int object = error == 0 ? open_object(&first.place) : -1;
  if (error == 0 && object < 0) error = errno;
  if (error == 0) error = set_mode(&first.attempt, object, mode);
  if (object >= 0) (void)close(object);
  return finish(&first, error);
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
