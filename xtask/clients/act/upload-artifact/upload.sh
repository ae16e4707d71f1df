# Version 4's rules that users trip over are kept: hidden names are left out unless asked for (also when the path itself is
# hidden), a name can be used once a run, and the artifact's root is what the given paths share, up to their first pattern.
set -euo pipefail
store="/roadcrew-host/artifacts/$ARTIFACT_NAME"
list="$(mktemp)"
bases=()

while IFS= read -r line; do
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  [ -n "$line" ] || continue
  if [ "${line#!}" != "$line" ]; then
    # Shell patterns, where * also matches /, stand for the exclusion.
    while IFS= read -r file; do
      # shellcheck disable=SC2053
      [[ $file == ${line#!} ]] || printf '%s\n' "$file"
    done <"$list" >"$list.kept"
    mv "$list.kept" "$list"
    continue
  fi
  base="${line%/}"
  while [[ $base == *[\*\?\[]* ]]; do base="$(dirname "$base")"; done
  bases+=("$base")
  shopt -s globstar nullglob
  [ "$HIDDEN" != true ] || shopt -s dotglob
  # shellcheck disable=SC2206
  IFS= matches=($line)
  shopt -u globstar nullglob dotglob
  for match in "${matches[@]}"; do
    match="${match%/}"
    [ -e "$match" ] || continue
    if [ "$HIDDEN" = true ]; then
      find "$match" -type f
    else
      find "$match" -name '.?*' -prune -o -type f -print
    fi
  done >>"$list"
done <<<"$ARTIFACT_PATH"
sort -u "$list" -o "$list"

if [ ! -s "$list" ]; then
  case "$IF_NO_FILES" in
    error) echo "::error::No files were found with the provided path: $ARTIFACT_PATH"; exit 1 ;;
    ignore) ;;
    *) echo "::warning::No files were found with the provided path: $ARTIFACT_PATH. No artifacts will be uploaded." ;;
  esac
  exit 0
fi
if [ -e "$store" ]; then
  [ "$OVERWRITE" = true ] || { echo "::error::an artifact with this name already exists on the workflow run"; exit 1; }
  rm -rf "$store"
fi

root="${bases[0]}"
[ -d "$root" ] || root="$(dirname "$root")"
for base in "${bases[@]}"; do
  while [ "$root" != . ] && [ "$root" != / ] && [ "$base" != "$root" ] && [ "${base#"$root"/}" = "$base" ]; do root="$(dirname "$root")"; done
done
while IFS= read -r file; do
  inside="${file#./}"
  [ "$root" = . ] || inside="${file#"$root"/}"
  mkdir -p "$store/$(dirname "$inside")"
  cp "$file" "$store/$inside"
done <"$list"
echo "Artifact $ARTIFACT_NAME: $(wc -l <"$list") files"
