/* Sockets on their way to the Node process outside. */
#ifndef SRT_HANDOVER_H
#define SRT_HANDOVER_H

/* Sends `fd` over IPC_FD as a handle of Node's (`type`: "net.Native" or "dgram.Native") with the
 * JSON value `about`, now or when those before it have arrived. The descriptor is ours no longer.
 * Returns NULL or the step that failed, with errno; ENOBUFS when too many wait. */
const char *hand_over(int fd, const char *type, const char *about);

/* Reads IPC_FD once; an acknowledgement sends what waits next. Returns 1, or 0 at end of file,
 * or -1 with errno. */
int read_acknowledgement(void);

#endif
