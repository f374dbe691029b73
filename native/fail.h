/* How srt-init ends when it cannot go on. */
#ifndef SRT_FAIL_H
#define SRT_FAIL_H

#include "exit-status.h"

/* Reports `step` with the given errno to srt as a FAILED frame and ends PID 1,
 * and with it every process of the sandbox. */
_Noreturn void fail_init(const char *step, int error);

#endif
