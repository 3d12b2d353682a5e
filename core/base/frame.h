/*
 * The link between front and engine: a stream of two kinds of frames. A line is a JSON object and a
 * newline; a secret is the byte 0, its length in two bytes (big-endian), and its bytes. Whatever is
 * received lies in locked memory and is wiped once it is handed on; a secret goes straight into a
 * ck_secret.
 */
#ifndef CK_FRAME_H
#define CK_FRAME_H

#include <stddef.h>
#include <jansson.h>

#include "certkiosk/ask.h"
#include "certkiosk/err.h"
#include "certkiosk/secret.h"

/* the longest line is the row of a key that holds as many certificates with names as long as we
 * look at (walk/show.c) */
#define CK_LINE_MAX (1024 * 1024)

struct ck_link;

/* Takes the descriptor over; free closes it. NULL: out of (locked) memory. */
struct ck_link *ck_link_new(int fd);
void ck_link_free(struct ck_link *);
int ck_link_fd(const struct ck_link *);

/* Blocking; LINK when the other side is gone. SIGPIPE must be ignored by the program. */
int ck_link_send(struct ck_link *, const json_t *, struct ck_err *);
int ck_link_send_secret(struct ck_link *, const struct ck_secret *, struct ck_err *);

/*
 * The next line: 1 and *line is the caller's to json_decref, 0 when timeout_ms passed (-1 = wait
 * for ever), -1 on LINK (closed, too long, not JSON, too many secrets) or NO_MEMORY. Secrets received before the
 * line wait in the link, oldest first.
 */
int ck_link_recv(struct ck_link *, int timeout_ms, json_t **line, struct ck_err *);
/* Has more come than was asked for? Then the descriptor may have nothing to wake for. */
bool ck_link_more(const struct ck_link *);
/* The oldest secret waiting, the caller's to free; NULL when there is none. drop frees all. */
struct ck_secret *ck_link_secret(struct ck_link *);
void ck_link_drop_secrets(struct ck_link *);

/* error object of ask.h, new reference; and back */
json_t *ck_err_json(const struct ck_err *);
void ck_err_from_json(const json_t *, struct ck_err *);

#endif
