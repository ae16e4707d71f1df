//! The calls, and what S3 would answer.

use std::fmt::Debug;

use bytes::Bytes;
use kit_aws::s3::{Condition, Crc64, Put, PutFile, S3};
use kit_aws::{Aws, Error};
use sha2::{Digest, Sha256};

/// Keys that are easily sent, signed, listed or decoded wrongly.
const ODD_KEYS: [&str; 20] = [
    "plain",
    "a b",
    "a+b",
    "a%20b",
    "a%2Fb",
    "a//b",
    "./a",
    "a/./b",
    "a/../b",
    "ends/",
    "ü",
    "u\u{308}",
    "日本",
    "😀",
    "q?a=b&c",
    "h#a",
    "<&\"'>",
    "*'();:@,$!",
    "new\nline\ttab",
    "~-_.",
];

/// Where the server behind `s3` differs from S3. Its bucket must be empty, and is left empty.
pub async fn differences(aws: &Aws, s3: &S3) -> Vec<String> {
    let mut seen = Seen::default();
    if let Err(error) = objects(s3, &mut seen).await {
        seen.differences.push(format!("objects: {error}"));
    }
    if let Err(error) = odd_keys(s3, &mut seen).await {
        seen.differences.push(format!("odd keys: {error}"));
    }
    if let Err(error) = copies(s3, &mut seen).await {
        seen.differences.push(format!("copies: {error}"));
    }
    if let Err(error) = large(s3, &mut seen).await {
        seen.differences.push(format!("large files: {error}"));
    }
    if let Err(error) = lists(s3, &mut seen).await {
        seen.differences.push(format!("lists: {error}"));
    }
    let stranger = S3::new(aws, "no-such-bucket-here", None);
    let missing = stranger.list("", None, 10).await;
    seen.equal("a list of no bucket", matches!(missing, Err(Error::NoSuchBucket { .. })), true);
    seen.differences
}

#[derive(Default)]
struct Seen {
    differences: Vec<String>,
}

impl Seen {
    fn equal<T: PartialEq + Debug>(&mut self, what: &str, got: T, wanted: T) {
        if got != wanted {
            self.differences.push(format!("{what}: {got:?} instead of {wanted:?}"));
        }
    }

    fn refused<T: Debug>(&mut self, what: &str, got: Result<T, Error>) {
        if !matches!(got, Err(Error::PreconditionFailed { attempts: 1, .. })) {
            self.differences.push(format!("{what}: {got:?} instead of a refusal"));
        }
    }
}

fn put<'a>(body: &'static str, headers: &'a [(String, String)], condition: Condition) -> Put<'a> {
    Put { body: Bytes::from_static(body.as_bytes()).into(), sha256: Sha256::digest(body).into(), headers, condition }
}

