/* One run of a scanner. Whatever is behind it: only sane.c knows. */
#ifndef CK_SCANNER_H
#define CK_SCANNER_H

#include <jansson.h>

#include "picture.h"

struct ck_scan_wish {
	const char *scanner; /* "": the first there is */
	bool colour;
	int dpi;
	const json_t *options;	   /* NAME: TEXT, as scanimage(1) has them; they come before ours */
	bool (*unwanted)(void *u); /* looked at while the sheet moves */
	void *u;
};

struct ck_scanner;
/* SCAN_NONE, SCAN_BUSY, SCAN_TROUBLE, as all that follow */
int ck_scanner_open(const struct ck_scan_wish *, struct ck_scanner **, struct ck_err *);
/* 1 the next sheet of the feeder, or the one on the glass; 0 there is no more; -1: SCAN_EMPTY
 * (there was none at all), SCAN_JAM, SCAN_COVER, SHEET_LARGE, LINK when it is unwanted */
int ck_scanner_page(struct ck_scanner *, struct ck_picture *, struct ck_err *);
void ck_scanner_close(struct ck_scanner *);

/* A row each {"name","vendor","model","type"}, which each takes; non-zero stops. */
int ck_scanners(int (*each)(void *u, json_t *row), void *u, struct ck_err *);

#endif
