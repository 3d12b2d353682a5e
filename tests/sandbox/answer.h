/* One request on a connection: faults on demand around what desk or CA say. */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

#include <stdbool.h>
#include <openssl/ssl.h>

#include "sandbox.h"

/* false: the connection is over */
bool sb_answer_one(struct sb *, SSL *);

#endif
