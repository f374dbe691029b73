/* srt-init: the native half of srt on Linux.
 *
 *   srt-init launch BWRAP     on the host: prepare the process, then become bubblewrap
 *   srt-init init             in the sandbox, as PID 1: confine and start the command
 *   srt-init lock HOW COUNT   on the host: lock files that srt has open (lock.h)
 *
 * Nothing about the policy or the command is ever on argv, which is readable by every local user:
 * instructions come in a file without a name (START_FD, message.h). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "fail.h"
#include "init.h"
#include "launch/launch.h"
#include "lock.h"

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "launch") == 0) {
    /* Node leaves it closed, or to what its own caller has there. */
    (void)close(FRONT_FD);
    launch(argv[2], "/proc/self/exe");
  }
  if (argc == 2 && strcmp(argv[1], "init") == 0) {
    /* bubblewrap runs us as /proc/self/fd/N; show a name a person can place in ps. */
    size_t room = strlen(argv[0]);
    if (room >= sizeof "srt-init" - 1) {
      memset(argv[0], 0, room);
      memcpy(argv[0], "srt-init", sizeof "srt-init" - 1);
    }
    run_init();
  }
  if (argc == 4 && strcmp(argv[1], "lock") == 0) return lock_files(argv[2], argv[3]);
  (void)fprintf(stderr, "srt-init is started by srt and does nothing on its own\n");
  return EXIT_SRT_FAILED;
}
