/* Where a symbolic link leads, by its text alone. */
#ifndef SRT_OUTWARD_H
#define SRT_OUTWARD_H

#include "rules.h"

/* Whether a link at `path` with this text leads to where the command may change nothing. One that
 * goes up again behind a name does: that may be a link, and then nobody can say where up is. `standing`
 * is changed. */
bool leads_out(struct standing *standing, const char *path, const char *text);

#endif
