#!/bin/bash
# Builds a small project from its configuration, checks it and reports: the kind of script that an
# agent writes. It works in a folder of its own, and leaves nothing behind.
set -euo pipefail

project=demo
work=build.tmp
verbose=0
failures=0
declare -A settings=()
declare -a modules=()
declare -a report=()

log() {
  if ((verbose)); then
    printf '[%s] %s\n' "$project" "$*"
  fi
}

fail() {
  failures=$((failures + 1))
  report+=("FAIL $1")
}

pass() {
  report+=("ok $1")
}

check() {
  local name=$1 expected=$2 actual=$3
  if [[ $expected == "$actual" ]]; then
    pass "$name"
  else
    fail "$name: expected '$expected', got '$actual'"
  fi
}

trim() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  text=${text%"${text##*[![:space:]]}"}
  printf '%s' "$text"
}

usage() {
  cat <<USAGE
usage: $project [-v] [-o FOLDER] MODULE...
  -v  say what is done
  -o  where the result goes
USAGE
}

# --- options ------------------------------------------------------------------------------------
output=$work/out
parse_options() {
  local OPTIND=1 option
  while getopts 'vo:' option; do
    case $option in
      v) verbose=1 ;;
      o) output=$work/$OPTARG ;;
      *) usage; return 2 ;;
    esac
  done
  shift $((OPTIND - 1))
  modules=("$@")
}

# --- configuration ------------------------------------------------------------------------------
write_configuration() {
  cat > "$work/config.ini" <<CONFIG
# what is built
name    = $project
version = 1.4.2

[build]
jobs    = 4
flags   = -O2 -Wall
target  = x86_64
CONFIG
}

read_configuration() {
  local line key value section=
  while IFS= read -r line; do
    if [[ -z $line || ${line:0:1} == '#' ]]; then
      continue
    fi
    if [[ ${line:0:1} == '[' ]]; then
      section=${line#'['}
      section=${section%']'}_
      continue
    fi
    key=$(trim "${line%%=*}")
    value=$(trim "${line#*=}")
    settings[$section$key]=$value
  done < "$work/config.ini"
}

# --- sources ------------------------------------------------------------------------------------
make_sources() {
  local module i
  for module in "${modules[@]}"; do
    mkdir -p "$work/src/$module"
    for ((i = 1; i <= 3; i++)); do
      {
        echo "// $module, part $i"
        echo "int ${module}_$i(int x) { return x + $i; }"
      } > "$work/src/$module/part$i.c"
    done
    echo "TODO: document $module" > "$work/src/$module/README"
  done
}

compile() {
  local source=$1 object
  object=${source/src/out}
  object=${object%.c}.o
  mkdir -p "${object%/*}"
  sed -e 's,//.*,,' -e '/^$/d' "$source" > "$object"
  log "compiled $source"
}

build() {
  local module source count=0
  for module in "${modules[@]}"; do
    for source in "$work/src/$module"/*.c; do
      compile "$source"
      count=$((count + 1))
    done
  done
  echo "built $count objects with ${settings[build_flags]}"
}

# --- checks -------------------------------------------------------------------------------------
fibonacci() {
  local n=$1 a=0 b=1 next
  while ((n-- > 0)); do
    next=$((a + b))
    a=$b
    b=$next
  done
  echo "$a"
}

check_version() {
  local version=${settings[version]} major minor patch
  IFS=. read -r major minor patch <<< "$version"
  check major 1 "$major"
  check minor 4 "$minor"
  check patch 2 "$patch"
  if [[ $version =~ ^([0-9]+)\.([0-9]+) ]]; then
    check series 1.4 "${BASH_REMATCH[1]}.${BASH_REMATCH[2]}"
  fi
}

check_objects() {
  local found lines
  found=$(find "$work/out" -name '*.o' | wc -l)
  check objects 9 "$((found))"
  lines=$(cat "$work"/out/*/*.o | grep -c return)
  check returns 9 "$lines"
}

check_text() {
  local text='The Quick brown fox'
  check upper 'THE QUICK BROWN FOX' "${text^^}"
  check lower 'the quick brown fox' "${text,,}"
  check length 19 "${#text}"
  check slice Quick "${text:4:5}"
  check replace 'The-Quick-brown-fox' "${text// /-}"
  check suffix fox "${text##* }"
  check words 4 "$(wc -w <<< "$text" | tr -d ' ')"
}

check_numbers() {
  check fibonacci 6765 "$(fibonacci 20)"
  check power 1024 "$((2 ** 10))"
  check hex 255 "$((0xff))"
  check sum 5050 "$(seq 100 | awk '{ s += $1 } END { print s }')"
  check padded 00042 "$(printf '%05d' 42)"
  check quotient 14 "$((100 / 7))"
}

# --- main ---------------------------------------------------------------------------------------
rm -rf "$work"
mkdir -p "$work"
parse_options -o out core net ui
write_configuration
read_configuration
make_sources
build
check_version
check_objects
check_text
check_numbers
todo=$(grep -rl TODO "$work/src" | sort | sed "s,$work/src/,," | tr '\n' ' ')
echo "to do in: $todo"
printf '%s\n' "${report[@]}" | sort | uniq | head -n 30
echo "${#report[@]} checks, $failures failures, output in ${output##*/}"
rm -rf "$work"
