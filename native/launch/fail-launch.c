#include "fail-launch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

_Noreturn void fail_launch(const char *step, int error) {
  (void)fprintf(stderr, "srt: %s: %s\n", step, strerror(error));
  _exit(EXIT_SRT_FAILED);
}
