/* The process that a user starts on Linux. Starting a sandbox and starting Node take about as long, and
 * need nothing of each other until Node knows the policy; so the front starts both at once. From
 * then on it only passes signals on, and waits: it is the parent of all that srt starts, and ends when
 * nothing of that is left. */
#ifndef SRT_FRONT_H
#define SRT_FRONT_H

/* srt's own arguments. Returns the exit status. */
int run_front(char **arguments);

#endif
