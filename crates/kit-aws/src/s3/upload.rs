//! Large files: parts of 8 MiB or more, a few at once, from at most 32 MiB of memory.

use std::path::Path;

use http::{HeaderName, Method};
use tokio::task::JoinSet;

use super::multipart::{PARTS, Part, Upload, checksum};
use super::part_file::{Crc64, PartFile};
use super::{Condition, S3, Stored, checked};
use crate::Error;
use crate::http::header_values;
use crate::recorder::Kind;
use crate::sign::Payload;

/// The usual part. S3 takes 5 MiB to 5 GiB.
const PART_BYTES: u64 = 8 * 1024 * 1024;
/// Parts grow by this.
const PART_STEP_BYTES: u64 = 1024 * 1024;
/// All parts in memory together.
const MEMORY_BYTES: u64 = 32 * 1024 * 1024;
/// How often a whole upload is begun anew because another writer came between.
const UPLOADS: u32 = 3;

/// The largest file: 10,000 parts of which each fits into the memory that is allowed (312.5 GiB).
pub const LARGEST_FILE_BYTES: u64 = PARTS * MEMORY_BYTES;

/// A file to write.
#[derive(Debug, Clone)]
pub struct PutFile<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// Its size in bytes when it was hashed.
    pub size: u64,
    /// Its [`Crc64`] when it was hashed.
    pub crc64: u64,
    /// What is stored beside it: `content-type`, `cache-control`, `x-amz-meta-*`, ...
    pub headers: &'a [(String, String)],
    /// When it may be written.
    pub condition: Condition,
}

impl S3 {
    /// Writes a file of up to [`LARGEST_FILE_BYTES`] without reading it into memory. Nothing appears under the key unless the
    /// bytes sent are the bytes that were hashed; S3 checks the same CRC.
    ///
    /// # Errors
    /// [`Error::Changed`] and [`Error::File`]; [`Error::PreconditionFailed`] as for [`S3::put`]; those of all calls. Parts are
    /// thrown away then.
    pub async fn put_file(&self, key: &str, put: PutFile<'_>) -> Result<Stored, Error> {
        checked(key)?;
        if put.size > LARGEST_FILE_BYTES {
            return Err(Error::Input(format!(
                "{}: {} bytes are more than the {LARGEST_FILE_BYTES} that are sent",
                put.path.display(),
                put.size
            )));
        }
        let file = PartFile::new(put.path);
        file.has_size(put.size).await?;
        if put.size <= PART_BYTES {
            return self.put_small_file(key, &put, &file).await;
        }
        let mut uploads = 1;
        loop {
            match self.put_in_parts(key, &put, &file).await {
                // Source: Amazon S3 API Reference, CompleteMultipartUpload: after a 409 all parts must be sent anew.
                Err(Error::Conflict { .. }) if uploads < UPLOADS => uploads += 1,
                end => return end,
            }
        }
    }

    async fn put_small_file(&self, key: &str, put: &PutFile<'_>, file: &PartFile) -> Result<Stored, Error> {
        let size = usize::try_from(put.size).unwrap_or(usize::MAX);
        let (body, crc64) = file.read(0, size).await?;
        if crc64 != put.crc64 {
            return Err(file.changed());
        }
        let (what, url) = (self.what("PUT", key), self.0.address.object(key));
        let mut call = self.call(Kind::Put, &what, Method::PUT, &url);
        call.headers = header_values(put.headers)?;
        call.headers.extend(put.condition.header()?);
        call.headers.push((HeaderName::from_static("x-amz-checksum-crc64nvme"), checksum(crc64)?));
        call.body = body.into();
        call.payload = Payload::Unsigned;
        Stored::of(&self.send(call).await?, &what)
    }

    async fn put_in_parts(&self, key: &str, put: &PutFile<'_>, file: &PartFile) -> Result<Stored, Error> {
        let upload = std::sync::Arc::new(self.begin(key, put.headers, true).await?);
        let parts = send_parts(&upload, put, file).await;
        // All tasks have ended, so that this is the last holder.
        let Some(mut upload) = std::sync::Arc::into_inner(upload) else {
            return Err(Error::Network(format!("PUT {key}: a part is still on its way")));
        };
        let parts = match parts {
            Ok(parts) => parts,
            Err(error) => {
                upload.abort().await;
                return Err(error);
            }
        };
        match upload.complete(&parts, &put.condition, (put.size, Some(put.crc64))).await {
            Ok(stored) => Ok(stored),
            Err(Error::NoSuchKey { what }) => match self.is_there(key, put).await {
                Ok(Some(stored)) => {
                    upload.forget();
                    Ok(stored)
                }
                _ => {
                    upload.abort().await;
                    Err(Error::Malformed { what, why: "the upload is gone, and the object is not there".to_owned() })
                }
            },
            Err(error) => {
                upload.abort().await;
                Err(error)
            }
        }
    }

