/* What can be applied for at this counter, and what became of an application. */
#include <stdlib.h>
#include <string.h>

#include "walk/own.h"
#include "walk/service.h"
#include "walk/show.h"

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

static void
tell(struct ck_talk *talk, const struct ck_policy *p, const struct ck_service *s)
{
	json_t *papers = json_array();

	for (size_t i = 0; i < s->n_papers; i++) {
		const struct ck_service_called *c = &p->services.papers[s->papers[i]].called;

		json_array_append_new(papers, json_pack("{s:s, s:s}", "zh", c->zh, "en", c->en));
	}
	ck_talk_row(talk,
	    json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:b, s:b, s:s, s:o}", "system",
		p->id, "title", p->title, "service", s->id, "called", "zh", s->title.zh, "en",
		s->title.en, "note", "zh", s->note.zh, "en", s->note.en, "certificate",
		s->certificate, "submits", s->submits, "hotline", p->hotline, "bring", papers));
}

enum ck_outcome
ck_show_services(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	const char *wanted = text(order, "system");
	struct ck_policy *p = calloc(1, sizeof *p);
	struct ck_err err = { 0 };

	if (p == NULL)
		ck_fail(&err, CK_E_NO_MEMORY, "services");
	else if (wanted != NULL && ck_site_system(site, wanted) == NULL)
		ck_fail(&err, CK_E_SYSTEM_UNKNOWN, "%s", wanted);
	for (size_t i = 0; i < site->n_systems && err.code == CK_E_NONE; i++) {
		const char *id = site->systems[i].id;

		if (wanted != NULL && strcmp(wanted, id) != 0)
			continue;
		if (ck_policy_find(site->systems_dir, id, p, &err) == -1)
			break;
		for (size_t k = 0; k < p->services.n; k++)
			tell(&talk, p, &p->services.at[k]);
	}
	free(p);
	return ck_end_of_list(&talk, NULL, NULL, &err);
}

/* Over or not, the desk knows it by its record. */
static int
ask(struct ck_visit *v, const char *number, struct ck_application *said, struct ck_err *err)
{
	int found = number != NULL ? ck_record_find(v->store, "number", number, &v->record, err)
				   : ck_fail(err, CK_E_USAGE, "record");

	if (found == -1)
		return -1;
	if (found == 0)
		return ck_no_record(v->store, number, err);
	if (!ck_is_service(ck_record_head(v->record)))
		return ck_fail(err, CK_E_NO_RECORD, "%s", number);
	if (ck_visit_take_system(v, ck_record_head(v->record)->system, err) == -1 ||
	    ck_visit_connect(v, err) == -1)
		return -1;
	ck_busy_net(v);
	return ck_desk_service_query(v->desk, number, said, err);
}

enum ck_outcome
ck_show_application(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	const char *number = text(order, "record"), *word;
	struct ck_application said;
	enum ck_outcome outcome = CK_END_REFUSED;
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);
	int found = v != NULL ? ask(v, number, &said, &err) : -1;

	if (found != -1) {
		word = ck_record_text(v->record, 0, "service");
		ck_talk_row(&v->talk,
		    json_pack("{s:s, s:s, s:s*, s:s, s:s*, s:s*}", "record", number, "system",
			ck_record_head(v->record)->system, "service", word, "state",
			found == 1 ? ck_service_state_names[said.state] : "not-sent", "application",
			found == 1 ? said.id : NULL, "text",
			found == 1 && said.text[0] != '\0' ? said.text : NULL));
		outcome = CK_END_DONE;
	}
	return ck_own_end(v, link, outcome, &err);
}
