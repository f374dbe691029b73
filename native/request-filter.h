/* The part of the command's system call filter that is about ioctl(2). */
#ifndef SRT_REQUEST_FILTER_H
#define SRT_REQUEST_FILTER_H

#include "filter-program.h"

void filter_ioctl(struct program *p);

#endif
