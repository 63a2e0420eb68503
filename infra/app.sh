#!/usr/bin/env bash
# What the CDK CLI runs: builds the function and the app when needed, then runs the app on a JDK 25.
# With arguments, the app is TemplateApp, which `utsushi template` runs.
set -euo pipefail

infra=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(dirname "$infra")
classpath_file=$infra/target/class-path

# shellcheck source=../.build/java.sh
. "$home/.build/java.sh"

fail() {
  echo "utsushi: $*" >&2
  exit 3
}

# Whether what was built is older than what it is built from, or was never built.
needs_build() {
  [ -f "$classpath_file" ] && [ -f "$home/function/target/utsushi-function.jar" ] || return 0
  [ -n "$(find "$home"/{,core/,function/,construct/,infra/}pom.xml "$home"/{core,function,construct,infra}/src/main \
    -newer "$classpath_file" -print 2>/dev/null | head -n 1)" ]
}

build() {
  local log=$infra/target/build.log
  mkdir -p "$infra/target"
  echo "building the function ..." >&2
  # A short-lived Maven is quickest without the optimizing compiler; tests and format are for contributors.
  if ! (cd "$home" && JAVA_HOME=$java_home MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-}" \
    ./mvnw -q package -pl infra -am -Dmaven.test.skip=true -Dexec.skip=true) >"$log" 2>&1; then
    grep -m 20 '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
    fail "the build failed; all of it is in $log"
  fi
}

command -v node >/dev/null || fail "node is not on PATH: the CDK needs Node 20 or newer"

java_home=$(find_java)
[ -n "$java_home" ] || fail "$no_java"

if needs_build; then
  build
fi

app=UtsushiApp
[ $# -eq 0 ] || app=TemplateApp

# jsii warns of each Node that is past its end of life, whatever it works with.
node_major=$(node -p 'process.versions.node.split(".")[0]')
# The library is quiet about what it deprecated and uses itself.
export JSII_DEPRECATED=quiet
export "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=$node_major" JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1

exec "$java_home/bin/java" -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 \
  -cp "$infra/target/utsushi-infra.jar:$(cat "$classpath_file")" "dev.utsushi.infra.$app" "$@"
