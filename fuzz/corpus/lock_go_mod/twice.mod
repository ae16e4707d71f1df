module github.com/cli/shop/v2 // ours

go 1.22.5
toolchain go1.22.6

require github.com/a/one v1.0.0

require (
	github.com/B/two/v2 v2.3.7 // indirect
	"golang.org/x/sys" v0.26.0
	github.com/cli/lib v0.0.0
	github.com/d/four v1.2.0+incompatible
	github.com/e/five v1.0.0 // indirect; a word
)
exclude github.com/a/one v0.9.0
replace (
	github.com/d/four => github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef
	github.com/cli/lib => ../lib
	github.com/e/five v1.0.0 => ./third_party/five
	github.com/e/five v2.0.0 => ./elsewhere
)
retract [v2.0.0, v2.1.0] // oops
tool golang.org/x/tools/cmd/stringer
module github.com/cli/shop/v2 // ours

go 1.22.5
toolchain go1.22.6

require github.com/a/one v1.0.0

require (
	github.com/B/two/v2 v2.3.7 // indirect
	"golang.org/x/sys" v0.26.0
	github.com/cli/lib v0.0.0
	github.com/d/four v1.2.0+incompatible
	github.com/e/five v1.0.0 // indirect; a word
)
exclude github.com/a/one v0.9.0
replace (
	github.com/d/four => github.com/fork/four v1.2.1-0.20240101000000-abcdefabcdef
	github.com/cli/lib => ../lib
	github.com/e/five v1.0.0 => ./third_party/five
	github.com/e/five v2.0.0 => ./elsewhere
)
retract [v2.0.0, v2.1.0] // oops
tool golang.org/x/tools/cmd/stringer
