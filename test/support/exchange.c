/* Exchanges two names again and again, at once or after a while, until its standard input ends, or for
 * an hour: exchange ONE OTHER. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  unsigned long times = 0;
  for (time_t end = time(NULL) + 3600; time(NULL) < end; times++) {
    if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) != 0) {
      perror("exchange");
      return 1;
    }
    if (poll(&input, 1, 0) != 0) break;
    /* Long enough for any step of a start to fall between two. */
    if (random() % 2) (void)usleep((useconds_t)(random() % 8000));
  }
  (void)printf("%lu\n", times);
  return 0;
}
