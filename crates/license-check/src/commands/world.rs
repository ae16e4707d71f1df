//! All that was observed, as the judge and the report want it.

use crate::args::options::PackagesOptions;
use crate::error::Error;
use crate::observe::find::{self, List};
use crate::observe::gather::{self, Around, Gathered, How, Texts};
use crate::observe::parallel;
use crate::observe::policies::{self, Policies};
use crate::plan::compare::Base;
use crate::plan::decide::decide;
use crate::plan::judge::{Evidence, judge, judge_decided};
use crate::plan::judgement::{Judgement, ReadList, Unproven};
use crate::plan::known::Known;
use crate::plan::policy::date::Date;
use crate::plan::statement::{Statement, Value};
use crate::plan::text::Identifier;
use crate::report::Context;
use kit_git::observe::review::{Comparison, Review, review};
use kit_host::Host;
use kit_report::{Finding, Level};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Variables that name package caches.
const CACHES: [&str; 20] = [
    "BUNDLE_PATH",
    "CARGO_HOME",
    "COMPOSER_VENDOR_DIR",
    "CONDA_PREFIX",
    "GEM_HOME",
    "GEM_PATH",
    "GOMODCACHE",
    "GOPATH",
    "GRADLE_USER_HOME",
    "HOME",
    "MAVEN_REPOSITORY",
    "NUGET_PACKAGES",
    "PNPM_HOME",
    "USERPROFILE",
    "UV_PROJECT_ENVIRONMENT",
    "VIRTUAL_ENV",
    "XDG_CACHE_HOME",
    "YARN_CACHE_FOLDER",
    "YARN_GLOBAL_FOLDER",
    "pythonLocation",
];

/// What a command wants to know.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'w> {
    /// What the change is compared with, by the user's word.
    pub base: Option<&'w str>,
    /// Judge every package.
    pub full: bool,
    /// Keep the texts, for an attribution.
    pub texts: bool,
}

/// Everything observed.
pub struct World {
    /// The lists with their packages.
    pub gathered: Vec<Gathered>,
    /// What the team allows.
    pub policies: Policies,
    /// Recognises texts.
    pub identifier: Identifier,
    review: Review,
    /// The root within the repository, with a `/` at its end; empty where they are the same.
    prefix: String,
    base: Option<Base>,
    unproven: Vec<Unproven>,
    notices: Vec<Finding>,
    full: bool,
}

