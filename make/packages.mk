# The one list of Debian packages: what building, running, showing and testing needs.
PACKAGES_BUILD := gcc make pkg-config libc6-dev libssl-dev libp11-dev libp11-kit-dev libpcsclite-dev \
	libcurl4-openssl-dev libsqlite3-dev libjansson-dev libconfig-dev libncurses-dev libqrencode-dev libunistring-dev \
	libcups2-dev libcairo2-dev libpango1.0-dev fonts-noto-cjk \
	libsane-dev sane-utils libzbar-dev libpng-dev libturbojpeg0-dev poppler-utils poppler-data
PACKAGES_TEST := python3 softhsm2 openssl opensc libengine-pkcs11-openssl curl jq faketime sqlite3 \
	iproute2 tmux man-db procps util-linux gdb git xxd \
	cups-daemon cups-client cups-filters cups-ipp-utils qpdf zbar-tools \
	strongswan-pki libstrongswan-standard-plugins libstrongswan-extra-plugins
PACKAGES := $(PACKAGES_BUILD) $(PACKAGES_TEST)

# Installs what dpkg does not know as installed; says nothing when all is there.
.PHONY: packages
packages:
	@missing=$$(for p in $(PACKAGES); do \
		dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || echo $$p; \
	done); \
	[ -z "$$missing" ] && exit 0; \
	echo "installing:" $$missing; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing
