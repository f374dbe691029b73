#ifndef SRT_LAUNCH_H
#define SRT_LAUNCH_H

/* Prepares this host process and becomes bubblewrap: argv[0] is its absolute path. */
_Noreturn void launch(char **argv);

#endif
