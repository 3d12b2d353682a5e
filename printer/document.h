/* A PDF that a stick brought, as pictures of its pages. */
#ifndef CK_DOCUMENT_H
#define CK_DOCUMENT_H

#include "picture.h"

struct ck_document;

bool ck_is_document(const struct ck_buf *bytes);
/* bytes stand in file, too. asker: who hangs up or speaks on it wants no pages any more. The
 * caller's, to be closed; NULL: SHEET_DAMAGED, SHEET_PROGRAM. */
struct ck_document *ck_document_open(
    int file, const struct ck_buf *bytes, int asker, struct ck_err *);
/* 1 the next page, the caller's; 0 there is none, and all of them were whole; -1: SHEET_LOCKED,
 * SHEET_DAMAGED, SHEET_ENDLESS, LINK. Only after 0 is any of them to be used. */
int ck_document_page(struct ck_document *, struct ck_picture *, struct ck_err *);
void ck_document_close(struct ck_document *);

#endif
