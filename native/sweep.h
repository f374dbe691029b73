/* Calls that wait for long are looked at now and then: whoever waits may be gone, or have a signal to
 * handle, which nothing else would tell us. */
#ifndef SRT_SWEEP_H
#define SRT_SWEEP_H

#include <stdbool.h>

/* The errno that ends a call with EINTR, or begins it anew where SA_RESTART says so; the kernel
 * knows which (ERESTARTSYS, include/linux/errno.h). */
enum { RESTART = 512 };

/* Each sweep returns whether there is still something that waits. Of the mediator's thread, before
 * anything can wait. */
void start_sweeps(bool (*const *sweeps)(void), int count);

/* Something begins to wait. */
void expect_sweep(void);

#endif
