#ifndef SRT_FIND_BUBBLEWRAP_H
#define SRT_FIND_BUBBLEWRAP_H

/* A bubblewrap that can be started before Node has looked: one of root's, that nobody else can
 * write and that is no set-user-ID program, in the first place that has any; else NULL. Node looks
 * again (src/host/bubblewrap.ts), and says in words what is wrong. */
const char *find_bubblewrap(void);

#endif