impl World {
    /// Reads everything, in the order in which it can be wrong: the base, the policy, the lists.
    pub fn observe(options: &PackagesOptions, wanted: Wanted<'_>, host: &Host) -> Result<World, Error> {
        let review = review(&options.root, wanted.base, &host.env)?;
        let policies = policies::read(&review, &options.policy, wanted.full)?;
        let mut found = if options.lists.is_empty() {
            find::find(&options.root, &options.exclude)?
        } else {
            find::Found { lists: options.lists.clone(), ..find::Found::default() }
        };
        find::include(&options.root, &mut found, &options.exclude)?;
        let variables = CACHES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), host.env.get(name)?.to_owned())))
            .collect::<BTreeMap<_, _>>();
        let how = How { lock_only: options.lock_only, variables, manifests: found.manifests.clone() };
        let identifier = Identifier::new();
        let texts = Texts::new(&identifier, wanted.texts);
        let read = |list: &List| gather::gather(&options.root, list, &how, &texts);
        // An installed tree has texts and names to compare: what that needs is loaded while the tree is looked through.
        let has_tree = !options.lock_only && found.lists.iter().any(|list| !list.is_file());
        // Musl gives memory back to the system with the last folder that is closed, which stops all threads: one stays open.
        let _open = has_tree.then(|| std::fs::read_dir(&options.root));
        let read_all = || found.lists.iter().map(read).collect::<Result<Vec<_>, _>>();
        let gathered = parallel::beside(has_tree, || identifier.prepare(), read_all)?;
        drop(texts);
        let prefix = prefix(&review, &options.root);
        let mut world = World {
            gathered,
            policies,
            identifier,
            review,
            prefix,
            base: None,
            unproven: Vec::new(),
            notices: Vec::new(),
            full: wanted.full,
        };
        world.missing(&found);
        world.read_base(&found, &options.root, &how)?;
        Ok(world)
    }

    fn missing(&mut self, found: &find::Found) {
        for (manifest, advice) in &found.without_list {
            self.unproven.push(Unproven {
                code: "lock-missing",
                what: format!("it asks for packages, and there is no lock file and nothing installed; {advice}"),
                path: Some(format!("{}{manifest}", self.prefix)),
            });
        }
        if found.lists.is_empty() && found.without_list.is_empty() {
            self.unproven.push(Unproven {
                code: "nothing-found",
                what: "there is no lock file and no installed tree below `root`; is it the project's folder?"
                    .to_owned(),
                path: None,
            });
        }
        let trees: Vec<&str> =
            self.gathered.iter().filter(|other| !other.list.is_file()).map(|other| other.list.folder()).collect();
        for gathered in &self.gathered {
            if let Some(why) = gathered.incomplete.as_ref().filter(|_| !trees.contains(&gathered.list.folder())) {
                let path = format!("{}{}", self.prefix, gathered.list.path);
                self.unproven.push(Unproven { code: "lock-incomplete", what: why.clone(), path: Some(path) });
            }
            let notice = |what: &String| {
                let path = format!("{}{}", self.prefix, gathered.list.path);
                let (line, what) = placed(&gathered.list.path, what);
                Finding::new("list-notice", Level::Notice, what).at(path, line)
            };
            self.notices.extend(gathered.notices.iter().map(notice));
        }
    }

    /// The lists as the base has them, where only what the change brings is judged.
    fn read_base(&mut self, found: &find::Found, root: &Path, how: &How) -> Result<(), Error> {
        if self.full {
            return Ok(());
        }
        if let Some(missing) = self.review.comparison.missing() {
            // A base that should be there and isn't must not turn into a run that judges something else.
            let unproven = Unproven { code: missing.code, what: missing.what.clone(), path: None };
            self.unproven.push(unproven);
            return Ok(());
        }
        let Some(_) = self.review.comparison.base() else { return Ok(()) };
        let mut base = Base::default();
        for list in found.lists.iter().filter(|list| list.is_file()) {
            let path = format!("{}{}", self.prefix, list.path);
            let Some(bytes) = self.review.base_file(&path)? else { continue };
            let beside = |path: &str| self.review.base_file(&format!("{}{path}", self.prefix)).ok()?;
            let around = Around { ground: &how.ground(root, list), how, beside: &beside };
            match gather::read_with(list, &bytes, &around) {
                Ok(lock) => base.add(&list.path, &lock.packages),
                Err(error) => {
                    let why = match error {
                        Error::File { line: Some(line), what, .. } => format!("line {line}: {what}"),
                        Error::File { what, .. } => what,
                        other => other.to_string(),
                    };
                    let what =
                        format!("as the base has it, it can't be read ({why}), so every package of it counts as new");
                    self.notices.push(Finding::new("base-unreadable", Level::Warning, what).at(path, None));
                }
            }
        }
        self.base = Some(base);
        Ok(())
    }

    /// The decision.
    pub fn judge(&self) -> Judgement<'_> {
        let evidence = self.evidence();
        let mut packages: Vec<(usize, &Known)> =
            evidence.packages.iter().map(|(_, known)| *known).enumerate().collect();
        if packages.iter().all(|(_, known)| known.files.is_empty()) {
            // From names alone each decision is made sooner than a thread is started.
            return judge(&evidence);
        }
        let identifier = &self.identifier;
        // Fields may hold whole texts: with the longest first, no thread is left with one when the others are done.
        let size_bytes = |statement: &Statement| if let Value::One(text) = &statement.value { text.len() } else { 0 };
        packages.sort_by_key(|(_, known)| Reverse(known.stated().map(size_bytes).max()));
        let mut decisions = parallel::map(packages, |(number, known)| (number, decide(known, identifier)));
        decisions.sort_unstable_by_key(|(number, _)| *number);
        judge_decided(&evidence, decisions.into_iter().map(|(_, decision)| decision).collect())
    }

    /// Why nothing can be said of the whole.
    pub fn unproven(&self) -> &[Unproven] {
        &self.unproven
    }

    /// All that counts.
    pub fn evidence(&self) -> Evidence<'_> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let lists = self.gathered.iter().map(|gathered| ReadList {
            path: gathered.list.path.clone(),
            format: gathered.format.clone(),
            packages: gathered.packages.len(),
        });
        let packages = self
            .gathered
            .iter()
            .flat_map(|gathered| gathered.packages.iter().map(|known| (gathered.list.path.as_str(), known)));
        Evidence {
            packages: packages.collect(),
            base: self.base.as_ref(),
            rulings: &self.policies.rulings,
            identifier: &self.identifier,
            unproven: self.unproven.clone(),
            lists: lists.collect(),
            today: Date::of_unix_seconds(seconds),
        }
    }

    /// What is said besides the judgement.
    pub fn context(&self) -> Context {
        let (base, no_base) = match (&self.review.comparison, self.full) {
            (_, true) => (None, Some("`full` is set".to_owned())),
            (Comparison::With(base), _) => (Some(format!("{}: {}", base.between, base.why)), None),
            (Comparison::Empty(missing) | Comparison::Missing(missing), _) => {
                (None, missing.what.split(';').next().map(str::to_owned))
            }
            (Comparison::None(why), _) => (None, Some(why.clone())),
        };
        // Before the notices, since it may leave one.
        let since_commit = self.review.since_commit();
        let mut notices = self.notices.clone();
        notices.extend(self.policies.notices.iter().cloned());
        if let Some(repository) = &self.review.repository {
            let notice = |what| Finding::new("repository-notice", Level::Notice, what);
            notices.extend(repository.take_notices().into_iter().map(notice));
        }
        Context {
            base,
            no_base,
            policies: self.policies.rulings.iter().map(|ruling| ruling.from.clone()).collect(),
            notices,
            prefix: self.prefix.clone(),
            since_commit,
            ..Context::default()
        }
    }
}

