//! A folder as the contents of buckets.

use crate::backend::{new_object, single_etag};
use crate::server::Shared;
use crate::store::content::Content;
use crate::store::object::Object;
use crate::store::{Bucket, BucketOptions, headers};
use bytes::Bytes;
use http::HeaderMap;
use md5::{Digest, Md5};
use s3s::dto::Checksum;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub(super) fn load(shared: &Shared, dir: &Path) -> io::Result<usize> {
    let mut loaded = 0;
    for bucket in fs::read_dir(dir)? {
        let bucket = bucket?;
        if !bucket.file_type()?.is_dir() {
            continue;
        }
        let name = bucket.file_name().into_string().map_err(|name| not_text(Path::new(&name)))?;
        let created_s = shared.clock.now_s();
        let fresh = || Bucket { options: BucketOptions::default(), created_s, entries: BTreeMap::new() };
        shared.store.lock().buckets.entry(name.clone()).or_insert_with(fresh);
        let mut folders = vec![bucket.path()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    put(shared, &name, &bucket.path(), &path)?;
                    loaded += 1;
                }
            }
        }
    }
    Ok(loaded)
}

fn not_text(path: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{} is not UTF-8", path.display()))
}

fn put(shared: &Shared, bucket: &str, root: &Path, path: &PathBuf) -> io::Result<()> {
    let key = path.strip_prefix(root).map_err(io::Error::other)?.to_str().ok_or_else(|| not_text(path))?.to_owned();
    let bytes = fs::read(path)?;
    let stored = headers::stored(&HeaderMap::new()).map_err(io::Error::other)?;
    let md5: [u8; 16] = Md5::digest(&bytes).into();
    let object = Object {
        etag: single_etag(&md5, &stored),
        last_modified_s: shared.clock.now_s(),
        ..new_object(Content::kept(Bytes::from(bytes)), stored, Checksum::default())
    };
    shared.store.lock().put(bucket, &key, object).map_err(io::Error::other)?;
    Ok(())
}
