# VaxKiosk, for a fresh Debian machine with Go:
#
#   make demo      the kiosk with made-up people; without a display, a tour of it
#   make demo-central
#                  the kiosk with central as in production: PostgreSQL, exim4, a gateway for text messages, three
#                  instances behind haproxy; without a display, two visits with real mail and texts; as root
#   make test      checks and tests
#   make check     before a commit: checks, and tests that are short, in two minutes
#   make build     build/vaxkiosk, build/vaxdemo and build/vaxcentral; RELEASE=1 for small ones
#   make dist      what IT installs, in build/dist: packages, also for Windows, an apt repository, SBOMs, sums
#   make dist-test
#                  installs that in a fresh Debian, as IT does, to a printed page, an update
#                  and a purge; as root. SHORT=1: to the page, with what make build makes
#   make dist-test-windows
#                  installs the package for Windows under wine, as IT does; as root
#   make dist-twice
#                  builds that a second time, in another folder from nothing, and compares
#   make sign KEY=FINGERPRINT
#                  signs that with a key that gpg has; KEY=FILE, CERT and CERT_KEY,
#                  keys in tokens: assets/install/README.md
#   make sign-key PUBLIC=FILE NAME=…
#                  makes an OpenPGP key of one in a token
#   make tour      a whole visit in a window nobody sees, with pictures of it
#   make soak      2,000 visits in such a window, and how much memory they leave behind
#   make bench-match
#                  how long central takes to find a person among 710,000 and 7,100,000, in SQLite
#                  and PostgreSQL: 12 GB of disk, half an hour or more; KEEP=1 leaves SQLite's
#   make bench-central
#                  what a service can do over mutual TLS, in SQLite and PostgreSQL, with INSTANCES=1,3,
#                  REQUESTS=2000 and POLLS=1000 kiosks that wait, beside one hash and one fsync; 10 minutes
#   make bench-print
#                  from the accepted PIN to the printer's last byte, in 200 visits with 40 doses
#   make lint      what .golangci.yml asks, generated types up to date, known holes
#   make deadcode  what nothing calls
#   make holes     known security holes in what the programs call; skipped without a network
#   make go-test   the Go tests of make test, without what comes before them
#   make server-test
#                  all tests of central with their databases on PostgreSQL
#   make drill-instances
#                  three instances of central behind a proxy, killed again and again: KILLS=200
#                  RESTARTS=10 CUTS=20 SEED=1, and a rolling restart; 15 minutes
#   make verify-test
#                  tests of the two verifiers that read printed health cards
#   make verify-tour
#                  has them read what the last tour printed
#   make generate  the API's types, from sync/api/openapi.yaml
#   make notices   the licences of what is linked, for --licenses, from the modules
#   make clean     removes what the above made
#   make help      this list
#
# One set of tags everywhere: another one would compile the window library's C
# code again, which takes minutes.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SUFFIXES:
.SILENT:
MAKEFLAGS += --no-print-directory
export CGO_ENABLED := 1

TAGS    := x11,no_animations,migrated_fynedo,no_emoji
FLAGS   := -tags $(TAGS) $(if $(RELEASE),-trimpath -ldflags "-s -w")

# Tools have a go.mod of their own, so that what they need is not mixed with what we link.
TOOLS        := $(CURDIR)/build/bin
tool          = GOBIN=$(TOOLS) go -C .tools install $(1)
GOLANGCI     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint
OAPICODEGEN  := github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen
NFPM         := github.com/goreleaser/nfpm/v2/cmd/nfpm
CYCLONEDX    := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod
DEADCODE     := golang.org/x/tools/cmd/deadcode
GOVULNCHECK  := golang.org/x/vuln/cmd/govulncheck

# Those that make packages want other versions of the same modules, and are recorded in SBOMs.
dist-tool     = GOBIN=$(TOOLS) go -C .tools/dist install -trimpath $(1)

# Where a tour goes and how big its screen is.
TOUR := build/tour
SIZE := 1080x1920
ARGS :=

# Who knows of security holes, and how many seconds it may take to answer at all.
HOLES      := vuln.go.dev/443
HOLES_WAIT := 5

# Where packages go, for make dist and make sign.
DIST := build/dist

# What starts, kills and restores whole services takes long, and is run once, with its figures.
DRILLS := RestoreDrill|DrillOfSeveral|HalfAFolder|Rolling

# How often the drill of instances kills one, lets the database crash and cuts connections.
REQUESTS := 2000
INSTANCES := 1,3
POLLS    := 1000
KILLS    := 200
RESTARTS := 10
CUTS     := 20
SEED     := 1

