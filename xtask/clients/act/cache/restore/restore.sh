set -euo pipefail
store=/roadcrew-host/caches
mkdir -p "$store"
found=""
if [ -f "$store/$CACHE_KEY.tar" ]; then
  found="$CACHE_KEY"
  echo "cache-hit=true" >>"$GITHUB_OUTPUT"
else
  while IFS= read -r prefix; do
    prefix="${prefix//[[:space:]]/}"
    [ -n "$prefix" ] && [ -z "$found" ] || continue
    # The newest that begins so, as on GitHub.
    for file in $(ls -t "$store"); do
      if [ "${file#"$prefix"}" != "$file" ]; then found="${file%.tar}"; break; fi
    done
  done <<<"$RESTORE_KEYS"
fi
if [ -z "$found" ]; then
  echo "Cache not found for input keys: $CACHE_KEY"
  [ "$FAIL_ON_MISS" != true ] || exit 1
  exit 0
fi
tar -x -f "$store/$found.tar"
echo "cache-matched-key=$found" >>"$GITHUB_OUTPUT"
echo "Cache restored from key: $found"
