//! A small list of each format, whole and right.

/// A list of one package of others, `good` in its name.
pub struct Sample {
    /// What it is called.
    pub file: &'static str,
    /// What stands in it.
    pub text: &'static str,
    /// What says its version, and what a version of the future would say; empty where the format has none.
    pub version: (&'static str, &'static str),
    /// Where a file that was cut off ends: in the middle of an entry.
    pub cut_after: &'static str,
}

/// One of each format.
pub const SAMPLES: [Sample; 20] = [
    Sample {
        file: "composer.lock",
        text: "{\n  \"content-hash\": \"0\",\n  \"packages\": [\n    {\"name\": \"acme/good\", \"version\": \"1.0.0\", \"license\": [\"MIT\"]}\n  ],\n  \"packages-dev\": []\n}\n",
        version: ("", ""),
        cut_after: "\"version\"",
    },
    Sample {
        file: "package-lock.json",
        text: "{\n  \"name\": \"shop\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"\": {\"name\": \"shop\"},\n    \"node_modules/good\": {\"version\": \"1.0.0\", \"license\": \"MIT\"}\n  }\n}\n",
        version: ("\"lockfileVersion\": 3", "\"lockfileVersion\": 99"),
        cut_after: "\"version\"",
    },
    Sample {
        file: "npm-shrinkwrap.json",
        text: "{\n  \"name\": \"shop\",\n  \"lockfileVersion\": 1,\n  \"dependencies\": {\n    \"good\": {\"version\": \"1.0.0\"}\n  }\n}\n",
        version: ("\"lockfileVersion\": 1", "\"lockfileVersion\": 99"),
        cut_after: "\"version\"",
    },
    Sample {
        file: "yarn.lock",
        text: "# yarn lockfile v1\n\n\ngood@^1.0.0:\n  version \"1.0.0\"\n  resolved \"https://registry.example/good-1.0.0.tgz#0\"\n  integrity sha512-AAAA\n",
        version: ("# yarn lockfile v1", "# yarn lockfile v99"),
        cut_after: "good@^1.0.0:\n",
    },
    Sample {
        file: "pnpm-lock.yaml",
        text: "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      good:\n        specifier: 1.0.0\n        version: 1.0.0\n\npackages:\n\n  good@1.0.0:\n    resolution: {integrity: sha512-AAAA}\n\nsnapshots:\n\n  good@1.0.0: {}\n",
        version: ("'9.0'", "'99.0'"),
        cut_after: "resolution: {",
    },
    Sample {
        file: "bun.lock",
        text: "{\n  \"lockfileVersion\": 1,\n  \"workspaces\": {\n    \"\": {\"name\": \"shop\", \"dependencies\": {\"good\": \"1.0.0\"}},\n  },\n  \"packages\": {\n    \"good\": [\"good@1.0.0\", \"\", {}, \"sha512-AAAA\"],\n  }\n}\n",
        version: ("\"lockfileVersion\": 1", "\"lockfileVersion\": 99"),
        cut_after: "\"good@1.0.0\"",
    },
    Sample {
        file: "Cargo.lock",
        text: "version = 4\n\n[[package]]\nname = \"good\"\nversion = \"1.0.0\"\nsource = \"registry+https://registry.example/index\"\n",
        version: ("version = 4", "version = 99"),
        cut_after: "version = \"1",
    },
    Sample {
        file: "poetry.lock",
        text: "[[package]]\nname = \"good\"\nversion = \"1.0.0\"\nfiles = []\n\n[metadata]\nlock-version = \"2.1\"\npython-versions = \"*\"\ncontent-hash = \"0\"\n",
        version: ("\"2.1\"", "\"99.0\""),
        cut_after: "version = \"1",
    },
    Sample {
        file: "uv.lock",
        text: "version = 1\nrequires-python = \">=3.10\"\n\n[[package]]\nname = \"good\"\nversion = \"1.0.0\"\nsource = { registry = \"https://registry.example/simple\" }\n",
        version: ("version = 1\nrequires", "version = 99\nrequires"),
        cut_after: "version = \"1",
    },
    Sample {
        file: "pdm.lock",
        text: "[metadata]\ngroups = [\"default\"]\nlock_version = \"4.5.0\"\ncontent_hash = \"sha256:0\"\n\n[[package]]\nname = \"good\"\nversion = \"1.0.0\"\ngroups = [\"default\"]\n",
        version: ("\"4.5.0\"", "\"99.0.0\""),
        cut_after: "version = \"1",
    },
    Sample {
        file: "Pipfile.lock",
        text: "{\n  \"_meta\": {\"hash\": {\"sha256\": \"0\"}, \"pipfile-spec\": 6, \"requires\": {}, \"sources\": []},\n  \"default\": {\n    \"good\": {\"version\": \"==1.0.0\"}\n  },\n  \"develop\": {}\n}\n",
        version: ("\"pipfile-spec\": 6", "\"pipfile-spec\": 99"),
        cut_after: "\"version\"",
    },
    Sample {
        file: "pylock.toml",
        text: "lock-version = \"1.0\"\ncreated-by = \"hand\"\n\n[[packages]]\nname = \"good\"\nversion = \"1.0.0\"\n",
        version: ("\"1.0\"", "\"99.0\""),
        cut_after: "version = \"1.0.",
    },
    Sample {
        file: "go.mod",
        text: "module example.com/app\n\ngo 1.22\n\nrequire (\n\texample.com/good v1.0.0\n)\n",
        version: ("", ""),
        cut_after: "example.com/good v1",
    },
    Sample {
        file: "Gemfile.lock",
        text: "GEM\n  remote: https://registry.example/\n  specs:\n    good (1.0.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  good\n\nBUNDLED WITH\n   2.5.0\n",
        version: ("", ""),
        cut_after: "good (1",
    },
    Sample {
        file: "pom.xml",
        text: "<project>\n  <groupId>g</groupId>\n  <artifactId>a</artifactId>\n  <version>1</version>\n  <dependencies>\n    <dependency><groupId>h</groupId><artifactId>good</artifactId><version>1.0.0</version></dependency>\n  </dependencies>\n</project>\n",
        version: ("", ""),
        cut_after: "<artifactId>good",
    },
    Sample {
        file: "gradle.lockfile",
        text: "# This is a Gradle generated file for dependency locking.\nh:good:1.0.0=compileClasspath,runtimeClasspath\nempty=\n",
        version: ("", ""),
        cut_after: "h:good:1.0",
    },
    Sample {
        file: "packages.lock.json",
        text: "{\n  \"version\": 1,\n  \"dependencies\": {\n    \"net8.0\": {\n      \"good\": {\"type\": \"Direct\", \"requested\": \"[1.0.0, )\", \"resolved\": \"1.0.0\", \"contentHash\": \"x\"}\n    }\n  }\n}\n",
        version: ("\"version\": 1", "\"version\": 99"),
        cut_after: "\"requested\"",
    },
    Sample {
        file: "sbom.cdx.json",
        text: "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"components\": [\n    {\"type\": \"library\", \"name\": \"good\", \"version\": \"1.0.0\", \"purl\": \"pkg:npm/good@1.0.0\", \"licenses\": [{\"license\": {\"id\": \"MIT\"}}]}\n  ]\n}\n",
        version: ("\"1.6\"", "\"99.0\""),
        cut_after: "\"purl\"",
    },
    Sample {
        file: "sbom.spdx.json",
        text: "{\n  \"spdxVersion\": \"SPDX-2.3\",\n  \"SPDXID\": \"SPDXRef-DOCUMENT\",\n  \"packages\": [\n    {\"SPDXID\": \"SPDXRef-good\", \"name\": \"good\", \"versionInfo\": \"1.0.0\", \"licenseDeclared\": \"MIT\", \"licenseConcluded\": \"NOASSERTION\"}\n  ]\n}\n",
        version: ("\"SPDX-2.3\"", "\"SPDX-99.0\""),
        cut_after: "\"versionInfo\"",
    },
    Sample { file: "requirements.txt", text: "# pinned\ngood==1.0.0\n", version: ("", ""), cut_after: "good=" },
];
