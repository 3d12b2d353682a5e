/* English: what the screens of a visit say (at work, questions, before a renewal, the end). */
#include "words.h"

static const struct ck_sentence sentences[] = {
	/* how far it is: several of one name are one step */
	{ "short.key", "Key" },
	{ "short.cert", "Key" },
	{ "short.eligible", "Key" },
	{ "short.consent", "Terms" },
	{ "short.unlock", "PIN" },
	{ "short.authorise", "Grant" },
	{ "short.newkey", "New key" },
	{ "short.request", "New key" },
	{ "short.issue", "Issue" },
	{ "short.install", "Write" },
	{ "short.confirm", "Check" },
	{ "short.seal", "Seal" },
	{ "short.pin", "Set PIN" },
	{ "short.retire", "End" },
	{ "short.form", "End" },
	{ "short.close", "End" },

	/* at work */
	{ "doing.renew", "Preparing the renewal ..." },
	{ "doing.resume", "Looking for what was not finished ..." },
	{ "doing.abandon", "Looking for the renewal to be given up ..." },
	{ "doing.status", "Asking for the state of the certificate ..." },
	{ "doing.doctor", "Examining the key ..." },
	{ "doing.pin", "Preparing the change of the PIN ..." },
	{ "doing.sign-in", "Checking who signs in ..." },
	{ "doing.other", "One moment, please ..." },
	{ "course.elapsed", "elapsed" },
	{ "course.free", "The key may be pulled: nothing on it was changed yet." },
	{ "course.pulled",
	    "Do not pull the key. Should the power fail or the key come out: put the "
	    "same key in again, and it goes on from this step." },
	{ "course.pulled-pin",
	    "Do not pull the key, its PIN is being changed. If it goes now, nobody "
	    "can tell which of the two PINs it has." },
	{ "course.pulled-other", "Do not pull the key, it takes only a moment." },

	/* function keys of these screens */
	{ "fkey.away", "Not here" },
	{ "fkey.forgotten", "Forgotten" },
	{ "fkey.qr", "QR code" },
	{ "fkey.stop", "Stop here" },

	/* questions: the heading of each */
	{ "head.key", "Which key is meant?" },
	{ "head.insert-key", "Please insert the key" },
	{ "head.key-back", "Please put this key in again" },
	{ "head.certificate", "Which certificate shall be renewed?" },
	{ "head.resume", "A renewal was not finished. Go on with it here?" },
	{ "head.consent", "To be read by the customer[ ({n} of {of})]: {name}" },
	{ "head.consent-self", "Please read[ ({n} of {of})]: {name}" },
	{ "head.pin", "The customer types the PIN of the key" },
	{ "head.pin-self", "Please type the PIN of your key" },
	{ "head.own-pin", "The customer changes the PIN of the key" },
	{ "head.own-pin-self", "Change the PIN of your key" },
	{ "head.last-try", "This may be the last try for the PIN" },
	{ "head.unsettled-pin", "Which PIN does the key have now?" },
	{ "head.unsettled-pin-typed", "Type the PIN: this one only is tried" },
	{ "head.envelope", "Please take the new envelope" },
	{ "head.envelope-password", "Please open the envelope and type the password in it" },
	{ "head.download", "Please type the download codes" },
	{ "head.make-anew", "Please check: is this the certificate to be made anew?" },
	{ "head.paper-trouble", "The form does not come out" },
	{ "head.paper-out", "Has the form come out?" },
	{ "head.leave-pair", "The key is not here. Close the record without it?" },
	{ "head.doctor-look", "Some keys are not seen yet" },
	{ "head.doctor-fetch", "A key pair has no certificate" },
	{ "head.doctor-install", "The CA has issued a certificate" },
	{ "head.doctor-sweep", "Something was left half made" },
	{ "head.doctor-clear", "A certificate is revoked" },
	{ "head.doctor-seal", "An electronic seal waits for this key" },
	{ "head.doctor-drop", "One certificate is there twice" },
	{ "head.clerk-key", "A clerk signs in" },
	{ "head.clerk-pin", "Type the PIN of your own key[, {name}]" },
	{ "head.clerk-word", "A clerk signs in" },
	{ "head.new-word", "Please choose a passphrase" },
	{ "head.second-clerk", "This takes a second clerk" },
	{ "head.other", "Please answer" },

	/* below the heading; where there is none, ask.* */
	{ "say.key",
	    "Several keys are plugged in. Only one is worked on, the others are left alone." },
	{ "say.insert-key",
	    "Push it in all the way. As soon as its light is on, it goes on by itself." },
	{ "say.certificate", "Several certificates on this key can be renewed, one at a time." },
	{ "say.own-pin", "The new PIN has {min} to {max} characters[{digits}, digits only]; it is "
			 "typed twice." },
	{ "say.last-try",
	    "[{known}The key itself says that this is the last one. ]One more wrong PIN may lock key {serial}, and a locked key is unlocked at the CA's own counter only. Try only if the customer is sure of the PIN." },
	{ "say.unsettled-pin",
	    "A change of the PIN was interrupted: it may be the envelope's password by now, or still "
	    "the former PIN. The clerk decides which single one is tried." },
	{ "say.envelope",
	    "Scan the serial number on its cover, or type it. Leave the envelope closed "
	    "for now." },
	{ "say.envelope-password",
	    "Please compare: it is the envelope with serial number {serial}." },
	{ "say.download",
	    "Both come from the CA's registration. [The first one is {reference}: type the second "
	    "one. ]The second one is not shown, and never leaves this machine.[ {tries} tries left.]" },
	{ "say.clerk-key", "[{several}Several clerks' own keys are plugged in. Whose is it? ]"
			   "Please insert your own key: it goes on by itself." },

	/* a download: fields where nobody sees a screen, lines of its record */
	{ "field.download.reference", "First code" },
	{ "field.download.code", "Second code" },
	{ "field.make-anew.yes", "y for yes; Enter alone for no" },
	{ "line.may be downloaded", "may be downloaded by two codes" },
	{ "line.nothing else on the key was touched", "nothing else on the key was touched" },

	/* names of facts */
	{ "fact.record", "Record" },
	{ "fact.station_text", "Stopped at" },
	{ "fact.at", "When" },
	{ "fact.kiosk", "Counter" },
	{ "fact.holder", "Now with counter" },
	{ "fact.holder_record", "Its record" },
	{ "fact.bound_text", "How far" },
	{ "fact.label", "Key" },
	{ "fact.serial", "Serial" },
	{ "fact.family", "Model" },
	{ "fact.name", "Name" },
	{ "fact.until", "Valid until" },
	{ "fact.serial-number", "Serial" },
	{ "fact.hash", "hash" },
	{ "fact.system", "System" },
	{ "fact.key", "Key" },
	{ "fact.way", "Way" },
	{ "fact.pair", "Key pair" },
	{ "fact.pin", "PIN" },
	{ "fact.old", "Old certificate" },
	{ "fact.subject", "Subject" },
	{ "fact.class_text", "Kind" },
	{ "fact.issuer", "Issued by" },
	{ "fact.not_after", "Former one until" },
	{ "fact.new_not_after", "New one until" },
	{ "fact.key_label", "Onto key" },

	/* two choices, in words */
	{ "yes.resume", "Go on from where it stopped" },
	{ "no.resume", "Not now, leave it as it is" },
	{ "yes.consent", "I agree, go on" },
	{ "no.consent", "I do not agree, end here" },
	{ "document.version", "Version {version}   SHA-256 {hash}" },
	{ "document.unread", "read to its end first: arrows or PgDn" },
	{ "yes.last-try", "The customer knows the PIN: try this once" },
	{ "no.last-try", "Do not try, stop here for now" },
	{ "yes.make-anew", "Yes, download it" },
	{ "no.make-anew", "No, end here; nothing is changed" },
	{ "yes.paper-out", "It has come out, it lies there" },
	{ "no.paper-out", "Nothing came out" },
	{ "yes.leave-pair", "Close it; the new pair stays on the key, of no use" },
	{ "no.leave-pair", "Leave it open until the key is here" },
	{ "yes.doctor-look", "Type the PIN and go on examining" },
	{ "no.doctor-look", "No, this is enough" },
	{ "yes.doctor-fetch", "Ask the CA" },
	{ "no.doctor-fetch", "Do not ask" },
	{ "yes.doctor-install", "Write it back" },
	{ "no.doctor-install", "Do not write, leave it as it is" },
	{ "yes.doctor-sweep", "Remove it" },
	{ "no.doctor-sweep", "Leave it as it is" },
	{ "yes.doctor-clear", "Remove it" },
	{ "no.doctor-clear", "Leave it as it is" },
	{ "yes.doctor-seal", "Write the seal" },
	{ "no.doctor-seal", "Not now" },
	{ "yes.doctor-drop", "Remove the second copy" },
	{ "no.doctor-drop", "Leave it as it is" },
	{ "yes.other", "Yes" },
	{ "no.other", "No" },
	{ "none.insert-key", "No key, leave it" },
	{ "none.key-back", "Not now, stop here" },
	{ "none.clerk-key", "I have no key with me" },
	{ "none.other", "None" },

	/* beside a PIN, and other ways */
	{ "tries.left", "{tries} tries left." },
	{ "tries.last", "! This is the last try: one more wrong PIN locks the key." },
	{ "tries.low", "! There were wrong ones before; few tries are left." },
	{ "tries.unknown", "This key does not tell how many tries are left." },
	{ "hint.pin", "Never changed by yourself? It is in the envelope used last." },
	{ "way-out.away", "Customer is not here" },
	{ "way-out.forgotten", "PIN forgotten" },
	{ "page-head.away", "The customer is not here" },
	{ "page-say.away",
	    "Only the customer types the PIN. A clerk neither types it nor asks what it is.\n\nStop here for now: nothing is lost. When the customer is here, put this key in again, and the customer types the PIN." },
	{ "page-head.forgotten", "The PIN is forgotten" },
	{ "page-say.forgotten",
	    "Please do not guess: too many wrong ones lock the key. If the PIN was never changed, the first one is in the original envelope.\n\nIf nobody remembers it, it is reset at the CA's own counter[ (hotline {hotline})]. Stop here for now: nothing is lost. Come back with this key once its PIN is reset." },
	{ "page-say.forgotten-self",
	    "Please do not guess: too many wrong ones lock the key. If the PIN was never changed, the first one is in the original envelope.\n\nIf you cannot remember it, please ask a clerk[ or call {hotline}]. Stop here for now: nothing is lost. Come back with this key when you know the PIN." },
	{ "page-head.beyond", "This step takes a clerk" },
	{ "page-say.beyond",
	    "Your key is safe, and nothing is lost.\n\nPlease take this key to the counter: a clerk helps you to finish[. Hotline {hotline}]." },
	{ "way-on.back", "Back to the step before" },
	{ "way-on.stop", "Stop here for now" },
	{ "refused.empty", "Nothing was typed yet" },
	{ "refused.short", "Too short: at least {min} characters" },
	{ "refused.long", "Too long: at most {max} characters" },
	{ "refused.digits", "Digits only" },
	{ "refused.scanned", "A number was scanned here: it was not sent, no try is spent" },
	{ "refused.letters", "There is no such character in it, please compare" },
	{ "for.abandon",
	    "To give this renewal up, the new key pair that was not used is removed from the key: that takes its PIN." },
	{ "again.CLERK_KEY_FOREIGN-clerk-key",
	    "The key that is in is not a clerk's and may stay; put your own in as well" },
	{ "again.KEY_REMOVED",
	    "The key was out. Please type it again: it goes on from where it was" },
	{ "again.KEY_REMOVED-last-try",
	    "The key came out and is in again. Before that a PIN was wrong" },
	{ "again.KEY_REMOVED-key-back", "The key came out. Once it is in, it goes on by itself" },

	/* before a renewal */
	{ "confirm.head", "Please check: is this the certificate to be renewed?" },
	{ "confirm.key", "[{family} {serial}]" },
	{ "confirm.now", "Now" },
	{ "confirm.then", "After the renewal" },
	{ "confirm.until-now", "[{not_after}]" },
	{ "confirm.until-then", "as the CA decides when it issues" },
	{ "confirm.until-ruled", "{new_not_after}" },
	{ "confirm.pair-now", "[{alg}]" },
	{ "confirm.pair-then", "a new one, made on the key" },
	{ "confirm.pin-now", "the present one" },
	{ "confirm.pin-stays", "the same" },
	{ "confirm.pin-envelope", "the new envelope's password" },
	{ "confirm.pin-maybe", "with an envelope: its password" },
	{ "confirm.old-now", "in use" },
	{ "confirm.old-kept", "stays on the key" },
	{ "confirm.old-removed", "removed once the new one is good" },
	{ "confirm.old-rules", "as the CA's rules say" },
	{ "confirm.void",
	    "After the renewal the envelope's password is the PIN; the former PIN no longer works." },
	{ "confirm.have-envelope",
	    "Have ready: a new renewal envelope, and the present PIN of the key." },
	{ "confirm.yes", "Yes, begin" },
	{ "confirm.no", "No, back" },

	{ "giveup.head", "Give this renewal up?" },
	{ "giveup.what",
	    "A new certificate that is not in force yet is revoked by the CA, the envelope is dealt "
	    "with as the CA's rules say, and the old certificate goes on to work. One that is in "
	    "force stays on the key." },
	{ "giveup.final", "It can't be gone on with then; a renewal would begin anew." },
	{ "giveup.no", "No, back" },
	{ "giveup.yes", "Give this renewal up" },

	/* the end */
	{ "ended.unseen",
	    "The desk of clerk {unseen} was locked before the end[ of {record}] was seen. This is how it ended:" },
	{ "ended.download-done", "Downloaded" },
	{ "ended.abandon-done", "It was finished" },
	{ "ended.pin-done", "The PIN is changed" },
	{ "ended.old", "Old certificate" },
	{ "ended.new", "New certificate" },
	{ "ended.until", "{not_after}" },
	{ "ended.pin-stays", "The PIN of the key is as it was" },
	{ "ended.envelope", "The customer keeps the envelope: its password is the PIN now" },
	{ "ended.slip", "Slip number:" },
	{ "ended.later",
	    "Come back with this key[ after {retry_at}]: put it in, and it goes on from "
	    "where it stopped." },
	{ "ended.give-slip",
	    "Please copy the slip number for the customer: every counter finds the "
	    "renewal by it." },
	{ "ended.note-slip",
	    "Please note the slip number or take a picture: every counter finds the renewal by it." },
	{ "ended.left", "Not gone on with" },
	{ "ended.left-say",
	    "Nothing on the key was changed, and its certificate works as before. Come "
	    "back whenever you like." },
	{ "ended.colon", ": " },
	{ "ended.no-qr", "A QR code cannot be shown here. Please copy the number:" },
	{ "who-self.customer", "You can do this yourself; when in doubt, ask a clerk" },
	{ "who-self.clerk", "A clerk" },
	{ "after.close", "Finish" },
	{ "after.close-pull", "Finish; please take the key" },
	{ "after.own-pin", "The customer sets another PIN now" },
	{ "after.keep", "Keep it for later" },
	{ "after.go-on", "Try again now, from where it stopped" },
	{ "after.again", "Try again" },
	{ "after.abandon", "Give this renewal up" },

	/* F1: what this screen is for */
	{ "help.course",
	    "The machine is at work. The line at the top says how far it is; below is what was done. "
	    "Leave the key where it is while it says so; should it come out, put the same key in "
	    "again." },
	{ "help.choice", "Choose one: type its digit, or move with the arrows and press Enter, or "
			 "touch it." },
	{ "help.insert",
	    "The machine waits for the key and goes on by itself when it is in. If there "
	    "is none, choose the line below." },
	{ "help.resume",
	    "A renewal on this key was not finished. Going on begins where it stopped, "
	    "and nothing is done twice; not going on leaves all as it is." },
	{ "help.consent",
	    "This document has to be agreed to before the renewal begins. All of it is here: turn with "
	    "the arrows, PgUp, PgDn or the space bar; End goes to its end. Once its end was seen, "
	    "choose. Who does not agree ends here, and the key is as it was. The document's name and "
	    "version are kept, with the time." },
	{ "help.pin",
	    "Only the owner of the key types its PIN; stars are all that is shown. Too many "
	    "wrong ones lock the key. F5 when the customer is not here, F6 when the PIN is "
	    "forgotten: neither uses up a try." },
	{ "help.own-pin",
	    "First the present PIN, then the new one twice. Enter, Tab and the arrows "
	    "lead to the next field. What does not match or is too short never reaches "
	    "the key." },
	{ "help.last-try", "One more wrong PIN may lock the key. Without a clerk's word it is not "
			   "tried. When in doubt stop: all that was done is kept." },
	{ "help.unsettled",
	    "A change of the PIN was interrupted, and the machine cannot know which "
	    "PIN it is. The clerk says which one is tried, once; the other is never "
	    "tried by itself." },
	{ "help.envelope",
	    "The serial number is on the cover and can be scanned. The password is "
	    "inside; stars are all that is shown, and it never leaves this machine." },
	{ "help.download",
	    "Who lost a certificate is given two codes by the CA's registration. With both of them it is "
	    "made anew on this key; whatever else is on the key stays. Too many wrong second codes lock "
	    "them." },
	{ "help.make-anew",
	    "This is the certificate the codes are for, as the CA has it. Compare the name with the papers "
	    "of who stands here. Nothing is changed before you say that it is the right one." },
	{ "help.leave",
	    "The CA has taken it back; only a pair without a certificate is left on the "
	    "key, of no use to anybody. If you agree, the record is closed, and the ledger "
	    "says what was left. If the key turns up, put it in: the pair is removed." },
	{ "help.agree", "What was found is put right only if you agree; else it stays as it is." },
	{ "help.sign-in", "A clerk signs in with his own key and its PIN or, where the site allows "
			  "it, with id and passphrase. Pulling that key locks the desk." },
	{ "help.second-clerk",
	    "For some things this site wants two clerks. The second one types his "
	    "id, and the PIN of his own key or his passphrase." },
	{ "help.giveup", "Not now? Then it need not be given up: go back, nothing is lost, and it "
			 "goes on when the key is put in again. Give it up if it is not wanted any "
			 "more, or has to begin anew with another envelope." },
	{ "help.confirm", "This is the certificate to be renewed, and what will be different then. "
			  "Nothing is changed before you say that it shall begin." },
	{ "help.ending",
	    "This says what was done, whether the key is safe, and what comes next. With "
	    "a slip number it can be gone on with later; F4 shows it as a QR code, F5 prints "
	    "it to be taken along." },
};

const struct ck_sentences ck_en_visit = { sentences, sizeof sentences / sizeof *sentences };
