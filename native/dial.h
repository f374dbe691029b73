/* Connections that srt asks for, to what listens on the sandbox's loopback (network.forward). */
#ifndef SRT_DIAL_H
#define SRT_DIAL_H

#include <stddef.h>

/* A DIAL from srt. What is connected is handed over (handover.h) as `{"dial":ID}`; what is not is
 * reported as DIALLED. */
void take_dial(const char *payload, size_t length);

#endif
