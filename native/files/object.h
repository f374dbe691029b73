/* What is held open: where it is, and whose. */
#ifndef SRT_OBJECT_H
#define SRT_OBJECT_H

#include <stdbool.h>
#include <sys/types.h>

/* Its path: absolute, without links, as the sandbox has it. `out` has room for 2 * PATH_MAX. One
 * without a name has a text that says so (proc(5), /proc/PID/fd). Returns 0 or an errno. */
int path_of_object(int object, char *out);

/* The same of a directory, in half the time. Changes the working directory. */
int path_of_folder(int folder, char *out);

/* Whether it is of a procfs. */
bool is_in_proc(int object);

/* Whether an object of a procfs is, or may be, of srt-init: its memory, its descriptors. Also true
 * of all that is in a procfs elsewhere, such as one of a chroot in a write root. */
bool is_own_file(int object, dev_t device);

#endif
