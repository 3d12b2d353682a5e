/*
 * Which key is in which reader, for the shim, where more than one key plays. The file "seats" in
 * its folder has a line "SERIAL READER" for each key that is in; one that it does not name is out,
 * and its sessions are dead. Without the file every key is in, and in no reader known by name.
 */
#ifndef SEAT_H
#define SEAT_H

#include <stdbool.h>
#include <p11-kit/pkcs11.h>

#define SEAT_READER_MAX 64 /* as long as a slot's description */

/* Takes the file's text as it is now; NULL or empty: there is none. */
void seat_read(CK_FUNCTION_LIST *, const char *text);
bool seat_there(CK_FUNCTION_LIST *, CK_SLOT_ID);
/* Fills the description in where the reader is known. */
void seat_name(CK_FUNCTION_LIST *, CK_SLOT_ID, CK_SLOT_INFO *);
/* Leaves the slots whose key is in. */
void seat_keep(CK_FUNCTION_LIST *, CK_SLOT_ID *, CK_ULONG *n);

#endif
