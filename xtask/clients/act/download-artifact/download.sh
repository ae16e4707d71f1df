set -euo pipefail
store=/roadcrew-host/artifacts
[ -z "$RUN_ID" ] || [ -n "$TOKEN" ] || { echo "::error::run-id is given without github-token"; exit 1; }
mkdir -p "${TARGET:=.}" "$store"
if [ -n "$ARTIFACT_NAME" ]; then
  [ -d "$store/$ARTIFACT_NAME" ] || { echo "::error::Unable to download artifact(s): Artifact not found for name: $ARTIFACT_NAME"; exit 1; }
  cp -R "$store/$ARTIFACT_NAME/." "$TARGET"
  exit 0
fi
count=0
for artifact in "$store"/*; do
  name="${artifact##*/}"
  # shellcheck disable=SC2053
  [ -d "$artifact" ] && [[ $name == ${PATTERN:-*} ]] || continue
  into="$TARGET/$name"
  [ "$MERGE" != true ] || into="$TARGET"
  mkdir -p "$into"
  cp -R "$artifact/." "$into"
  count=$((count + 1))
done
echo "Total of $count artifact(s) downloaded"
