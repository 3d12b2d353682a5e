# Sourced by stories of orders at a real terminal: a counter (counter.sh) that serves one system alone, whose
# customers bring keys of $CUSTOMER_SUBJECT, and what a customer's hands, phone and eyes do there.
#
#   shop_new SYSTEM OPTION…   counter_new with it, its steps on, and screens; SHOP_PAPER: a command in between
#   shop_opens NAME REGEX…    NAME's key is in: what its card says
#   shop_begins NAME REGEX…   from the card to what comes after the PIN; what old beside new says
#   fill TEXT…                a page, field by field, and handed in
#   camera                    what a code on the screen says; reads REGEX: in the end
#   pays_to                   the payment that is asked for
#   shop_end NAME ORDERS      its end at desk and CA: one live certificate, paid once, so many orders in all
#   shop_day CERT YEARS       the day so many years after its end, in China

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/readers.sh"
. "$(dirname "${BASH_SOURCE[0]}")/counter.sh"
. "$(dirname "${BASH_SOURCE[0]}")/screen.sh"
PIN=Pn44717Q
WHO=上海某某科技有限公司

shop_new() {
	counter_new
	${SHOP_PAPER:-:}
	rm -f "$SB"/systems/*
	sb_systems "$1"
	sb_steps "$1"
	scr_new
	SCR_WAIT_S=60 # on a machine that has much to do
}

shop_opens() {
	local name=$1
	shift
	comes "$name"
	sees "$name: told before anything is asked" "$WHO" '[1-9]  更新' "$@"
}
shop_begins() {
	local name=$1
	shift
	pick 更新
	sees "$name: old beside new" '更新这张证书吗' "$@"
	pick 是这张
	sees "$name: the PIN" '请输入 Key 的密码|请客户本人输入'
	text "$PIN"
	press Enter
}
fill() {
	local value
	for value; do
		text "$value"
		press Enter
	done
}

camera() {
	seen | perl -CSDA -Mutf8 -e '
		my @rows;
		while (my $line = <>) {
			chomp $line;
			$line =~ s/[\p{East_Asian_Width: Wide}\p{East_Asian_Width: Fullwidth}]/  /g;
			my @c = split //, sprintf "%-120s", $line;
			for my $half (0, 1) {
				# the columns left of the code are dark in nothing
				push @rows, [map { $_ eq "█" || ($_ eq "▀" && !$half) || ($_ eq "▄" && $half) ? 0 : 255 } @c];
			}
		}
		my ($w, $h) = (480, 4 * @rows);
		print "P2\n$w $h\n255\n";
		for my $row (@rows) { for (1 .. 4) { print join(" ", map { ($_) x 4 } @{$row}[0 .. 119]), "\n" } }' >"$SB/seen.pgm"
	zbarimg -q --raw -Sdisable -Sqrcode.enable "$SB/seen.pgm" 2>/dev/null
}
reads_now() { [[ $(camera) =~ $1 ]]; }
reads() { soon reads_now "$1"; } # it may be drawn anew meanwhile
pays_to() { sb_show '.payments[-1].payment'; }

shop_end() {
	is "$1: one live certificate of it, confirmed" \
		"$(sb_show '.leases[-1].lease as $l | ([.certificates[] | select(.lease == $l and .status == "good")] | length | tostring) + " " + .leases[-1].state')" \
		"1 confirmed"
	is "$1: ordered and paid once" \
		"$(sb_show '.leases[-1].lease as $l | ([.payments[] | select(.lease == $l and .state == "paid")] | length | tostring) + " " + (.orders | length | tostring)')" \
		"1 $2"
}
shop_day() {
	local end
	end=$(openssl x509 -in "$SB/certs/$1.der" -inform DER -noout -enddate | cut -d= -f2)
	TZ=CST-8 date -d "$(TZ=CST-8 date -d "$end" '+%F %T') $2 year" +%F
}
