#!/bin/sh
# A stand-in for PHPUnit that needs no PHP: it runs no test. It writes JUnit for the files that a configuration lists, and
# Clover for the folders that are to be measured, where a method counts as run when some test names it.
#
# usage: phpunit [--configuration FILE] [--log-junit OUT] [--coverage-filter DIR] [--coverage-clover OUT]
config=phpunit.xml.dist
junit=
clover=
measured=
while [ $# -gt 0 ]; do
  case "$1" in
    --configuration) config=$2; shift 2 ;;
    --log-junit) junit=$2; shift 2 ;;
    --coverage-filter) measured="$measured $2"; shift 2 ;;
    --coverage-clover) clover=$2; shift 2 ;;
    *) shift ;;
  esac
done
code=0

if [ -n "$junit" ]; then
  dir=$(dirname "$config")
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
  } > "$junit"
  [ -z "$PHPUNIT_FAIL" ] || ! grep -q '<failure' "$junit" || code=1
fi

if [ -n "$clover" ]; then
  mkdir -p "$(dirname "$clover")"
  # What the tests call: `->name(`, `::name(`, `new Name(`, the last one for the constructor.
  called=$(find tests -name '*Test.php' -exec cat {} + |
    grep -oE '(->|::|new )[A-Za-z_]+\(' | sed -e 's/^new /new:/' -e 's/^->//' -e 's/^:://' -e 's/($//' | sort -u | tr '\n' ' ')
  now=$(date +%s)
  {
    echo '<?xml version="1.0" encoding="UTF-8"?>'
    echo "<coverage generated=\"$now\">"
    echo "  <project timestamp=\"$now\">"
    for file in $(find $measured -name '*.php' | sort); do
      echo "    <file name=\"$PWD/$file\">"
      awk -v called=" $called" -v class="$(basename "$file" .php)" '
        function line(type, what) { printf "      <line num=\"%d\" type=\"%s\"%s count=\"%d\"/>\n", NR, type, what, count }
        match($0, /function [A-Za-z_]+\(/) && !body {
          name = substr($0, RSTART + 9, RLENGTH - 10)
          count = index(called, " " (name == "__construct" ? "new:" class : name) " ") ? 1 : 0
          line("method", " name=\"" name "\"")
          next
        }
        /^    \{$/ { body = 1; statements = 0; next }
        /^    \}$/ { if (body && !statements) line("stmt", ""); body = 0 }
        body && (/;[ ]*$/ || /^ *(if|foreach|for|while|switch) \(/) { statements++; line("stmt", "") }
      ' "$file"
      echo '    </file>'
    done
    echo '  </project>'
    echo '</coverage>'
  } > "$clover"
fi
exit $code
