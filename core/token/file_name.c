/* What names say: the kind of a file, that it was put aside, for whom it was made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "token/file.h"

/* of an old file's name in the new one's: with its tag it fits any file system */
#define STEM_MAX 40

static const char *const p12_endings[] = { ".p12", ".pfx", NULL };
static const char *const key_endings[] = { ".key", ".pem", ".der", ".p8", ".pk8", ".prv", NULL };

static bool
has(const char *name, const char *ending)
{
	size_t n = strlen(name), e = strlen(ending);

	return n > e && strcasecmp(name + n - e, ending) == 0;
}

static bool
has_any(const char *name, const char *const *endings)
{
	for (; *endings != NULL; endings++)
		if (has(name, *endings))
			return true;
	return false;
}

bool
ck_name_is_p12(const char *name)
{
	return has_any(name, p12_endings);
}

bool
ck_name_is_key(const char *name)
{
	return has_any(name, key_endings) && !ck_name_is_cert(name);
}

bool
ck_name_is_cert(const char *name)
{
	return strcasecmp(name, CK_CERT_NAME) == 0;
}

bool
ck_name_old(const char *name, char out[CK_NAME_LEN])
{
	char *dot = NULL;
	size_t n = 0;

	snprintf(out, CK_NAME_LEN, "%s", name);
	dot = strrchr(out, '.');
	if (dot == NULL || strncasecmp(dot, ".old", 4) != 0)
		return false;
	n = strspn(dot + 4, "0123456789");
	if (dot[4 + n] != '\0')
		return false;
	*dot = '\0';
	return true;
}

static char *
last_part(char *s)
{
	char *dash = strrchr(s, '-');

	if (dash == NULL)
		return NULL;
	*dash = '\0';
	return dash + 1;
}

bool
ck_name_tag(const char *name, char root[CK_SERIAL_LEN], unsigned *seq,
    unsigned char id[CK_TOKEN_ID_MAX], size_t *id_len)
{
	char s[CK_NAME_LEN];
	unsigned char hash[CK_SERIAL_BYTES];
	char *hex = NULL, *number = NULL, *serial = NULL, *end = NULL;
	unsigned long n = 0;

	snprintf(s, sizeof s, "%s", name);
	if (ck_name_is_p12(s))
		*strrchr(s, '.') = '\0';
	if ((hex = last_part(s)) == NULL || (number = last_part(s)) == NULL ||
	    (serial = last_part(s)) == NULL)
		return false;
	*id_len = strlen(hex) / 2;
	n = strtoul(number, &end, 10);
	if (*id_len == 0 || *id_len > CK_TOKEN_ID_MAX || !ck_unhex(hex, id, *id_len) ||
	    end == number || *end != '\0' || n > CK_SEQ_MAX || !ck_unhex(serial, hash, sizeof hash))
		return false;
	*seq = (unsigned)n;
	ck_hex(hash, sizeof hash, root);
	return true;
}

/* Without its own tag or ending. */
static size_t
stem_length(const char *name)
{
	char root[CK_SERIAL_LEN];
	unsigned char id[CK_TOKEN_ID_MAX];
	const char *dot = strrchr(name, '.');
	size_t n = dot == NULL ? strlen(name) : (size_t)(dot - name), id_len = 0;
	unsigned seq = 0;

	if (ck_name_tag(name, root, &seq, id, &id_len)) {
		for (int dashes = 0; n > 0 && dashes < 3; n--)
			dashes += name[n - 1] == '-';
	}
	return n;
}

void
ck_name_stem(const char *name, char out[CK_NAME_LEN])
{
	size_t n = stem_length(name), at = 0;
	uint32_t cp = 0;

	while (at < n) {
		int len = ck_utf8_next(name + at, n - at, &cp);
		/* FAT takes neither these nor what is no text; ext4 takes both */
		bool bad = len < 1 || cp < ' ' ||
			   (cp < 0x80 && strchr("\"*/:<>?\\|\x7f", (int)cp) != NULL);

		if (len < 1)
			len = 1;
		if (at + (size_t)len > STEM_MAX)
			break;
		memcpy(out + at, bad ? "________" : name + at, (size_t)len);
		at += (size_t)len;
	}
	out[at] = '\0';
}
