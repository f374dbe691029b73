/* Signals that are meant for the command. */
#ifndef SRT_FRONT_SIGNALS_H
#define SRT_FRONT_SIGNALS_H

#include <stdint.h>
#include <sys/types.h>

/* Those that were ignored when srt was started, as in struct inherited. */
uint64_t ignored_signals(void);

/* From here on what is for the command, and SIGCHLD, ends nothing but is read from the descriptor that
 * this returns; but for what the caller has srt ignore. */
int catch_signals(uint64_t ignored);

/* In a process that becomes something else. */
void restore_signals(void);

/* Takes what has arrived. Passes it on to Node, or keeps what Node cannot take: all while there is none (0),
 * and until it is ready SIGUSR1, on which it would open its debugger to every user of the machine. */
void pass_on(int signals, pid_t node);
void node_is_ready(pid_t node);
/* To be started again: what comes from now on is for the next one. */
void node_ends(void);

/* The command has its own part in what a terminal stops. Until then srt alone is stopped by Ctrl-Z. */
void command_is_started(void);

/* Has this process act on what was kept. */
void raise_kept(void);

#endif
