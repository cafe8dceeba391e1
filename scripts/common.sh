# shellcheck shell=bash
# Shared by the other scripts, which set `root` (the repository's folder) and source this.
: "${root:?}"

# Qt and the test programs expect UTF-8 text; a bare system sets no locale at all.
if [[ -z ${LC_ALL:-}${LC_CTYPE:-}${LANG:-} ]]; then export LC_ALL=C.UTF-8; fi
# One compiler cache serves all checkouts: without these, another folder would be compiled anew.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
# Without this, ccache passes by whatever uses a precompiled header.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 2
}

# Runs a command: in plain sight on a terminal, else into a log whose end is shown when it fails.
run_logged() {
    local log=$1 status=0
    shift
    if [[ -t 2 ]]; then
        "$@" </dev/null >&2
        return
    fi
    "$@" </dev/null >"$log" 2>&1 || status=$?
    if [[ $status -ne 0 ]]; then tail -n 40 "$log" >&2; fi
    return "$status"
}

# How many compilers to run at once: LibTorch's headers take one up to 1.5 GiB.
job_count() {
    local cores fit=1 key kib _
    cores=$(nproc)
    while read -r key kib _; do
        if [[ $key == MemAvailable: ]]; then fit=$((kib / (1536 * 1024))); fi
    done </proc/meminfo
    if ((fit < 1)); then fit=1; fi
    echo $((cores < fit ? cores : fit))
}

# Ninja itself configures again when a CMake file changes, but knows nothing of the presets.
configure() {
    local dir=$root/build/$1
    if [[ -e $dir/build.ninja && ! $root/CMakePresets.json -nt $dir/build.ninja ]]; then return; fi
    command -v cmake >/dev/null || fail "CMake is not installed."
    say "Configuring ($1)"
    mkdir -p "$dir"
    # What a failed try or another generator left there would be in the way.
    if [[ ! -e $dir/build.ninja ]]; then rm -f "$dir/CMakeCache.txt"; fi
    (cd "$root" && cmake --preset "$1" -G Ninja) </dev/null >"$dir/configure.log" 2>&1 || {
        tail -n 40 "$dir/configure.log" >&2
        fail "CMake could not configure the build; all it said is in $dir/configure.log"
    }
}

# Builds a preset, or one target of it, with a line of progress on a terminal; says nothing when there is nothing to do.
build() {
    local dir=$root/build/$1 target=(${2:+--target "$2"}) quiet=(--quiet)
    configure "$1"
    if [[ $(cmake --build "$dir" "${target[@]}" -- -n 2>&1) == *"no work to do"* ]]; then return; fi
    say "Building ($1); from nothing this takes some minutes"
    if [[ -t 2 ]]; then quiet=(); fi
    cmake --build "$dir" "${target[@]}" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(job_count)}" -- "${quiet[@]}" \
        </dev/null >&2 || fail "The build failed."
}
