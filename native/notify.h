/* System calls of the command that wait for us (seccomp_unotify(2)). */
#ifndef SRT_NOTIFY_H
#define SRT_NOTIFY_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The listener of the command's filter. Returns NULL or the step that failed, with errno. */
const char *use_listener(int listener);

/* Takes one call after another: `consider` gets each, and says whether it keeps it; if not, the
 * kernel does what it would have done without us. Returns when nobody is left who could call. */
void serve_calls(bool (*consider)(const struct seccomp_notif *call));

/* Whether the caller waits still: if so, what was read of its process was its own. */
bool call_waits(uint64_t call);

/* Lets the caller return from a call that was kept: with this errno, or 0. */
void answer_call(uint64_t call, int error);

/* Lets the caller, a thread, return with a descriptor of its own of what `fd` is, or with the reason
 * that it cannot have one (EMFILE). Closes `fd`. */
void answer_with_descriptor(uint64_t call, pid_t caller, int fd, bool close_on_exec);

/* While held, no further calls are taken; their callers wait. */
void hold_calls(bool hold);

#endif
