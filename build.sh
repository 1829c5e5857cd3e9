#!/usr/bin/env bash
# One door to this repository: sets the machine up where it needs it, then runs the command. See './build.sh help'.
set -euo pipefail

readonly ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/l2t-dsl"
readonly LIB_DIR=/usr/lib/x86_64-linux-gnu

# TorchSharp's libtorch is built against the libstdc++ of GCC 13, which carries this symbol version.
readonly NEEDED_SYMBOLS=GLIBCXX_3.4.32
# What a private copy of that libstdc++ consists of. A newer libstdc++ needs the newer glibc it was built against.
readonly DONOR_SUITE=trixie
readonly DONOR_PACKAGES=(libc6 libstdc++6 libgcc-s1 gcc-14-base libgomp1)
readonly DONOR="$CACHE/debian-$DONOR_SUITE"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
    cat <<'TEXT'
Usage: ./build.sh COMMAND [arguments]

  demo [args]         teach a loss on small pictures and print how it compares with fixed losses
  digits COMMAND      the commands that every experiment has, on 8x8 digits: teach, train, evaluate, compare, report ...; --help
  noisy-labels [args] teach a network to weigh examples whose labels may be wrong, and compare with cross-entropy
  sine-regression [args]
                      teach a loss that is a network on random sines, and fit other sines with it
  fashion-mnist mlp|lenet COMMAND
                      the same commands on Fashion-MNIST, which 'fetch fashion-mnist' gets
  cifar NETWORK COMMAND
                      the same commands on CIFAR-10 in data/cifar-10: resnet-8, resnet-20, resnet-32, wrn-40-10,
                      densenet-100-12, densenet-190-40
  translation [args]  teach translators from German to English on the help of LibreOffice, which 'fetch libreoffice-help' gets
  fetch NAME...       get data into data/ from packages of Debian and Ubuntu: fashion-mnist, libreoffice-help
  test [args]         build everything and run all tests; args go to 'dotnet test' (e.g. --filter FullyQualifiedName~Sgd)
  bench NAME [args]   run a benchmark of experiments/Benchmarks
  pack [FOLDER]       make the packages (L2T.Dsl, L2T.Dsl.Experiments, L2T.Dsl.Translation, L2T.Dsl.Templates) in FOLDER; default artifacts/packages
  newcomer            do what README.md says under "Your own experiment" in an empty home folder, and look at what came of it
  env                 print what gives a shell the same set-up: eval "$(./build.sh env)"
  dotnet ARGS...      any dotnet command, with the same set-up
  help                this text

Needs the .NET 10 SDK on 64-bit Linux. Where libstdc++ is too old for libtorch (Debian 12), a newer one is kept
under ~/.cache/l2t-dsl and shown to dotnet alone; nothing on the system changes.
TEXT
}

say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# ---------------------------------------------------------------------------------------------------- .NET SDK

require_sdk() {
    [[ "$(uname -s)-$(uname -m)" == Linux-x86_64 ]] || die "libtorch is set up for 64-bit Linux on x86; this is $(uname -s) on $(uname -m)."

    # Where Microsoft's install script puts it, often not on PATH.
    if ! has dotnet && [[ -x "${DOTNET_ROOT:-$HOME/.dotnet}/dotnet" ]]; then
        export DOTNET_ROOT="${DOTNET_ROOT:-$HOME/.dotnet}"
        export PATH="$DOTNET_ROOT:$PATH"
    fi
    if has dotnet && dotnet --list-sdks | grep -q '^10\.'; then
        return
    fi
    die "The .NET 10 SDK is missing. Install it with

    curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0
    export PATH=\"\$HOME/.dotnet:\$PATH\"

and run this command again."
}

# --------------------------------------------------------------------------------------------------- libstdc++

# The path of a library as the dynamic linker finds it. ldconfig is not on every user's PATH.
library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | awk -v name="$1" '$1 == name && /x86-64/ { print $NF; exit }'; }

libstdcxx_is_new_enough() {
    local file
    file="$(library libstdc++.so.6)"
    [[ -n "$file" ]] && grep -q "$NEEDED_SYMBOLS" "$file"
}

os() { (. /etc/os-release 2>/dev/null && printf '%s' "${!1:-}"); }

