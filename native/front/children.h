/* What the front has started and is the parent of, or becomes it. Others may be too: of a shell that became srt
 * the children from before, and where srt is process 1 whoever loses a parent. */
#ifndef SRT_FRONT_CHILDREN_H
#define SRT_FRONT_CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

struct children {
  pid_t node;     /* 0 each when it is gone, or not known yet */
  pid_t deciding; /* what has become of it: a program called node may be one that starts it */
  pid_t monitor;  /* bubblewrap, which srt-init is started by */
  pid_t sandbox;  /* srt-init, which comes to be our child when bubblewrap is gone */
  int node_status; /* waitpid(2)'s */
};

/* Takes whoever has ended. */
void reap(struct children *children);

bool any_left(const struct children *children);

#endif
