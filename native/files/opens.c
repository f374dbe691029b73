#define _GNU_SOURCE
#include "opens.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "decide.h"
#include "telling.h"
#include "terminal.h"
#include "waiting.h"

/* The bit of O_TMPFILE that O_DIRECTORY is not (open(2), since Linux 3.11). */
#define UNNAMED (O_TMPFILE & ~O_DIRECTORY)
/* Ours are not to be inherited, and no terminal is to become process 1's. */
#define OURS (O_CLOEXEC | O_NOCTTY)

static struct place place;
static char asked[PATH_MAX];

static bool writes(const struct opening *opening) {
  return (opening->flags & O_ACCMODE) != O_RDONLY || opening->flags & O_TRUNC;
}

static bool may_wait(const struct stat *status, int flags) {
  return S_ISFIFO(status->st_mode) && !(flags & O_NONBLOCK) && (flags & O_ACCMODE) != O_RDWR;
}

/* Whether the caller may have this at all, whatever the rules for names say. */
static int judge_object(int object, const struct stat *status, const struct opening *opening) {
  if (S_ISLNK(status->st_mode)) return ELOOP;
  if (opening->flags & O_CREAT && S_ISDIR(status->st_mode)) return EISDIR;
  if (opening->truncating && !S_ISREG(status->st_mode))
    return S_ISDIR(status->st_mode) ? EISDIR : EINVAL;
  return is_own_file(object, status->st_dev) ? EACCES : 0;
}

/* By the name that it was opened by, where there is one: nothing of the sandbox can have moved it
 * since, as every call that could goes through here. */
static int may_write(struct attempt *attempt, int object) {
  return place.object >= 0 ? may_change_object(attempt, object, NAMED_FILE)
                           : may_change(attempt, &place, NAMED_FILE, EXPECT_ANY);
}

/* Returns 0 once the call was answered, or is to be by a thread that has taken `object`; or the
 * errno for the caller. */
static int open_found(struct attempt *attempt, int *object, const struct opening *opening) {
  int flags = opening->flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW);
  struct stat status;
  if (fstat(*object, &status) != 0) return errno;
  int error = judge_object(*object, &status, opening);
  if (error == 0 && writes(opening)) error = may_write(attempt, *object);
  if (error == 0 && status.st_rdev == TERMINAL && S_ISCHR(status.st_mode))
    error = find_terminal(attempt->process, object);
  if (error != 0) return error;
  /* Not to wait here for the end of a lease either, the call is to fail where there is one. */
  bool waits = may_wait(&status, flags);
  int fd = waits ? -1 : reopen(*object, flags | O_NONBLOCK | OURS);
  if (fd < 0 && (waits || (errno == EWOULDBLOCK && !(flags & O_NONBLOCK)))) {
    tell_of_object(attempt, *object);
    open_waiting(*object, opening);
    *object = -1;
    return 0;
  }
  if (fd < 0) return note_object_error(attempt, *object, errno);
  if (!(flags & O_NONBLOCK) && fcntl(fd, F_SETFL, flags) != 0) error = errno;
  tell_of_object(attempt, *object);
  answer_opening(opening, fd, error);
  return 0;
}

/* O_EXCL: a link in its place is for follow_place, which judges what it leads to. */
static int create(const struct attempt *attempt, const struct opening *opening) {
  struct attempt creation = *attempt;
  creation.operation = OPERATION_CREATE;
  int error = may_change(&creation, &place, NAMED_FILE, EXPECT_NOTHING);
  if (error != 0) return error;
  take_umask(attempt->process);
  int fd = openat(place.folder, place.name, opening->flags | O_EXCL | OURS, opening->mode);
  if (fd < 0) return note_error(&creation, &place, errno);
  tell_of_change(&creation, &place, NAMED_FILE);
  answer_opening(opening, fd, 0);
  return 0;
}

/* What is there may be replaced from outside between two looks: then they begin anew. */
enum { TRIES = 8 };

static int open_place(struct attempt *attempt, const struct opening *opening) {
  bool creates = opening->flags & O_CREAT;
  int error = ENOENT;
  for (int tries = 0; tries < TRIES; tries++) {
    if (creates && place.object < 0) {
      error = create(attempt, opening);
      if (error != EEXIST || opening->flags & O_EXCL) return error;
    }
    int before = place.links;
    if (!(opening->flags & O_NOFOLLOW)) error = follow_place(attempt->process, &place);
    else error = 0;
    if (error != 0) return error;
    if (creates && place.object < 0 && place.links != before) continue;
    int object = open_object(&place);
    error = object < 0 ? errno : open_found(attempt, &object, opening);
    if (object >= 0) (void)close(object);
    if (error != ENOENT || !creates) return error;
  }
  return error;
}

static int open_unnamed(const struct attempt *attempt, const struct opening *opening) {
  int error = opening->flags & O_NOFOLLOW ? 0 : follow_place(attempt->process, &place);
  if (error != 0) return error;
  int folder = open_object(&place);
  if (folder < 0) return errno;
  take_umask(attempt->process);
  int fd = openat(folder, ".", opening->flags | OURS, opening->mode);
  error = fd < 0 ? errno : 0;
  (void)close(folder);
  if (error != 0) return note_error(attempt, &place, error);
  answer_opening(opening, fd, 0);
  return 0;
}

/* Whether the kernel, which looks at them before the path, takes them: what O_DIRECTORY goes along
 * with has changed (open(2), O_TMPFILE; Linux 6.4, O_CREAT). */
static bool has_valid_flags(int flags) {
  return !(flags & O_DIRECTORY) || openat(-1, "", flags | OURS, 0) >= 0 || errno != EINVAL;
}

/* `x/`, which open(2) does not make; `/`, `./` and `../` are there. */
static bool names_new_folder(void) {
  static const char *const there[] = {"/", "./", "../"};
  for (size_t i = 0; i < sizeof there / sizeof *there; i++)
    if (strncmp(place.name, there[i], strlen(there[i])) == 0) return false;
  return ends_in_slash(place.name);
}

void open_path(const struct process *process, int dirfd, unsigned long path,
               const struct opening *opening) {
  struct attempt attempt = {process, opening->truncating ? OPERATION_TRUNCATE : OPERATION_OPEN,
                            asked, NO_RULE};
  place.folder = place.object = -1;
  int error = has_valid_flags(opening->flags) ? read_path(process, path, asked) : EINVAL;
  bool folder = error == 0 && ends_in_slash(asked);
  bool creates = opening->flags & O_CREAT;
  if (error == 0) error = find_place(process, dirfd, asked, folder && !creates, &place);
  if (error == 0 && creates && names_new_folder()) error = EISDIR;
  if (error == 0 && opening->flags & UNNAMED) error = open_unnamed(&attempt, opening);
  else if (error == 0) error = open_place(&attempt, opening);
  close_place(&place);
  if (error != 0) answer_opening(opening, -1, error);
}