/// A notice that begins with its list's path, with its line apart: every host shows the place beside it.
fn placed<'n>(path: &str, notice: &'n str) -> (Option<u32>, &'n str) {
    let Some(rest) = notice.strip_prefix(path).and_then(|rest| rest.strip_prefix(':')) else { return (None, notice) };
    let with_line = rest.split_once(':').and_then(|(line, rest)| Some((line.parse().ok()?, rest)));
    match with_line {
        Some((line, rest)) => (Some(line), rest.trim_start()),
        None => (None, rest.trim_start()),
    }
}

/// The root within the repository.
fn prefix(review: &Review, root: &Path) -> String {
    let top = review.repository.as_ref().and_then(|repository| repository.top().canonicalize().ok());
    let inside = top.and_then(|top| Some(root.strip_prefix(top).ok()?.to_string_lossy().replace('\\', "/")));
    inside.filter(|inside| !inside.is_empty()).map_or_else(String::new, |inside| format!("{inside}/"))
}

#[cfg(test)]
mod tests {
    use super::placed;

    #[test]
    fn a_notice_of_a_list_is_shown_at_its_line() {
        for (notice, expected) in [
            ("a/go.sum:3: two digests", (Some(3), "two digests")),
            ("a/go.sum: two digests", (None, "two digests")),
            ("a/go.summary: else", (None, "a/go.summary: else")),
            ("b/go.sum:3: else", (None, "b/go.sum:3: else")),
        ] {
            assert_eq!(placed("a/go.sum", notice), expected);
        }
    }
}
