#!/usr/bin/env bash
# Prints the lines (without blank lines and comments) and the files of main code by package, then their sums.
set -euo pipefail
cd "$(dirname "$0")/.."

count() { cat "$@" | grep -vcE '^[[:space:]]*($|//|\*|/\*)'; }

git ls-files '*/src/main/*.java' | xargs -n 1 dirname | sort -u | while read -r package; do
  mapfile -t files < <(git ls-files "$package/*.java" | grep -v "^$package/.*/")
  printf '%6d %4d  %s\n' "$(count "${files[@]}")" "${#files[@]}" "${package/src\/main\/java\//}"
done
mapfile -t files < <(git ls-files '*/src/main/*.java')
printf '%6d %4d  all\n' "$(count "${files[@]}")" "${#files[@]}"
