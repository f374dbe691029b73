#include "fail.h"

#include "descriptors.h"
#include "leave.h"
#include "message.h"

_Noreturn void fail_init(const char *step, int error) {
  /* If srt is gone, there is nobody to tell: the end is what matters. */
  (void)send_failure(CONTROL_FD, MESSAGE_FAILED, step, error);
  leave(EXIT_SRT_FAILED);
}