    /// Whether the object under `key` is the one that was being written: an answer to Complete may have been lost.
    async fn is_there(&self, key: &str, put: &PutFile<'_>) -> Result<Option<Stored>, Error> {
        let Some(head) = self.head_with_checksum(key).await? else { return Ok(None) };
        let sha256 = put.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-amz-meta-sha256"));
        let same_crc = head.header("x-amz-checksum-crc64nvme") == checksum(put.crc64)?.to_str().ok();
        let same_sha256 = sha256.is_some_and(|(_, digest)| head.metadata("sha256") == Some(digest));
        let same = head.size == put.size && (same_crc || same_sha256);
        Ok(same.then_some(Stored { etag: head.etag, attempts: 2 }))
    }
}

/// Sends all parts, a few at once, and compares what was read with what was hashed.
async fn send_parts(upload: &std::sync::Arc<Upload>, put: &PutFile<'_>, file: &PartFile) -> Result<Vec<Part>, Error> {
    let part_bytes = part_bytes(put.size);
    let at_once = usize::try_from(MEMORY_BYTES / part_bytes).unwrap_or(1).max(1);
    let count = put.size.div_ceil(part_bytes);
    let mut parts: Vec<Option<Part>> = vec![None; usize::try_from(count).unwrap_or(0)];
    let mut sending: JoinSet<Result<(usize, Part), Error>> = JoinSet::new();
    for at in 0..parts.len() {
        if sending.len() == at_once {
            keep(&mut parts, &mut sending).await?;
        }
        let from_byte = at as u64 * part_bytes;
        let size = part_bytes.min(put.size - from_byte);
        let (upload, file) = (std::sync::Arc::clone(upload), file.clone());
        sending.spawn(async move {
            let (body, crc64) = file.read(from_byte, usize::try_from(size).unwrap_or(0)).await?;
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            Ok((at, upload.part(number, body, crc64).await?))
        });
    }
    while !sending.is_empty() {
        keep(&mut parts, &mut sending).await?;
    }
    let parts: Vec<Part> = parts.into_iter().flatten().collect();
    let mut whole = 0;
    for (at, part) in parts.iter().enumerate() {
        let size = part_bytes.min(put.size - at as u64 * part_bytes);
        whole = Crc64::joined(whole, part.crc64.unwrap_or(0), size);
    }
    file.has_size(put.size).await?;
    if whole == put.crc64 && parts.len() as u64 == count { Ok(parts) } else { Err(file.changed()) }
}

/// Waits for one part. On a failure the others are stopped and waited for.
async fn keep(parts: &mut [Option<Part>], sending: &mut JoinSet<Result<(usize, Part), Error>>) -> Result<(), Error> {
    let failure = match sending.join_next().await {
        None => return Ok(()),
        Some(Ok(Ok((at, part)))) => {
            if let Some(place) = parts.get_mut(at) {
                *place = Some(part);
            }
            return Ok(());
        }
        Some(Ok(Err(error))) => error,
        Some(Err(error)) => Error::Network(format!("a part was not sent: {error}")),
    };
    sending.shutdown().await;
    Err(failure)
}

/// The size of a part, such that there are at most 10,000.
fn part_bytes(size_bytes: u64) -> u64 {
    size_bytes.div_ceil(PARTS).next_multiple_of(PART_STEP_BYTES).max(PART_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fit_their_number_and_the_memory() {
        for size in [1, PART_BYTES, 50 << 30, PARTS * PART_BYTES, PARTS * PART_BYTES + 1, LARGEST_FILE_BYTES] {
            let part = part_bytes(size);
            assert!(size.div_ceil(part) <= PARTS, "{size}");
            assert!((PART_BYTES..=MEMORY_BYTES).contains(&part), "{size}");
        }
        assert_eq!(part_bytes(50 << 30), PART_BYTES);
        assert_eq!(part_bytes(PARTS * PART_BYTES + 1), PART_BYTES + PART_STEP_BYTES);
    }
}