# How many visits a soak has.
VISITS := 2000

SCREENLESS   := $(if $(DISPLAY)$(WAYLAND_DISPLAY),,yes)
BUILD_NEEDS  := gcc libc6-dev pkg-config libgl1-mesa-dev libx11-dev libxcursor-dev \
                libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev ca-certificates
SCREEN_NEEDS := xvfb libgl1-mesa-dri
SIGN_NEEDS   := gpg gpg-agent rpm
CERT_NEEDS   := osslsigncode openssl
TOKEN_NEEDS  := gnupg-pkcs11-scd libengine-pkcs11-openssl
# A machine that has a mail server keeps it: exim4 would take its place.
MAIL_NEEDS   := $(if $(wildcard /usr/sbin/sendmail),,exim4-daemon-light)
CENTRAL_NEEDS := postgresql-15 haproxy $(MAIL_NEEDS)
TEST_NEEDS   := $(SCREEN_NEEDS) chromium xdotool poppler-utils qpdf zbar-tools cups-ipp-utils cups-daemon avahi-daemon dbus espeak-ng pipewire pipewire-bin wireplumber \
                x11-xserver-utils xserver-xorg-core xserver-xorg-video-dummy openbox swtpm $(SIGN_NEEDS) apt-utils systemd $(CENTRAL_NEEDS) \
                $(CERT_NEEDS) $(TOKEN_NEEDS) wixl softhsm2 opensc \
                $(if $(shell command -v npm),,nodejs npm)
DIST_TEST_NEEDS := debootstrap iproute2 cups-ipp-utils
LONG_NEEDS   := lintian wine wine64 $(CERT_NEEDS)
DIST_NEEDS   := apt-utils gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-mingw-w64-x86-64-win32 wixl msitools
VERIFY       := app/paper/verify

.PHONY: demo demo-central test check build dist dist-test dist-test-windows dist-twice sign sign-key tour soak bench-match bench-central bench-print lint deadcode holes go-test server-test drill-instances verify-test verify-tour generate notices clean help \
        needs-build needs-demo needs-demo-central needs-tour needs-test needs-dist needs-dist-test needs-sign

demo: needs-demo build
	$(if $(SCREENLESS),$(MAKE) tour,build/vaxdemo $(ARGS))

# exim4 and PostgreSQL give up their rights to users of their own. The driver is a test: it knows what
# no program that is shipped may.
demo-central: needs-demo-central build
	go test -c -vet=off -tags $(TAGS) -o build/production ./app/demo/tour
	cd app/demo/tour
	exec $(CURDIR)/build/production -test.run '^TestADemoOfProduction$$' -programs $(CURDIR)/build $(if $(DISPLAY),-stay)

build: needs-build
	[ -e build/vaxkiosk ] || echo "Building. The first time takes 3 to 5 minutes."
	$(call go-build,vaxkiosk,./app)
	$(call go-build,vaxdemo,./app/demo/vaxdemo)
	$(call go-build,vaxcentral,./sync/central/vaxcentral)

# Everything carries the time of the last commit, so that the same source makes the same bytes.
dist: export SOURCE_DATE_EPOCH := $(or $(shell git log -1 --format=%ct 2>/dev/null),0)
dist: needs-dist
	[ -e $(TOOLS)/nfpm ] || echo "Building what makes packages. The first time takes a minute."
	$(call dist-tool,$(NFPM) $(CYCLONEDX))
	[ -e build/programs/amd64 ] || echo "Building. The first time takes 10 to 15 minutes."
	rm -rf $(DIST) build/programs
	mkdir -p $(DIST)
	$(call go-dist,amd64,gcc,vaxkiosk,./app)
	$(call go-dist,amd64,gcc,vaxcentral,./sync/central/vaxcentral)
	$(call go-dist,arm64,aarch64-linux-gnu-gcc,vaxcentral,./sync/central/vaxcentral)
	$(call go-windows)
	[ -z "$(CERT)" ] || assets/install/sign --windows build/programs/windows-amd64 # what is in an .msi cannot be signed there
	go run ./assets/install/dist --programs build/programs --out $(DIST) --nfpm $(TOOLS)/nfpm --sbom $(TOOLS)/cyclonedx-gomod
	echo "$(DIST): packages, apt repository, SBOMs, SHA256SUMS; nothing in it is signed."

sign: needs-sign
	[ -n "$(KEY)" ] || { echo "Say which key: make sign KEY=FINGERPRINT (gpg --list-secret-keys has those that there are), or KEY=FILE."; exit 1; }
	assets/install/sign $(DIST) "$(KEY)"
	echo "$(DIST) is signed. Its public key: $(DIST)/vaxkiosk.asc"

