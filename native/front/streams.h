/* The standard streams, which belong to the caller and to the command as well. */
#ifndef SRT_FRONT_STREAMS_H
#define SRT_FRONT_STREAMS_H

/* One that is closed becomes /dev/null: else a descriptor of ours would be taken for it. */
void take_streams(void);

/* Node makes a stream that it opens non-blocking, for everybody who has it, and does not live to undo that. */
void give_streams_back(void);

#endif
