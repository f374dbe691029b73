/* Signals: those for the command come from srt by message, those of a terminal or a process group
 * come here too, and so does the end of a child. */
#ifndef SRT_SIGNALS_H
#define SRT_SIGNALS_H

#include <sys/types.h>

/* Blocks every signal for the calling thread, but for one; 0 for none. The sets of the C library leave
 * out those that it has for itself, which the command can send too. An answer to a call that one
 * of them interrupts is half an answer: the caller returns without its descriptor. */
void block_signals_but(int number);

/* Blocks all signals and takes them from the loop instead; `on_child_ended` is called for SIGCHLD. */
void watch_signals(void (*on_child_ended)(void));

/* Passes a signal that was sent to srt on to the command, once. */
void deliver_signal(pid_t command, int number);

#endif