# Prints "MIRROR KEYRING" of the machine's own Debian source; the keyring may be empty. Knows both file formats.
debian_mirror() {
    {
        awk -v RS= '
            { uri = ""; keyring = ""; wanted = 0; off = 0
              lines = split($0, line, "\n")
              for (i = 1; i <= lines; i++) {
                  fields = split(line[i], field, /[ \t]+/)
                  key = tolower(field[1])
                  if (key == "uris:") uri = field[2]
                  if (key == "signed-by:" && field[2] ~ /^\//) keyring = field[2]
                  if (key == "enabled:" && tolower(field[2]) == "no") off = 1
                  if (key == "suites:") for (j = 2; j <= fields; j++) if (field[j] ~ /^(bookworm|oldstable)$/) wanted = 1
              }
              if (wanted && !off && uri != "") print uri, keyring }' /etc/apt/sources.list.d/*.sources 2>/dev/null || true
        awk '
            $1 == "deb" {
                keyring = ""
                if (match($0, /signed-by=[^] ]+/)) keyring = substr($0, RSTART + 10, RLENGTH - 10)
                sub(/\[[^]]*\]/, "")
                if ($3 ~ /^(bookworm|oldstable)$/) print $2, keyring
            }' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true
    } | grep -v '^cdrom:' | head -n 1
}

