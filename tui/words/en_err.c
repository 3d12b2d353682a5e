/* English: for every error what happened, is the key safe (where it differs), and what to do. */
#include "words.h"

#define E(name, headline, happened, remedy) \
	[CK_ERR_ROW_## \
	    name] = { .code = CK_E_##name, .title = headline, .what = happened, .todo = remedy }
#define S(name, headline, happened, key, remedy) \
	[CK_ERR_ROW_##name] = { .code = CK_E_##name, \
		.title = headline, \
		.what = happened, \
		.safe = key, \
		.todo = remedy }

const struct ck_err_words ck_err_words_en[CK_ERR_WORDS_N] = {
	/* 1xxx the key, its module, its PIN */
	E(NO_KEY, "No key found", "No reader and no USB port holds a key that is recognised.",
	    "Push the key in firmly and wait for its light; try another USB port. If that does not "
	    "help, the clerk checks that the driver for this kind of key is installed."),
	E(MANY_KEYS, "More than one key is plugged in",
	    "It cannot be told which of the keys is meant.",
	    "Leave only the key that is to be renewed and try again."),
	E(OTHER_KEY, "This is not the same key",
	    "The key in the reader is not the one this renewal belongs to.",
	    "Plug in the key the renewal was begun with; another of the same model will not do. If "
	    "it is lost, the clerk abandons the renewal and orders a replacement."),
	E(KEY_REMOVED, "The key was disconnected",
	    "The key was pulled or lost contact while it was being used.",
	    "Plug the same key in: it goes on at the step that was interrupted. If the work has ended "
	    "meanwhile, start it again."),
	E(KEY_ID_FIXED, "The key keeps its ids",
	    "The key does not let id and label of its pairs be changed.",
	    "Nothing has to be done: the certificate is good. If the maker's own software does not "
	    "find it, the clerk tells the site to leave id_rule out for these keys."),
	E(KEY_FULL, "No room on the key",
	    "The key cannot hold the old and the new pair side by side.",
	    "Do not delete anything or initialise the key. The clerk looks for certificates no "
	    "longer used; if there are none, the key has to be replaced."),
	E(KEY_READONLY, "The key cannot be written", "The key or its driver only allows reading.",
	    "The clerk tries another machine; if that fails too, the key has to be replaced."),
	E(KEY_PINPAD, "The PIN of this key is typed on its own pad",
	    "The key or reader has a PIN pad, so this machine can neither enter nor change the "
	    "PIN.",
	    "Use a reader without a pad, or go to the CA's counter."),
	E(KEY_UNSUITABLE, "This key is not suited to a renewal here",
	    "The way this key makes or uses key pairs is not what this system needs.",
	    "The key has to be replaced; the clerk arranges it."),
	E(CERT_WITHOUT_KEY, "A certificate without its key",
	    "The certificate is there, but the private key that belongs to it is not.",
	    "Make sure it is the right key. If it is, this certificate can no longer be used and "
	    "has to be replaced."),
	E(NO_CERT, "This certificate is not on the key",
	    "The key holds no certificate, or not the one that was named.",
	    "Make sure it is the right key. If it never had one, the clerk arranges a download."),
	E(KEY_BUSY, "This key is in use", "Another window or program is working with this key.",
	    "Wait until it is finished, or close it, and try again. Never renew one key in two "
	    "places."),
	E(KEY_TROUBLE, "The key reported an error",
	    "The key answered with an error and the step was not done.",
	    "Unplug the key, plug it in again and start again; it goes on. If it happens "
	    "repeatedly, try another port or reader; after that the key may be broken."),
	E(PAIR_AMBIGUOUS, "Two key pairs cannot be told apart",
	    "Two pairs on the key carry the same id.",
	    "Do not delete anything. The clerk notes the serial number and has the CA sort it "
	    "out."),
	S(WRITE_NOT_KEPT, "The new certificate was not kept by the key",
	    "What was read back from the key differs from what was written.",
	    "Yes. The old certificate and its key were not touched and still work.",
	    "The new certificate is kept in the record. Plug the key in again and start again; if "
	    "it happens repeatedly, the key may be broken and has to be replaced."),
	S(SIGNATURE_WRONG, "The test signature failed",
	    "A signature made on the key did not verify.",
	    "Yes. No certificate and no key was removed.",
	    "Plug the key in again and start again. If it stays so, the clerk abandons the renewal "
	    "and has the key checked."),
	E(KEY_UNKNOWN, "This kind of key is not known here",
	    "A key is plugged in, but no driver on this machine is meant for it[: {detail}].",
	    "Make sure it is the right key. If it is, whoever maintains this machine installs its "
	    "maker's driver and writes this ATR or USB id into keys.d."),
	E(KEY_MUTE, "The key does not answer",
	    "Something is in the reader, but it says nothing[: {detail}].",
	    "Pull it out, see that it is the right way round and its contacts are clean, and push "
	    "it in firmly. If it stays silent, it is broken: the clerk tries another reader."),
	E(MEDIUM_BROKEN, "The certificate file is damaged",
	    "It is empty, cut off, or too large to be one[: {detail}]. It was not changed.",
	    "Try a copy of the file or another stick. Without one, apply for a new certificate."),
	E(MEDIUM_UNSUPPORTED, "The certificate file is encrypted in a way not known here",
	    "The file is whole, but this machine cannot open its encryption[: {detail}]. It was not "
	    "changed.",
	    "Export the certificate again as a PKCS#12 file (.p12 or .pfx) on the computer where it "
	    "is used, and bring that."),
	E(MEDIUM_CROWDED, "There are too many files on the stick",
	    "Not all of them were looked at, and yours may be among the rest[: {detail}]. Nothing "
	    "was changed.",
	    "Plug in a stick with fewer files, or put the certificate into a folder of its own and "
	    "point at it (--medium)."),
	E(MEDIUM_RENEWING, "A renewal of this certificate file is under way",
	    "It has made a new pair and still needs the old one under the same password[: "
	    "{detail}].",
	    "Bring that renewal to its end, or give it up, and change the password then."),
	E(MODULE_MISSING, "The driver of the key is missing",
	    "The driver file named in the configuration is not on this machine[: {detail}].",
	    "Install the driver for this kind of key, or correct keys.d."),
	E(MODULE_BROKEN, "The driver of the key cannot be used",
	    "The driver could not be loaded[: {detail}].",
	    "Install the driver again, in a version made for this system."),
	E(MODULE_CRASHED, "The driver of the key crashed",
	    "The driver stopped in the middle of the work; this machine is not affected.",
	    "Nothing has to be repeated: unplug the key, plug it in, start again. If it happens "
	    "repeatedly, install another version of the driver."),
	E(MODULE_HUNG, "The key does not respond",
	    "Neither key nor driver answered in the time allowed.",
	    "Nothing has to be repeated: unplug the key, plug it in, start again. If it happens "
	    "repeatedly, try another port or reader."),
	E(READER_SERVICE, "The reader service does not answer",
	    "Readers could not be asked which key is in them[: {detail}].",
	    "Install or start pcscd (systemctl start pcscd.socket), then try again."),
	E(READER_DENIED, "Readers may not be used",
	    "The system does not let this program use the readers[: {detail}].",
	    "Allow the kiosk's user the actions named here by a rule in /etc/polkit-1/rules.d, or "
	    "access to pcscd's socket; then try again."),
	E(PIN_WRONG, "Wrong PIN", "The key says this is not its PIN.",
	    "Think before typing again; mind capitals and the number pad. If it was never changed, "
	    "the first PIN is in the original envelope. Too many wrong PINs lock the key."),
	S(PIN_LOCKED, "The PIN is locked",
	    "Too many wrong PINs: the key is locked and takes no PIN now.",
	    "Certificates and keys are all there and undamaged; they cannot be used until "
	    "unlocked.",
	    "Take an identity document to the CA's counter to have it unlocked, then start again; "
	    "it goes on."),
	E(PIN_LENGTH, "Not a possible PIN",
	    "This key cannot have such a PIN, so it costs no try[ ({detail})].",
	    "Look again and retype it."),
	E(PIN_LAST_TRY, "One last try for the PIN",
	    "One more wrong PIN locks the key. Without a clerk's word it is not tried.",
	    "Find the right PIN first. When sure, go to the counter, where a clerk can allow it."),
	E(PIN_TRIES_UNKNOWN, "The number of tries left is unknown",
	    "The PIN was wrong, and this key does not tell how many tries are left. So as not to "
	    "lock it, no more PINs are tried without a clerk's word.",
	    "Find the right PIN first and go to the counter."),
	E(PIN_REFUSED, "The key refused the new PIN",
	    "The PIN was not changed and is still the former one.",
	    "The clerk checks the envelope password against the rules of this key; if it does not "
	    "fit, another envelope is needed."),
	S(PIN_UNSETTLED, "It is unknown which PIN the key has now",
	    "Changing the PIN was interrupted: it may be the envelope password or the former PIN.",
	    "Certificates and keys are safe. Only the PIN has to be found out.",
	    "Do not try PINs yourself. The clerk goes on with this record and decides which one is "
	    "tried."),
	E(PIN_NOT_SET, "The key has no PIN yet",
	    "No PIN was ever set, so nothing proves who uses the key.",
	    "The clerk sets one with the maker's tool and starts again. The key must not be "
	    "initialised."),
	E(PIN_MISMATCH, "The new PIN was typed in two ways",
	    "The two new PINs are not the same, so nothing was sent to the key.",
	    "Type the present PIN once more, then the new one twice, the same both times."),
	E(PIN_SAME, "The new PIN is the present one",
	    "Both are the same, so there is nothing to change and nothing was sent to the key.",
	    "Choose another PIN, or leave it as it is."),
	E(PIN_RULES, "The key does not take this new PIN",
	    "The key has rules of its own for PINs and refused; the PIN is still the former one.",
	    "Choose another PIN, longer or of letters and digits, and start again."),
	S(PIN_EITHER, "The PIN is the former or the new one",
	    "The key was lost or failed while its PIN was being changed[: {detail}], so nobody "
	    "knows whether it took the new one.",
	    "Certificates and keys are safe. Only the PIN has to be found out.",
	    "Plug the key in again. Try the new PIN, once; if it is wrong, the former one, once. "
	    "If both are wrong, try no more and ask the clerk."),

	/* 2xxx may this certificate be renewed here and now */
	E(TOO_EARLY, "Too early",
	    "This certificate cannot be renewed today[. Its days are {detail}].",
	    "Come back within these days. The certificate works until it expires."),
	S(TOO_LATE, "Too late",
	    "This certificate expired too long ago to be renewed[. Its days were {detail}].",
	    "Nothing was changed on the key. The certificate has expired.",
	    "Take the key and an identity document to the CA's counter for a new certificate."),
	E(SERVER_CERT, "Server certificates are not renewed here",
	    "This is a server certificate[ ({detail})]; only persons and organisations are served "
	    "here.",
	    "Ask the CA for the way server certificates are renewed."),
	E(UNKNOWN_ISSUER, "Not issued by this system's CA",
	    "The issuer of this certificate is not on this system's list[: {detail}].",
	    "Check that it is the right key and the right system. If both are, renew it where it "
	    "was issued."),
	E(NOT_YET_VALID, "The certificate is not valid yet", "Its first day has not come.",
	    "Renew it when it is in use and close to its end."),
	S(REVOKED, "The certificate was revoked or put on hold",
	    "The CA says this certificate can no longer be used[ ({detail})].",
	    "Nothing was changed on the key. The certificate can no longer be used.",
	    "It cannot be renewed. Ask the CA for the reason, and apply for a new one if needed."),
	E(CLASS_NOT_SERVED, "This class of certificate is not renewed here",
	    "The system does not renew this class[: {detail}].", "Ask the CA where it is renewed."),
	E(WAY_NOT_OFFERED, "This system does not renew this way",
	    "The way that was chosen is not open for this system.",
	    "Choose the other way: self or on behalf."),
	E(CERT_UNREADABLE, "The certificate cannot be read",
	    "It is incomplete or breaks the rules for certificates[: {detail}].",
	    "If the wrong one was taken, take the right one and try again; if not, the clerk asks "
	    "the CA about this certificate."),
	E(SYSTEM_UNKNOWN, "No such system",
	    "This machine is not set up for that system[: {detail}].",
	    "Check the name; a new system is added by whoever maintains this machine."),
	E(CERT_UNKNOWN, "The CA does not know this certificate",
	    "The CA's office says it never issued it[: {detail}].",
	    "Check that the right system was chosen. If it was, ask the CA."),
	E(CLERK_NEEDED, "A clerk is needed", "This step cannot be done in self-service.",
	    "Go to the counter and tell the record's number; it goes on at this step."),
	E(CLERK_UNKNOWN, "No such clerk", "This clerk is not on this machine's list[: {detail}].",
	    "Check the id; a new clerk is added by whoever maintains this machine."),
	E(CLERK_NOT_PROVED, "Clerk or passphrase is wrong",
	    "This id and this passphrase do not belong together, or there is no such clerk here.",
	    "Look at the id and type both once more. After five wrong ones in a row one has to wait."),
	E(CLERK_WAIT, "Too many wrong passphrases",
	    "Several in a row were wrong for this id: the next is not tried before some time has "
	    "passed[: {detail}].",
	    "Wait until then, or use your own key. If it was not you, tell whoever maintains this "
	    "machine."),
	E(CLERK_WORD_OFF, "No passphrases are taken here",
	    "This site knows its clerks by their own keys, put into a reader.",
	    "Insert your own key and use its PIN."),
	E(CLERK_KEY_FOREIGN, "This is no clerk's key",
	    "No certificate on the key that is in is on this machine's list of clerks[: {detail}].",
	    "Insert your own key; a new one is added to the list by whoever maintains this machine."),
	E(CLERK_CERT_DAYS, "The clerk's certificate is out of its days",
	    "It has expired or is not valid yet[: {detail}].",
	    "Have your own certificate renewed, and the new one added to this machine's list of "
	    "clerks."),
	E(CLERK_CERT_ISSUER, "The clerk's certificate is another authority's",
	    "It was not signed by an issuer this site takes its clerks' certificates from[: {detail}].",
	    "Whoever maintains this machine looks at the list of clerks and at clerk_issuers."),
	E(CLERK_PIN_WRONG, "Wrong PIN",
	    "The clerk's own key says this is not its PIN[ ({detail})].",
	    "Think before typing again; mind capitals and the number pad. Too many wrong PINs lock "
	    "the key."),
	E(CLERK_SAME, "The same clerk",
	    "The clerk who serves cannot be the second one, too[: {detail}].",
	    "Ask a colleague to type id and PIN or passphrase."),
	E(CLERK_WORD_RULES, "The passphrase is too short",
	    "It can be guessed[; it must have at least {detail} characters].",
	    "Choose a longer one, of several words."),
	E(CLERK_WORD_MISMATCH, "The passphrase was typed in two ways",
	    "The two are not the same, so nothing was made of them.",
	    "Type it again, the same both times."),
	E(OTHER_CERT, "Another certificate of this key comes first",
	    "The renewal of another certificate on it is unfinished[: {detail}]; one goes at a time.",
	    "The clerk finishes or abandons that one, then renews this one."),
	E(OTHER_WAY, "This renewal was begun in another way",
	    "The key has an unfinished renewal with another system or way[: {detail}].",
	    "The clerk goes on with that one, or abandons it and begins anew."),
	E(OLD_EXPIRED, "The old certificate has expired",
	    "This CA renews only what the old certificate signs, and that ended[ at {detail}].",
	    "Take an identity document and the key to the CA's counter for a new certificate."),

	/* 3xxx the desk: envelopes, leases */
	E(ENVELOPE_UNKNOWN, "No such envelope", "The CA does not know this envelope serial.",
	    "Compare it with the cover digit by digit and type it again."),
	E(ENVELOPE_USED, "This envelope was used before",
	    "It was used for another renewal and cannot be used again.",
	    "Take a new renewal envelope."),
	E(ENVELOPE_ORIGINAL, "This is the envelope the certificate was first issued with",
	    "This is the envelope of the first issue; a renewal needs the new renewal envelope.",
	    "Take a new renewal envelope from the counter and type its serial."),
	E(ENVELOPE_FOREIGN, "This envelope is for another certificate",
	    "The envelope was handed out for a different certificate.",
	    "Check that envelope and key belong to the same customer and take the right envelope."),
	E(ENVELOPE_LOCKED, "This envelope is locked",
	    "Its password was typed wrong too often; the CA locked it.",
	    "The clerk takes a new envelope or has the CA unlock this one."),
	E(ENVELOPE_WRONG, "Wrong envelope password",
	    "It was checked: this is not the password of this envelope.",
	    "Look again (0 or O, 1 or l) and retype it. Too many wrong ones lock the envelope, or make "
	    "you wait."),
	E(ENVELOPE_UNFIT, "The envelope password cannot be the PIN of this key",
	    "The PIN is to become the envelope password, but its length or letters break this "
	    "key's rules[. Length allowed: {detail}].",
	    "Take another envelope, or renew by self-service, where the PIN stays."),
	E(LEASE_ELSEWHERE, "Another renewal of this certificate is under way",
	    "This certificate or envelope belongs to another renewal, perhaps at another machine[: "
	    "{detail}].",
	    "Finish or abandon that one first; if it is at another machine, stop it there and go "
	    "on here a minute later."),
	E(PASSWORD_WAIT, "Too many wrong envelope passwords",
	    "Several wrong ones in a row: the next is not tried before some time has passed[: {detail}].",
	    "Read the password inside the envelope carefully and come back then; nothing is lost."),
	E(PAIR_ELSEWHERE, "The key pair of this renewal is not on this key",
	    "Another counter made the new key pair of this renewal, and it is not on the key that is in "
	    "now[: {detail}].",
	    "Put in the key or USB stick that was used there. If it can't be found, the clerk abandons "
	    "this renewal and begins a new one."),
	E(LEASE_LOST, "The right to renew is gone",
	    "At the CA this renewal was cancelled or went over to another record.",
	    "The clerk abandons this record and begins anew."),
	E(KEY_PROOF_FAILED, "The CA did not accept the proof of the key",
	    "The signature made on the key did not verify at the CA.",
	    "Try again. If it stays so, the clerk asks the CA about this certificate."),
	E(DESK_REFUSED, "The CA's office refused",
	    "The CA's office turned the request down[: {detail}].",
	    "Do as the answer says; if it is unclear, the clerk calls the CA."),
	E(DESK_GARBAGE, "The answer of the CA's office makes no sense",
	    "The answer breaks the protocol and counts as none.",
	    "Try again in a while; it goes on. If it happens repeatedly, the clerk calls the CA."),
	E(DESK_UNREACHABLE, "The CA's office cannot be reached",
	    "The network or the CA's office is down; nothing was sent.",
	    "Have the network of this machine checked, then start again; it goes on."),
	E(DESK_SLOW, "The CA's office did not answer",
	    "It was sent, but no answer came in the time allowed.",
	    "Nothing has to be repeated. Start again in a while: it asks for the result first."),

	/* 4xxx the CA and the line to it */
	E(CA_UNREACHABLE, "The CA cannot be reached",
	    "The network or the CA is down; the request was not sent.",
	    "Have the network of this machine checked, then start again; it goes on at this step."),
	E(CA_NO_ANSWER, "No answer from the CA",
	    "The request was sent, but no answer came in the time allowed.",
	    "Nothing has to be repeated. When the network is back, plug this key in and start "
	    "again: it first asks whether the certificate was issued, then goes on."),
	E(CA_REFUSED, "The CA did not issue", "The CA turned the request down[: {detail}].",
	    "Do as the answer says; if it is unclear, the clerk calls the CA. To give up, the "
	    "clerk abandons the renewal."),
	E(CA_GARBAGE, "The CA's answer makes no sense",
	    "The answer breaks the standard and counts as none.",
	    "Start again in a while: it asks the CA first. If it happens repeatedly, the clerk "
	    "calls the CA."),
	E(CA_BAD_SECRET, "The CA's answer does not fit the envelope password",
	    "The answer is not protected with this envelope's password and cannot be trusted.",
	    "Check envelope and password and start again. If it stays so, the clerk calls the CA."),
	E(CA_NOT_CONFIRMED, "The CA has not confirmed the new certificate yet",
	    "The new certificate is on the key, but not confirmed, so the old one and the PIN "
	    "stay.",
	    "Start again in a while: it goes on with the confirmation."),
	E(CA_PAIR_REFUSED, "The CA did not accept the one-time secret",
	    "The CA's office gave a one-time secret for this renewal, but its issuing service does "
	    "not take it[: {detail}]. Nothing was issued.",
	    "The clerk calls the CA; the renewal was given back and can be begun anew."),
	E(CA_OLD_CERT, "The CA does not accept the old certificate",
	    "The issuing service let nobody in who shows the old certificate[: {detail}]. Nothing "
	    "was issued.",
	    "The clerk calls the CA; the old certificate on the key stays as it is."),
	E(CA_NO_SERVICE, "The CA does not issue at this address",
	    "What answers at the configured address is no issuing service[: {detail}].",
	    "Have the CA's address in this machine's settings checked, then begin anew."),
	E(CA_OTHER_ISSUERS, "The CA issues under a new authority",
	    "None of the CA's present issuing certificates is on the list of accepted ones, so "
	    "nothing was asked for[: {detail}].",
	    "Ask the CA. If it has a new issuer, have the list of accepted ones updated, then begin "
	    "anew."),
	E(STATUS_UNREACHABLE, "The revocation server could not be reached",
	    "The server that knows whether the certificate is revoked could not be reached[: "
	    "{detail}].",
	    "Have the network checked, and whether this site's firewall lets this address through. "
	    "Where it must not, the configuration can name another responder, or the desk alone."),
	E(STATUS_SILENT, "The revocation server did not answer in time",
	    "The server that knows whether the certificate is revoked did not answer in time[: "
	    "{detail}].",
	    "Ask again in a while. If it stays silent, the clerk calls the CA."),
	E(STATUS_REFUSED, "The revocation server would not answer",
	    "The server that knows whether the certificate is revoked turned the question "
	    "down[: {detail}].",
	    "Ask again in a while. If it happens repeatedly, the clerk calls the CA."),
	E(STATUS_GARBAGE, "The revocation server's answer makes no sense",
	    "What came back is no OCSP answer and no revocation list, and counts as none[: "
	    "{detail}].",
	    "Ask again in a while. If it happens repeatedly, the clerk calls the CA."),
	E(STATUS_UNTRUSTED, "The revocation server's answer cannot be trusted",
	    "The answer does not come from the certificate's issuer, or is one to another question, "
	    "and counts as none[: {detail}].",
	    "Do not rely on the certificate until the CA was asked: the clerk calls it. Someone on "
	    "the line may pose as the CA."),
	E(STATUS_STALE, "The revocation server's answer is of another time",
	    "The answer is too old, or from the future, and counts as none[: {detail}].",
	    "Have this machine's clock checked. If it is right, the CA's server has not been "
	    "renewed: the clerk calls the CA."),
	E(STATUS_UNUSABLE, "This kind of revocation list says nothing here",
	    "From the list that the CA offers nothing follows for this certificate[: {detail}].",
	    "The clerk asks the CA; the configuration can name an OCSP responder, or the desk "
	    "alone."),
	E(REPLY_TOO_LONG, "The answer was too long",
	    "The answer was longer than allowed and counts as none.",
	    "Start again in a while. If it happens repeatedly, the clerk calls the CA."),
	E(TLS_UNTRUSTED, "The other side cannot be trusted",
	    "The server has no trusted certificate; nothing was sent[: {detail}].",
	    "Have network, clock and trust settings of this machine checked. Do not go on before."),
	E(TLS_PIN, "Not the server that was agreed on",
	    "The server's public key is not the one pinned here; nothing was sent.",
	    "Ask the CA: if it changed its certificate, update the pin; if not, someone may pose "
	    "as the CA."),
	E(KIOSK_CERT, "This machine's own certificate cannot be used",
	    "It is not good for logging in, or the CA does not know this machine[: {detail}].",
	    "Check the certificate and key of this machine; have the CA register it if needed."),
	E(ISSUED_OTHER_KEY, "The certificate is for another key pair",
	    "What the CA sent does not belong to the new pair and was not written.",
	    "The clerk calls the CA and abandons the renewal; the old certificate still works."),
	E(ISSUED_OTHER_SUBJECT, "The certificate bears another name",
	    "Its subject differs from the old one; it was not written[: {detail}].",
	    "The clerk calls the CA and abandons the renewal; the old certificate still works."),
	E(ISSUED_OTHER_CLASS, "The certificate is of another class",
	    "Its class differs from the old one; it was not written[: {detail}].",
	    "The clerk calls the CA and abandons the renewal; the old certificate still works."),
	E(ISSUED_OTHER_ISSUER, "The certificate was issued by someone else",
	    "Its issuer is not on the list of accepted ones; it was not written[: {detail}].",
	    "The clerk asks the CA. If it has a new issuer, the list is updated and the renewal "
	    "goes on."),
	E(ISSUED_TOO_SHORT, "The certificate ends too early",
	    "It ends before the day that was agreed; it was not written[: {detail}].",
	    "The clerk calls the CA and abandons the renewal; the old certificate still works."),
	E(ISSUED_NOT_YET, "The certificate begins too late",
	    "It is not valid yet; it was not written[: {detail}].",
	    "Check this machine's clock first; if it is right, the clerk calls the CA."),

	/* 5xxx this machine: records, configuration, time */
	E(STORE_UNWRITABLE, "Records cannot be written",
	    "The record could not be written, so nothing more was done[: {detail}].",
	    "Check disk and permissions, then start again; it goes on."),
	E(STORE_FULL, "The disk is full",
	    "There is too little room to keep this record, so nothing was done.",
	    "Free disk space, then start again; it goes on."),
	E(STORE_DAMAGED, "The records are damaged",
	    "They cannot be read or contradict themselves[: {detail}].",
	    "Stop working and delete nothing; restore the records from the backup."),
	E(STORE_NEWER, "The records are of a newer version",
	    "A newer program wrote them; this one must not touch them.",
	    "Update this machine to the same version."),
	E(STORE_BUSY, "The records are in use",
	    "Another program has held the records for too long.",
	    "Try again in a while. If it stays so, have this machine checked."),
	E(SITE_KEY, "The key that protects the records has a problem",
	    "The site key is missing, incomplete or readable by others[: {detail}].",
	    "Restore the site key from the backup and check its permissions. Do not make a new "
	    "one: old records could never be opened again."),
	E(LEDGER_BROKEN, "The ledger does not fit together",
	    "A line does not fit those around it and may have been changed[: {detail}].",
	    "Stop working, keep everything as it is and have it examined."),
	E(NO_RECORD, "No such record", "Nothing is known by that number or text[: {detail}].",
	    "Compare it with the slip or the envelope, or plug the key in and let the program find it. A "
	    "number of another counter is found by the whole text of the slip."),
	E(SLIP_WRONG, "The slip's text was mistyped",
	    "Its check character does not fit, or another counter's was typed without its dashes[: {detail}].",
	    "Type it again as it stands on the slip, or scan it; the key alone will do, too."),
	E(RECORD_CLOSED, "This record is closed", "It was finished or abandoned[: {detail}].",
	    "Nothing is left to do. To renew again, begin a new one."),
	E(RECORD_PURGED, "This record was removed",
	    "It was closed long ago and was removed as the rules say; the ledger still knows it[: {detail}].",
	    "Nothing is left to do. To renew again, begin a new one."),
	E(RECORD_SYSTEM, "The system of this record is not set up any more",
	    "The record is kept, but what it needs to go on or to be given back is missing[: {detail}].",
	    "Put the system back into the machine's configuration, and its file beside the others. "
	    "Then continue or abandon the record."),
	E(CONFIG, "The configuration is wrong", "A configuration file has a mistake[: {detail}].",
	    "Correct the file at the line named. Nothing can be done before."),
	E(CLOCK, "The clocks of this machine and the CA disagree",
	    "They are too far apart, or by this machine's clock the certificate of the CA's server "
	    "is not valid[: {detail}].",
	    "Set date and time of this machine, then start again. If they are right, the CA checks "
	    "its server's certificate."),

	E(FILE_UNWRITABLE, "The file could not be written",
	    "A certificate could not be written to this folder[: {detail}].",
	    "Choose a folder that is there, may be written and has room, then start again."),

	/* 6xxx between the programs */
	E(ENGINE_GONE, "The engine ended unexpectedly",
	    "It ended before the work was done[: {detail}].",
	    "Nothing has to be repeated: start again and it goes on. If it happens repeatedly, "
	    "have this machine checked."),
	E(ENGINE_HUNG, "The engine does not respond",
	    "It said nothing in the time allowed and was stopped.",
	    "Nothing has to be repeated: start again and it goes on. If it happens repeatedly, "
	    "have this machine checked."),
	E(NO_ANSWER, "A question was not answered",
	    "This was needed and nobody and nothing could tell it[: {detail}].",
	    "Run it again with the answer; a renewal that was begun goes on."),
	E(LINK, "The programs do not understand each other",
	    "Something that breaks the protocol came over the link.",
	    "Nothing has to be repeated: start again and it goes on. Check that both programs are "
	    "of the same version."),
	E(PRINT_OFFLINE, "The printer does not answer", "There is no connection to it[: {detail}].",
	    "Look whether it is switched on and plugged in. Then printing goes on."),
	E(PRINT_MEDIA, "The printer is out of paper",
	    "Its tray is empty, or holds other paper than is needed[: {detail}].",
	    "Put A4 paper in. Then printing goes on."),
	E(PRINT_UNKNOWN, "It may be printed, or not",
	    "Neither the printer nor its service can tell what became of the form[: {detail}].",
	    "Look at the printer's tray, then answer."),
	E(FORM_BUSY, "This form is being printed already",
	    "Somebody else prints it, or what became of the last attempt is not known yet[: {detail}].",
	    "Wait a little, or look at the printer, and run certkiosk print again: it settles the "
	    "last attempt first."),
	E(FORM_WIPED, "What was kept of this form is wiped",
	    "It was printed, and its days are over[: {detail}].",
	    "Copy the sheet that was printed; how long forms are kept is keep_forms_days of the "
	    "system's rules."),
	E(STOPPED, "Stopped", "Someone chose to stop; everything done so far is kept.",
	    "Run it again to go on. If it is not wanted any more, the clerk abandons it."),
	E(USAGE, "The command is wrong", "A command, option or answer is wrong[: {detail}].",
	    "Compare it with certkiosk --help and try again."),
	E(NO_MEMORY, "Not enough memory", "Memory is short, or may not be locked to hold a PIN.",
	    "Close other programs, check the limit for locked memory, and try again."),
	E(INTERNAL, "An internal error", "Something happened that never should[: {detail}].",
	    "Nothing has to be repeated: start again and it goes on. If it happens repeatedly, "
	    "tell number and time to whoever maintains this machine."),

	/* 7xxx paper: forms, their signatures, printers */
	E(FORM_GLYPH, "A character cannot be printed",
	    "The form's font does not have it, and nothing else may stand for it[: {detail}].",
	    "Fill a form in by hand and tell whoever maintains this machine which character it is; "
	    "the certificate is not affected. If it was mistyped, correct it and print again."),
	E(FORM_FIELD, "Something is missing on the form",
	    "A field the form requires is empty, or holds none of the options it offers[: {detail}].",
	    "Whoever maintains this machine checks the form: let the field be optional, or add "
	    "the option."),
	E(FORM_UNKNOWN, "There is no such form",
	    "The form that is configured is not in the folder of forms[: {detail}].",
	    "Whoever maintains this machine compares the system's form with the folder."),
	E(FORM_TOO_LONG, "The form does not hold this",
	    "A field is too long, or the form has too many pages[: {detail}].",
	    "Whoever maintains this machine gives the field a wider cell, or shortens the form's "
	    "clauses."),
	S(FORM_NONE, "This record has no form",
	    "None was made for it, or it is wiped by now[: {detail}].", "No key was used.",
	    "Check the record's number. If one is needed all the same, fill it in by hand."),
	S(FORM_ALTERED, "This form is not as it was signed",
	    "It was changed, added to or put together from others after it was signed[: {detail}].",
	    "No key was used.",
	    "Do not accept it. Ask for the form again where it was made, or take it from the record."),
	S(FORM_UNSIGNED, "This form is not signed", "There is no signature in the document.",
	    "No key was used.",
	    "Do not accept it as a signed form. The signed one is kept in the record."),
	S(FORM_BROKEN, "This is no form of ours",
	    "The document cannot be read, or another program made it or wrote it anew[: {detail}].",
	    "No key was used.",
	    "Take the file as it came from the record; one that was printed, scanned or saved again "
	    "by another program is another file. Check paper by its code."),
	S(FORM_CODE, "The code on the page is not genuine",
	    "It was read or typed with a mistake, or was not signed by this office[: {detail}].",
	    "No key was used.",
	    "Scan it again. If it stays so, do not accept the page, and check that the certificate "
	    "is that of the office that made it."),
};
