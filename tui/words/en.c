/* English: sentences of the walk, the questions, the lists and the terminal (errors: en_err.c). */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* what is being done */
	{ "step.key", "Looking which key is in which reader ..." },
	{ "step.cert", "Reading the certificates on the key (no PIN needed) ..." },
	{ "step.eligible", "Checking whether this certificate can be renewed here ..." },
	{ "step.unlock", "Checking the PIN of the key ..." },
	{ "step.authorise", "Checking the right to renew ..." },
	{ "step.newkey", "Making a new key pair on the key, this may take a minute ..." },
	{ "step.request", "Preparing the certificate request ..." },
	{ "step.issue", "The request is with the CA, waiting for the new certificate ..." },
	{ "step.install", "Writing the new certificate to the key ..." },
	{ "step.confirm", "Telling the CA that the new certificate is in place ..." },
	{ "step.pin", "Changing the PIN to the envelope password ..." },
	{ "step.retire", "Tidying up the old certificate ..." },
	{ "step.close", "Closing the record ..." },
	{ "step.set-pin", "Changing the PIN of the key ..." },
	{ "step.abandon", "Abandoning the renewal, putting things back ..." },

	/* what is true now */
	{ "did.key-found", "Key found: {family}, serial {serial}" },
	{ "did.key-lost", "The key is no longer there: {label}, serial {serial}" },
	{ "did.resumed", "Going on with {record} where it stopped" },
	{ "did.cert-read", "Certificate: {name}, valid to {not_after}" },
	{ "did.eligible", "May be renewed ({first_day} to {last_day})" },
	{ "did.unlocked", "The PIN is right" },
	{ "did.key-proved", "The CA has proof that the key is here" },
	{ "did.envelope-proved", "Envelope {serial} is for this certificate" },
	{ "did.password-proved", "Envelope password verified (it never left this machine)" },
	{ "did.leased", "The right to renew is granted" },
	{ "did.newkey-made",
	    "New key pair made on the key (the old pair and certificate still work)" },
	{ "did.request-made", "The certificate request is ready" },
	{ "did.issued", "The CA issued the new certificate, valid to {not_after}" },
	{ "did.issued-found",
	    "The CA had issued it already; new certificate fetched, valid to {not_after}" },
	{ "did.waiting", "The CA is still working on it[, asking again at {retry_at}][: {text}]" },
	{ "did.installed", "New certificate on the key, read back the same, test signature good" },
	{ "did.confirmed", "The CA confirmed the new certificate" },
	{ "did.pin-changed",
	    "The PIN is now the envelope password; the former PIN no longer works" },
	{ "did.pin-unchanged", "The PIN was not changed and is still the former one[ ({why})]" },
	{ "did.pin-settled", "Settled: the PIN of the key is the envelope password" },
	{ "did.own-pin-changed", "The PIN is changed; from now on only the new one works" },
	{ "did.retired", "Old certificate and key pair removed, as the rules say" },
	{ "did.named", "Id and label are as the maker's software expects them" },
	{ "did.names-kept", "Id and label were kept ({why}); the certificate is good" },
	{ "did.kept", "Old certificate kept on the key, as the rules say" },
	{ "did.closed", "Record {record} is closed" },
	{ "did.turned-down", "The CA was told that the new certificate will not be used" },
	{ "did.swept", "The unused new key pair and certificate are off the key" },
	{ "did.released", "The right to renew is given back" },
	{ "did.abandoned", "Record {record} is abandoned" },

	/* questions */
	{ "ask.key", "More than one key is plugged in. Which one is meant?" },
	{ "ask.insert-key", "Insert the key: it goes on by itself. Without a key: Enter" },
	{ "ask.key-back",
	    "Put key {label} (serial {serial}) in again. The renewal then goes on by itself; "
	    "the PIN has to be typed again." },
	{ "ask.certificate", "Several certificates on this key can be renewed. Which one?" },
	{ "ask.pin", "The customer types the PIN of the key[; {tries} tries left]. If it was never "
		     "changed, the first PIN is in the original envelope." },
	{ "ask.own-pin",
	    "The key's owner types the present PIN[; {tries} tries left], then the new one "
	    "twice. The new PIN has {min} to {max} characters[{digits}, digits only]. If "
	    "the PIN was never changed, the first one is in the original envelope." },
	{ "ask.last-try",
	    "This may be the last try for the PIN of key {serial}: one more wrong PIN locks it. "
	    "Only a clerk who is sure that the customer knows the PIN may allow it." },
	{ "ask.unsettled-pin",
	    "A PIN change was interrupted: the PIN may be the envelope password or still the "
	    "former one[; {tries} tries left]. The clerk decides which single one is tried." },
	{ "ask.envelope",
	    "Take the new renewal envelope and check the serial printed on its cover" },
	{ "ask.envelope-password",
	    "Type the password inside envelope {serial}[; {tries} tries left]" },

	{ "field.key.serial", "Which key (its number)" },
	{ "field.certificate.certificate", "Which certificate (its number)" },
	{ "ask.leave-pair",
	    "Renewal {record} is given back at the CA, but the key is away or cannot be opened; the new "
	    "pair stays on it, without a certificate and of no use. A clerk may close it so." },
	{ "field.leave-pair.yes", "Type y to close it, Enter to leave it open" },
	{ "question.key-back", "the key, in again" },
	{ "question.leave-pair", "the clerk's word to close it without the key" },
	{ "field.pin.pin", "PIN" },
	{ "field.own-pin.pin", "Present PIN" },
	{ "field.own-pin.new", "New PIN" },
	{ "field.own-pin.again", "New PIN once more" },
	{ "field.last-try.yes", "Type y to allow one more try, Enter to refuse" },
	{ "field.unsettled-pin.which", "Which one is tried (its number)" },
	{ "field.unsettled-pin.pin", "PIN" },
	{ "field.envelope.serial", "Envelope serial" },
	{ "field.envelope-password.password", "Envelope password" },

	{ "question.key", "which key" },
	{ "question.insert-key", "the key to be inserted" },
	{ "question.certificate", "which certificate" },
	{ "question.pin", "the PIN of the key" },
	{ "question.own-pin", "the present and the new PIN" },
	{ "question.last-try", "the clerk's word on the last try" },
	{ "question.unsettled-pin", "which PIN is tried" },
	{ "question.envelope", "the envelope serial" },
	{ "question.envelope-password", "the envelope password" },

	{ "choice.envelope", "the envelope password" },
	{ "choice.old", "the former PIN" },

	/* is the key safe */
	{ "safe.untouched", "Yes. Nothing was changed on the key." },
	{ "safe.safe", "Yes. The key is undamaged and holds a certificate that works." },

	/* who */
	{ "who.customer", "The customer can do this; when in doubt, ask the clerk" },
	{ "who.clerk", "The clerk at the counter" },
	{ "who.site", "Whoever maintains this machine (tell the clerk first)" },
	{ "who.ca", "The clerk, who calls the CA's hotline[ {hotline}]" },
	{ "who.program",
	    "Whoever maintains this machine; please pass number and time on to the makers" },

	/* the end */
	{ "end.done", "Renewed" },
	{ "end.parked", "Saved; to be finished later" },
	{ "end.refused", "Not done; nothing was changed on the key" },
	{ "end.abandoned", "Abandoned[{restored}; the key is as it was before][{kept}; the new "
			   "certificate is confirmed and stays on the key]" },
	{ "end.failed", "Not finished" },
	{ "end.usage", "The command is wrong" },
	{ "end.pull", "You may pull the key" },
	{ "end.later", "Run it again[ after {retry_at}]; it asks the CA first and then goes on." },
	{ "end.restart", "{title}; starting again where it stopped ..." },
	{ "end.ledger", "The ledger is whole: {lines} lines" },

	{ "block.what", "What happened" },
	{ "block.safe", "Is the key safe" },
	{ "block.todo", "What to do now" },
	{ "block.who", "Who" },
	{ "block.detail", "Details" },
	{ "block.result", "Result" },
	{ "block.record", "Record" },

	/* lists */
	{ "keys.key", "Key  {family}[   {label}]   serial {serial}" },
	{ "keys.reader", "     reader {reader}" },
	{ "keys.readonly", "     ! read-only: a new certificate cannot be written" },
	{ "keys.one-pair", "     ! no room for two key pairs: cannot be renewed" },
	{ "keys.pin-ok", "PIN: fine[, {tries} tries left]" },
	{ "keys.pin-low", "PIN: typed wrong before, few tries left[ ({tries})]" },
	{ "keys.pin-last", "PIN: one last try" },
	{ "keys.pin-locked", "PIN: locked" },
	{ "keys.pin-unset", "PIN: not set" },
	{ "keys.pin-pinpad", "PIN: typed on the key's own pad" },
	{ "keys.cert", "  > {name}   {alg}   {not_before} to {not_after}" },
	{ "keys.issuer", "    issuer {issuer}" },
	{ "keys.bad-cert", "  > a certificate that cannot be read[   {label}]" },
	{ "keys.no-cert", "  > key pair without a certificate[   {label}]" },
	{ "keys.no-private", "    x no private key: this certificate cannot be used" },
	{ "keys.none", "No key found" },
	{ "export.row", "v {file}   {name}" },
	{ "status.valid", "    within its days" },
	{ "status.expired", "    x expired" },
	{ "status.not-yet", "    x not valid yet" },
	{ "status.system", "    {title} ({system})" },
	{ "status.foreign", "      not issued by this CA" },
	{ "status.accepted", "      issued by this CA" },
	{ "status.issuers", "      issued by this CA, by an issuer no longer in use" },
	{ "status.good", "      the CA says: good" },
	{ "status.revoked", "      x the CA says: revoked[ at {revoked_at}]" },
	{ "status.held", "      x the CA says: on hold" },
	{ "status.unknown", "      x the CA does not know it" },
	{ "status.silent", "      ! the CA could not be asked: {title}" },
	{ "keys.unknown",
	    "?  a key this machine does not know[   reader {reader}][   ATR {atr}][   USB {usb}]" },
	{ "keys.unknown-todo",
	    "     Not used. Its maker's driver and a file in keys.d with this ATR make it known." },
	{ "watch.service-up", "{at}  reader service is there" },
	{ "watch.service-gone", "{at}  ! {title}: {what} {todo}[ ({detail})]" },
	{ "watch.reader-in", "{at}  + reader {reader}" },
	{ "watch.reader-out", "{at}  - reader {reader}" },
	{ "watch.card-in", "{at}  + key in {reader}[   ATR {atr}]" },
	{ "watch.card-out", "{at}  - key out of {reader}" },
	{ "watch.card-mute",
	    "{at}  ! what is in {reader} does not answer: wrong way round, dirty or broken" },
	{ "watch.card-passed",
	    "{at}  ! a key was in {reader} for a moment only: push it in firmly" },
	{ "watch.key", "{at}  read after {after_ms} ms" },
	{ "watch.unknown", "{at}  ! no driver for this key" },
	{ "watch.trouble", "{at}  ! {title}: {what} {todo}[ ({detail})]" },
	{ "records.row", "{record}  {touched}  {state_text}  {way_text}  {system}[  by {clerk}]"
			 "[  at: {station_text}]" },
	{ "records.none", "No records" },
	{ "records.line", "{at}  {station_text}  {mark_text}  " },

	{ "state.open", "open" },
	{ "state.parked", "saved" },
	{ "state.done", "done" },
	{ "state.refused", "refused" },
	{ "state.abandoned", "abandoned" },
	{ "way.self", "self" },
	{ "way.on-behalf", "on behalf" },
	{ "station.key", "key" },
	{ "station.cert", "certificate" },
	{ "station.eligible", "right to renew" },
	{ "station.unlock", "PIN" },
	{ "station.authorise", "envelope" },
	{ "station.newkey", "new key pair" },
	{ "station.request", "request" },
	{ "station.issue", "the CA's answer" },
	{ "station.install", "installing" },
	{ "station.confirm", "confirming" },
	{ "station.pin", "PIN change" },
	{ "station.retire", "old certificate" },
	{ "station.close", "close" },
	{ "station.abandon", "abandon" },
	{ "class.person", "certificate of a person" },
	{ "class.organisation", "certificate of an organisation" },
	{ "class.server", "server certificate" },

	/* marks and texts of a record's lines; the names are those in core/walk */
	{ "mark.intent", "begins" },
	{ "mark.done", "done" },
	{ "mark.wait", "waits" },
	{ "mark.note", "note" },
	{ "line.a PIN goes to the key", "checking a PIN with the key" },
	{ "line.lease", "asking for the right to renew" },
	{ "line.request", "certificate request" },
	{ "line.bound to the lease", "request bound to the right to renew" },
	{ "line.new pair on the key", "new key pair on the key" },
	{ "line.written, read back, signs", "certificate written, read back, signs" },
	{ "line.confirm", "confirming the certificate to the CA" },
	{ "line.CA and desk confirmed", "confirmed by the CA and its office" },
	{ "line.may be renewed", "may be renewed" },
	{ "line.PIN becomes the envelope password", "PIN becomes the envelope password" },
	{ "line.PIN changed", "PIN is the envelope password" },
	{ "line.PIN was changed", "PIN was found to be changed" },
	{ "line.PIN unchanged", "PIN unchanged" },
	{ "line.PIN unchanged: the key refused the new one",
	    "PIN unchanged: the key refused the new one" },
	{ "line.old certificate and pair kept", "old certificate and pair kept" },
	{ "line.old certificate and pair removed", "old certificate and pair removed" },
	{ "line.id and label", "id and label" },
	{ "line.id and label set", "id and label set" },
	{ "line.id and label kept", "id and label kept" },
	{ "line.renewed", "renewed" },
	{ "line.asked for", "asked to abandon" },
	{ "line.stopped", "stopped" },
	{ "line.new pair swept", "unused new pair removed" },
	{ "line.confirmed at the desk", "confirmed at the CA's office" },
	{ "line.nothing is held at the desk", "nothing is held at the CA's office" },
	{ "line.given back", "given back" },
	{ "line.given back; the new pair is left on the key",
	    "given back; the new pair is left on the key" },
	{ "line.ended after confirmation; the new certificate stays",
	    "ended after confirmation; the new certificate stays" },

	/* may it be renewed */
	{ "policy.eligible", "v May be renewed ({class_text}): {first_day} to {last_day}" },
	{ "policy.window", "x Outside its days ({class_text}): {first_day} to {last_day}" },
	{ "policy.not-yet-valid",
	    "x Not valid yet ({class_text}); its days are {first_day} to {last_day}" },
	{ "policy.class", "x This system does not renew this class: {class_text}" },
	{ "policy.server-certificate", "x Server certificates are not renewed here; ask the CA" },

	/* terminal and command line */
	{ "prompt.digits", "Only the number of a choice can be typed here" },
	{ "usage.verb", "no such command: {text}" },
	{ "usage.no-verb", "say what is to be done" },
	{ "usage.option", "unknown option, or its value is missing: {text}" },
	{ "usage.misplaced", "this command has no option {text}" },
	{ "usage.missing", "missing: {text}" },
	{ "usage.value", "not a proper value: {text}" },
	{ "usage.extra", "one word too many: {text}" },
	{ "usage.hint", "see certkiosk --help" },
	{ "help.text",
	    "certkiosk - renews the certificates on customers' keys\n"
	    "\n"
	    "  certkiosk renew --system S --way self|on-behalf [--key SERIAL] [--cert SHA256]\n"
	    "            [--clerk ID] [--record NUMBER] [--answers FILE|-] [--secrets-fd N]\n"
	    "            [--wait SECONDS]\n"
	    "                                       renew; goes on with an interrupted renewal\n"
	    "  certkiosk abandon NUMBER [--clerk ID] [--answers FILE|-] [--secrets-fd N]\n"
	    "            [--wait SECONDS]\n"
	    "                                       give a renewal up, put things back\n"
	    "  certkiosk keys [--watch]             which keys are in and what they hold (no "
	    "PIN);\n"
	    "                                       as they come and go, until interrupted\n"
	    "  certkiosk policy --system S --cert FILE --on WHEN\n"
	    "                                       may this certificate be renewed then?\n"
	    "  certkiosk records [--all | --show NUMBER]\n"
	    "                                       unfinished ones; all; the lines of one\n"
	    "  certkiosk ledger verify              check that the ledger is whole\n"
	    "  certkiosk pin [--key SERIAL] [--clerk ID] [--answers FILE|-] [--secrets-fd N]\n"
	    "                                       the owner of a key changes its PIN\n"
	    "  certkiosk export --key SERIAL [--cert SHA256] --to DIR\n"
	    "                                       its public certificates as files (no PIN)\n"
	    "  certkiosk status [--key SERIAL] [--cert SHA256] [--system S] [--answers FILE|-]\n"
	    "  certkiosk status --file FILE [--system S]\n"
	    "                                       what the CA says of a certificate, and when "
	    "it\n"
	    "                                       may be renewed (no PIN)\n"
	    "\n"
	    "With every command: --json (JSON lines)  --lang zh|en  --config FILE\n"
	    "Secrets come from the terminal or the descriptor named by --secrets-fd, nowhere else.\n"
	    "Exit status: 0 done  1 failed (may go on)  2 usage  3 saved  4 refused  "
	    "5 abandoned\n" },
};

const struct ck_words ck_words_en = {
	.sentences = sentences,
	.n_sentences = sizeof sentences / sizeof *sentences,
	.errors = ck_err_words_en,
	.n_errors = CK_ERR_WORDS_N,
};
