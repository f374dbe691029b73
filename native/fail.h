/* How srt-init ends when it cannot go on. */
#ifndef SRT_FAIL_H
#define SRT_FAIL_H

enum { EXIT_SRT_FAILED = 125 };

/* Reports `step` with the given errno to srt as a FAILED frame and ends PID 1,
 * and with it every process of the sandbox. */
_Noreturn void fail_init(const char *step, int error);

/* Same for the host side, where there is only standard error. */
_Noreturn void fail_launch(const char *step, int error);

#endif
