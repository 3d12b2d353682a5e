#include "token/match.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* the shortest ATR is TS and T0 (ISO 7816-3, 8.2) */
#define ATR_MIN 2

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* Bytes in hexadecimal, a colon or a blank between them or nothing; 0 = not that. */
static size_t
read_bytes(const char *text, unsigned char out[CK_ATR_MAX])
{
	size_t n = 0;

	for (const char *p = text; *p != '\0'; p += 2) {
		if (n > 0 && (*p == ':' || *p == ' '))
			p++;
		if (n == CK_ATR_MAX || hex_digit(p[0]) < 0 || hex_digit(p[1]) < 0)
			return 0;
		out[n++] = (unsigned char)(hex_digit(p[0]) << 4 | hex_digit(p[1]));
	}
	return n;
}

static int
read_atr(const struct ck_conf_at *at, struct ck_match *m, size_t i, struct ck_err *err)
{
	char text[CK_ATR_TEXT_MAX] = "";

	if (ck_conf_list_text(at, "atr", i, text, sizeof text, err) < 0)
		return -1;
	m->atrs[i].n = read_bytes(text, m->atrs[i].atr);
	memset(m->atrs[i].mask, 0xff, sizeof m->atrs[i].mask);
	if (m->atrs[i].n < ATR_MIN)
		return ck_conf_wrong(at, "atr", err,
		    "\"%s\" is not an ATR: %d to %d bytes in hexadecimal", text, ATR_MIN,
		    CK_ATR_MAX);
	return 0;
}

static int
read_mask(const struct ck_conf_at *at, struct ck_match *m, size_t i, struct ck_err *err)
{
	char text[CK_ATR_TEXT_MAX] = "";
	size_t n;

	if (ck_conf_list_text(at, "atr_mask", i, text, sizeof text, err) < 0)
		return -1;
	n = read_bytes(text, m->atrs[i].mask);
	if (n != m->atrs[i].n)
		return ck_conf_wrong(at, "atr_mask", err, "\"%s\" is not as long as its atr (%zu)",
		    text, m->atrs[i].n);
	/* what is masked out counts nowhere */
	for (size_t j = 0; j < n; j++)
		m->atrs[i].atr[j] &= m->atrs[i].mask[j];
	return 0;
}

static int
read_atrs(const struct ck_conf_at *at, struct ck_match *m, struct ck_err *err)
{
	size_t masks = 0;

	if (ck_conf_list(at, "atr", false, CK_MATCH_MAX, &m->n_atrs, err) < 0 ||
	    ck_conf_list(at, "atr_mask", false, CK_MATCH_MAX, &masks, err) < 0)
		return -1;
	if (masks != 0 && masks != m->n_atrs)
		return ck_conf_wrong(
		    at, "atr_mask", err, "%zu masks for %zu ATRs", masks, m->n_atrs);
	for (size_t i = 0; i < m->n_atrs; i++)
		if (read_atr(at, m, i, err) != 0 || (masks > 0 && read_mask(at, m, i, err) != 0))
			return -1;
	return 0;
}

static int
read_usb(const struct ck_conf_at *at, struct ck_match *m, size_t i, struct ck_err *err)
{
	char text[CK_USB_TEXT_MAX] = "", *end = NULL, *last = NULL;

	if (ck_conf_list_text(at, "usb", i, text, sizeof text, err) < 0)
		return -1;
	if (strspn(text, "0123456789abcdefABCDEF:") == CK_USB_TEXT_MAX - 1) {
		m->usbs[i].vendor = (uint16_t)strtoul(text, &end, 16);
		m->usbs[i].product = (uint16_t)strtoul(text + 5, &last, 16);
	}
	if (end != text + 4 || last != text + CK_USB_TEXT_MAX - 1)
		return ck_conf_wrong(at, "usb", err, "\"%s\" is not like \"096e:0807\"", text);
	return 0;
}

int
ck_match_read(const struct ck_conf_at *at, struct ck_match *m, struct ck_err *err)
{
	if (read_atrs(at, m, err) != 0 ||
	    ck_conf_list(at, "reader", false, CK_MATCH_MAX, &m->n_readers, err) < 0 ||
	    ck_conf_list(at, "usb", false, CK_MATCH_MAX, &m->n_usbs, err) < 0)
		return -1;
	for (size_t i = 0; i < m->n_readers; i++)
		if (ck_conf_list_text(at, "reader", i, m->readers[i], sizeof m->readers[i], err) <
		    0)
			return -1;
	for (size_t i = 0; i < m->n_usbs; i++)
		if (read_usb(at, m, i, err) != 0)
			return -1;
	return 0;
}

/* ---- does it fit ---- */

bool
ck_match_none(const struct ck_match *m)
{
	return m->n_atrs == 0 && m->n_readers == 0 && m->n_usbs == 0;
}

bool
ck_match_atr(const struct ck_match *m, const struct ck_card *card)
{
	for (size_t i = 0; i < m->n_atrs; i++) {
		bool fits = m->atrs[i].n == card->atr_len;

		for (size_t j = 0; fits && j < card->atr_len; j++)
			fits = (card->atr[j] & m->atrs[i].mask[j]) == m->atrs[i].atr[j];
		if (fits)
			return true;
	}
	return false;
}

bool
ck_match_reader(const struct ck_match *m, const struct ck_card *card)
{
	for (size_t i = 0; i < m->n_readers; i++)
		if (fnmatch(m->readers[i], card->reader, 0) == 0)
			return true;
	return false;
}

bool
ck_match_usb(const struct ck_match *m, const struct ck_usb *usb, size_t n)
{
	for (size_t i = 0; i < m->n_usbs; i++)
		for (size_t j = 0; j < n; j++)
			if (m->usbs[i].vendor == usb[j].vendor &&
			    m->usbs[i].product == usb[j].product)
				return true;
	return false;
}

void
ck_atr_text(const struct ck_card *card, char out[CK_ATR_TEXT_MAX])
{
	out[0] = '\0';
	for (size_t i = 0; i < card->atr_len; i++)
		snprintf(
		    out + (i == 0 ? 0 : 3 * i - 1), 4, "%s%02X", i == 0 ? "" : ":", card->atr[i]);
}
