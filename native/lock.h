/* flock(2) for srt, which has no call for it. A lock belongs to the open file, which srt goes on having
 * when this process is gone, and the kernel drops it with the last descriptor of that file. */
#ifndef SRT_LOCK_H
#define SRT_LOCK_H

/* "wait": locks descriptor 3, however long it takes. "try": locks `count` descriptors from 3 on as far
 * as nobody else has them, and prints 1 or 0 for each. Returns the exit status of this process. */
int lock_files(const char *how, const char *count);

#endif
