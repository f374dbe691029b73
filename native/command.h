#ifndef SRT_COMMAND_H
#define SRT_COMMAND_H

#include "front-words.h"
#include "message.h"
#include "syscall-filter.h"

/* Starts the command, confined, in two steps, because PID 1 needs CAP_SETFCAP until the child
 * has its own user namespace and must have lost it before the command runs. Both end the
 * sandbox on failure (fail.h). */
pid_t fork_command(const struct start *start, const struct inherited *inherited);

/* Lets the forked command run. Returns 0 when it was executed, with the listener of its filter in
 * `made`, or the errno of chdir or execve with the step in `step`. */
int release_command(pid_t command, const char **step, struct mediation *made);

#endif