fn headers(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn objects(s3: &S3, seen: &mut Seen) -> Result<(), Error> {
    seen.equal("HEAD of nothing", s3.head("none").await?.is_none(), true);
    seen.equal("GET of nothing", s3.get("none", 10).await?.is_none(), true);
    let given = headers(&[
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-type", "text/javascript; charset=utf-8"),
        ("content-encoding", "br"),
        ("x-amz-meta-sha256", "0123456789abcdef"),
    ]);
    let first = s3.put("p/object", put("body", &given, Condition::Absent)).await?;
    seen.refused("a second PUT with If-None-Match", s3.put("p/object", put("other", &[], Condition::Absent)).await);
    let object = s3.get("p/object", 100).await?;
    seen.equal("GET", object.as_ref().map(|object| object.body.as_ref()), Some(&b"body"[..]));
    let head = s3.head("p/object").await?.unwrap_or_default();
    seen.equal("size", head.size, 4);
    seen.equal("ETag", &head.etag, &first.etag);
    seen.equal("a date", head.last_modified_s > 1_700_000_000, true);
    for (name, value) in &given {
        seen.equal(name, head.header(name), Some(value));
    }
    let second = s3.put("p/object", put("second", &[], Condition::Matches(first.etag.clone()))).await?;
    seen.refused(
        "PUT with an old If-Match",
        s3.put("p/object", put("third", &[], Condition::Matches(first.etag))).await,
    );
    let head = s3.head("p/object").await?.unwrap_or_default();
    seen.equal("the ETag after If-Match", head.etag, second.etag);
    let small = s3.get("p/object", 5).await;
    seen.equal("a limit", matches!(small, Err(Error::BodyTooLarge { .. })), true);
    s3.put("empty", put("", &[], Condition::None)).await?;
    seen.equal("an empty object", s3.get("empty", 0).await?.map(|object| object.body.len()), Some(0));
    let left = s3.delete(&["p/object".to_owned(), "empty".to_owned(), "none".to_owned()]).await?;
    seen.equal("what is left after DELETE", left, vec![]);
    seen.equal("HEAD after DELETE", s3.head("p/object").await?.is_none(), true);
    Ok(())
}

async fn odd_keys(s3: &S3, seen: &mut Seen) -> Result<(), Error> {
    for (number, key) in ODD_KEYS.into_iter().enumerate() {
        let key = format!("odd-{number}/{key}");
        if let Err(error) = s3.put(&key, put("odd", &[], Condition::None)).await {
            seen.differences.push(format!("PUT {key:?}: {error}"));
            continue;
        }
        let got = s3.get(&key, 10).await.map(|object| object.map(|object| object.body));
        seen.equal(&format!("GET {key:?}"), got, Ok(Some(Bytes::from_static(b"odd"))));
        let listed = s3.list(&format!("odd-{number}/"), None, 10).await?;
        let listed: Vec<String> = listed.objects.into_iter().map(|listed| listed.key).collect();
        seen.equal(&format!("LIST {key:?}"), listed, vec![key.clone()]);
        let copied = s3.copy(&key, "copied", 3, None, None).await.map(|_| ());
        seen.equal(&format!("COPY {key:?}"), copied, Ok(()));
        let left = s3.delete(&[key.clone(), "copied".to_owned()]).await;
        seen.equal(&format!("DELETE {key:?}"), left, Ok(vec![]));
        let after = s3.head(&key).await.map(|head| head.is_none());
        seen.equal(&format!("HEAD after DELETE {key:?}"), after, Ok(true));
    }
    Ok(())
}

async fn copies(s3: &S3, seen: &mut Seen) -> Result<(), Error> {
    let old = headers(&[("cache-control", "no-cache"), ("content-type", "text/html"), ("x-amz-meta-sha256", "1")]);
    let stored = s3.put("from", put("copy me", &old, Condition::None)).await?;
    s3.copy("from", "to", 7, None, Some(&stored.etag)).await?;
    let head = s3.head("to").await?.unwrap_or_default();
    seen.equal("headers that are copied", head.header("cache-control"), Some("no-cache"));
    seen.equal("metadata that is copied", head.metadata("sha256"), Some("1"));
    let new = headers(&[("cache-control", "max-age=60"), ("content-type", "text/html"), ("x-amz-meta-sha256", "2")]);
    s3.copy("from", "from", 7, Some(&new), None).await?;
    let head = s3.head("from").await?.unwrap_or_default();
    seen.equal("headers that are replaced", head.header("cache-control"), Some("max-age=60"));
    seen.equal("metadata that is replaced", head.metadata("sha256"), Some("2"));
    seen.refused("COPY with a wrong ETag", s3.copy("from", "to", 7, None, Some("00000000")).await);
    let missing = s3.copy("none", "to", 7, None, None).await;
    seen.equal("COPY of nothing", matches!(missing, Err(Error::NoSuchKey { .. })), true);
    s3.delete(&["from".to_owned(), "to".to_owned()]).await?;
    Ok(())
}

async fn large(s3: &S3, seen: &mut Seen) -> Result<(), Error> {
    let bytes: Vec<u8> = (0..17 * 1024 * 1024 + 5_u32).map(|at| (at * 31 % 251) as u8).collect();
    let path = std::env::temp_dir().join(format!("exercise-{}", std::process::id()));
    std::fs::write(&path, &bytes)
        .map_err(|error| Error::File { path: path.display().to_string(), why: error.to_string() })?;
    let given = headers(&[("content-type", "video/mp4"), ("x-amz-meta-sha256", "12")]);
    let put = PutFile {
        path: &path,
        size: bytes.len() as u64,
        crc64: Crc64::of(&bytes),
        headers: &given,
        condition: Condition::Absent,
    };
    let stored = s3.put_file("large", put.clone()).await;
    let again = s3.put_file("large", put).await;
    let _ = std::fs::remove_file(&path);
    let stored = stored?;
    seen.refused("a second large file with If-None-Match", again);
    seen.equal("three parts", stored.etag.ends_with("-3"), true);
    let mut crc64 = Crc64::default();
    let head = s3.get_chunks("large", |piece| {
        crc64.update(piece);
        Ok(())
    });
    let head = head.await?.unwrap_or_default();
    seen.equal("the large file's size", head.size, bytes.len() as u64);
    seen.equal("its bytes", crc64.finish(), Crc64::of(&bytes));
    seen.equal("its type", head.header("content-type"), Some("video/mp4"));
    seen.equal("its metadata", head.metadata("sha256"), Some("12"));
    s3.delete(&["large".to_owned()]).await?;
    Ok(())
}

async fn lists(s3: &S3, seen: &mut Seen) -> Result<(), Error> {
    let mut keys: Vec<String> = (0..25).map(|number| format!("list/{number}")).collect();
    keys.sort();
    for key in &keys {
        s3.put(key, put("x", &[], Condition::None)).await?;
    }
    s3.put("other", put("x", &[], Condition::None)).await?;
    let (mut listed, mut pages): (Vec<String>, usize) = (Vec::new(), 0);
    loop {
        let page = s3.list("list/", listed.last().map(String::as_str), 10).await?;
        pages += 1;
        seen.equal(
            "ETags and sizes in a list",
            page.objects.iter().all(|it| it.size == 1 && !it.etag.is_empty()),
            true,
        );
        seen.equal("dates in a list", page.objects.iter().all(|it| it.last_modified_s > 1_700_000_000), true);
        listed.extend(page.objects.into_iter().map(|listed| listed.key));
        if !page.more || pages > 10 {
            break;
        }
    }
    seen.equal("the keys of three pages", (&listed, pages), (&keys, 3));
    keys.push("other".to_owned());
    seen.equal("what is left of the list", s3.delete(&keys).await?, vec![]);
    seen.equal("an empty bucket", s3.list("", None, 10).await?.objects, vec![]);
    Ok(())
}
