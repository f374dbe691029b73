#ifndef SRT_EXIT_STATUS_H
#define SRT_EXIT_STATUS_H

/* src/cli/render.ts has the same. */
enum { EXIT_SRT_FAILED = 125 };

#endif
