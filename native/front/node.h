/* srt's own Node, the half that decides. */
#ifndef SRT_NODE_H
#define SRT_NODE_H

/* Descriptors that Node gets, or -1. Written to its command line as numbers, because the caller may
 * have given srt others that must keep theirs (--control-fd). */
struct node_descriptors {
  int control;     /* of a sandbox that was started: CONTROL_FD's other end, */
  int ipc;         /* IPC_FD's, */
  int start;       /* and START_FD itself */
  int words;       /* the socket on which it speaks to the front (front-words.h) */
  int environment; /* a file with the caller's environment, as in /proc/self/environ */
};

/* Each becomes Node and does not return; says on standard error why it cannot. `arguments` are srt's
 * own. The first runs dist/start.cjs, the other dist/srt.cjs as a user could. */
_Noreturn void become_deciding_node(const struct node_descriptors *given, char **arguments);
_Noreturn void become_lone_node(char **arguments);

/* A file for `environment`, or -1 with errno. */
int keep_environment(void);

#endif
