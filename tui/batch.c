#include "batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/slip.h"
#include "base/utf8.h"
#include "fold.h"
#include "show.h"
#include "words/order.h"

/* a key that was pulled by mistake is back within it */
#define WAIT_DEFAULT_S 60

int
ck_batch_open(const struct ck_args *args, struct ck_batch *b, struct ck_err *err)
{
	*b = (struct ck_batch){ .args = args, .tty = { .fd = -1 } };
	b->overwrite = !args->json && isatty(STDOUT_FILENO);
	/* a prompt only where somebody sits: a script started from a terminal must not hang on one
	 */
	if (isatty(STDIN_FILENO))
		ck_tty_open(&b->tty);
	if (args->answers != NULL && ck_answers_open(args->answers, &b->answers, err) == -1)
		return -1;
	if (args->secrets_fd != -1 && ck_secrets_open(args->secrets_fd, &b->secrets, err) == -1)
		return -1;
	return 0;
}

void
ck_batch_close(struct ck_batch *b)
{
	json_decref(b->given.line);
	ck_answers_close(b->answers);
	ck_secrets_close(b->secrets);
	ck_tty_close(&b->tty);
	fflush(stdout);
}

/* ---- printing ---- */

/* The last gate before a terminal: whatever came this far is filtered here once more. */
static void
print_line(void *u, const char *text, int hang)
{
	struct ck_batch *b = u;
	size_t cap = 3 * strlen(text) + 1; /* every byte may become U+FFFD */
	char *clean = malloc(cap), *lines = NULL;

	if (clean == NULL)
		return;
	ck_clean_str(clean, cap, text);
	lines = ck_folded(clean, b->overwrite ? ck_terminal_columns(STDOUT_FILENO) : 0, hang);
	printf("%s%s\n", b->overwrite ? "\r\033[K" : "", lines != NULL ? lines : clean);
	fflush(stdout);
	free(lines);
	free(clean);
}

/* what is being done, until what was done takes its place */
static void
print_passing(struct ck_batch *b, const char *text)
{
	char clean[CK_SENTENCE_MAX], *lines = NULL;

	if (!b->overwrite)
		return;
	ck_clean_str(clean, sizeof clean, text);
	/* only what fits one line can be taken back */
	lines = ck_folded(clean, ck_terminal_columns(STDOUT_FILENO), 0);
	if (lines != NULL)
		printf("\r\033[K%.*s", (int)strcspn(lines, "\n"), lines);
	fflush(stdout);
	free(lines);
}

static void
print_json(struct ck_batch *b, const json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT);

	if (text != NULL)
		print_line(b, text, 0);
	free(text);
}

/* `policy --json` is one object with the verdict in it, as certkiosk(1) promises its readers */
static void
tell_json(struct ck_batch *b, const json_t *line)
{
	const json_t *facts = json_object_get(line, "facts");
	bool verdict =
	    b->args->verb == CK_VERB_POLICY && json_object_get(facts, "eligible") != NULL;

	print_json(b, verdict ? facts : line);
}

/* A document without a file of its own goes to standard output, and words beside it. */
static void
error_line(void *u, const char *text, int hang)
{
	char clean[CK_SENTENCE_MAX];

	(void)u;
	(void)hang;
	ck_clean_str(clean, sizeof clean, text);
	fprintf(stderr, "%s\n", clean);
}

static void
tell_document(struct ck_batch *b, const json_t *line)
{
	struct ck_show show = { .lang = b->args->lang, .line = error_line, .u = b, .cli = true };
	const char *text = text_of(json_object_get(line, "row"), "pdf");
	size_t n = 0;
	unsigned char *bytes = *text != '\0' ? ck_unbase64(text, strlen(text), &n) : NULL;

	if (bytes != NULL)
		fwrite(bytes, 1, n, stdout);
	else if (json_object_get(line, "error") != NULL)
		ck_show_line(&show, b->args->verb, 0, line);
	free(bytes);
}

static void
tell(void *u, const json_t *line)
{
	struct ck_batch *b = u;
	struct ck_show show = { .lang = b->args->lang, .line = print_line, .u = b, .cli = true };
	char text[CK_SENTENCE_MAX];

	if (b->args->json) {
		tell_json(b, line);
		return;
	}
	if (b->args->verb == CK_VERB_FORM && b->args->out == NULL) {
		tell_document(b, line);
		return;
	}
	b->rows += json_object_get(line, "row") != NULL;
	if (json_object_get(line, "step") != NULL) {
		ck_show_step(&show, line, text, sizeof text);
		print_passing(b, text);
	} else {
		ck_show_line(&show, b->args->verb, b->rows, line);
	}
}

/* ---- asking ---- */

