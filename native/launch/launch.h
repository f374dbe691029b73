#ifndef SRT_LAUNCH_H
#define SRT_LAUNCH_H

/* Prepares this host process and becomes bubblewrap, which becomes srt-init: both are given by absolute
 * paths. */
_Noreturn void launch(const char *bubblewrap, const char *init);

#endif
