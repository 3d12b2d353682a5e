/*
 * What whoever wants paper and certkiosk-print say to each other: the engine for forms and
 * printing, the front for verify-form. One JSON object a line (core/base/frame.h) over descriptor
 * CK_PAPER_LINK; a document travels beside it, in descriptor CK_PAPER_FILE, which the asker opened
 * (a sealed record's PDF never has a name on a disk). One request, then the program is gone.
 *
 *   a form is made; the asker signs, for it has the keys
 *     → {"paper":"form", "forms":DIR, "form":NAME, "template":TEXT?, "number":SLIP, "made":SECONDS,
 *        "fields":{NAME:TEXT …}, "mark":TEXT?, "qr":[TEXT …]?, "signers":["customer","site"]}
 *          fields: printer/certkiosk-forms.5 names those of a renewal
 *          template: what the form's file says, or said when the original was made
 *          mark: what stands on a copy; qr: of the original, when a copy is drawn; FORM_CODE when
 *          they are another one's
 *     ← {"pages":N, "digest":HEX}            of what the form shows (32 bytes); unless qr was given
 *     → {"qr":[TEXT …]}                      one a page (base/formcode.h), or []
 *     ← {"sign":SIGNER, "digest":HEX}        of the document but for the hole, each signer in turn
 *     → {"cms":BASE64}                       or {}: this one does not sign
 *     ← {"end":"made", "pages":N, "bytes":N} the PDF stands in the file
 *
 *   the same as text, for a screen
 *     → {"paper":"text", … as form}          ← {"line":TEXT} …  ← {"end":"shown"}
 *
 *   every form of a folder, as `certkiosk diagnose` wants it; of one that is wrong error, not title;
 *   needs: fields without which there is no form, and their labels
 *     → {"paper":"check", "forms":DIR}
 *     ← {"form":NAME, "title":TEXT, "needs":{NAME:TEXT …}, "error":{…}?} …
 *                                            ← {"end":"checked"}
 *
 *   can a form show this? lacks: the first character of a field that is not in our fonts, "U+4DAE 䶮"
 *     → {"paper":"glyphs", "forms":DIR, "form":NAME, "fields":{NAME:TEXT …}}
 *     ← {"lacks":TEXT, "field":NAME} …       ← {"end":"shown"}
 *
 *   the document in the file is printed
 *     → {"paper":"print", "title":TEXT, "printer":NAME|URI|"", "copies":N?, "media":TEXT?,
 *        "sides":TEXT?, "pages":N}
 *     ← {"job":N, "uuid":TEXT, "printer":TEXT, "direct":BOOL}     there is a job, empty so far
 *     → {"go":true}                          once that is written down
 *     ← {"sent":true}                        all of the document is at the other side
 *     ← {"state":WORD, "why":CODE-NAME?, "pages":N?, "detail":TEXT?}    as it changes (CK_JOB_…)
 *     → {"leave":true} | {"cancel":true}     at any time: stop following; take it back
 *     ← {"end":ENDING, "error":{…}?}         CK_PRINT_…
 *
 *   what became of a job of that title, whoever asks and however much was written down
 *     → {"paper":"find", "title":TEXT, "printer":TEXT, "job":N?, "uuid":TEXT?, "sent":BOOL,
 *        "pages":N?, "copies":N?}
 *     ← as print does from "sent" on; {"end":"absent"} only when no sheet of it can have come out
 *
 *   every queue of CUPS; or the printer that is named, as print finds it, alone
 *     → {"paper":"printers", "printer":NAME|URI|""?}     ← {"row":{…}} …  ← {"end":"listed"}
 *          row: name, uri (its printer's, where that speaks IPP), info, default, direct, accepting,
 *          state ("ready": the printer answers, "queued": only its queue takes jobs, "stopped"),
 *          why, media, sides, copies
 *
 *   who signed the document in the file, and is it whole
 *     → {"paper":"verify", "certificate":BASE64?}     DER: one of the signatures has to be made with
 *          it, and the office's to be there (FORM_OFFICE)
 *     ← {"signature":{…}} … ← {"end":"whole"|"altered", "error"?,
 *        "facts":{"customer":BOOL, "site":BOOL, "compared":BOOL}}     who signed under that name
 *          signature: signer, name, subject, issuer, serial, sha256, at (seconds), whole (all of the
 *          document as it is now but for later signatures), good, error?
 *   → {"paper":"verify-qr", "forms":DIR, "text":TEXT, "fields":{…}, "certificate":BASE64 (DER)}
 *     ← {"end":"same"|"other", "facts":{"number","form","title"?,"page","pages"}?, "error"?}
 *
 *   scanners there are, as SANE names them; and sheets that lie in one: all of its feeder where it has
 *   one, else what is on the glass. Each stands alone in the file, from its start, once it is told
 *     → {"paper":"scanners"}                 ← {"row":{"name","vendor","model","type"}} … ← {"end":"listed"}
 *     → {"paper":"scan", "scanner":NAME|"", "colour":BOOL, "dpi":N?, "options":{NAME:TEXT …}?,
 *        "certificate":BASE64?}              options: of the back end, as scanimage(1) has them
 *     ← {"sheet":{…}}                        → {"go":true}: it was taken, the next may come
 *     ← {"end":"scanned", "sheets":N}
 *   the same of a picture, PNG or JPEG, that stands in the file and is left as it is; or of a PDF's
 *   pages, which take its place one after the other when all of them could be drawn
 *     → {"paper":"read", "certificate":BASE64?}
 *     ← {"sheet":{…}}                        → {"go":true}
 *     ← {"end":"read"}
 *          sheet: type, size, sha256, width, height, blank, turned (degrees clockwise it lay from
 *          upright, as its code says; a scanned one has been put upright), code?: {"text","number",
 *          "form","page","pages","signed" (with the key of certificate, DER, the site's)}
 *
 *   any of them: ← {"end":"failed", "error":{…}}     (error: ask.h)
 */
#ifndef CK_PAPER_H
#define CK_PAPER_H

#define CK_PAPER_LINK 3
#define CK_PAPER_FILE 4

/* a form has no more pages, a document no more bytes; hostile ones are turned down before they are
 * read */
#define CK_PAPER_PAGES_MAX 16
#define CK_PAPER_BYTES_MAX (4 * 1024 * 1024)
/* sheets of one run, and the largest of them */
#define CK_SCAN_SHEETS_MAX 20
#define CK_SCAN_SHEET_MAX (8 * 1024 * 1024)
/* ours are below 16 KiB; with every letter escaped it is half of what one line takes */
#define CK_PAPER_TEMPLATE_MAX (256 * 1024)

/* states of a job under way */
#define CK_JOB_WAITING "waiting"   /* not begun; why says what is missing, if anything */
#define CK_JOB_PRINTING "printing" /* pages: out so far, where the printer itself counts */
#define CK_JOB_STOPPED "stopped"   /* begun, and held up by why */

/* how it ended */
#define CK_PRINT_DONE "printed"	   /* proved: the printer says so, or its queue that asks it */
#define CK_PRINT_SENT "sent"	   /* handed over to something that proves nothing */
#define CK_PRINT_FAILED "failed"   /* not a sheet came out, and why */
#define CK_PRINT_UNKNOWN "unknown" /* some may have: a person has to look */
#define CK_PRINT_ABSENT "absent"   /* there never was a document of this title there */
#define CK_PRINT_LEFT "left"	   /* nobody follows it any more */

#endif
