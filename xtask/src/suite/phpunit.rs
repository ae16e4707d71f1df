//! A stand-in for PHPUnit in job containers that have no PHP: it reads the configuration that it is given, as PHPUnit
//! does, and writes JUnit. The real PHPUnit is tried by the tool's own tests.

use anyhow::Result;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const SCRIPT: &str = r#"#!/bin/sh
# usage: phpunit --configuration FILE --log-junit OUT [--fail NAME]
while [ $# -gt 0 ]; do
  case "$1" in
    --configuration) config=$2; shift 2 ;;
    --log-junit) out=$2; shift 2 ;;
    *) shift ;;
  esac
done
dir=$(dirname "$config")
code=0
{
  echo '<?xml version="1.0" encoding="UTF-8"?>'
  echo '<testsuites><testsuite name="all">'
  for file in $(sed -n 's:.*<file>\(.*\)</file>.*:\1:p' "$config"); do
    path=$(cd "$dir/$(dirname "$file")" && pwd)/$(basename "$file")
    name=$(basename "$file" .php)
    size=$(wc -c < "$path")
    echo "<testsuite name=\"$name\" file=\"$path\" tests=\"1\" time=\"$size\">"
    if [ "$name" = "$PHPUNIT_FAIL" ]; then
      echo "<testcase name=\"testItWorks\" class=\"$name\" classname=\"$name\" file=\"$path\" line=\"11\" time=\"$size\"><failure type=\"AssertionFailed\">$path:11 it does not</failure></testcase>"
      code=1
    else
      echo "<testcase name=\"testItWorks\" class=\"$name\" classname=\"$name\" file=\"$path\" line=\"11\" time=\"$size\"/>"
    fi
    echo '</testsuite>'
  done
  echo '</testsuite></testsuites>'
} > "$out"
[ -z "$PHPUNIT_FAIL" ] || ! grep -q '<failure' "$out" || code=1
exit $code
"#;

/// Puts it at `vendor/bin/phpunit` of a project.
pub(super) fn install(project: &Path) -> Result<()> {
    let path = project.join("vendor/bin/phpunit");
    std::fs::create_dir_all(project.join("vendor/bin"))?;
    std::fs::write(&path, SCRIPT)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}
