/* How process 1 ends once it has said its last word to srt. */
#ifndef SRT_LEAVE_H
#define SRT_LEAVE_H

/* Waits until srt has closed the control channel, which it does when it has read that word or is gone,
 * and exits; the kernel then kills what is left of this PID namespace (pid_namespaces(7)). Not earlier:
 * srt may be writing just then, and a write that fails makes Node close its end with our word unread. */
_Noreturn void leave(int status);

#endif