sign-key: needs-sign
	assets/install/sign --public "$(PUBLIC)"

# Debian's own packages are fetched once and kept below build/dist-test. A hand visits the
# installed kiosk: the compiled tests of app/demo/tour. SHORT=1 ends with the printed page, and
# packs what make build and the tests have built, without rpms of it, SBOMs and other machines.
dist-test: $(if $(SHORT),build) needs-dist-test
	[ "$$(id -u)" = 0 ] || { echo "make dist-test makes a machine of its own: run it as root."; exit 1; }
	$(if $(SHORT),$(short-dist),$(MAKE) dist)
	go test -c -tags $(TAGS) -o build/visitor ./app/demo/tour
	assets/install/test/run $(if $(SHORT),build/short/dist,$(DIST)) build/visitor
	$(if $(SHORT),,$(MAKE) dist-test-windows)

dist-test-windows: needs-dist-test
	assets/install/test/windows $(DIST)

# The last commit twice: what is changed since would be in one of them only.
dist-twice: needs-dist
	[ -z "$$(git status --porcelain)" ] || { echo "Commit first: what is compared is the last commit."; exit 1; }
	$(MAKE) dist
	rm -rf build/twice build/twice-cache
	git clone --quiet . build/twice
	GOCACHE=$(CURDIR)/build/twice-cache $(MAKE) -C build/twice dist TOOLS=$(TOOLS)
	cmp $(DIST)/SHA256SUMS build/twice/build/dist/SHA256SUMS
	echo "Two builds are the same, byte for byte."

tour: needs-tour build
	$(call open-screen,$(SIZE))
	build/vaxdemo --tour $(TOUR) $(ARGS)
	echo "Pictures of every screen: $(TOUR)/*.png. The printed page: $(TOUR)/record.pdf."

# Half the size: the same screens, painted in software in a quarter of the time.
soak: SIZE := 540x960
soak: needs-tour build
	$(call open-screen,$(SIZE))
	build/vaxdemo --soak $(VISITS)

bench-match: needs-build
	$(call go-build,vaxbench,./sync/central/bench)
	exec build/vaxbench --dir build/bench-match $(if $(KEEP),--keep) $(ARGS)

bench-central: needs-test
	$(call go-build,vaxcentral,./sync/central/vaxcentral)
	go test -vet=off -count=1 -v -timeout 60m -tags $(TAGS) -run HowMuchTheServiceCanDo ./sync/central/vaxcentral -load-program $(CURDIR)/build/vaxcentral \
		-load-requests $(REQUESTS) -load-instances $(INSTANCES) -load-polls $(POLLS) -load-minute 1m

bench-print: needs-build
	go test -tags $(TAGS) -run xxx -bench FromThePIN -benchtime 200x ./app/demo

test: needs-test
	$(MAKE) lint
	$(MAKE) deadcode
	$(MAKE) verify-test
	$(MAKE) go-test

# No race detector, no window, no npm, and none of the tests that take long.
check: needs-build
	$(MAKE) lint
	echo "go test -short"
	GOGC=400 go test -short -vet=off -timeout 30m -tags $(TAGS) ./... # lint has looked

lint: needs-build
	[ -e $(TOOLS)/golangci-lint ] || echo "Building golangci-lint. The first time takes 1 to 2 minutes."
	$(call tool,$(GOLANGCI) $(OAPICODEGEN))
	echo "golangci-lint"
	$(TOOLS)/golangci-lint run
	echo "go build for Windows, of what needs no C"
	pure=$$(GOOS=windows CGO_ENABLED=0 go list -tags $(TAGS) -e -f '{{.ImportPath}} {{.Deps}}' ./... | grep -vE 'go-sqlite3|go-gl/|jezek/xgb' | cut -d' ' -f1)
	GOOS=windows CGO_ENABLED=0 go build -tags $(TAGS) $$pure
	echo "sync/api/types.gen.go"
	sed '/^output:/d' sync/api/codegen.yaml >build/codegen.yaml
	$(TOOLS)/oapi-codegen --config build/codegen.yaml sync/api/openapi.yaml | cmp - sync/api/types.gen.go ||
		{ echo "The API's types are not those of openapi.yaml: make generate"; exit 1; }
	$(MAKE) holes

