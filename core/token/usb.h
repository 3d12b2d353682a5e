/* What is plugged in at all, as the kernel lists it: for keys that no reader service sees, and to
 * say what an unknown key is. */
#ifndef CK_USB_H
#define CK_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* a counter's hubs, keyboard, printer, scanner and keys together are below 30 */
#define CK_USB_MAX 64
#define CK_USB_TEXT_MAX 10 /* "096e:0807" */

struct ck_usb {
	uint16_t vendor, product;
	char place[32]; /* the kernel's name of it: "1-1.2" */
	char name[129]; /* its own word for itself, as it came */
	bool reader;	/* has an interface of class 0B, smart card (USB CCID 1.1, 4.3) */
};

/* Fills at most CK_USB_MAX; none where there is no such folder. */
size_t ck_usb_list(struct ck_usb out[CK_USB_MAX]);
/* What the reader of this PC/SC name most likely is; NULL when that can't be told. */
const struct ck_usb *ck_usb_of_reader(const struct ck_usb *, size_t n, const char *reader);

#endif
