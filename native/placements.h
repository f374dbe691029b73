/* Puts the mounts that bubblewrap made into their places.
 *
 * The folders that they belong to can be shared with code that is hostile and fast: with another
 * sandbox, or what an earlier run left. It puts links where a mount is made, or exchanges what it is
 * made on and exchanges it back; a look at the paths afterwards would find every mount, and miss
 * that one of them covers something else. So bubblewrap makes the mounts in a folder of the
 * sandbox's own, and here each is moved onto an open descriptor of the very thing that srt looked
 * at; a bind must also show that thing. From then on the mount stays with it, whatever name it
 * gets (mount_namespaces(7)). No link is followed on the way to a place, and nothing is made in the
 * host's folders. */
#ifndef SRT_PLACEMENTS_H
#define SRT_PLACEMENTS_H

#include "message.h"

/* The one step that is not srt's own failure: what is there now is not what srt looked at. */
#define PLACE_CHANGED "changed"

/* Needs CAP_SYS_ADMIN over the mount namespace, which must be private, and CAP_DAC_OVERRIDE for the
 * sandbox's own folders of mode 0. Returns NULL, or the step that failed with errno set, and the
 * number of the placement in `at`. */
const char *place_mounts(struct start *start, size_t *at);

#endif
