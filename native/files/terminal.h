/* /dev/tty means the caller's terminal, and opened here it would mean srt-init's (tty(4)). */
#ifndef SRT_TERMINAL_H
#define SRT_TERMINAL_H

#include <sys/sysmacros.h>

#include "process.h"

/* The device of /dev/tty (the kernel's Documentation/admin-guide/devices.txt). */
#define TERMINAL makedev(5, 0)

/* Replaces `object`, /dev/tty, by what the caller has as its terminal. Returns 0 or ENXIO. */
int find_terminal(const struct process *process, int *object);

#endif
