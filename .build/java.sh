# For launchers: finds a JDK that runs Utsushi. Sourced, not run.
# shellcheck shell=bash

least_java=25
no_java="needs a JDK $least_java or newer: none in JAVA_HOME, PATH, /usr/lib/jvm, ~/.sdkman, ~/.jdks or /Library/Java. Install one (https://adoptium.net) or set JAVA_HOME."

# The major version of a Java home, from its release file: no JVM is started to ask.
java_version() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true
}

# The home of the java on PATH, through its links. A shim of a version manager has no home there; its java tells.
path_java_home() {
  local java link
  java=$(command -v java) || return 0
  while [ -L "$java" ]; do
    link=$(readlink "$java")
    case $link in /*) java=$link ;; *) java=$(dirname "$java")/$link ;; esac
  done
  if [ -f "$(dirname "$java")/../release" ]; then
    (cd -P "$(dirname "$java")/.." && pwd)
  else
    "$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
  fi
}

# The first JDK that is new enough; javac tells a JDK from a runtime.
find_java() {
  local candidate version on_path
  on_path=$(path_java_home) || true
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* /opt/java/* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
    version=$(java_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge "$least_java" ]; then
      echo "$candidate"
      return
    fi
  done
}
