#ifndef SRT_FIND_NODE_H
#define SRT_FIND_NODE_H

#include <limits.h>
#include <stdbool.h>

/* The path of the Node that runs srt. Of the folders of PATH those count that are the user's: not the working
 * directory's, by relative or empty entries, nor a project's programs (node_modules/.bin), which npm puts
 * first for its scripts and which an earlier command may have been allowed to write. */
bool find_node(char path[PATH_MAX]);

#endif
