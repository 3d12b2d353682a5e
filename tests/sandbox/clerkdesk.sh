# Sourced by stories after lib.sh, readers.sh, counter.sh and screen.sh: what is done at a clerk's desk.
#
#   desk_with_printer   (with printer.sh) a counter, its form, clerk 07, a terminal, and a print service before
#                       a virtual printer, which is its default
#   behalf NAME         from the clerk's menu on: that customer's key is renewed, up to the envelope's password

desk_with_printer() {
	pr_new
	counter_new
	sb_form
	counter_clerk
	scr_new
	trap both_end EXIT
	pr_printer
	pr_cups
	pr_queue kiosk "$PR_URI"
	lpadmin -d kiosk
}
both_end() { # this sandbox, then the printer's place, which it stands in
	local rc=$?
	[ "$BASHPID" = "$SB_OWNER" ] || exit $rc
	(exit $rc)
	(scr_end; rm -rf "$TMUX_TMPDIR")
	(exit $rc)
	pr_end
}
behalf() {
	press 1
	sees "$1: its key" '请插入客户的 Key'
	comes "$1"
	sees "$1: its certificate" '> 1  代更新'
	press 1
	sees "$1: asked" '请核对'
	press 1
	sees "$1: PIN" '请客户本人输入'
	text "$PIN"
	press Enter
	sees "$1: envelope" '密码信封'
	envelope
	scan "$ENVELOPE"
	sees "$1: its password" "$ENVELOPE"
	text "$PASSWORD"
	press Enter
}