/* what was typed in it before; "": nothing */
static const char *
value_before(const json_t *question, const char *name)
{
	return text_of(json_object_get(json_object_get(question, "facts"), "values"), name);
}

static bool
may_be_empty(const json_t *field)
{
	const json_t *min = json_object_get(field, "min");

	return strcmp(text_of(field, "kind"), ck_field_kind_names[CK_FIELD_TEXT]) == 0 &&
	       json_is_integer(min) && json_integer_value(min) == 0;
}

/* What an answer leaves out is as it was, or empty where it may be. NULL: it has to be said. */
static json_t *
left_out(const json_t *question, const json_t *field)
{
	const char *before = value_before(question, text_of(field, "name"));

	return *before != '\0' || may_be_empty(field) ? json_string(before) : NULL;
}

/* of a field that may be filled in already: what stands there, and stays with Enter alone */
static void
prompt(const struct ck_batch *b, const json_t *question, const json_t *field)
{
	const char *name = text_of(field, "name"), *before = value_before(question, name);
	char text[CK_ANSWER_LINE_MAX];

	snprintf(text, sizeof text, "%s%s%s%s", ck_order_field(b->args->lang, question, name),
	    *before != '\0' ? " [" : "", before, *before != '\0' ? "]" : "");
	ck_tty_say(&b->tty, text, ": ");
}

static void
tty_line(void *u, const char *text, int hang)
{
	const struct ck_batch *b = u;

	ck_tty_tell(&b->tty, text, hang);
}

static void
say_question(struct ck_batch *b, const json_t *question)
{
	struct ck_show show = { .lang = b->args->lang, .line = tty_line, .u = b };

	tty_line(b, "", 0);
	if (json_object_get(question, "error") != NULL)
		ck_show_trouble(&show, question, true);
	ck_show_question(&show, question);
}

/* A number or a yes, of an input method that writes wide ones, too. */
static enum ck_asked
type_word(struct ck_batch *b, const struct ck_watch *w, char *out, size_t cap)
{
	char text[CK_ANSWER_LINE_MAX];
	enum ck_asked state = ck_tty_line(&b->tty, w, text, sizeof text);

	if (state == CK_ASKED_ANSWER && !ck_typed(text, out, cap))
		out[0] = '\0';
	return state;
}

static enum ck_asked
type_choice(struct ck_batch *b, const json_t *question, const json_t *field,
    const struct ck_watch *w, json_t **value)
{
	json_t *choices = json_object_get(field, "choices"), *choice;
	struct ck_show show = { .lang = b->args->lang, .line = tty_line, .u = b };
	char text[CK_ANSWER_LINE_MAX], *end = NULL;
	enum ck_asked state;
	size_t i;
	long n;

	json_array_foreach(choices, i, choice) ck_show_choice(&show, question, i, choice);
	for (;;) {
		prompt(b, question, field);
		if ((state = type_word(b, w, text, sizeof text)) != CK_ASKED_ANSWER)
			return state;
		n = strtol(text, &end, 10);
		if (end != text && *end == '\0' && n >= 1 && (size_t)n <= json_array_size(choices))
			break;
		tty_line(b, ck_word(b->args->lang, "prompt", "digits"), 0);
	}
	*value = json_incref(json_object_get(json_array_get(choices, (size_t)n - 1), "value"));
	return CK_ASKED_ANSWER;
}

static enum ck_asked
type_plain(struct ck_batch *b, const json_t *question, const json_t *field,
    const struct ck_watch *w, json_t **value)
{
	const char *kind = text_of(field, "kind");
	bool yes = strcmp(kind, ck_field_kind_names[CK_FIELD_YES]) == 0;
	char text[CK_ANSWER_LINE_MAX];
	enum ck_asked state;

	if (strcmp(kind, ck_field_kind_names[CK_FIELD_CHOICE]) == 0)
		return type_choice(b, question, field, w, value);
	prompt(b, question, field);
	state =
	    yes ? type_word(b, w, text, sizeof text) : ck_tty_line(&b->tty, w, text, sizeof text);
	if (state != CK_ASKED_ANSWER)
		return state;
	if (yes)
		*value = json_boolean(text[0] == 'y' || text[0] == 'Y');
	else if (text[0] == '\0' && *value_before(question, text_of(field, "name")) != '\0')
		*value = left_out(question, field);
	else
		*value = json_string(text); /* NULL when it isn't UTF-8 */
	return CK_ASKED_ANSWER;
}

static bool
is_secret(const json_t *field)
{
	return strcmp(text_of(field, "kind"), ck_field_kind_names[CK_FIELD_SECRET]) == 0;
}

