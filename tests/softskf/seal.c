/* AES-256-GCM: nonce, what is sealed, tag. */
#include "softskf.h"

#include <string.h>
#include <openssl/rand.h>

#define NONCE 12
#define TAG 16

int
ss_seal(const BYTE key[SS_KEY], const void *binds, size_t bn, const BYTE *in, size_t n, BYTE *out)
{
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	int len = 0, rc = -1;

	if (x != NULL && RAND_bytes(out, NONCE) == 1 &&
	    EVP_EncryptInit_ex2(x, EVP_aes_256_gcm(), key, out, NULL) == 1 &&
	    EVP_EncryptUpdate(x, NULL, &len, binds, (int)bn) == 1 &&
	    EVP_EncryptUpdate(x, out + NONCE, &len, in, (int)n) == 1 &&
	    EVP_EncryptFinal_ex(x, out + NONCE + n, &len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_GET_TAG, TAG, out + NONCE + n) == 1)
		rc = 0;
	EVP_CIPHER_CTX_free(x);
	return rc;
}

int
ss_unseal(const BYTE key[SS_KEY], const void *binds, size_t bn, const BYTE *in, size_t n, BYTE *out)
{
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	BYTE tag[TAG];
	int len = 0, rc = -1;

	memcpy(tag, in + NONCE + n, TAG);
	if (x != NULL && EVP_DecryptInit_ex2(x, EVP_aes_256_gcm(), key, in, NULL) == 1 &&
	    EVP_DecryptUpdate(x, NULL, &len, binds, (int)bn) == 1 &&
	    EVP_DecryptUpdate(x, out, &len, in + NONCE, (int)n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 &&
	    EVP_DecryptFinal_ex(x, out + n, &len) == 1)
		rc = 0;
	EVP_CIPHER_CTX_free(x);
	return rc;
}
