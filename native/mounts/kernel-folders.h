#ifndef SRT_KERNEL_FOLDERS_H
#define SRT_KERNEL_FOLDERS_H

/* Last touches to the mounts that bubblewrap made; needs CAP_SYS_ADMIN over their namespace.
 * Each returns NULL, or the step that failed with errno set. */

/* Cuts the tree off from the host's: bubblewrap leaves it a slave, so that what the host mounts
 * later would appear inside, writable (mount_namespaces(7)). */
const char *cut_propagation(void);

/* Makes what is in /proc beside the process folders read-only. Root inside is root's uid to
 * these files, and the owner of a user namespace is the owner of its sysctls; neither needs a
 * capability to write /proc/sys/kernel/core_pattern or fs/mqueue/msg_max. */
const char *cover_proc(void);

/* The devices are the host's own files: root inside is their owner, and so may change their mode.
 * A read-only mount keeps that away, and opening one to write to it is allowed all the same. */
const char *protect_devices(void);

#endif
