#ifndef SRT_DIST_H
#define SRT_DIST_H

#include <limits.h>

/* The path of a file of dist/, for this program is dist/bin/srt. Ends the process when it cannot be told. */
void find_in_dist(const char *name, char path[PATH_MAX]);

#endif
