//! `publish` and `plan`.

mod release;
mod written;

use super::connection::{Connection, block_on, connect};
use crate::args::PublishArguments;
use crate::args::options::{self, BucketOptions, CdnOptions, NameOptions, PointerKind, folder};
use crate::check;
use crate::error::Error;
use crate::observe::{digests, manifests, references, releases, tree};
use crate::plan::activation::activation;
use crate::plan::delta::{delta, same, taken};
use crate::plan::digest::Digest;
use crate::plan::fingerprint::NameForm;
use crate::plan::graph::Named;
use crate::plan::graph::splice::Replacement;
use crate::plan::header_sets::HeaderSets;
use crate::plan::headers::Policy;
use crate::plan::jobs::Jobs;
use crate::plan::manifests::{Format, Manifest};
use crate::plan::naming::{Mode, Naming, naming};
use crate::plan::publication::{self, Tree};
use crate::plan::record::Record;
use crate::plan::resolve::Site;
use crate::plan::tree::SourceFile;
use crate::plan::{price, summary};
use crate::report::Requests;
use crate::report::published::{End, Publication, report};
use kit_host::{Done, Exit, Failure, Host, Permit};
use kit_report::Finding;
use release::{Release, now_ms};
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Everything that was asked for.
struct Asked {
    dir: PathBuf,
    bucket: BucketOptions,
    names: NameOptions,
    form: NameForm,
    site: Site,
    policy: Policy,
    encode: String,
    pointer: Option<PointerKind>,
    cdn: CdnOptions,
    choice: tree::Choice,
    version_file: Option<String>,
    manifest_file: Option<String>,
    manifest_format: Option<Format>,
}

impl Asked {
    fn new(arguments: &PublishArguments) -> Result<Asked, Error> {
        let names = NameOptions::new(&arguments.names)?;
        Ok(Asked {
            dir: folder(arguments.dir.as_deref())?.to_owned(),
            bucket: BucketOptions::new(&arguments.bucket)?,
            form: NameForm::parse(&names.form).map_err(Error::Input)?,
            site: options::site(&names)?,
            policy: options::policy(&arguments.headers)?,
            encode: options::encode(&arguments.headers)?,
            pointer: options::pointer(arguments)?,
            cdn: CdnOptions::new(&arguments.cdn, &names.base_url)?,
            choice: tree::Choice { exclude: arguments.names.exclude.clone(), include: arguments.names.include.clone() },
            version_file: arguments.version_file.clone(),
            manifest_file: arguments.manifest_file.clone(),
            manifest_format: options::manifest_format(arguments)?,
            names,
        })
    }

    /// Digest of all that decides about names and bytes, the way in which references are found included; headers are compared
    /// by themselves.
    fn digest(&self, naming: &Naming) -> Digest {
        let names = &self.names;
        // Where all is to be rewritten, what an earlier release has kept does not count.
        let all = if names.rewrite == Some(true) { "all" } else { "" };
        let mode = format!("{:?}", naming.mode);
        let decides = [REFERENCES_VERSION, &mode, all, &names.form, &names.public_path, &names.base_url];
        Digest::of(decides.join("\0").as_bytes())
    }
}

/// Grows when the same tree would get other names or bytes: entries of earlier versions are then not reused.
const REFERENCES_VERSION: &str = "2";

/// The tree as it was found and named.
struct Found {
    files: Arc<Vec<SourceFile>>,
    left_out: u64,
    naming: Naming,
    headers: Arc<HeaderSets>,
    manifests: Vec<Manifest>,
}

/// `publish`, or with `dry` `plan`.
pub fn publish(arguments: &PublishArguments, dry: bool, host: &Host) -> Result<Done, Failure> {
    let asked = Asked::new(arguments)?;
    let permit = host.permit().filter(|_| !dry);
    let publication = block_on(host, async |stop| Ok(run(&asked, permit, host, stop).await?))?;
    Ok(Done { report: report(&publication), exit: Exit::Done, stdout: None })
}

/// Finds the files and decides which names and headers they get.
fn find(asked: &Asked) -> Result<Found, Error> {
    let tree = tree::find(&asked.dir, &asked.choice)?;
    let manifests = manifests::read(&asked.dir, &tree.files)?;
    let paths: Vec<&str> = tree.files.iter().map(|file| file.path.as_str()).collect();
    let naming = naming(&asked.names, &paths, &manifests);
    let headers = HeaderSets::new(&tree.files, &naming, &asked.policy, &asked.encode).map_err(at)?;
    let (files, headers) = (Arc::new(tree.files), Arc::new(headers));
    Ok(Found { files, left_out: tree.left_out, naming, headers, manifests })
}

/// The refusal of a file.
fn at((path, what): (String, String)) -> Error {
    Error::File { path, line: None, what }
}