# What nothing calls, not even a test.
deadcode: needs-build
	echo "deadcode"
	$(call tool,$(DEADCODE))
	unused=$$($(TOOLS)/deadcode -test -tags $(TAGS) ./...)
	[ -z "$$unused" ] || { echo "$$unused"; exit 1; }

# Many machines that build have no way to the list of known holes: that is no error, and
# must not take long. Status 3 means that there are some.
holes:
	echo "govulncheck"
	if ! timeout $(HOLES_WAIT) bash -c ': <>/dev/tcp/$(HOLES)' 2>/dev/null; then
		echo "  skipped: $(HOLES) does not answer, so known security holes were not looked for"
		exit 0
	fi
	status=0
	mkdir -p build
	{ $(call tool,$(GOVULNCHECK)) &&
		timeout 300 $(TOOLS)/govulncheck -tags $(TAGS) ./...; } >build/holes.txt 2>&1 || status=$$?
	case $$status in
	0) ;;
	3) cat build/holes.txt; exit 1 ;;
	*) echo "  skipped: govulncheck could not be run (status $$status; build/holes.txt may say why)" ;;
	esac

go-test: needs-test $(VERIFY)/node_modules $(TOOLS)/promtool
	$(call dist-tool,$(NFPM) $(CYCLONEDX))
	$(if $(SCREENLESS),$(call open-screen,$(SIZE)))
	[ "$$(id -u)" = 0 ] || echo "Not root: what a visit leaves in memory, and a disk that is really full, are not tested."
	# make lint has looked, with more than the vet of go test
	go test -vet=off -race -timeout 75m -tags $(TAGS) -skip '$(DRILLS)' $$(go list -tags $(TAGS) ./... | grep -vxE 'vaxkiosk/(app/paper|app/visit|sync/central/match)')
	echo "central, with its databases on PostgreSQL"
	go test -vet=off -short -timeout 20m -tags $(TAGS) ./sync/central -server
	echo "central's drills, with their figures"
	go test -vet=off -count=1 -v -tags $(TAGS) -run '$(DRILLS)' ./sync/central/vaxcentral | { grep -E '^(---|FAIL|ok)|: ' || true; }
	echo "paper, pictures, and the program with real windows, without the race detector"
	go test -vet=off -tags $(TAGS) ./app/paper ./sync/central/match # ten times slower with it; codes made side by side are raced by the prints of app/demo
	go test -vet=off -tags $(TAGS) -run 'Ring|Shots' ./ui
	go test -vet=off -timeout 45m -parallel 4 -tags $(TAGS) ./app/demo/tour
	echo "a walk of the states of a visit, and a million random steps"
	go test -vet=off ./app/visit -rapid.checks=20000 # pure: there is nothing to race

# Six minutes; make test has those that are short.
server-test: needs-test
	go test -vet=off -count=1 -timeout 40m -tags $(TAGS) ./sync/central -server

drill-instances: needs-test
	go test -vet=off -count=1 -v -timeout 60m -tags $(TAGS) -run 'DrillOfSeveral|Rolling' ./sync/central/vaxcentral \
		-kills $(KILLS) -restarts $(RESTARTS) -cuts $(CUTS) -seed $(SEED)

verify-test: needs-test $(VERIFY)/node_modules
	cd $(VERIFY)
	node --test

# Two verifiers that share no code with this project read the printed records as
# scanners and phones would: as pictures, sharp and coarse, blurred and askew.
verify-tour: needs-test $(VERIFY)/node_modules
	node $(VERIFY)/verify.mjs $(TOUR)/jwks.json $(TOUR)/record*.pdf

$(VERIFY)/node_modules: $(VERIFY)/package-lock.json
	cd $(VERIFY)
	npm ci --loglevel=error
	touch node_modules

# What reads alerts, out of Debian's package: installed, that would start a server.
$(TOOLS)/promtool:
	mkdir -p build/prometheus $(TOOLS)
	cd build/prometheus
	apt-get -qq download prometheus
	dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool >promtool
	install -m 0755 promtool $@
	rm -f prometheus_*.deb promtool

generate:
	$(call tool,$(OAPICODEGEN))
	cd sync/api
	$(TOOLS)/oapi-codegen --config codegen.yaml openapi.yaml

notices: needs-build
	go test -tags $(TAGS) -run EveryLinkedModule ./assets -update

clean:
	rm -rf build $(VERIFY)/node_modules

# The list stands once, at the head of this file.
help:
	sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

# build/ is a module of its own: what lies there is no package of this one.
needs-build:
	mkdir -p build && echo "module build" >build/go.mod
	$(call install,$(BUILD_NEEDS))
