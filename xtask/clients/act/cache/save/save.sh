set -euo pipefail
store=/roadcrew-host/caches
mkdir -p "$store"
if [ -e "$store/$CACHE_KEY.tar" ]; then
  # A cache entry is never changed, as on GitHub.
  echo "::warning::Failed to save: Unable to reserve cache with key $CACHE_KEY"
  exit 0
fi
paths=()
while IFS= read -r path; do
  [ -n "$path" ] && [ -e "$path" ] && paths+=("$path")
done <<<"$CACHE_PATH"
[ ${#paths[@]} -gt 0 ] || { echo "::warning::Path Validation Error: Path(s) specified in the action for caching do(es) not exist"; exit 0; }
tar -c -f "$store/$CACHE_KEY.tar" "${paths[@]}"
echo "Cache saved with key: $CACHE_KEY"
