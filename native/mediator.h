/* Threads of their own for what the command's processes hand to us: one takes their calls, the other
 * attends to those that wait for something. Their sockets can make connect(2) and close(2) wait for as
 * long as they like (SO_LINGER; a thread that takes O_NONBLOCK away), and process 1 must go on
 * meanwhile: it passes signals on, and ends the sandbox when srt is gone. Who makes these threads wait
 * has taken network and files from its own sandbox, and nothing else. */
#ifndef SRT_MEDIATOR_H
#define SRT_MEDIATOR_H

#include <stddef.h>

#include "files/rules.h"

/* Serves the listener of the command's filter from now on, with the rules for names or NULL, and the
 * list of Unix sockets (unix-sockets.h) or NULL where there are none. Returns NULL or the step that
 * failed, with errno; what fails later ends the sandbox (fail.h). */
const char *start_mediator(int listener, const struct rules *rules, char *const *sockets);

/* Gives it a VERDICT from srt. Never waits. */
void pass_verdict(const char *payload, size_t length);

#endif