# Downloads the newer libraries into DONOR. Nothing outside the cache folder is read by or written for the system's apt.
fetch_donor() (
    mkdir -p "$CACHE"
    exec 9>"$CACHE/lock"
    flock 9 # a second run waits here, and then finds the work done
    [[ -d "$DONOR" ]] && return

    read -r mirror keyring <<<"$(debian_mirror)" || true
    mirror="${mirror:-http://deb.debian.org/debian}"
    say "libstdc++ is too old for libtorch: fetching Debian 13's into $DONOR (6 MB, once) ..."

    work="$(mktemp -d "$CACHE/fetch.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work"/{lists/partial,cache/archives/partial,debs,root}
    printf 'deb [arch=amd64%s] %s %s main\n' "${keyring:+ signed-by=$keyring}" "$mirror" "$DONOR_SUITE" >"$work/sources.list"

    # Read last, so it wins over the machine's own settings. Hooks would touch the system's apt folders; the sandbox
    # user of apt cannot write into a home folder.
    cat >"$work/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$work/lists";
Dir::Cache "$work/cache";
CONF
    local apt=(apt-get -qq -c "$work/apt.conf")
    "${apt[@]}" update >&2 &&
        (cd "$work/debs" && "${apt[@]}" download "${DONOR_PACKAGES[@]/%//$DONOR_SUITE}" >&2) ||
        die "Could not download ${DONOR_PACKAGES[*]} of Debian 13 from $mirror."

    local deb
    for deb in "$work"/debs/*.deb; do
        dpkg -x "$deb" "$work/root"
    done
    grep -q "$NEEDED_SYMBOLS" "$work/root$LIB_DIR/libstdc++.so.6" || die "The downloaded libstdc++ has no $NEEDED_SYMBOLS either."
    # Only a complete folder ever bears the final name.
    mv "$work/root" "$DONOR"
)

no_namespace() {
    local mirror
    read -r mirror _ <<<"$(debian_mirror)" || true
    die "libstdc++ on this machine is too old for libtorch, and a private mount namespace is not to be had here (in a container
they need CAP_SYS_ADMIN, e.g. docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined). To install the newer
libstdc++ of Debian 13 for the whole system instead, run as root

    echo 'deb ${mirror:-http://deb.debian.org/debian} $DONOR_SUITE main' >/etc/apt/sources.list.d/$DONOR_SUITE.list
    printf 'Package: *\nPin: release n=$DONOR_SUITE\nPin-Priority: 100\n' >/etc/apt/preferences.d/$DONOR_SUITE
    apt-get update && apt-get install -y -t $DONOR_SUITE libstdc++6 libgomp1"
}

# Lays the libraries of $1 over those of $2, in a mount namespace that the children inherit, and runs the rest.
readonly IN_NAMESPACE='
    mount -t overlay overlay -o "lowerdir=$1:$2" "$2" || exit 125
    shift 2
    exec "$@"'

# Sets RUN: the words to put before a command so that it can load libtorch. None where the machine is fit.
RUN=()
require_libstdcxx() {
    if libstdcxx_is_new_enough; then
        return
    fi
    case "$(os ID)-$(os VERSION_ID)" in
        debian-12) ;;
        ubuntu-22.04) die "libstdc++ on Ubuntu 22.04 is too old for libtorch. Install a newer one with

    sudo add-apt-repository -y ppa:ubuntu-toolchain-r/test
    sudo apt-get install -y libstdc++6" ;;
        *) die "libtorch needs a libstdc++ with $NEEDED_SYMBOLS (GCC 13 or newer), which $(os PRETTY_NAME) does not have:
use Debian 13, Ubuntu 24.04, Fedora 39 or newer, or install libstdc++ of GCC 13." ;;
    esac

    local tool flags
    for tool in apt-get dpkg flock unshare mount; do
        has "$tool" || die "$tool is missing: apt-get install apt dpkg util-linux mount"
    done
    # They would end the list of folders in overlay's options.
    [[ "$DONOR" != *[:,\\]* ]] || die "The cache folder's path may not contain ':', ',' or '\\': $CACHE. Set XDG_CACHE_HOME."
    [[ -d "$DONOR" ]] || fetch_donor

    # Root needs no user namespace; elsewhere one makes the caller root of it, which is what may mount.
    for flags in $([[ $EUID -eq 0 ]] && echo -m) -Urm; do
        RUN=(unshare "$flags" -- bash -c "$IN_NAMESPACE" build.sh "$DONOR$LIB_DIR" "$LIB_DIR")
        if run grep -q "$NEEDED_SYMBOLS" "$LIB_DIR/libstdc++.so.6" 2>/dev/null; then
            # Build servers that outlive the command would be shared with shells outside the namespace.
            export MSBUILDDISABLENODEREUSE=1
            return
        fi
    done
    no_namespace
}

run() { "${RUN[@]}" "$@"; }

# ---------------------------------------------------------------------------------------------------- commands

# What the compiler would learn of its own code, to compile that better, is not worth the third of its time and more that it costs.
compile() { DOTNET_TieredPGO=0 run dotnet "$@"; }

# Nothing but errors and warnings comes from a build, which takes minutes the first time: what goes on is said before. All of it on
# stderr: stdout belongs to the program that runs next.
announce() {
    local first=""
    [[ -d "$ROOT/src/L2T.Dsl/bin/Release" ]] || first=" (a first build takes some minutes)"
    say "$1$first ..."
}

build() {
    announce "Building $(basename "$1" .sln)"
    compile msbuild "$1" -restore -p:Configuration=Release -nologo -v:quiet -tl:off >&2
}

run_project() {
    local project="$1"
    shift
    build "$project"
    # In place of this shell, and without 'dotnet run' before it, so that a signal reaches the program.
    exec "${RUN[@]}" dotnet "$project/bin/Release/net10.0/L2T.Experiments.$(basename "$project").dll" "$@"
}

# Sums the counters of all .trx files under $1; fails when a test failed or none ran.
summarize() {
    find "$1" -name '*.trx' -exec grep -hoE '<Counters [^>]*>' {} + | awk '
        function counter(key) {
            return match($0, " " key "=\"[0-9]+\"") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4) : 0
        }
        { total += counter("total"); passed += counter("passed"); failed += counter("failed") }
        END {
            skipped = total - passed - failed
            printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
            exit failed > 0 || passed + failed == 0
        }'
}

# Runs the tests whose names compare so ('~' or '!~') with HALF.
readonly HALF=L2T.Dsl.Tests.Kernels.
run_half() {
    local comparison="$1" results="$2" project="$3"
    shift 3
    # A filter of the settings goes together with one of the arguments; a second filter of the arguments would not.
    mkdir -p "$results"
    printf '<RunSettings><RunConfiguration><TestCaseFilter>FullyQualifiedName%s%s</TestCaseFilter></RunConfiguration></RunSettings>\n' \
        "$comparison" "$HALF" >"$results/half.runsettings"
    run dotnet test "$project" -c Release --no-build --nologo -m:1 --tl:off \
        --settings "$results/half.runsettings" --logger trx --results-directory "$results" "$@"
}

run_tests() {
    local results="$ROOT/TestResults" status=0
    rm -rf "$results" # old files would be counted again
    mkdir -p "$results"
    # No diff tool on a mismatched snapshot: this may run unattended.
    export DiffEngine_Disabled=true
    if build "$ROOT/L2T.Dsl.sln"; then
        # An assembly that counts live tensors keeps to one core. Side by side with one half of the largest such runs all else, one assembly
        # after another; what the one half prints stands behind what the other does.
        set -m # a group of its own, so that it can be ended whole
        run_half '~' "$results/half" "$ROOT/tests/L2T.Dsl.Tests" "$@" >"$results/half.log" 2>&1 &
        half=$!
        set +m
        trap 'kill -- "-$half" 2>/dev/null' EXIT
        trap 'exit 130' INT TERM
        run_half '!~' "$results/rest" "$ROOT/L2T.Dsl.sln" "$@" || status=$?
        wait "$half" || status=$?
        trap - EXIT INT TERM
        cat "$results/half.log"
    else
        status=$?
        say "The build failed."
    fi
    summarize "$results" || { local failed=$?; [[ $status -ne 0 ]] || status=$failed; }
    return "$status"
}

# The last part of a package's version: always the same for one commit, and a new one where files have been changed since.
revision() {
    local count
    count="$(git -C "$ROOT" rev-list --count HEAD 2>/dev/null)" || { echo 0; return; }
    [[ -z "$(git -C "$ROOT" status --porcelain)" ]] || count+="-changed.$(date -u +%Y%m%d%H%M%S)"
    echo "$count"
}

pack() {
    local folder="${1:-$ROOT/artifacts/packages}" revision project
    revision="$(revision)"
    mkdir -p "$folder"
    folder="$(cd "$folder" && pwd)"
    for project in src/L2T.Dsl src/L2T.Dsl.Experiments src/L2T.Dsl.Translation templates; do
        announce "Packing $(basename "$project")"
        compile pack "$ROOT/$project" -c Release -o "$folder" -p:L2TPackaging=true -p:L2TRevision="$revision" \
            --nologo -v:quiet -tl:off >&2
    done
    # Templates make projects of their own version: earlier ones are of no use beside them.
    find "$folder" -name 'L2T.Dsl.Templates.*.nupkg' ! -name "*.$revision.nupkg" -delete
    ls "$folder"/*".$revision".nupkg
}

# What a shell evaluates: nothing where the machine is fit, else a function in place of dotnet.
print_env() {
    if [[ ${#RUN[@]} -gt 0 ]]; then
        printf 'dotnet() { %q dotnet "$@"; }\n' "$ROOT/build.sh"
    fi
}

main() {
    local command="${1:-help}"
    shift || true
    case "$command" in
        help | -h | --help) usage; return ;;
        demo | digits | noisy-labels | sine-regression | fashion-mnist | cifar | translation | fetch | test | bench | pack | newcomer | env | dotnet) ;;
        *) usage >&2; die $'\n'"Unknown command '$command'." ;;
    esac
    require_sdk
    # Its steps ask for the newer libstdc++ themselves.
    [[ "$command" != newcomer ]] || exec "$ROOT/tests/newcomer.sh"
    require_libstdcxx
    case "$command" in
        demo) run_project "$ROOT/experiments/Digits" "$@" ;;
        digits) run_project "$ROOT/experiments/Digits" experiment "$@" ;;
        noisy-labels) run_project "$ROOT/experiments/NoisyLabels" "$@" ;;
        sine-regression) run_project "$ROOT/experiments/SineRegression" "$@" ;;
        fashion-mnist) run_project "$ROOT/experiments/FashionMnist" --data "$ROOT/data/fashion-mnist" "$@" ;;
        translation) run_project "$ROOT/experiments/Translation" --data "$ROOT/data/libreoffice-help" "$@" ;;
        cifar) run_project "$ROOT/experiments/Cifar" --data "$ROOT/data/cifar-10" "$@" ;;
        fetch) run_project "$ROOT/experiments/Fetch" --data "$ROOT/data" "$@" ;;
        test) run_tests "$@" ;;
        bench) run_project "$ROOT/experiments/Benchmarks" "$@" ;;
        pack) pack "$@" ;;
        env) print_env ;;
        dotnet) exec "${RUN[@]}" dotnet "$@" ;;
    esac
}

main "$@"
