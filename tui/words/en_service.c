/* English: the other services of a menu. */
#include "words.h"

static const struct ck_sentence sentences[] = {
	{ "service.row",
	    "{service}   {called_text}   [{title}, {system}][   the form is brought, nothing is sent{brought}][   phone {hotline}]" },
	{ "service.none", "No other services can be applied for here." },
	{ "service.bring", "  - bring: {text}" },
	{ "service.note", "  ! {text}" },
	{ "service.sent",
	    "v Applied for: {title_text}. Number {record}, at the CA {application}. Form: {form_text}[. The CA says: {text}][. Phone {hotline}]" },
	{ "service.brought",
	    "v The form for {title_text} is made: {form_text}. Take it to the CA with what is to be brought. Number {record}[. Phone {hotline}]" },
	{ "service.kept",
	    "> The application is kept under {record} and is sent by records tend, or by service resume {record}." },
	{ "service.dropped", "v The application is given up; the CA never had it." },
	{ "service.application",
	    "{record}   {service}   {state_text}[   {application}][: {text}]" },
	{ "service-state.received", "received" },
	{ "service-state.in-work", "being worked on" },
	{ "service-state.done", "done" },
	{ "service-state.refused", "turned down" },
	{ "service-state.not-sent", "the CA has no such application" },
	{ "form-name.service-application", "Application for a service" },
	{ "way.service", "other service" },
	{ "tended.sent", "{record}  the application was handed in" },
	{ "line.application filled in", "the application is filled in" },
	{ "line.application at the desk", "the application at the CA's office" },
	{ "line.application form made and kept", "the application form is made and kept" },
	{ "line.application sent to the desk", "the application goes to the CA" },
	{ "line.application handed in", "the application is handed in" },
	{ "line.no application was made", "nothing was applied for" },
	{ "line.the form is brought to the CA", "the form is brought to the CA" },
	{ "line.application given up", "the application was given up" },
};

const struct ck_sentences ck_en_service = { sentences, sizeof sentences / sizeof *sentences };
