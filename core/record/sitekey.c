#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "certkiosk/secret.h"
#include "inside.h"

static int
derive(const unsigned char site[CK_SITE_KEY_LEN], const char *label, unsigned char out[32],
    struct ck_err *err)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, sizeof digest - 1),
		OSSL_PARAM_octet_string(
		    OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)site, CK_SITE_KEY_LEN),
		OSSL_PARAM_octet_string(
		    OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)label, strlen(label)),
		OSSL_PARAM_END,
	};
	int rc = 0;

	if (ctx == NULL || EVP_KDF_derive(ctx, out, 32, params) != 1)
		rc = ck_fail(err, CK_E_INTERNAL, "derive %s", label);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return rc;
}

static int
write_key(int fd, const char *temp, const char *file)
{
	unsigned char *key = ck_locked_alloc(CK_SITE_KEY_LEN);
	int rc = -1;

	errno = ENOMEM;
	if (key == NULL || RAND_priv_bytes(key, CK_SITE_KEY_LEN) != 1)
		goto out;
	errno = EIO;
	/* link and not rename: of two programs that make a store at once, the first one's key stays
	 */
	if (fchmod(fd, 0600) == 0 && write(fd, key, CK_SITE_KEY_LEN) == CK_SITE_KEY_LEN &&
	    fsync(fd) == 0 && (link(temp, file) == 0 || errno == EEXIST))
		rc = 0;
out:
	ck_locked_free(key, CK_SITE_KEY_LEN);
	return rc;
}

static int
make_key(const char *file, struct ck_err *err)
{
	char temp[CK_PATH_MAX + sizeof ".XXXXXX"];
	int fd = -1, rc = -1;

	snprintf(temp, sizeof temp, "%s.XXXXXX", file);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return ck_disk_fail(err, file);
	rc = write_key(fd, temp, file);
	if (rc != 0)
		ck_disk_fail(err, file);
	close(fd);
	unlink(temp);
	if (rc == 0 && ck_disk_sync_parent(file) != 0)
		rc = ck_disk_fail(err, file);
	return rc;
}

static int
read_key(int fd, const char *file, unsigned char key[CK_SITE_KEY_LEN], struct ck_err *err)
{
	struct stat sb;

	if (fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode))
		return ck_fail(err, CK_E_SITE_KEY, "%s: not a file", file);
	if ((sb.st_mode & 077) != 0)
		return ck_fail(err, CK_E_SITE_KEY, "%s: mode %03o, must be 600", file,
		    (unsigned)(sb.st_mode & 0777));
	if (sb.st_uid != geteuid() && sb.st_uid != 0)
		return ck_fail(err, CK_E_SITE_KEY, "%s: belongs to another user", file);
	if (sb.st_size != CK_SITE_KEY_LEN || read(fd, key, CK_SITE_KEY_LEN) != CK_SITE_KEY_LEN)
		return ck_fail(err, CK_E_SITE_KEY, "%s: not %d bytes long", file, CK_SITE_KEY_LEN);
	return 0;
}

int
ck_keys_open(
    const struct ck_store_conf *conf, bool may_make, struct ck_keys **out, struct ck_err *err)
{
	struct ck_keys *keys = ck_locked_alloc(sizeof *keys);
	char file[CK_PATH_MAX];
	int fd = -1, rc = -1;

	if (keys == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "site key");
	if (conf->site_key[0] != '\0')
		snprintf(file, sizeof file, "%s", conf->site_key);
	else
		snprintf(file, sizeof file, "%s/site.key", conf->dir);

	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && may_make) {
		if (make_key(file, err) != 0)
			goto out;
		fd = open(file, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0) {
		ck_fail_native(
		    err, CK_E_SITE_KEY, (unsigned long)errno, "%s: %s", file, strerror(errno));
		goto out;
	}
	if (read_key(fd, file, keys->site, err) != 0 ||
	    derive(keys->site, "certkiosk seal", keys->seal, err) != 0 ||
	    derive(keys->site, "certkiosk handle", keys->handle, err) != 0 ||
	    derive(keys->site, "certkiosk ledger", keys->ledger, err) != 0)
		goto out;
	*out = keys;
	keys = NULL;
	rc = 0;
out:
	if (fd >= 0)
		close(fd);
	ck_keys_free(keys);
	return rc;
}

void
ck_keys_free(struct ck_keys *keys)
{
	ck_locked_free(keys, sizeof *keys);
}
