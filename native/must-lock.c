#include "must-lock.h"

#include <errno.h>

#include "fail.h"

void must_lock(pthread_mutex_t *lock) {
  errno = pthread_mutex_lock(lock);
  if (errno != 0) fail_init("lock", errno);
}
