/* The same as fail.h on the host's side, where there is only standard error. */
#ifndef SRT_FAIL_LAUNCH_H
#define SRT_FAIL_LAUNCH_H

#include "../exit-status.h"

_Noreturn void fail_launch(const char *step, int error);

#endif