needs-demo:  ; @$(call install,$(BUILD_NEEDS) $(if $(SCREENLESS),$(SCREEN_NEEDS)))
needs-demo-central:
	[ "$$(id -u)" = 0 ] || { echo "make demo-central starts a mail relay: run it as root; with a display, sudo -E env PATH=\$$PATH make demo-central."; exit 1; }
	$(call install,$(BUILD_NEEDS) $(SCREEN_NEEDS) $(CENTRAL_NEEDS) cups-ipp-utils)
needs-tour:  ; @$(call install,$(BUILD_NEEDS) $(SCREEN_NEEDS))
needs-test:  ; @$(call install,$(BUILD_NEEDS) $(TEST_NEEDS))
needs-dist:  ; @$(call install,$(BUILD_NEEDS) $(DIST_NEEDS) $(if $(CERT),$(CERT_NEEDS)))
needs-dist-test: ; @$(call install,$(BUILD_NEEDS) $(if $(SHORT),apt-utils,$(DIST_NEEDS) $(LONG_NEEDS)) $(SIGN_NEEDS) $(DIST_TEST_NEEDS))
needs-sign:
	case "$(origin KEY_PIN) $(origin CERT_PIN)" in
	*"command line"*) echo "A PIN on a command line can be read by everybody: KEY_PIN_FILE, CERT_PIN_FILE."; exit 1 ;;
	esac
	$(call install,$(SIGN_NEEDS) $(if $(CERT),$(CERT_NEEDS)) $(if $(PKCS11_MODULE),$(TOKEN_NEEDS)))

# install: the Debian packages of $(1) that are missing; silent when none is.
define install
command -v go >/dev/null || { echo "Go is missing: install Go 1.26 or later from https://go.dev/dl and put it on the PATH."; exit 1; }
command -v dpkg-query >/dev/null || exit 0
missing=$$(comm -23 <(printf '%s\n' $(1) | sort -u) \
	<(dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(1) 2>/dev/null | sed -n 's/^installed //p' | sort -u))
[ -n "$$missing" ] || exit 0
root=; [ $$(id -u) = 0 ] || root=sudo
[ -z "$$root" ] || command -v sudo >/dev/null || { echo "As root, run: apt-get install" $$missing; exit 1; }
echo "Installing Debian packages:" $$missing
if [[ " $$missing " = *postgresql* && ! -e /etc/postgresql-common/createcluster.conf ]]; then # only the tests' own servers run
	$$root mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" | $$root tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
$$root apt-get -qq update
$$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $$missing >/dev/null
endef

# go-build: the program $(1) from $(2), with a sign of life now and then.
define go-build
go build -v $(FLAGS) -o build/$(1) $(2) 2>&1 | awk '\
	/^go: downloading / || !/[ :#]/ { if (++n % 20 == 0) { print "  " n " packages"; fflush() } next } { print; fflush() }'
endef

# go-dist: for the architecture $(1), with the C compiler $(2), the program $(3) from $(4), as small as it gets.
define go-dist
CGO_ENABLED=1 GOOS=linux GOARCH=$(1) CC=$(2) go build -trimpath -tags $(TAGS) -ldflags "-s -w" -o build/programs/$(1)/$(3) $(4)
endef

# short-dist: packages of what make build has made, stripped as for make dist.
define short-dist
$(call dist-tool,$(NFPM))
rm -rf build/short
mkdir -p build/short/programs/$$(go env GOARCH)
strip -o build/short/programs/$$(go env GOARCH)/vaxkiosk build/vaxkiosk
strip -o build/short/programs/$$(go env GOARCH)/vaxcentral build/vaxcentral
SOURCE_DATE_EPOCH=0 go run ./assets/install/dist --programs build/short/programs --out build/short/dist --nfpm $(TOOLS)/nfpm --kinds deb
endef

# go-windows: the kiosk for Windows, without a console of its own.
define go-windows
CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc go build -trimpath -tags $(TAGS) -ldflags "-s -w -H windowsgui" \
	-o build/programs/windows-amd64/vaxkiosk.exe ./app
endef

# open-screen: an invisible screen of the size $(1), on a free display number,
# that closes when the recipe ends.
define open-screen
mkdir -p build
exec 9< <(exec Xvfb -displayfd 1 -screen 0 $(1)x24 -nolisten tcp 2>build/xvfb.log)
screen=$$!
trap 'kill $$screen 2>/dev/null || true' EXIT
read -r number <&9 || { echo "No screen could be started; build/xvfb.log says why."; exit 1; }
export DISPLAY=:$$number
unset WAYLAND_DISPLAY
endef
