#define _GNU_SOURCE
#include "share.h"

#include <errno.h>
#include <sys/resource.h>

#include "../fail.h"

size_t share_of_descriptors(size_t parts, size_t most) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail_init("getrlimit", errno);
  size_t share = limit.rlim_cur / parts;
  if (share > most) return most;
  return share > 0 ? share : 1;
}
