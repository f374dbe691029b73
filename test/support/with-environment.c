/* Runs a command with exactly these strings as its environment, whatever they are:
 * with-environment STRING... -- PROGRAM ARGUMENT... */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int at = 1;
  while (at < argc && strcmp(argv[at], "--") != 0) at++;
  if (at + 1 >= argc) return 2;
  argv[at] = NULL;
  (void)execve(argv[at + 1], argv + at + 1, argv + 1);
  perror("with-environment");
  return 2;
}