static enum ck_asked
get_secret(struct ck_batch *b, const json_t *question, const json_t *field,
    const struct ck_watch *w, struct ck_reply *reply, struct ck_err *err)
{
	const char *name = text_of(field, "name");
	struct ck_secret *secret = NULL;
	enum ck_asked state = CK_ASKED_NONE;

	if (reply->n_secrets == CK_SECRETS_MAX || strlen(name) >= CK_FIELD_NAME_MAX)
		return CK_ASKED_NONE;
	if (b->secrets != NULL) {
		state = ck_secrets_take(b->secrets, name, w, &secret, err);
	} else if (b->tty.fd != -1) {
		if ((secret = ck_secret_new()) == NULL) {
			ck_fail(err, CK_E_NO_MEMORY, "locked memory");
			return CK_ASKED_FAIL;
		}
		prompt(b, question, field);
		state = ck_tty_secret(&b->tty, w, secret);
	}
	if (state != CK_ASKED_ANSWER) {
		ck_secret_free(secret);
		return state;
	}
	snprintf(reply->secrets[reply->n_secrets].name, CK_FIELD_NAME_MAX, "%s", name);
	reply->secrets[reply->n_secrets++].secret = secret;
	return CK_ASKED_ANSWER;
}

/* The line for this question, read or at hand already. */
static enum ck_asked
take_line(struct ck_batch *b, const json_t *question, const struct ck_watch *w, json_t **prepared,
    struct ck_err *err)
{
	enum ck_asked state =
	    ck_answers_take(b->answers, text_of(question, "ask"), w, prepared, err);

	if (state == CK_ASKED_ANSWER) {
		b->given.line = json_incref(*prepared);
		b->given.id = json_integer_value(json_object_get(question, "id"));
	}
	return state;
}

static enum ck_asked
get_plain(struct ck_batch *b, const json_t *question, const json_t *field, const struct ck_watch *w,
    json_t **prepared, struct ck_reply *reply, struct ck_err *err)
{
	const char *name = text_of(field, "name");
	enum ck_asked state = CK_ASKED_ANSWER;
	json_t *value = NULL;

	if (b->answers != NULL && *prepared == NULL)
		state = take_line(b, question, w, prepared, err);
	else if (b->answers == NULL && b->tty.fd == -1)
		state = CK_ASKED_NONE;
	if (state == CK_ASKED_NONE && strcmp(text_of(question, "ask"), CK_ASK_RESUME) == 0) {
		/* whoever calls for this key again means to go on */
		*prepared = json_pack("{s:b}", name, 1);
		state = CK_ASKED_ANSWER;
	}
	if (state != CK_ASKED_ANSWER)
		return state;
	if (*prepared != NULL) {
		value = json_incref(json_object_get(*prepared, name));
		value = value != NULL ? value : left_out(question, field);
	} else if ((state = type_plain(b, question, field, w, &value)) != CK_ASKED_ANSWER)
		return state;
	if (value == NULL) {
		ck_fail(
		    err, CK_E_USAGE, "answer to \"%s\": no \"%s\"", text_of(question, "ask"), name);
		return CK_ASKED_FAIL;
	}
	if (reply->fields == NULL)
		reply->fields = json_object();
	json_object_set_new(reply->fields, name, value);
	return CK_ASKED_ANSWER;
}

/* Will anything of this be asked on the terminal? */
static bool
on_terminal(const struct ck_batch *b, const json_t *fields)
{
	const json_t *field;
	size_t i;

	json_array_foreach(fields, i, field) if (is_secret(field)
						     ? b->secrets == NULL
						     : b->answers == NULL) return b->tty.fd != -1;
	return false;
}

/* A question without a field waits for something to happen. Where nobody is there to make it happen
 * it is answered at once, or after a while. */
static enum ck_asked
wait_for(struct ck_batch *b, const json_t *question, const struct ck_watch *w, struct ck_err *err)
{
	enum ck_asked state = CK_ASKED_NONE;
	char text[CK_ANSWER_LINE_MAX];
	json_t *line = NULL;

	if (b->answers != NULL) {
		state = ck_answers_take(b->answers, text_of(question, "ask"), w, &line, err);
		json_decref(line);
	} else if (b->tty.fd != -1) {
		say_question(b, question);
		state = ck_tty_line(&b->tty, w, text, sizeof text);
	}
	/* a key that was pulled by mistake is put in again by whoever stands there */
	if (state == CK_ASKED_NONE && strcmp(text_of(question, "ask"), CK_ASK_KEY_BACK) == 0)
		state = ck_watch_for(
		    w, (b->args->wait_s != -1 ? b->args->wait_s : WAIT_DEFAULT_S) * 1000);
	return state == CK_ASKED_NONE ? CK_ASKED_ANSWER : state;
}

