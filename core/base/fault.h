/*
 * Fault points: places where a test build can be told to die, so that interruption is tried at
 * every one of them. In a shipped build the macro is nothing. (-DCK_TEST)
 */
#ifndef CK_FAULT_H
#define CK_FAULT_H

#ifdef CK_TEST
#include <stdint.h>

/* Counts this point; raises SIGKILL when CK_FAULT_AT says it is this one's turn:
 * a number (the n-th point of the run) or name or name#n. CK_FAULT_LOG names a file to which each
 * point's name is added. CK_FAULT_HOW: "power" takes the parent, which is the front, with it, as a
 * power cut does; "hold P" kills nobody: a byte goes into the pipe P.held, and on it goes when one
 * comes out of P.go. */
void ck_fault_point(const char *name);
/* CK_FAULT_CLOCK: seconds by which this process takes itself to be ahead (or, negative, behind) */
int64_t ck_fault_clock(void);
/* CK_FAULT_MONO: a file that says how many milliseconds more than did shall have passed. It may
 * change at any time; a process that sleeps has to be woken to see it. */
int64_t ck_fault_mono(void);
/* CK_FAULT_USB: a folder laid out as the kernel's list of USB devices; NULL = the kernel's own */
const char *ck_fault_usb(void);
/* where libpcsclite looks for its service in a test; NULL = where it always is */
const char *ck_fault_pcscd(void);
#define CK_FAULT(name) ck_fault_point(name)
#else
#define CK_FAULT(name) ((void)0)
#endif

#endif
