/* Moving a name: what it is about becomes what it is at the other name too, with all that is in it. */
#ifndef SRT_RENAMES_H
#define SRT_RENAMES_H

#include "process.h"

/* Takes the arguments of renameat2(2), and returns 0 or the errno for the caller. */
int rename_path(const struct process *process, int from, unsigned long path, int to,
                unsigned long name, unsigned int flags);

#endif