async fn run(asked: &Asked, permit: Option<&Permit>, host: &Host, stop: Arc<AtomicBool>) -> Result<Publication, Error> {
    let found = find(asked)?;
    let pointer = asked.pointer.unwrap_or(if found.naming.hashed { PointerKind::None } else { PointerKind::S3 });
    let place = &asked.bucket.place;
    let began_ms = now_ms();
    // What the bucket has is asked for while the tree is read.
    let reading = {
        let (dir, files, headers) = (asked.dir.clone(), Arc::clone(&found.files), Arc::clone(&found.headers));
        tokio::task::spawn_blocking(move || digests::digest(&dir, &files, &headers))
    };
    let bucket = async {
        let connection = connect(&asked.bucket, host).await?;
        let standing = releases::standing(&connection.s3, place, pointer == PointerKind::S3).await?;
        Ok::<_, Error>((connection, standing))
    };
    let bucket = bucket.await;
    let contents = reading.await.map_err(|error| Error::Service { code: "stopped", what: error.to_string() })??;
    let tree = Tree {
        files: &found.files,
        contents: &contents,
        naming: &found.naming,
        headers: &found.headers,
        form: &asked.form,
        place,
        manifests: &found.manifests,
        options: asked.digest(&found.naming),
    };
    let (connection, standing) = match bucket {
        Ok(bucket) => bucket,
        // What is wrong with the tree can be mended without a network.
        Err(error) => return name(asked, &tree, None).and(Err(error)),
    };
    let last = standing.record.as_ref();
    if let Some(last) = last.filter(|last| standing.is_settled() && publication::is_same(&tree, last)) {
        let mut publication = begun(asked, permit, last, Some(last));
        publication.summary = summary::summary(last, &[], &[], found.left_out);
        return ended(asked, permit, &found.manifests, last, &connection, publication);
    }
    let (mut named, warnings) = name(asked, &tree, last)?;
    let outcomes = named.as_mut().map(|named| named.files.as_mut_slice());
    let mut next = Arc::new(publication::record(&tree, outcomes, last).map_err(at)?);
    // What is left of the outcomes is needed of few files.
    let named = named.into_iter().flat_map(|named| named.files).map(|outcome| outcome.replacements);
    let mut edits: FxHashMap<usize, Vec<Replacement>> =
        named.enumerate().filter(|(_, replacements)| !replacements.is_empty()).collect();
    let steps = delta(last, &next);
    let unsound = check::record(place, &next).into_iter().chain(check::steps(last, &next, &steps)).next();
    if let Some(violation) = unsound {
        return Err(Error::input(format!("this tree can't be published as it is: {violation}")));
    }
    let pages = activation(&next, standing.in_place(), standing.before());
    let is_same = last.is_some_and(|last| same(last, &next));
    let unchanged = is_same && pages.is_empty() && standing.is_settled();
    let mut publication = begun(asked, permit, &next, last);
    publication.summary = summary::summary(&next, &steps, &pages, found.left_out);
    publication.notes = warnings;
    publication.notes.extend(taken(last, &next).first().map(|path| {
        let what = format!("{path} holds other bytes than its name stood for in the last release; unless its object is gone, it is refused");
        Finding::new("note", kit_report::Level::Warning, what)
    }));
    let manifests = found.manifests;
    if let Some(permit) = permit.filter(|_| !unchanged) {
        let mut edits = |at: usize| edits.remove(&at).unwrap_or_default();
        let crc64 = |at: usize| contents.get(at).map(|content| content.crc64).unwrap_or_default();
        let jobs = Jobs::new(&next, &steps, &mut edits, &crc64);
        // The record has what of these is still needed.
        drop((steps, pages, contents, found.files, found.headers));
        let skew_ms = skew_ms(connection.aws.told_skew_s());
        let release =
            Release { asked, permit, host, connection: &connection, pointer, began_ms, skew_ms, standing: &standing };
        let known = last.filter(|_| is_same).cloned();
        release.publish(jobs, &mut next, known, stop, &mut publication).await?;
    } else if !unchanged {
        publication.requests.by_kind = summary::requests(&steps, &pages, pointer == PointerKind::S3);
    }
    publication.summary.changes = summary::changes(last, &next);
    publication.summary.gone = summary::gone(last, &next);
    ended(asked, permit, &manifests, &next, &connection, publication)
}

/// What files name, where they are rewritten, and what is worth a warning.
fn name(asked: &Asked, tree: &Tree<'_>, last: Option<&Record>) -> Result<(Option<Named>, Vec<Finding>), Error> {
    match tree.naming.mode {
        Mode::Fingerprint { rewrite: true } => {
            // Who asks for it wants all of it.
            let strict = asked.names.rewrite == Some(true);
            let (named, warnings) = references::name(&asked.dir, tree, &asked.site, strict, last)?;
            Ok((Some(named), warnings))
        }
        _ => Ok((None, Vec::new())),
    }
}

/// A clock that is wrong by less does no harm, and answers take their time.
const SKEW_S: i64 = 60;

/// What has to be added to this machine's clock, ms, given by how much the bucket's is ahead of it.
fn skew_ms(told_s: Option<i64>) -> i64 {
    told_s.filter(|skew_s| skew_s.abs() > SKEW_S).unwrap_or(0).saturating_mul(1_000)
}

/// A publish of which nothing has happened yet.
fn begun(asked: &Asked, permit: Option<&Permit>, next: &Record, last: Option<&Record>) -> Publication {
    Publication {
        end: if permit.is_none() { End::Planned } else { End::Unchanged },
        release: last.map(|last| last.release.clone()),
        version: next.version.clone(),
        manifest: last.map(|last| asked.bucket.place.record(&last.release, last.created_ms)),
        base_url: asked.names.base_url.clone(),
        manifest_file: None,
        purged: Vec::new(),
        requests: Requests::default(),
        price_microdollars: 0,
        notes: Vec::new(),
        summary: summary::Summary::default(),
    }
}

/// Writes what was asked for on this machine, and sums up the requests. A plan has said already which there would be.
fn ended(
    asked: &Asked,
    permit: Option<&Permit>,
    manifests: &[Manifest],
    published: &Record,
    connection: &Connection,
    mut publication: Publication,
) -> Result<Publication, Error> {
    if let Some(permit) = permit {
        publication.manifest_file = written::write(asked, permit, manifests, published, &publication)?;
        publication.requests = connection.requests();
    }
    publication.price_microdollars = price::microdollars(publication.requests.by_kind.iter().copied());
    Ok(publication)
}
