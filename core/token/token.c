#include <stdlib.h>
#include <string.h>

#include "certkiosk/token.h"

void
ck_token_close(struct ck_token *t)
{
	if (t != NULL)
		t->ops->close(t);
}

int
ck_token_info(struct ck_token *t, struct ck_token_info *info, struct ck_err *err)
{
	return t->ops->info(t, info, err);
}

int
ck_token_login(
    struct ck_token *t, const struct ck_secret *pin, struct ck_tries *tries, struct ck_err *err)
{
	return t->ops->login(t, pin, tries, err);
}

int
ck_token_list(struct ck_token *t, struct ck_entries *entries, struct ck_err *err)
{
	return t->ops->list(t, entries, err);
}

/* an empty id would match every object that has none */
static int
id_fits(size_t id_len, struct ck_err *err)
{
	if (id_len == 0 || id_len > CK_TOKEN_ID_MAX)
		return ck_fail(err, CK_E_INTERNAL, "a key id of %zu bytes", id_len);
	return 0;
}

int
ck_token_genkey(struct ck_token *t, enum ck_keytype type, const unsigned char *id, size_t id_len,
    const char *label, struct ck_err *err)
{
	if (id_fits(id_len, err) != 0)
		return -1;
	return t->ops->genkey(t, type, id, id_len, label, err);
}

int
ck_token_key(
    struct ck_token *t, const unsigned char *id, size_t id_len, EVP_PKEY **key, struct ck_err *err)
{
	*key = NULL;
	if (id_fits(id_len, err) != 0)
		return -1;
	return t->ops->key(t, id, id_len, key, err);
}

int
ck_token_put_cert(struct ck_token *t, const unsigned char *id, size_t id_len, const char *label,
    const unsigned char *der, size_t n, struct ck_err *err)
{
	if (id_fits(id_len, err) != 0)
		return -1;
	if (n == 0 || n > CK_CERT_MAX)
		return ck_fail(err, CK_E_CERT_UNREADABLE, "a certificate of %zu bytes", n);
	return t->ops->put_cert(t, id, id_len, label, der, n, err);
}

int
ck_token_remove(
    struct ck_token *t, const unsigned char *id, size_t id_len, unsigned parts, struct ck_err *err)
{
	if (id_fits(id_len, err) != 0)
		return -1;
	return t->ops->remove(t, id, id_len, parts, err);
}

int
ck_token_drop_double(struct ck_token *t, const unsigned char *id, size_t id_len,
    const unsigned char *der, size_t n, struct ck_err *err)
{
	if (id_fits(id_len, err) != 0)
		return -1;
	if (t->ops->drop_double == NULL)
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "%s", t->ops->driver);
	return t->ops->drop_double(t, id, id_len, der, n, err);
}

int
ck_token_rename(
    struct ck_token *t, const struct ck_name *was, const struct ck_name *to, struct ck_err *err)
{
	if (id_fits(was->id_len, err) != 0 || id_fits(to->id_len, err) != 0)
		return -1;
	if (t->ops->rename == NULL)
		return ck_fail(err, CK_E_KEY_ID_FIXED, "%s", t->ops->driver);
	return t->ops->rename(t, was, to, err);
}

/* an empty label would be that of many */
static int
data_fits(const struct ck_data *d, struct ck_err *err)
{
	size_t n = strlen(d->label);

	if (n == 0 || n > CK_DATA_LABEL_MAX || d->n == 0 || d->n > CK_DATA_MAX)
		return ck_fail(err, CK_E_INTERNAL, "a data object of %zu bytes", d->n);
	return 0;
}

int
ck_token_put_data(struct ck_token *t, const struct ck_data *d, struct ck_err *err)
{
	return data_fits(d, err) == 0 ? t->ops->put_data(t, d, err) : -1;
}

int
ck_token_has_data(struct ck_token *t, const struct ck_data *d, bool *yes, struct ck_err *err)
{
	*yes = false;
	return data_fits(d, err) == 0 ? t->ops->has_data(t, d, yes, err) : -1;
}

int
ck_token_set_pin(struct ck_token *t, const struct ck_secret *old, const struct ck_secret *new,
    struct ck_tries *tries, struct ck_err *err)
{
	return t->ops->set_pin(t, old, new, tries, err);
}

int
ck_token_pin_fits(const struct ck_token_info *info, const struct ck_secret *pin, struct ck_err *err)
{
	size_t n = ck_secret_len(pin);
	const char *p = ck_secret_bytes(pin);

	if ((int)n < info->pin_min || (int)n > info->pin_max)
		return ck_fail(err, CK_E_PIN_LENGTH, "%d - %d", info->pin_min, info->pin_max);
	for (size_t i = 0; info->pin_digits && i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return ck_fail(
			    err, CK_E_PIN_LENGTH, "%d - %d, 0-9", info->pin_min, info->pin_max);
	return 0;
}

void
ck_entries_free(struct ck_entries *entries)
{
	if (entries == NULL)
		return;
	for (size_t i = 0; i < entries->n; i++) {
		free(entries->at[i].cert);
		entries->at[i].cert = NULL;
	}
	entries->n = 0;
}
