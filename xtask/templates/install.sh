# Downloads tools, checks each against SHA256SUMS and prints the folder they are in. Takes ROADCREW_TOOLS (names,
# separated by spaces, commas or lines), ROADCREW_VERSION and ROADCREW_BASE_URL; a file is
# BASE_URL/vVERSION/TOOL-VERSION-TARGET.tar.gz.
roadcrew_install() (
  set -euf
  fail() {
    if [ "${GITHUB_ACTIONS:-}" = true ]; then echo "::error title=roadcrew::$2" >&2; else echo "error: $2" >&2; fi
    exit "$1"
  }
  download() {
    if command -v curl >/dev/null 2>&1; then
      # Who asks for https is not sent on to http.
      case "$1" in https:*) proto="=https" ;; *) proto="=http,https" ;; esac
      curl --fail --silent --show-error --location --retry 3 --proto "$proto" --output "$2" "$1" >&2
    elif command -v wget >/dev/null 2>&1; then
      # busybox's wget checks no certificates, and is told from GNU's by its lack of --version.
      case "$1" in
        https:*) wget --version >/dev/null 2>&1 || fail 3 "this wget cannot check certificates; install curl" ;;
      esac
      wget -q -O "$2" "$1" >&2
    else
      fail 3 "neither curl nor wget is here to download with"
    fi
  }
  version="${ROADCREW_VERSION#v}"
  base_url="${ROADCREW_BASE_URL%/}"
  case "$version" in "" | *[!0-9A-Za-z.+-]*) fail 2 "version must be like 1.2.3" ;; esac
  case "$base_url" in *[!0-9A-Za-z.:/_~%@+-]*) fail 2 "base-url has a character that no URL has" ;; esac
  case "$base_url" in http://* | https://*) ;; *) fail 2 "base-url must begin with https:// or http://" ;; esac
  os="${RUNNER_OS:-$(uname -s)}"
  arch="${RUNNER_ARCH:-$(uname -m)}"
  [ "$os" = Linux ] || fail 2 "the tools run on Linux, and this is $os"
  case "$arch" in
    X64 | x86_64 | amd64) target=x86_64-unknown-linux-musl ;;
    ARM64 | aarch64 | arm64) target=aarch64-unknown-linux-musl ;;
    *) fail 2 "there are binaries for x86_64 and aarch64, and this is $arch" ;;
  esac
  tools=$(printf '%s' "$ROADCREW_TOOLS" | tr ',\n\r\t' '    ')
  dir=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/roadcrew.XXXXXX") || fail 3 "cannot make a folder"
  trap 'rm -rf "$dir"' EXIT
  trap 'exit 3' HUP INT TERM
  mkdir "$dir/bin"
  from="$base_url/v$version"
  found=""
  for tool in $tools; do
    case "$tool" in *[!a-z0-9-]* | -*) fail 2 "tools must be names such as junit-shard-split" ;; esac
    [ -n "$found" ] || download "$from/SHA256SUMS" "$dir/SHA256SUMS" || fail 3 "cannot download $from/SHA256SUMS"
    found=yes
    archive="$tool-$version-$target.tar.gz"
    lines=0
    while read -r sum name; do
      [ "$name" = "$archive" ] || continue
      lines=$((lines + 1))
      printf '%s  %s\n' "$sum" "$name" >"$dir/line"
    done <"$dir/SHA256SUMS"
    [ "$lines" -eq 1 ] || fail 2 "version $version has no $archive: see $from/SHA256SUMS"
    download "$from/$archive" "$dir/$archive" || fail 3 "cannot download $from/$archive"
    (cd "$dir" && sha256sum -c line >/dev/null 2>&1) || fail 3 "the checksum of $from/$archive is wrong"
    tar -xzf "$dir/$archive" -C "$dir/bin" "$tool" || fail 3 "cannot unpack $archive"
    rm "$dir/$archive"
  done
  [ -n "$found" ] || fail 2 "tools is empty: name at least one tool"
  trap - EXIT
  echo "$dir/bin"
)
