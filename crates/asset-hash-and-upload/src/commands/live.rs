//! The release that a command is about.

use crate::error::Error;
use crate::observe::releases;
use crate::plan::place::Place;
use crate::plan::record::Record;
use kit_aws::s3::S3;

/// A release, and where browsers find it.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its record.
    pub record: Record,
    /// What the pointer says; empty where that says nothing or is not there.
    pub base_url: String,
}

/// The release with this id; without one the live release, or the newest where there is no pointer. At most three requests.
///
/// Errors: exit 2 for no id and for no such release, exit 4 when nothing has been published.
pub async fn named(s3: &S3, place: &Place, release: Option<&str>) -> Result<Named, Error> {
    let pointer = releases::pointer(s3, place).await?.map(|(pointer, _)| pointer);
    let base_url = pointer.as_ref().map(|pointer| pointer.base_url.clone()).unwrap_or_default();
    let record = match release.or(pointer.as_ref().map(|pointer| pointer.release.as_str())) {
        Some(release) => {
            let record = releases::release(s3, place, release).await?;
            record.ok_or_else(|| {
                Error::input(format!("there is no release {release} here; `prune --dry-run` lists all"))
            })?
        }
        None => releases::last(s3, place).await?.ok_or_else(|| nothing(s3, place))?,
    };
    Ok(Named { record, base_url })
}

fn nothing(s3: &S3, place: &Place) -> Error {
    let what = format!(
        "nothing has been published below {} of {}; check bucket, prefix and site",
        place.releases(),
        s3.bucket()
    );
    Error::Unproven { code: "nothing-published", what }
}
