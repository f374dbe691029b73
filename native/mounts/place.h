/* Puts one mount, or what is made in one, into its place. */
#ifndef SRT_PLACE_MOUNT_H
#define SRT_PLACE_MOUNT_H

#include "mount.h"

/* `around` is the mount that it lies in, which is in its place already; both are open. Each returns
 * NULL, or the step that failed with errno set. */
const char *place_mount(const struct mount *mount, const struct mount *around);
const char *make_in_mount(const struct mount *thing, const struct mount *around);

/* Both are O_PATH, of the mount itself and of what it will cover. 0, or -1 with errno. */
int move_mount_onto(int mount, int target);

#endif
