#define _GNU_SOURCE
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_LINKS = 40 /* MAXSYMLINKS, include/linux/namei.h */ };

/* Ours is every caller's too: they cannot change it (chroot(2)). */
static int root = -1;

static void leave_folder(struct place *place) {
  if (place->folder >= 0 && place->folder != root) (void)close(place->folder);
  place->folder = -1;
}

static int move_to(struct place *place, int folder) {
  if (folder < 0) return errno;
  leave_folder(place);
  place->folder = folder;
  return 0;
}

static int move_to_root(struct place *place) {
  if (root < 0) root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  return move_to(place, root);
}

/* Many folders at once, where none of them is a link: what the kernel finds then is what it would
 * find for the caller. */
static int open_straight(int folder, const char *path) {
  struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                         .resolve = RESOLVE_NO_SYMLINKS};
  return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/* Length of the first name of a path and of the slashes behind it. */
static size_t first_name(const char *path, size_t *with_slashes) {
  size_t length = strcspn(path, "/");
  *with_slashes = length + strspn(path + length, "/");
  return length;
}

/* Where the last name of the path begins, which may be all of it. */
static char *last_name(char *path) {
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] == '/') end--;
  while (end > 0 && path[end - 1] != '/') end--;
  return path + end;
}

/* A path that begins at `folder`, or at the root. */
static int set_rest(struct place *place, const char *path, const char *behind) {
  size_t slashes = strspn(path, "/");
  size_t length = strlen(path + slashes), more = strlen(behind);
  if (length + 1 + more >= sizeof place->rest) return ENAMETOOLONG;
  size_t begin = length > 0 && more > 0 ? length + 1 : length;
  /* What is behind may be a part of the rest. */
  memmove(place->rest + begin, behind, more + 1);
  memcpy(place->rest, path + slashes, length);
  if (begin > length) place->rest[length] = '/';
  return slashes > 0 ? move_to_root(place) : 0;
}

/* What /proc/self and its like are for the caller. Others of /proc lead to an object that has no
 * text: those are opened, but not where they are srt-init's own. */
static int read_proc_link(const struct process *process, struct place *place, int link,
                          const char *name, char text[PATH_MAX]) {
  char path[2 * PATH_MAX];
  int error = path_of_object(link, path);
  if (error != 0) return error;
  text[0] = '\0';
  if (strcmp(path, "/proc/self") == 0)
    (void)snprintf(text, PATH_MAX, "%d", (int)process->group);
  else if (strcmp(path, "/proc/thread-self") == 0)
    (void)snprintf(text, PATH_MAX, "%d/task/%d", (int)process->group, (int)process->thread);
  if (text[0] != '\0') return 0;
  char *end;
  if (strncmp(path, "/proc/", 6) != 0) return EACCES;
  long owner = strtol(path + 6, &end, 10);
  if (end == path + 6) {
    ssize_t length = readlinkat(link, "", text, PATH_MAX - 1);
    if (length < 0) return errno;
    text[length] = '\0';
    return 0;
  }
  if (is_own_thread(owner)) return EACCES;
  place->object = openat(place->folder, name, O_PATH | O_CLOEXEC);
  return place->object < 0 ? errno : 0;
}

/* Goes where the link in `folder` leads, of which `behind` is then to be looked up. */
static int follow_link(const struct process *process, struct place *place, int link,
                       const char *name, const char *behind) {
  if (++place->links > MAX_LINKS) return ELOOP;
  char text[PATH_MAX] = "";
  if (is_in_proc(link)) {
    int error = read_proc_link(process, place, link, name, text);
    if (error != 0) return error;
    if (place->object >= 0) {
      if (*behind == '\0') return 0;
      int folder = place->object;
      place->object = -1;
      memmove(place->rest, behind, strlen(behind) + 1);
      return move_to(place, folder);
    }
  } else {
    ssize_t length = readlinkat(link, "", text, sizeof text - 1);
    if (length < 0) return errno;
    text[length] = '\0';
  }
  return text[0] == '\0' ? ENOENT : set_rest(place, text, behind);
}

/* Follows the link, if it is one; else goes into it, if it is to be gone into. */
static int enter(const struct process *process, struct place *place, const char *name,
                 const char *behind, bool into) {
  int object = openat(place->folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (object < 0) return errno;
  struct stat status;
  int error = fstat(object, &status) == 0 ? 0 : errno;
  bool is_link = error == 0 && S_ISLNK(status.st_mode);
  if (is_link) error = follow_link(process, place, object, name, behind);
  if (error == 0 && !is_link && into) {
    memmove(place->rest, behind, strlen(behind) + 1);
    return move_to(place, object);
  }
  (void)close(object);
  return error;
}

/* One step towards the last name. */
static int advance(const struct process *process, struct place *place, char *last) {
  char first = *last;
  *last = '\0';
  int folder = open_straight(place->folder, place->rest);
  *last = first;
  if (folder >= 0) {
    memmove(place->rest, last, strlen(last) + 1);
    return move_to(place, folder);
  }
  if (errno != ELOOP) return errno;
  size_t whole;
  size_t length = first_name(place->rest, &whole);
  char name[NAME_MAX + 1];
  if (length > NAME_MAX) return ENAMETOOLONG;
  memcpy(name, place->rest, length);
  name[length] = '\0';
  return enter(process, place, name, place->rest + whole, true);
}

static bool ends_in_link(const struct place *place) {
  struct stat status;
  return fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(status.st_mode);
}

static int walk(const struct process *process, struct place *place) {
  while (place->object < 0) {
    char *last = last_name(place->rest);
    if (last == place->rest) {
      size_t length = strlen(last);
      if (length >= PATH_MAX) return ENAMETOOLONG;
      memcpy(place->name, length > 0 ? last : "/", length > 0 ? length + 1 : sizeof "/");
      return 0;
    }
    int error = advance(process, place, last);
    if (error != 0) return error;
  }
  return 0;
}

int follow_place(const struct process *process, struct place *place) {
  while (place->object < 0 && ends_in_link(place)) {
    int error = enter(process, place, place->name, "", false);
    if (error == 0) error = walk(process, place);
    if (error != 0) return error;
  }
  return 0;
}

int find_place(const struct process *process, int dirfd, const char *path, bool folder,
               struct place *place) {
  place->folder = place->object = -1;
  place->links = 0;
  if (path[0] == '\0') return ENOENT;
  int error = 0;
  if (path[0] != '/') error = move_to(place, open_start(process, dirfd));
  if (error == 0) error = set_rest(place, path, folder ? "." : "");
  return error != 0 ? error : walk(process, place);
}

void close_place(struct place *place) {
  leave_folder(place);
  if (place->object >= 0) (void)close(place->object);
  place->object = -1;
}

int open_object(const struct place *place) {
  if (place->object >= 0) return fcntl(place->object, F_DUPFD_CLOEXEC, 0);
  return openat(place->folder, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int path_of_place(const struct place *place, char *out) {
  if (place->object >= 0) return path_of_object(place->object, out);
  int error = path_of_folder(place->folder, out);
  if (error != 0) return error;
  /* Not below our root: no rule can be about it, and nothing leads there but what is a mistake. */
  if (out[0] != '/') return EACCES;
  size_t length = strlen(out);
  size_t name = strcspn(place->name, "/");
  if (length > 1) out[length++] = '/';
  memcpy(out + length, place->name, name);
  out[length + name] = '\0';
  return 0;
}
