/* The page around every screen. */
#include "words.h"

static const struct ck_sentence sentences[] = {
	{ "page.title", "Certificate kiosk[ · {site}]" },
	{ "page.too-small",
	    "The window is too small: 80 columns by 24 lines are the least. Nothing is lost." },
	{ "function.help", "Help" },
	{ "function.language", "中文" },
	{ "function.theme", "Contrast" },
	{ "function.staff", "Staff" },
	{ "lamp.leave", "Do not pull the key" },
	{ "lamp.gone", "The key was pulled: put it back now" },
	{ "lamp.free", "The key may be pulled" },
	{ "lamp.none", "No key" },
	{ "state.reader", "Reader" },
	{ "state.ca", "CA" },
	{ "state.own-ends",
	    "This kiosk's certificate[ ({name})] ends on {not_after_day}; please tell maintenance" },
	{ "day.mon", "Mon" },
	{ "day.tue", "Tue" },
	{ "day.wed", "Wed" },
	{ "day.thu", "Thu" },
	{ "day.fri", "Fri" },
	{ "day.sat", "Sat" },
	{ "day.sun", "Sun" },
	{ "sign-in.head", "Staff sign-in" },
	{ "sign-in.key", "With the clerk's own key (put it in, type its PIN)" },
	{ "sign-in.word", "With a passphrase" },
	{ "idle.warning", "Are you still there?" },
	{ "idle-text.warning",
	    "Nothing was touched for a while. To protect your data the screen is cleared in 30 seconds; what is not finished is kept." },
	{ "idle.mask", "Covered" },
	{ "idle-text.mask",
	    "Waiting for what you do on your phone. Press any key to see this page again." },
	{ "idle.on", "I am here" },
};

const struct ck_sentences ck_en_page = { sentences, sizeof sentences / sizeof *sentences };
