/* Builds the sandbox's file tree and enters it.
 *
 * The folders that its mounts belong to can be shared with code that is hostile and fast: with another
 * sandbox, or what an earlier run left. It puts links where a mount is made, or exchanges what it is
 * made on and exchanges it back; a look at the paths afterwards would find every mount, and miss
 * that one of them covers something else. So each mount is made apart, of an open descriptor, and
 * then moved onto an open descriptor of the very thing that srt looked at; a bind must also show that
 * thing. From then on the mount stays with it, whatever name it gets (mount_namespaces(7)). No link is
 * followed on the way, and nothing is made in the host's folders. */
#ifndef SRT_ROOT_H
#define SRT_ROOT_H

#include "mount.h"

/* Needs CAP_SYS_ADMIN over the mount namespace, which must be private, CAP_DAC_OVERRIDE for the
 * sandbox's own folders of mode 0, and Linux 5.12 (mount_setattr(2)). What bubblewrap made is gone
 * afterwards but for /proc and /dev. Returns NULL, or the step that failed with errno set, and the
 * number of the mount in `at`. */
const char *enter_root(struct mount *mounts, size_t count, size_t *at);

#endif
