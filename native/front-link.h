/* What srt-init has to do with the front that started it, if one did (front/front.h). */
#ifndef SRT_FRONT_LINK_H
#define SRT_FRONT_LINK_H

#include <stdbool.h>

#include "front-words.h"

/* To be called first. Returns what the command is to have of what srt was started with. This process gets
 * all the descriptors that the hard limit allows: each mount that others lie in takes one. */
struct inherited meet_front(void);

/* Whether START is complete only when GO comes: elsewhere it was before this process was started. */
bool has_front(void);

/* The command runs. The front ends bubblewrap, which only watches us, and is our parent then; should it be killed,
 * we end, stopped or not. Without a front we end with bubblewrap, as before. */
void tell_front(void);

#endif
