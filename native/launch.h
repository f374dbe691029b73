#ifndef SRT_LAUNCH_H
#define SRT_LAUNCH_H

/* Prepares this host process and becomes bubblewrap, of which it gets the absolute path. */
_Noreturn void launch(const char *bubblewrap);

#endif
