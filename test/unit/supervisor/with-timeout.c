/* with-timeout PROGRAM ARG...: gives descriptor 5, a socket, the timeout that srt-init's front gives it, and
 * becomes the program. */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timeval moment = {.tv_usec = 4000};
  if (argc < 2 || setsockopt(5, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment) != 0) {
    perror("with-timeout");
    return 1;
  }
  execv(argv[1], argv + 1);
  perror(argv[1]);
  return 1;
}
