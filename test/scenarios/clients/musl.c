/* A program without anything of glibc: resolves and connects as musl does. Prints what it read. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  struct addrinfo *found, hints = {.ai_socktype = SOCK_STREAM};
  int failure = getaddrinfo(argv[1], argv[2], &hints, &found);
  if (failure) {
    printf("%s\n", gai_strerror(failure));
    return 1;
  }
  for (; found; found = found->ai_next) {
    int fd = socket(found->ai_family, found->ai_socktype, 0);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
      perror("connect");
      continue;
    }
    static const char request[] = "GET / HTTP/1.0\r\nhost: named\r\n\r\n";
    char answer[2048] = "";
    size_t length = 0;
    if (write(fd, request, sizeof request - 1) < 0) return 1;
    for (ssize_t got; (got = read(fd, answer + length, sizeof answer - 1 - length)) > 0;)
      length += (size_t)got;
    printf("%s\n", answer);
    return 0;
  }
  return 1;
}
