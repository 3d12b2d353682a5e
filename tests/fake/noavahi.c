/*
 * noavahi.so: lets ippeveprinter (CUPS 2.4.2) start where there is neither D-Bus nor Avahi.
 * Preloaded into it, it is a service that is there and says nothing: the printer is found by its
 * address.
 */
#include <stddef.h>

void *avahi_threaded_poll_new(void);
const void *avahi_threaded_poll_get(void *);
int avahi_threaded_poll_start(void *);
int avahi_threaded_poll_stop(void *);
void avahi_threaded_poll_lock(void *);
void avahi_threaded_poll_unlock(void *);
void avahi_threaded_poll_free(void *);
void *avahi_client_new(const void *, int, void *, void *, int *);
void avahi_client_free(void *);
const char *avahi_client_get_host_name_fqdn(void *);
const char *avahi_client_get_host_name(void *);

static int service;

void *
avahi_threaded_poll_new(void)
{
	return &service;
}

const void *
avahi_threaded_poll_get(void *poll)
{
	return poll;
}

int
avahi_threaded_poll_start(void *poll)
{
	(void)poll;
	return 0;
}

int
avahi_threaded_poll_stop(void *poll)
{
	(void)poll;
	return 0;
}

void
avahi_threaded_poll_lock(void *poll)
{
	(void)poll;
}

void
avahi_threaded_poll_unlock(void *poll)
{
	(void)poll;
}

void
avahi_threaded_poll_free(void *poll)
{
	(void)poll;
}

void *
avahi_client_new(const void *poll, int flags, void *callback, void *u, int *error)
{
	(void)poll, (void)flags, (void)callback, (void)u;
	if (error != NULL)
		*error = 0;
	return &service;
}

void
avahi_client_free(void *client)
{
	(void)client;
}

const char *
avahi_client_get_host_name_fqdn(void *client)
{
	(void)client;
	return "localhost";
}

const char *
avahi_client_get_host_name(void *client)
{
	(void)client;
	return "localhost";
}