/* What has to be read or paid is told whoever answers. */
static bool
told_anyway(const json_t *question)
{
	static const char *const asks[] = { CK_ASK_ORDER, CK_ASK_SMS, CK_ASK_METHOD, CK_ASK_PAYMENT,
		CK_ASK_IDENTITY, CK_ASK_REVIEW, CK_ASK_PAPERS, CK_ASK_SERVICE };

	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
		if (strcmp(text_of(question, "ask"), asks[i]) == 0)
			return true;
	return false;
}

static void
tell_question(struct ck_batch *b, const json_t *question)
{
	struct ck_show show = { .lang = b->args->lang, .line = print_line, .u = b, .cli = true };
	json_t *field = json_array_get(json_object_get(question, "fields"), 0), *choice;
	size_t i;

	if (json_object_get(question, "error") != NULL)
		ck_show_trouble(&show, question, false);
	if (!told_anyway(question))
		return;
	ck_show_question(&show, question);
	/* the prices are what it is about */
	if (strcmp(text_of(question, "ask"), CK_ASK_ORDER) == 0)
		json_array_foreach(json_object_get(field, "choices"), i, choice)
		    ck_show_choice(&show, question, i, choice);
}

/* An invoice that is not wanted has nothing to be filled in. */
static bool
declined(const struct ck_reply *reply)
{
	return strcmp(text_of(reply->fields, "want"), "no") == 0;
}

static bool
waits(const json_t *line)
{
	return strcmp(text_of(line, "do"), "wait") == 0;
}

/* What was answered to a question that was off by then nobody heard: the line is there for the next
 * such question. Of who waits as long as nothing is wrong; then that line has had its effect. */
static void
take_back(struct ck_batch *b, const json_t *question)
{
	bool unheard = b->given.line != NULL &&
		       json_integer_value(json_object_get(question, "off")) == b->given.id;
	bool wrong = json_object_get(question, "error") != NULL;

	if (unheard && !(wrong && waits(b->given.line)))
		ck_answers_give_back(b->answers, json_incref(b->given.line));
	json_decref(b->given.line);
	b->given.line = NULL;
}

/* "wait" is no answer: somebody pays, or holds a phone, and the question goes off by that. Who does
 * not in time comes back later. */
static enum ck_asked
wait_elsewhere(struct ck_batch *b, const struct ck_watch *w, struct ck_reply *reply)
{
	enum ck_asked state;

	if (!waits(reply->fields))
		return CK_ASKED_ANSWER;
	state = ck_watch_for(w, (b->args->wait_s != -1 ? b->args->wait_s : WAIT_DEFAULT_S) * 1000);
	if (state != CK_ASKED_NONE)
		return state;
	json_object_set_new(reply->fields, "do", json_string("later"));
	return CK_ASKED_ANSWER;
}

static enum ck_asked
ask(void *u, const json_t *question, const struct ck_watch *w, struct ck_reply *reply,
    struct ck_err *err)
{
	struct ck_batch *b = u;
	const json_t *fields = json_object_get(question, "fields"), *field;
	enum ck_asked state = CK_ASKED_ANSWER;
	json_t *prepared = NULL;
	size_t i;

	take_back(b, question);
	if (b->args->json)
		print_json(b, question);
	if (json_array_size(fields) == 0)
		return wait_for(b, question, w, err);
	if (on_terminal(b, fields))
		say_question(b, question);
	else if (!b->args->json)
		tell_question(b, question);
	json_array_foreach(fields, i, field)
	{
		state = is_secret(field) ? get_secret(b, question, field, w, reply, err)
					 : get_plain(b, question, field, w, &prepared, reply, err);
		if (state != CK_ASKED_ANSWER || declined(reply))
			break;
	}
	json_decref(prepared);
	return state == CK_ASKED_ANSWER && told_anyway(question) ? wait_elsewhere(b, w, reply)
								 : state;
}

const struct ck_front_ops ck_batch_ops = { .tell = tell, .ask = ask };

int
ck_batch_status(enum ck_verb verb, const struct ck_ended *e)
{
	/* what it was called for */
	if ((verb == CK_VERB_ABANDON || verb == CK_VERB_SERVICE_DROP) &&
	    e->outcome == CK_END_ABANDONED)
		return ck_outcome_status[CK_END_DONE];
	/* both verdicts are answers; what cannot be judged is the caller's to put right */
	if (verb == CK_VERB_POLICY &&
	    (e->err.code == CK_E_CERT_UNREADABLE || e->err.code == CK_E_SYSTEM_UNKNOWN ||
		e->err.code == CK_E_USAGE))
		return ck_outcome_status[CK_END_USAGE];
	return ck_outcome_status[e->outcome];
}
