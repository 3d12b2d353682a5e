/*
 * The other end of the line, for tests: certificates made on the spot, a TLS server in a thread
 * that behaves as badly as its script says, and `openssl cmp` as a CA of somebody else's make
 * behind it.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

/* ---- certificates (peer_pki.c); anything that fails ends the test program ---- */

enum peer_use { PEER_CA, PEER_SERVER, PEER_CLIENT };
EVP_PKEY *peer_key(void); /* P-256 */
/* valid from now+from to now+to seconds; server names are localhost and 127.0.0.1; issuer NULL =
 * self-signed */
X509 *peer_cert(const char *cn, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
    enum peer_use use, long from, long to);
void peer_save_cert(const char *file, X509 *cert);
void peer_save_key(const char *file, EVP_PKEY *key);
void peer_pin(EVP_PKEY *key, char out[64]);			   /* "sha256//..." */
unsigned char *peer_csr(EVP_PKEY *key, const char *cn, size_t *n); /* DER, malloc'd */

/* a folder with: ca.pem, server.pem .key, late.pem (server's, expired), kiosk.pem .key, and the
 * same of strangers: other-ca.pem, other.pem .key (a server), stranger.pem .key (a kiosk) */
struct peer_site {
	char dir[128];
	char pin[64], other_pin[64];
};
void peer_site_make(struct peer_site *);
void peer_site_remove(struct peer_site *);
const char *peer_file(
    const struct peer_site *, const char *name); /* valid until the next 4 calls */

/* ---- the server (peer.c) ---- */

enum peer_act {
	PEER_ANSWER,
	PEER_RAW,     /* body is the whole answer, head included */
	PEER_SILENT,  /* until the client goes away */
	PEER_CLOSE,   /* the request is read, nothing is said */
	PEER_HALF,    /* half of the announced body, then closed */
	PEER_ENDLESS, /* a body without end */
	PEER_ENDLESS_HEAD,
	PEER_FORWARD, /* to the server behind */
	PEER_LOSE,    /* forwarded, but the answer is lost */
};

struct peer_line {
	enum peer_act act;
	int status;		 /* 0 = 200 */
	const char *type, *head; /* head: more header lines, each with its CRLF */
	const char *body;	 /* freed by the peer when owned */
	size_t n;		 /* 0 = strlen(body) */
	bool owned;
};

struct peer_request {
	char path[128], type[64], key[80]; /* key: Idempotency-Key */
	char auth[128];			   /* Authorization */
	unsigned char *body;		   /* NUL behind it */
	size_t n;
	int connection; /* from 1 */
};

struct peer_conf {
	const char *cert, *key, *client_ca; /* files; client_ca NULL = any certificate or none */
	int tls;			    /* 0, or the only version (TLS1_2_VERSION ...) */
	const struct peer_line *lines;	    /* one a request; the last goes on for ever */
	size_t n_lines;
	/* or, instead of lines, asked for each request in the peer's thread */
	void (*answer)(void *u, const struct peer_request *, struct peer_line *);
	void *u;
	int behind; /* port of the server behind, for FORWARD and LOSE */
};
struct peer;
struct peer *peer_start(const struct peer_conf *);
void peer_stop(struct peer *);
int peer_port(const struct peer *);
void peer_url(const struct peer *, const char *path, char *out, size_t cap);
int peer_count(struct peer *);				    /* requests so far */
const struct peer_request *peer_seen(struct peer *, int i); /* from 0; NULL beyond */

/* ---- a foreign CA (peer_mock.c): openssl cmp -port ---- */

struct peer_mock {
	int port;
	long pid;
};
/* args: NULL-terminated, behind "openssl cmp -port N" */
void peer_mock_start(struct peer_mock *, const char *const *args);
void peer_mock_stop(struct peer_mock *);
int peer_free_port(void); /* nobody listens there */

#endif
