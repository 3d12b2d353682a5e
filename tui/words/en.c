/* English: sentences of the walk, the questions and the terminal (errors: en_err.c). */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* what is being done */
	{ "step.key", "Looking which key is in which reader ..." },
	{ "step.cert", "Reading the certificates on the key (no PIN needed) ..." },
	{ "step.eligible", "Checking whether this certificate can be renewed here ..." },
	{ "step.consent", "Looking at what has to be agreed to ..." },
	{ "step.unlock", "Checking the PIN of the key ..." },
	{ "step.authorise", "Checking the right to renew ..." },
	{ "step.applicant", "Asking the CA for its price and what it wants ..." },
	{ "step.form-before", "Filling in and signing the application form ..." },
	{ "step.papers", "Looking at the papers and handing them in ..." },
	{ "step.identity", "Preparing the identity check by phone ..." },
	{ "step.pay", "Preparing the payment ..." },
	{ "step.review", "Asking the CA about its review ..." },
	{ "step.newkey", "Making a new key pair on the key, this may take a minute ..." },
	{ "step.request", "Preparing the certificate request ..." },
	{ "step.issue", "The request is with the CA, waiting for the new certificate ..." },
	{ "step.install", "Writing the new certificate to the key ..." },
	{ "step.confirm", "Telling the CA that the new certificate is in place ..." },
	{ "step.seal", "Renewing the electronic seal ..." },
	{ "step.pin", "Changing the PIN to the envelope password ..." },
	{ "step.retire", "Tidying up the old certificate ..." },
	{ "step.form", "Filling in and signing the application form ..." },
	{ "step.slip", "Printing the slip ..." },
	{ "step.service", "Applying ..." },
	{ "step.paper", "Printing the application form ..." },
	{ "step.close", "Closing the record ..." },
	{ "step.set-pin", "Changing the PIN of the key ..." },
	{ "step.doctor", "Examining the key ..." },
	{ "step.sign-in", "Checking who signs in ..." },
	{ "step.abandon", "Giving the renewal up, putting things back ..." },

	/* what is true now */
	{ "did.key-found", "Key found: {family}, serial {serial}" },
	{ "did.key-lost", "The key is no longer there: {label}, serial {serial}" },
	{ "did.last-step",
	    "The new certificate of {record} is confirmed. The key shows whether the old one is still to be removed" },
	{ "did.resumed", "Going on with {record} where it stopped" },
	{ "did.over", "{record} is over: {state_text}, {at}" },
	{ "did.found-elsewhere",
	    "Found at the CA's office ({system}): {record} of counter {kiosk}, {way_text}: "
	    "{bound_text}" },
	{ "did.declined", "Not gone on with: {record} stays as it is" },
	{ "did.finished-elsewhere",
	    "Counter {kiosk} has finished this renewal as {record}; the new certificate is in place" },
	{ "did.released-elsewhere",
	    "Counter {kiosk} has given this renewal ({record}) up; it is put back here, too" },
	{ "did.adopted", "The pair another counter made on this key is taken over" },
	{ "did.cert-read", "Certificate: {name}, valid to {not_after}" },
	{ "did.eligible", "May be renewed ({first_day} to {last_day})" },
	{ "did.codes-proved", "The codes are right (the second one never left this machine)" },
	{ "did.may-download", "May be downloaded" },
	{ "did.agreed", "Agreed to: {name}, version {version}" },
	{ "did.unlocked", "The PIN is right" },
	{ "did.key-proved", "The CA has proof that the key is here" },
	{ "did.envelope-proved", "Envelope {serial} is for this certificate" },
	{ "did.password-proved", "Envelope password verified (it never left this machine)" },
	{ "did.leased", "The right to renew is granted" },
	{ "did.newkey-made",
	    "New key pair made on the key (the old pair and certificate still work)" },
	{ "did.request-made", "The certificate request is ready" },
	{ "did.issued", "The CA issued the new certificate, valid to {not_after}" },
	{ "did.issued-before", "The new certificate was issued before, valid to {not_after}" },
	{ "did.issued-found",
	    "The CA had issued it already; new certificate fetched, valid to {not_after}" },
	{ "did.waiting", "The CA is still working on it[, asking again at {retry_at}][: {text}]" },
	{ "did.installed", "New certificate on the key, read back the same, test signature good" },
	{ "did.confirmed", "The CA confirmed the new certificate" },
	{ "did.pin-changed",
	    "The PIN is now the envelope password; the former PIN no longer works" },
	{ "did.seal-written", "The electronic seal was renewed[ ({label})]" },
	{ "did.seal-not-written",
	    "The electronic seal was not written[: {title}]. The certificate is good all the same; the seal is offered again when the key is examined" },
	{ "did.pin-unchanged", "The PIN was not changed and is still the former one[ ({why})]" },
	{ "did.pin-settled", "Settled: the PIN of the key is the envelope password" },
	{ "did.own-pin-changed", "The PIN is changed; from now on only the new one works" },
	{ "did.signed-in", "{name} (clerk {clerk}) is signed in" },
	{ "did.signed-out", "{name} (clerk {clerk}) is signed out" },
	{ "did.second-clerk", "{name} (clerk {clerk}) agrees" },
	{ "did.doctor-installed",
	    "The certificate {name} is back on the key, read back whole, and the key signs for it" },
	{ "did.doctor-swept",
	    "The half-made pair that record {left_by} left was removed from the key" },
	{ "did.doctor-dropped", "The second copy of the expired certificate {serial} was removed" },
	{ "did.doctor-well", "Nothing wrong was found" },
	{ "did.put-aside",
	    "The old file has another name now (.old) and can still be opened with the old password" },
	{ "did.retired", "Old certificate and key pair removed, as the rules say" },
	{ "did.named", "Id and label are as the maker's software expects them" },
	{ "did.names-kept", "Id and label were kept ({why}); the certificate is good" },
	{ "did.form-made", "Application form filled in, signed and kept (pages: {pages})" },
	{ "did.form-void", "What it says has changed: the application form printed before is void" },
	{ "did.form-none", "There is no application form: {title}[ ({why})]" },
	{ "did.form-by-hand",
	    "The form will have to be written by hand: no font of this machine has "
	    "{character}[, which is in the {field_text}]" },
	{ "did.paper-printing", "The form is being printed[, pages out: {pages}][, in all: {of}]" },
	{ "did.paper-trouble", "Printing stands still: {title}[ ({why})]" },
	{ "did.paper-printed", "The form is printed[ ({printer})]" },
	{ "did.paper-seen", "The form is on paper, as somebody saw" },
	{ "did.paper-unknown",
	    "Whether the form came out is not known: somebody has to look[ at printer {printer}]" },
	{ "did.paper-failed", "The form was not printed[: {title}][ ({why})]" },
	{ "did.paper-left", "The form is left with the printer; what becomes of it is looked for "
			    "later, and it is not printed twice" },
	{ "did.paper-waits", "The form waits to be printed: {title}[ ({why})]" },
	{ "did.kept", "Old certificate kept on the key, as the rules say" },
	{ "did.others-kept", "Nothing else on the key was touched" },
	{ "did.slip-printed", "The slip is printed[ ({printer})]" },
	{ "did.slip-sent",
	    "The slip was handed to the printer[ {printer}]; please look at its tray" },
	{ "did.closed", "Record {record} is closed" },
	{ "did.turned-down", "The CA was told that the new certificate will not be used" },
	{ "did.swept", "The unused new key pair and certificate are off the key" },
	{ "did.sms-sent", "The code was sent by text message" },
	{ "did.order-made", "Order made[ ({order})]: {months} months[, {amount_text}]" },
	{ "did.identity-passed", "The agent's identity is confirmed" },
	{ "did.paper-in", "The CA has this paper: {en}[, {pages} pages]" },
	{ "did.paid", "The CA has the money[ (order {order})]" },
	{ "did.review-passed", "The CA's review has passed" },
	{ "did.refund", "{amount_text} was paid too much and will be paid back" },
	{ "did.released", "The right to renew is given back" },
	{ "did.order-paid", "Order {order} is paid as before and waits for the next renewal" },
	{ "did.order-refund", "Order {order} will be refunded" },
	{ "did.order-refunded", "Order {order} was refunded" },
	{ "did.abandoned", "Record {record} is given up" },
	{ "did.application-kept", "The application is filled in, number {record}" },

	/* questions */
	{ "ask.key", "More than one key is plugged in. Which one is meant?" },
	{ "ask.insert-key", "Insert the key: it goes on by itself. Without a key: Enter" },
	{ "ask.key-back",
	    "Put key {label} (serial {serial}) in again. The renewal then goes on by itself; "
	    "the PIN has to be typed again." },
	{ "ask.resume",
	    "[Renewal {record} stopped at \"{station_text}\" ({at}, counter {kiosk}). ]"
	    "[The renewal of this certificate is with counter {holder} ({holder_record}): "
	    "{bound_text}. ]Go on with it here?" },
	{ "ask.certificate", "Several certificates on this key can be renewed. Which one?" },
	{ "ask.consent", "Read this document and say whether you agree[ ({n} of {of})]: {name}, "
			 "version {version} (SHA-256 {sha256})" },
	{ "ask.pin", "The customer types the PIN of the key[; {tries} tries left].[ {hint_text}]" },
	{ "ask.own-pin",
	    "The key's owner types the present PIN[; {tries} tries left], then the new one "
	    "twice. The new PIN has {min} to {max} characters[{digits}, digits only]. If "
	    "the PIN was never changed, the first one is in the original envelope." },
	{ "ask.last-try",
	    "This may be the last try for the PIN of key {serial}: one more wrong PIN locks it. "
	    "Only a clerk who is sure that it is known may allow it." },
	{ "ask.unsettled-pin",
	    "A PIN change was interrupted: the PIN may be the envelope password or still the "
	    "former one[; {tries} tries left]. The clerk decides which single one is tried." },
	{ "ask.envelope",
	    "Take the new renewal envelope and check the serial printed on its cover" },
	{ "ask.envelope-password",
	    "Type the password inside envelope {serial}[; {tries} tries left]" },
	{ "ask.download",
	    "Type the two download codes of the CA[; the first one is {reference}][; {tries} tries left]" },
	{ "ask.make-anew",
	    "{name} ({class_text}), serial number {serial}, issued by {issuer}, valid until {not_after}, is made anew on key {key_label}[, valid until {new_not_after}]. Is it the right one?" },
	{ "ask.doctor-look",
	    "Some keys show only after the PIN. Enter it and go on examining? (The key is not changed)" },
	{ "ask.doctor-fetch",
	    "The pair[ {label}] under id {id} has no certificate. Prove this key to the CA and ask what was issued for it? This needs the PIN; the key is not changed." },
	{ "ask.doctor-install",
	    "The CA has issued for this pair: {name}, valid until {not_after}, serial number {serial}. Write this certificate back to the key?" },
	{ "ask.doctor-sweep",
	    "The pair under id {id} is what record {record}, which is over, left half made; it never had a certificate to be used with. Remove it from the key?" },
	{ "ask.doctor-clear",
	    "Certificate {name} ({serial}) was made in record {record}, which was given up; the CA has revoked it, and another certificate on the key is good. Remove it and its pair from the key?" },
	{ "ask.doctor-seal",
	    "The CA has an electronic seal ({label}) for this key that was not written yet. Write it now?" },
	{ "ask.doctor-drop",
	    "The expired certificate {name} ({serial}) is on the key twice, byte for byte. Remove the second copy?" },

	{ "ask.order",
	    "For how long is it to be renewed? These are the CA's prices[{central}; they are paid centrally, you pay nothing]." },
	{ "ask.service", "Please fill in the application" },
	{ "ask.applicant", "Please fill in: {group_text}" },
	{ "ask.sms-code",
	    "A code was sent to {mobile} by text message[, good until {until_at}]. None came? Enter alone sends another[, from {again_at} on]" },
	{ "ask.pay-method", "[{amount_text} is to be paid. ]How do you want to pay?" },
	{ "ask.payment",
	    "Please pay {amount_text} ({method_text})[, until {until_at}]. If you have paid, wait a moment: it goes on by itself once the money is there." },
	{ "ask.identity",
	    "The agent opens the link below on a phone and proves who he is[, until {until_at}]. It goes on by itself once that has passed." },
	{ "ask.review",
	    "The CA is reviewing the application[: {text}]. This may take days; it goes on by itself once it has passed. It may also be left here and gone on with later." },
	{ "ask.papers", "The CA wants these papers, too[. Next: {next_text}]" },
	{ "ask.clerk-key", "[{several}Several clerks' own keys are plugged in. Who signs in? ]"
			   "Insert your own key; without one: Enter" },
	{ "ask.clerk-pin", "{name}, type the PIN of your own key {label} ({serial})"
			   "[; {tries} tries left]" },
	{ "ask.clerk-word", "Type your clerk's id and your passphrase" },
	{ "ask.new-word", "Choose a passphrase of at least {min} characters and type it twice" },
	{ "ask.second-clerk",
	    "{act_text}: this takes the word of a second clerk, another one than clerk {clerk}. If "
	    "the second clerk's own key is in a reader, its PIN is meant, otherwise the passphrase." },
	{ "field.key.serial", "Which key (its number)" },
	{ "field.clerk-key.serial", "Whose key (its number)" },
	{ "field.clerk-pin.pin", "PIN" },
	{ "field.clerk-word.clerk", "Clerk" },
	{ "field.clerk-word.passphrase", "Passphrase" },
	{ "field.new-word.passphrase", "New passphrase" },
	{ "field.new-word.again", "Once more" },
	{ "field.second-clerk.clerk", "Second clerk" },
	{ "field.second-clerk.word", "PIN or passphrase" },
	{ "field.certificate.certificate", "Which certificate (its number)" },
	{ "ask.paper-trouble",
	    "The form of {record} does not come out[ of printer {printer}]. What is to be done?"
	    "[{follows} When the printer can go on, it does so by itself.]"
	    "[ One more is marked as copy {reprint}.]" },
	{ "ask.paper-out",
	    "Has the form of {record} come out[ of printer {printer}]? Please look. Only if it has "
	    "not may it be printed again." },
	{ "field.paper-trouble.do", "What is to be done (its number)" },
	{ "field.paper-out.yes", "Type y if it lies there, Enter if nothing came out" },
	{ "question.paper-trouble", "what is to be done about the printer" },
	{ "question.paper-out", "whether the form came out" },
	{ "choice.printer", "use printer {label}" },
	{ "choice.wait", "wait for the printer" },
	{ "choice.again", "print it once more" },
	{ "choice.later", "print it later" },
	{ "ask.leave-pair",
	    "Renewal {record} is given back at the CA, but the key is away or cannot be opened; the new "
	    "pair stays on it, without a certificate and of no use. A clerk may close it so; once the key is in, it goes on by itself." },
	{ "field.consent.yes", "Type y to agree, Enter not to (and to end here)" },
	{ "field.resume.yes", "Type y to go on, Enter to leave it as it is" },
	{ "field.leave-pair.yes", "Type y to close it, Enter to leave it open" },
	{ "question.key-back", "the key, in again" },
	{ "question.consent", "whether the document is agreed to" },
	{ "question.resume", "whether to go on" },
	{ "question.leave-pair", "the clerk's word to close it without the key" },
	{ "field.pin.pin", "PIN" },
	{ "field.own-pin.pin", "Present PIN" },
	{ "field.own-pin.new", "New PIN" },
	{ "field.own-pin.again", "New PIN once more" },
	{ "field.doctor-look.yes", "y for yes; Enter alone for no" },
	{ "field.doctor-fetch.yes", "y for yes; Enter alone for no" },
	{ "field.doctor-install.yes", "y for yes; Enter alone for no" },
	{ "field.doctor-sweep.yes", "y for yes; Enter alone for no" },
	{ "field.doctor-clear.yes", "y for yes; Enter alone for no" },
	{ "field.doctor-seal.yes", "y for yes; Enter alone for no" },
	{ "field.doctor-drop.yes", "y for yes; Enter alone for no" },
	{ "field.last-try.yes", "Type y to allow one more try, Enter to refuse" },
	{ "field.unsettled-pin.which", "Which one is tried (its number)" },
	{ "field.unsettled-pin.pin", "PIN" },
	{ "field.envelope.serial", "Envelope serial" },
	{ "field.envelope-password.password", "Envelope password" },

	{ "question.key", "which key" },
	{ "question.clerk-key", "the clerk's own key" },
	{ "question.clerk-pin", "the PIN of the clerk's own key" },
	{ "question.clerk-word", "the clerk's id and passphrase" },
	{ "question.new-word", "the new passphrase, twice" },
	{ "question.second-clerk", "the word of a second clerk" },
	{ "act.abandon", "Giving this renewal up" },
	{ "act.last-try", "What may be the last try for the PIN" },
	{ "act.leave-pair", "Closing the record without the key" },
	{ "act.unsettled-pin", "Trying a PIN after an interrupted change" },
	{ "question.insert-key", "the key to be inserted" },
	{ "question.certificate", "which certificate" },
	{ "question.pin", "the PIN of the key" },
	{ "question.own-pin", "the present and the new PIN" },
	{ "question.doctor-look", "whether to go on examining with the PIN" },
	{ "question.doctor-fetch", "whether to ask the CA" },
	{ "question.doctor-install", "whether to write the certificate back" },
	{ "question.doctor-sweep", "whether to remove the half-made pair" },
	{ "question.doctor-clear", "whether to remove the revoked certificate and its pair" },
	{ "question.doctor-seal", "whether to write the electronic seal" },
	{ "question.doctor-drop", "whether to remove the second copy" },
	{ "question.last-try", "the clerk's word on the last try" },
	{ "question.unsettled-pin", "which PIN is tried" },
	{ "question.envelope", "the envelope serial" },
	{ "question.download", "the two download codes" },
	{ "question.make-anew", "whether it is the right certificate" },
	{ "question.order", "how long to renew for" },
	{ "question.service", "what an application asks for" },
	{ "question.applicant", "who acts, who owns it, or the invoice" },
	{ "question.sms-code", "the code from the text message" },
	{ "question.pay-method", "how to pay" },
	{ "question.payment", "the payment" },
	{ "question.identity", "the identity check by phone" },
	{ "question.review", "the CA's review" },
	{ "question.papers", "the papers, scanned" },
	{ "question.envelope-password", "the envelope password" },

	{ "choice.envelope", "the envelope password" },
	{ "choice.old", "the former PIN" },

	/* is the key safe */
	{ "safe.untouched", "Yes. Nothing was changed on the key." },
	{ "safe.safe", "Yes. The key is undamaged and holds a certificate that works." },
	{ "safe.added", "Yes. The key is undamaged, and what was on it is as it was." },

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
	{ "end.abandoned", "Given up[{restored}; the key is as it was before][{kept}; the new "
			   "certificate is confirmed and stays on the key]" },
	{ "end.failed", "Not finished" },
	{ "end.usage", "The command is wrong" },
	{ "end.pull", "You may pull the key" },
	{ "end.later", "Run it again[ after {retry_at}]; it asks the CA first and then goes on." },
	{ "end.restart", "{title}; starting again where it stopped ..." },
	{ "end.restarted", "{title}; it has started again, please answer once more" },
	{ "end.ledger", "The ledger is whole: {lines} lines" },
	{ "end.tended",
	    "Records looked at: {looked}, closed: {ended}; closed ones wiped: {wiped}" },
	{ "end.clerk-word", "passphrase = \"{passphrase}\";" },
	{ "end.purged", "Closed records removed: {purged}" },
	{ "end.untidy",
	    "! Somebody is reading the store: what was wiped goes out of its files with the next run" },

	{ "block.what", "What happened" },
	{ "block.safe", "Is the key safe" },
	{ "block.todo", "What to do now" },
	{ "block.who", "Who" },
	{ "block.detail", "Details" },
	{ "block.result", "Result" },
	{ "block.slip", "Slip" },
	{ "block.form", "Form" },
	{ "block.left", "Left undone" },
	{ "block.record", "Record" },

	/* where it stands */
	{ "station.key", "key" },
	{ "station.cert", "certificate" },
	{ "station.eligible", "right to renew" },
	{ "station.consent", "documents" },
	{ "station.unlock", "PIN" },
	{ "station.authorise", "the CA's grant" },
	{ "station.applicant", "order" },
	{ "station.form-before", "form to sign" },
	{ "station.papers", "papers" },
	{ "station.identity", "identity check" },
	{ "station.pay", "payment" },
	{ "station.review", "review" },
	{ "station.newkey", "new key pair" },
	{ "station.request", "request" },
	{ "station.issue", "the CA's answer" },
	{ "station.install", "installing" },
	{ "station.confirm", "confirming" },
	{ "station.seal", "electronic seal" },
	{ "station.pin", "PIN change" },
	{ "station.retire", "old certificate" },
	{ "station.form", "form" },
	{ "station.close", "close" },
	{ "station.abandon", "giving up" },

	/* marks and texts of a record's lines; the names are those in core/walk */
	{ "mark.intent", "begins" },
	{ "mark.done", "done" },
	{ "mark.wait", "waits" },
	{ "mark.note", "note" },
	{ "line.a unit's keys in a row", "a unit's keys in a row begin" },
	{ "line.a key of it", "a key of it" },
	{ "line.list of a unit's keys made and kept", "the list of its keys is made and kept" },
	{ "line.the batch is over", "the keys in a row are over" },
	{ "line.ended without a key", "ended without a key" },
	{ "line.a PIN goes to the key", "checking a PIN with the key" },
	{ "line.agreed to", "the customer agrees to" },
	{ "line.all documents", "all documents are agreed to" },
	{ "line.lease", "asking for the right to renew" },
	{ "line.a new lease",
	    "the right to renew was given anew; the certificate is asked for again" },
	{ "line.request", "certificate request" },
	{ "line.bound to the lease", "request bound to the right to renew" },
	{ "line.new pair on the key", "new key pair on the key" },
	{ "line.written, read back, signs", "certificate written, read back, signs" },
	{ "line.confirm", "confirming the certificate to the CA" },
	{ "line.CA and desk confirmed", "confirmed by the CA and its office" },
	{ "line.may be renewed", "may be renewed" },
	{ "line.a credit code whose check digit is wrong, on a clerk's word",
	    "a credit code whose check digit is wrong, on a clerk's word" },
	{ "line.identity was not confirmed", "identity was not confirmed" },
	{ "line.pages of another print come in",
	    "pages of another print of the form come in; those of the one before are not kept" },
	{ "line.the desk did not take it",
	    "the CA did not take this paper; what was kept of it is gone" },
	{ "line.the desk wants it anew", "the CA wants this paper anew" },
	{ "line.the order as the desk has it", "the order as the desk has it" },
	{ "line.the application form is void", "the application form is void" },
	{ "line.the order is to be changed", "the order is to be changed" },
	{ "line.the price was shown", "the price was shown" },
	{ "line.the review turned it down", "the review turned it down" },
	{ "line.seal", "electronic seal" },
	{ "line.seal written, read back", "electronic seal written, read back" },
	{ "line.seal not written", "electronic seal not written" },
	{ "line.no seal to be renewed", "no electronic seal to be renewed" },
	{ "line.the seal of a renewal is written", "writing the electronic seal of a renewal" },
	{ "line.PIN becomes the envelope password", "PIN becomes the envelope password" },
	{ "line.PIN changed", "PIN is the envelope password" },
	{ "line.PIN was changed", "PIN was found to be changed" },
	{ "line.PIN unchanged", "PIN unchanged" },
	{ "line.PIN unchanged: the key refused the new one",
	    "PIN unchanged: the key refused the new one" },
	{ "line.old certificate and pair kept", "old certificate and pair kept" },
	{ "line.old certificate and pair put aside", "old file put aside (.old)" },
	{ "line.old certificate and pair removed", "old certificate and pair removed" },
	{ "line.id and label", "id and label" },
	{ "line.id and label set", "id and label set" },
	{ "line.id and label kept", "id and label kept" },
	{ "line.application form", "application form" },
	{ "line.application form signed and kept", "application form signed and kept" },
	{ "line.no application form", "no application form" },
	{ "line.to be printed", "to be printed" },
	{ "line.at the printer, not followed", "left with the printer" },
	{ "line.printed or not, nobody knows", "printed or not, nobody knows" },
	{ "line.printed", "printed" },
	{ "line.not printed", "not printed" },
	{ "line.renewed", "renewed" },
	{ "line.the pair on the key is taken over",
	    "pair of another counter on the key taken over" },
	{ "line.given back at another counter", "given up at another counter" },
	{ "line.a wrong envelope password", "a wrong envelope password" },
	{ "line.the right envelope password", "the right envelope password" },
	{ "line.nothing was granted", "nothing was granted" },
	{ "line.asked for", "asked to give up" },
	{ "line.stopped", "stopped" },
	{ "line.new pair swept", "unused new pair removed" },
	{ "line.confirmed at the desk", "confirmed at the CA's office" },
	{ "line.nothing is held at the desk", "nothing is held at the CA's office" },
	{ "line.given back", "given back" },
	{ "line.given back; the new pair is left on the key",
	    "given back; the new pair is left on the key" },
	{ "line.signed in by key", "signed in by key" },
	{ "line.signed in by passphrase", "signed in by passphrase" },
	{ "line.a wrong PIN", "a wrong PIN" },
	{ "line.its owner changes the PIN", "its owner changes the PIN" },
	{ "line.PIN changed by its owner", "PIN changed by its owner" },
	{ "line.PIN unchanged: the key refused", "PIN unchanged: the key refused" },
	{ "line.nobody knows whether the PIN was changed",
	    "nobody knows whether the PIN was changed" },
	{ "line.a passphrase is tried", "a passphrase is tried" },
	{ "line.the right passphrase", "the right passphrase" },
	{ "line.a wrong passphrase", "a wrong passphrase" },
	{ "line.signed out", "signed out" },
	{ "line.a second clerk agrees to abandon", "a second clerk agrees to give up" },
	{ "line.a second clerk agrees to what may be the last try",
	    "a second clerk agrees to what may be the last try" },
	{ "line.a second clerk agrees to close without the key",
	    "a second clerk agrees to close without the key" },
	{ "line.a second clerk agrees to try a PIN", "a second clerk agrees to try a PIN" },
	{ "line.nobody came back", "nobody came back in time" },
	{ "line.the right to renew is gone", "the CA's office holds nothing for it any more" },
	{ "line.renewed, and nobody came back", "renewed; nobody came back for the rest" },
	{ "line.finished at another counter", "finished at another counter" },
	{ "line.ended after confirmation; the new certificate stays",
	    "ended after confirmation; the new certificate stays" },

	/* may it be renewed */
	{ "notice.cost", "Cost: {text}" },
	{ "notice.bring", "Bring: {text}" },
	{ "notice.takes", "Takes: {text}" },
	{ "notice.call", "Phone: {text}" },
	{ "policy.eligible", "v May be renewed ({class_text}): {first_day} to {last_day}"
			     "[; the new one ends on {new_not_after}]" },
	{ "policy.window", "x Outside its days ({class_text}): {first_day} to {last_day}" },
	{ "policy.not-yet-valid",
	    "x Not valid yet ({class_text}); its days are {first_day} to {last_day}" },
	{ "policy.class", "x This system does not renew this class: {class_text}" },
	{ "policy.other-system",
	    "x This certificate is another system's; this one renews its own alone" },
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
	    "  certkiosk [--desk] [--theme standard|contrast|mono] [--ascii] [--no-mouse]\n"
	    "                                       the screens, on a terminal: self-service;\n"
	    "                                       --desk: the clerk's desk alone\n"
	    "  certkiosk renew --system S --way self|on-behalf|download [--key SERIAL]\n"
	    "            [--cert SHA256] [--clerk ID] [--record NUMBER] [--answers FILE|-]\n"
	    "            [--secrets-fd N] [--medium PATH] [--save-to FOLDER] [--wait SECONDS]\n"
	    "            (--batch NUMBER in place of --system and --way: one of its keys)\n"
	    "                                       renew; goes on with an interrupted one;\n"
	    "                                       download: by a clerk with two codes\n"
	    "  certkiosk resume TEXT [--system S] [--way self|on-behalf|download]\n"
	    "            [--key SERIAL] [--cert SHA256] [--clerk ID] [--answers FILE|-]\n"
	    "            [--secrets-fd N] [--medium PATH] [--save-to FOLDER] [--wait SECONDS]\n"
	    "                                       go on with what a slip, record, envelope,\n"
	    "                                       order or lease is about, wherever begun\n"
	    "  certkiosk abandon NUMBER [--clerk ID] [--answers FILE|-] [--secrets-fd N]\n"
	    "            [--medium PATH] [--wait SECONDS]\n"
	    "                                       give a renewal up, put things back\n"
	    "  certkiosk keys [--medium PATH | --watch]\n"
	    "                                       which keys are in, with what (no PIN);\n"
	    "                                       as they come and go, until interrupted\n"
	    "  certkiosk policy --system S --cert FILE --on WHEN\n"
	    "                                       may this certificate be renewed then?\n"
	    "  certkiosk records [--all] [--names] [--last N] | --show NUMBER\n"
	    "                                       unfinished ones; all; with names; the\n"
	    "                                       newest; the lines of one\n"
	    "  certkiosk records --search TEXT [--names] [--last N]\n"
	    "                                       by number, slip, key, envelope, order or\n"
	    "                                       name\n"
	    "  certkiosk records tend               look after unfinished ones without key:\n"
	    "                                       ask the desk, give back what is overdue,\n"
	    "                                       wipe what is due\n"
	    "  certkiosk records purge [--before DAY | --older-than DAYS]\n"
	    "                                       remove closed ones; the ledger stays\n"
	    "  certkiosk report [--day DAY] [--clerk ID]\n"
	    "                                       what was done today, or then, or by one\n"
	    "  certkiosk ledger verify              check that the ledger is whole\n"
	    "  certkiosk ledger show [--last N]     its last lines\n"
	    "  certkiosk diagnose                   store, rules, certificates, CA, clock,\n"
	    "                                       forms, printer, readers and keys:\n"
	    "                                       is all as it should be?\n"
	    "  certkiosk check                      rules and forms alone: all mistakes, with\n"
	    "                                       file, line and reason\n"
	    "  certkiosk forms [--all]              forms that wait to be printed; all\n"
	    "  certkiosk form NUMBER [--out FILE]   the signed form of a renewal (PDF)\n"
	    "  certkiosk print NUMBER [--printer P] [--clerk ID] [--answers FILE|-]\n"
	    "                                       print a waiting form, or one more copy;\n"
	    "                                       of an unfinished record, its slip\n"
	    "  certkiosk printers                   which there are, and how they are\n"
	    "  certkiosk batch begin --system S --way self|on-behalf --clerk ID\n"
	    "                                       a unit's keys in a row begin; then each\n"
	    "                                       by renew --batch NUMBER\n"
	    "  certkiosk batch list [--all] | batch show NUMBER\n"
	    "                                       those that are open; each key's result\n"
	    "  certkiosk batch print NUMBER --clerk ID [--printer P] [--answers FILE|-]\n"
	    "                                       ends it and prints its list; then a copy\n"
	    "  certkiosk service list [--system S]  other services that can be applied for\n"
	    "  certkiosk service NAME --system S [--key SERIAL] [--cert SHA256] [--clerk ID]\n"
	    "            [--medium PATH] [--answers FILE|-] [--wait SECONDS]\n"
	    "                                       apply for one: its form, and to the desk\n"
	    "  certkiosk service resume NUMBER [--clerk ID]\n"
	    "                                       send one that could not be sent\n"
	    "  certkiosk service status NUMBER | service drop NUMBER\n"
	    "                                       what the CA says of it; give it up\n"
	    "  certkiosk pin [--key SERIAL] [--clerk ID] [--answers FILE|-] [--secrets-fd N]\n"
	    "            [--medium PATH]\n"
	    "                                       the owner of a key changes its PIN\n"
	    "  certkiosk export --key SERIAL [--cert SHA256] --to DIR [--medium PATH]\n"
	    "                                       its public certificates as files (no PIN)\n"
	    "  certkiosk status [--key SERIAL] [--cert SHA256] [--system S]\n"
	    "            [--answers FILE|-] [--medium PATH]\n"
	    "  certkiosk status --file FILE [--system S]\n"
	    "                                       what the CA says of a certificate, and\n"
	    "                                       when it may be renewed (no PIN)\n"
	    "  certkiosk doctor [--key SERIAL] [--clerk ID] [--system S] [--answers FILE|-]\n"
	    "            [--secrets-fd N] [--medium PATH]\n"
	    "                                       what is wrong, and put right if agreed\n"
	    "  certkiosk sign-in --by key|passphrase [--answers FILE|-] [--secrets-fd N]\n"
	    "                                       a clerk proves who he is\n"
	    "  certkiosk sign-out --clerk ID        and leaves; both stand in the ledger\n"
	    "  certkiosk clerk-word [--secrets-fd N]\n"
	    "                                       a passphrase's line for the site's file\n"
	    "  certkiosk verify-form FILE [--cert FILE]\n"
	    "                                       who signed this form, and is it whole?\n"
	    "  certkiosk verify-form --qr TEXT --fields FILE [--cert FILE] [--form-dir DIR]\n"
	    "                                       does a page show what its code says?\n"
	    "\n"
	    "With every command: --json (JSON lines)  --lang zh|en  --config FILE\n"
	    "Secrets come from the terminal or the descriptor of --secrets-fd, nowhere else.\n"
	    "Exit status: 0 done  1 failed (may go on)  2 usage  3 saved  4 refused\n"
	    "             5 abandoned\n" },
};

static const struct ck_sentences here = { sentences, sizeof sentences / sizeof *sentences };
static const struct ck_sentences *const parts[] = {
	&here,
	&ck_en_list,
	&ck_en_visit,
	&ck_en_page,
	&ck_en_desk,
	&ck_en_paper,
	&ck_en_batch,
	&ck_en_service,
	&ck_en_order,
	&ck_en_doctor,
};

const struct ck_words ck_words_en = {
	.parts = parts,
	.n_parts = sizeof parts / sizeof *parts,
	.errors = ck_err_words_en,
	.n_errors = CK_ERR_WORDS_N,
};
