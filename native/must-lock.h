/* A lock that cannot be had is a mistake of ours, and nothing is right any more. */
#ifndef SRT_MUST_LOCK_H
#define SRT_MUST_LOCK_H

#include <pthread.h>

/* Ends the sandbox on failure (fail.h). */
void must_lock(pthread_mutex_t *lock);

#endif
