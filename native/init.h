#ifndef SRT_INIT_H
#define SRT_INIT_H

/* PID 1 of the sandbox: starts the command, passes signals on, reaps, reports how it ended.
 * Ends with the sandbox when the command ends or when srt goes away. */
_Noreturn void run_init(void);

#endif
