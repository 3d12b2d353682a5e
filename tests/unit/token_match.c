/* By what a family knows its keys, and what the kernel's list of USB devices tells. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "t.h"
#include "token/match.h"
#include "token/plugged.h"

static char dir[] = "/tmp/token-match-XXXXXX";

static void
put(const char *name, const char *text)
{
	char path[PATH_MAX], *slash = NULL;
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	slash = strrchr(path, '/');
	*slash = '\0';
	mkdir(path, 0700);
	*slash = '/';
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
		printf("not ok - %s\n", path);
		exit(1);
	}
}

static int
read_rules(const char *text, struct ck_match *m)
{
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_conf *conf = NULL;
	char path[PATH_MAX];
	int rc = -1;

	put("rules.conf", text);
	snprintf(path, sizeof path, "%s/rules.conf", dir);
	*m = (struct ck_match){ .n_atrs = 0 };
	if (ck_conf_open(path, &conf, &err) == 0)
		rc = ck_match_read(ck_conf_root(conf), m, &err);
	if (rc == 0)
		rc = ck_conf_done(conf, &err);
	ck_conf_close(conf);
	return rc;
}

static struct ck_card
card(const char *reader, const char *atr, size_t n)
{
	struct ck_card c = { .atr_len = n };

	snprintf(c.reader, sizeof c.reader, "%s", reader);
	memcpy(c.atr, atr, n);
	return c;
}

static void
cards(void)
{
	struct ck_match m;
	struct ck_card a = card("Longmai mToken 00 00", "\x3b\x7f\x96\x01", 4);
	struct ck_card b = card("Other 00 00", "\x3b\x7f\x96\x02", 4);
	struct ck_card longer = card("Other 00 00", "\x3b\x7f\x96\x01\x00", 5);
	struct ck_card none = card("Other 00 00", "", 0);
	char text[CK_ATR_TEXT_MAX];

	T(read_rules("", &m) == 0 && ck_match_none(&m), "no rules");
	T(!ck_match_atr(&m, &none), "no rule fits no ATR");
	T(read_rules("atr = [\"3b:7F:96:01\"];", &m) == 0 && !ck_match_none(&m), "an ATR");
	T(ck_match_atr(&m, &a) && !ck_match_atr(&m, &b) && !ck_match_atr(&m, &longer) &&
		!ck_match_atr(&m, &none),
	    "fits whole");
	T(read_rules("atr = [\"3B 00\", \"3B7F96FF\"];\natr_mask = [\"FFFF\", \"FF FF FF 00\"];",
	      &m) == 0 &&
		ck_match_atr(&m, &a) && ck_match_atr(&m, &b) && !ck_match_atr(&m, &longer),
	    "under its mask, one of several");
	T(read_rules("reader = [\"Nobody*\", \"Long?ai*\"];", &m) == 0 && ck_match_reader(&m, &a) &&
		!ck_match_reader(&m, &b),
	    "a reader's pattern");
	T(read_rules(
	      "atr = [\"3B:7F:96:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:"
	      "01:01:01:01:01:01:01:01:01:01\"];",
	      &m) == -1,
	    "an ATR of 34 bytes");
	ck_atr_text(&a, text);
	T_STR(text, "3B:7F:96:01", "an ATR as people write it");
	ck_atr_text(&none, text);
	T_STR(text, "", "none");
	a.atr_len = CK_ATR_MAX;
	ck_atr_text(&a, text);
	T(strlen(text) == CK_ATR_TEXT_MAX - 1, "the longest");
}

static void
slots(void)
{
	static const char *const reader =
	    "A very long reader name that no PKCS#11 slot description can ever hold 00 00";
	char cut[65] = "";

	T(ck_plugged_slot_fits("Reader 00 00", "Reader 00 00"), "a slot named like its reader");
	T(!ck_plugged_slot_fits("Reader 00", "Reader 00 00"), "not by its beginning");
	snprintf(cut, sizeof cut, "%.64s", reader);
	T(ck_plugged_slot_fits(cut, reader), "cut at 64");
	snprintf(cut, sizeof cut, "%.61s...", reader);
	T(ck_plugged_slot_fits(cut, reader), "cut with dots");
	T(!ck_plugged_slot_fits("", reader), "an empty name is nobody's");
}

static void
usb(void)
{
	struct ck_usb all[CK_USB_MAX];
	struct ck_match m;
	const struct ck_usb *reader;
	size_t n;

	setenv("CK_FAULT_USB", "/nowhere", 1);
	T(ck_usb_list(all) == 0, "no USB at all");
	setenv("CK_FAULT_USB", dir, 1);
	put("usb1/idVendor", "1d6b\n");
	put("usb1/idProduct", "0002\n");
	put("1-1.2/idVendor", "055c\n");
	put("1-1.2/idProduct", "E618\n");
	put("1-1.2/product", "mToken\n");
	put("1-1.2:1.0/bInterfaceClass", "0b\n");
	put("1-1/idVendor", "rubbish\n");
	put("1-1/idProduct", "0001\n");
	n = ck_usb_list(all);
	T(n == 2, "two devices, one unreadable (%zu)", n);
	T(read_rules("usb = [\"dead:beef\", \"055C:e618\"];", &m) == 0 && !ck_match_none(&m) &&
		ck_match_usb(&m, all, n),
	    "one of them is a family's");
	T(read_rules("usb = [\"055c:0002\"];", &m) == 0 && !ck_match_usb(&m, all, n),
	    "not a vendor here and a product there");
	reader = ck_usb_of_reader(all, n, "Whatever 00 00");
	T(reader != NULL && reader->product == 0xe618, "the only smart card device is the reader");
	put("2-1/idVendor", "096e\n");
	put("2-1/idProduct", "0807\n");
	put("2-1/product", "ePass\n");
	put("2-1:1.0/bInterfaceClass", "0b\n");
	n = ck_usb_list(all);
	reader = ck_usb_of_reader(all, n, "Feitian ePass 00 00");
	T(reader != NULL && reader->product == 0x0807,
	    "of two, the one whose name is in the reader's");
	T(ck_usb_of_reader(all, n, "Whatever 00 00") == NULL, "or none: it is not guessed");
}

int
main(void)
{
	char command[64];

	if (mkdtemp(dir) == NULL)
		return 2;
	cards();
	slots();
	usb();
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command) != 0 || T_END();
}
