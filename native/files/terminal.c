#define _GNU_SOURCE
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The seventh field of /proc/PID/stat; the second is in parentheses and may hold anything. */
static unsigned int terminal_number(const struct process *process) {
  char text[512];
  int fd = openat(process->folder, "stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t got = read(fd, text, sizeof text - 1);
  (void)close(fd);
  if (got <= 0) return 0;
  text[got] = '\0';
  const char *behind = strrchr(text, ')');
  int number = 0;
  if (!behind || sscanf(behind, ") %*c %*d %*d %*d %d", &number) != 1) return 0;
  return (unsigned int)number;
}

int find_terminal(const struct process *process, int *object) {
  /* Sessions of the host are all 0 in here, and only one of them has come in: ours. */
  if (getsid(process->thread) == getsid(0)) return 0;
  unsigned int number = terminal_number(process);
  /* The kernel's new_encode_dev. Any other session was begun inside, and so was its terminal. */
  unsigned int minor_number = (number & 0xff) | (number >> 12 & 0xfff00);
  dev_t device = makedev(number >> 8 & 0xfff, minor_number);
  char path[32];
  (void)snprintf(path, sizeof path, "/dev/pts/%u", minor_number);
  int terminal = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (terminal < 0) return ENXIO;
  struct stat status;
  if (fstat(terminal, &status) != 0 || number == 0 || status.st_rdev != device) {
    (void)close(terminal);
    return ENXIO;
  }
  (void)close(*object);
  *object = terminal;
  return 0;
}
