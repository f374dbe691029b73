/* From a path of the caller's to the directory and the name that it means, as path_resolution(7) has
 * it for that caller. What is found is held open: it is what is judged, and what is used. */
#ifndef SRT_PLACE_H
#define SRT_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "object.h"
#include "process.h"

struct place {
  int folder; /* O_PATH; -1 once `object` is known without a name */
  int object; /* what a link of /proc led to, O_PATH, or -1 */
  int links;  /* followed so far */
  char name[PATH_MAX]; /* in `folder`, with the slashes that followed it; "/" for the root */
  char rest[2 * PATH_MAX];
};

/* Returns 0, or the errno for the caller. Links on the way are followed, one in the place of the last
 * name is not. With `folder` the place is what is in the folder of that path, which is `.`.
 * Whatever it returns, close_place. */
int find_place(const struct process *process, int dirfd, const char *path, bool folder,
               struct place *place);

/* Goes where a link in the place of the last name leads, as long as there is one. */
int follow_place(const struct process *process, struct place *place);

void close_place(struct place *place);

/* What there is at the place, with O_PATH, or -1 with errno. A link is itself. */
int open_object(const struct place *place);

/* The path of the place: absolute, without links, as the sandbox has it. `out` has room for
 * 2 * PATH_MAX. Returns 0 or an errno. */
int path_of_place(const struct place *place, char *out);

#endif
