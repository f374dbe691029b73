/* Makes mounts that are nowhere yet (open_tree(2), fsmount(2)). */
#ifndef SRT_MAKE_H
#define SRT_MAKE_H

#include "mount.h"

/* What mounts are made of; open as long as they are. */
struct sources {
  int own;  /* the root folder that bubblewrap made, which nobody else sees */
  int host; /* the host's tree, as the host has it but for devices and set-user-ID bits */
  int null; /* /dev/null */
};

/* What is there is not what srt looked at: the one step that is not srt's own failure. */
#define PLACE_CHANGED "changed"

/* Each returns NULL, or the step that failed with errno set. */
const char *open_sources(struct sources *sources);
const char *close_sources(const struct sources *sources);

/* Leaves the mount in mount->fd. */
const char *make_mount(struct mount *mount, const struct sources *sources);

/* After it is placed: a file without a name cannot be mounted (move_mount answers ENOENT). */
const char *forget_source(const struct mount *mount, const struct sources *sources);

/* Of a mount and nothing that is mounted in it. 0, or -1 with errno. */
int make_read_only(int mount);

/* Opens a path without a link in it, as O_PATH; "" is `above` itself. -1 with errno. */
int look_up(int above, const char *below);

/* A step that failed because of something that others did to the path. */
const char *step_of_path(const char *step);

#endif
