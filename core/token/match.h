/* By what a family of keys.d knows its keys before any module is loaded. */
#ifndef CK_MATCH_H
#define CK_MATCH_H

#include "base/conf.h"
#include "certkiosk/reader.h"
#include "token/usb.h"

/* a maker changes the ATR with every generation of a model, and has a few models */
#define CK_MATCH_MAX 16

struct ck_match {
	struct {
		unsigned char atr[CK_ATR_MAX], mask[CK_ATR_MAX];
		size_t n;
	} atrs[CK_MATCH_MAX];
	char readers[CK_MATCH_MAX][CK_READER_NAME_MAX]; /* patterns as of the shell */
	struct {
		uint16_t vendor, product;
	} usbs[CK_MATCH_MAX];
	size_t n_atrs, n_readers, n_usbs;
};

/* atr, atr_mask, reader, usb: none of them is needed */
int ck_match_read(const struct ck_conf_at *, struct ck_match *, struct ck_err *);

/* it names nothing: its keys are looked for whatever is plugged in */
bool ck_match_none(const struct ck_match *);
bool ck_match_atr(const struct ck_match *, const struct ck_card *);
bool ck_match_reader(const struct ck_match *, const struct ck_card *);
bool ck_match_usb(const struct ck_match *, const struct ck_usb *, size_t n);

/* "3B:7F:96:…" */
#define CK_ATR_TEXT_MAX (3 * CK_ATR_MAX)
void ck_atr_text(const struct ck_card *, char out[CK_ATR_TEXT_MAX]);

#endif
