#include "fail.h"

#include <unistd.h>

#include "descriptors.h"
#include "message.h"

_Noreturn void fail_init(const char *step, int error) {
  /* If srt is gone, there is nobody to tell: the exit below is what matters. */
  (void)send_failure(CONTROL_FD, MESSAGE_FAILED, step, error);
  _exit(EXIT_SRT_FAILED);
}
