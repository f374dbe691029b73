/* Descriptors of srt-init are few where `ulimit -n` is low, and what the command does uses them. */
#ifndef SRT_SHARE_H
#define SRT_SHARE_H

#include <stddef.h>

/* How many there may be of what holds descriptors for long, if all of them together may use one of so
 * many equal parts of the limit: at least one, and `most` at most. */
size_t share_of_descriptors(size_t parts, size_t most);

#endif
