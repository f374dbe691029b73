/* Opens that may block: a named pipe waits for its other end, a file for whoever holds a lease on it
 * (fcntl(2)). Each has a thread of its own, so that nobody else waits for it. */
#ifndef SRT_WAITING_H
#define SRT_WAITING_H

#include "opens.h"

/* Opens what `object` is, an O_PATH descriptor that is closed then, and answers the call. */
void open_waiting(int object, const struct opening *opening);

/* Ends those whose caller is gone or has a signal. Returns whether there are others. */
bool sweep_opens(void);

/* Opens what `object` is, anew and with these flags. Returns a descriptor or -1 with errno. */
int reopen(int object, int flags);

/* Gives the caller what was opened, or -1 and the errno, and closes it. */
void answer_opening(const struct opening *opening, int fd, int error);

#endif
