/*
 * What is put beside a medium's pair under its own name: an electronic seal. A name has one file,
 * so the old one gets another name first, and its own back when the new one can't be written; it
 * stays with the customer all the same.
 */
#include <errno.h>
#include <string.h>

#include "token/file.h"

/* Neither a way to another folder, nor anything that could be taken for a pair; and nothing that
 * FAT does not know as a name. */
static int
name_fits(const char *name, struct ck_err *err)
{
	size_t n = strlen(name);
	bool odd = name[0] == '.' || name[n - 1] == '.' || name[n - 1] == ' ';

	for (size_t i = 0; i < n; i++)
		odd = odd || (unsigned char)name[i] < ' ' || strchr("/\\:*?\"<>|\x7f", name[i]);
	if (odd || ck_name_is_p12(name) || ck_name_is_key(name) || ck_name_is_cert(name))
		return ck_fail(err, CK_E_KEY_NO_DATA, "%s is no name for it", name);
	return 0;
}

/* 1 it is there, 2 a part of it, 0 another is, -1 nothing is; -2 */
static int
look(struct ck_file *t, const struct ck_data *d, struct ck_err *err)
{
	int is;

	if (name_fits(d->label, err) != 0 || ck_file_look(t, err) != 0)
		return -2;
	is = ck_file_is(ck_file_place(t), d->label, d->bytes, d->n);
	if (is != -1)
		return is;
	if (errno == ENOENT)
		return -1;
	ck_file_fail(err, errno, d->label);
	return -2;
}

int
ck_file_has_data(struct ck_token *tok, const struct ck_data *d, bool *yes, struct ck_err *err)
{
	int is = look((struct ck_file *)tok, d, err);

	*yes = is == 1;
	return is == -2 ? -1 : 0;
}

int
ck_file_put_data(struct ck_token *tok, const struct ck_data *d, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	char old[CK_OLD_LEN] = "";
	const char *dir = NULL;
	int is = look(t, d, err);

	if (is == 1 || is == -2)
		return is == 1 ? 0 : -1;
	dir = ck_file_place(t);
	if (ck_file_room(dir, d->n, err) != 0 ||
	    (is == 2 && ck_file_unlink(dir, d->label, false, err) != 0) ||
	    (is == 0 && ck_file_aside(dir, d->label, old, err) != 0))
		return -1;
	if (ck_file_write(dir, d->label, d->bytes, d->n, err) == 0)
		return 0;
	if (is == 0)
		ck_file_back(dir, old, d->label);
	return -1;
}
