//! Large files in parts.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use kit_aws::Error;
use kit_aws::s3::{Condition, Crc64, PutFile, Stored};

use crate::server::{Asked, Reply, Server};

const MIB: usize = 1024 * 1024;

/// What one upload has come to.
#[derive(Default)]
struct State {
    parts: BTreeMap<u32, Vec<u8>>,
    object: Option<Vec<u8>>,
    aborted: usize,
    completes: usize,
}

/// What the world does with the first Complete.
#[derive(Clone, Copy, PartialEq)]
enum First {
    Done,
    Lost,
    Conflict,
    Taken,
}

fn s3(first: First) -> (Server, Arc<Mutex<State>>) {
    let state: Arc<Mutex<State>> = Arc::default();
    let held = Arc::clone(&state);
    let server = Server::start(move |_, asked| answer(&mut held.lock().unwrap(), first, asked));
    (server, state)
}

fn answer(state: &mut State, first: First, asked: &Asked) -> Reply {
    let query = asked.path.split_once('?').map_or("", |(_, query)| query);
    match (asked.method.as_str(), query) {
        ("POST", "uploads=") => {
            assert_eq!(asked.header("x-amz-checksum-algorithm"), "CRC64NVME");
            state.parts.clear();
            Reply::Answer(
                200,
                Vec::new(),
                b"<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>".to_vec(),
            )
        }
        ("PUT", query) if query.starts_with("partNumber=") => {
            assert!(query.ends_with("&uploadId=u%2F1"), "{query}");
            let number = query.trim_start_matches("partNumber=").split('&').next().unwrap().parse().unwrap();
            let crc = Crc64::of(&asked.body).to_be_bytes();
            assert_eq!(asked.header("x-amz-checksum-crc64nvme"), base64(&crc));
            assert_eq!(asked.header("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
            state.parts.insert(number, asked.body.clone());
            Reply::Answer(200, vec![("etag", format!("\"e{number}\""))], Vec::new())
        }
        ("POST", _) => complete(state, first, asked),
        ("DELETE", _) => {
            state.aborted += 1;
            Reply::empty(204)
        }
        ("PUT", _) => {
            state.object = Some(asked.body.clone());
            Reply::Answer(200, vec![("etag", "\"one\"".into())], Vec::new())
        }
        ("HEAD", _) => match &state.object {
            Some(object) => Reply::Answer(
                200,
                vec![
                    ("content-length", object.len().to_string()),
                    ("etag", "\"whole-3\"".into()),
                    ("x-amz-checksum-crc64nvme", base64(&Crc64::of(object).to_be_bytes())),
                ],
                Vec::new(),
            ),
            None => Reply::empty(404),
        },
        other => panic!("{other:?}"),
    }
}

fn complete(state: &mut State, first: First, asked: &Asked) -> Reply {
    state.completes += 1;
    let whole: Vec<u8> = state.parts.values().flatten().copied().collect();
    let parts = String::from_utf8_lossy(&asked.body).matches("<PartNumber>").count();
    assert_eq!(parts, state.parts.len());
    assert_eq!(asked.header("x-amz-checksum-crc64nvme"), base64(&Crc64::of(&whole).to_be_bytes()));
    assert_eq!(asked.header("if-none-match"), "*");
    match (first, state.completes) {
        (First::Conflict, 1) => {
            return Reply::Answer(
                409,
                vec![("retry-after", "100".into())],
                b"<Error><Code>ConditionalRequestConflict</Code></Error>".to_vec(),
            );
        }
        (First::Taken, _) => return Reply::error(412, "PreconditionFailed"),
        (First::Lost, 2) => return Reply::error(404, "NoSuchUpload"),
        _ => {}
    }
    state.object = Some(whole);
    if first == First::Lost {
        return Reply::lost();
    }
    Reply::Answer(
        200,
        Vec::new(),
        b"<CompleteMultipartUploadResult><ETag>\"whole-3\"</ETag></CompleteMultipartUploadResult>".to_vec(),
    )
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 31 % 251) as u8).collect()
}

fn put<'a>(path: &'a Path, bytes: &[u8]) -> PutFile<'a> {
    PutFile { path, size: bytes.len() as u64, crc64: Crc64::of(bytes), headers: &[], condition: Condition::Absent }
}

async fn sent(first: First) -> (Result<Stored, Error>, Server, Arc<Mutex<State>>) {
    let bytes = content(17 * MIB + 5);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    let (server, state) = s3(first);
    let stored = server.s3().await.put_file("k", put(file.path(), &bytes)).await;
    let whole = state.lock().unwrap().object.clone();
    assert!(whole.is_none_or(|whole| whole == bytes));
    (stored, server, state)
}

#[tokio::test]
async fn the_parts_are_the_file() {
    let (stored, server, state) = sent(First::Done).await;
    assert_eq!(stored.unwrap(), Stored { etag: "whole-3".into(), attempts: 1 });
    assert_eq!(state.lock().unwrap().parts.values().map(Vec::len).collect::<Vec<_>>(), [8 * MIB, 8 * MIB, MIB + 5]);
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn a_lost_answer_to_complete_is_looked_up() {
    let (stored, _, state) = sent(First::Lost).await;
    assert_eq!(stored.unwrap().etag, "whole-3");
    assert_eq!(state.lock().unwrap().aborted, 0);
}

#[tokio::test]
async fn after_a_conflict_all_parts_are_sent_anew() {
    let (stored, _, state) = sent(First::Conflict).await;
    assert!(stored.is_ok());
    let state = state.lock().unwrap();
    assert_eq!((state.completes, state.aborted), (2, 1));
}

#[tokio::test]
async fn a_key_that_is_taken_stays() {
    let (stored, _, state) = sent(First::Taken).await;
    assert!(matches!(stored, Err(Error::PreconditionFailed { attempts: 1, .. })));
    let state = state.lock().unwrap();
    assert_eq!((state.aborted, &state.object), (1, &None));
}

#[tokio::test]
async fn a_file_that_changed_is_not_published() {
    for size in [10 * MIB, 3] {
        let bytes = content(size);
        let mut changed = bytes.clone();
        changed[size / 2] ^= 1;
        for on_disk in [&changed[..], &bytes[1..], &[&bytes[..], b"x"].concat()] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(on_disk).unwrap();
            let (server, state) = s3(First::Done);
            let error = server.s3().await.put_file("k", put(file.path(), &bytes)).await.unwrap_err();
            assert_eq!(error, Error::Changed { path: file.path().display().to_string() });
            let state = state.lock().unwrap();
            assert_eq!((&state.object, state.completes), (&None, 0));
            let begun = server.asked().iter().filter(|asked| asked.path.ends_with("uploads=")).count();
            assert_eq!(state.aborted, begun);
        }
    }
}

#[tokio::test]
async fn a_small_file_is_one_request() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"abc").unwrap();
    let (server, state) = s3(First::Done);
    let stored = server.s3().await.put_file("k", put(file.path(), b"abc")).await.unwrap();
    assert_eq!((stored.etag.as_str(), server.asked().len()), ("one", 1));
    assert_eq!(state.lock().unwrap().object.as_deref(), Some(&b"abc"[..]));
}

#[tokio::test]
async fn an_upload_that_is_given_up_is_aborted() {
    let bytes = content(9 * MIB);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    let server = Server::start(|_, asked| match asked.method.as_str() {
        "POST" => Reply::Answer(200, Vec::new(), b"<I><UploadId>u</UploadId></I>".to_vec()),
        "PUT" => Reply::Silence(std::time::Duration::from_secs(30)),
        _ => Reply::empty(204),
    });
    let client = server.s3().await;
    let sending = client.put_file("k", put(file.path(), &bytes));
    let ended = tokio::time::timeout(std::time::Duration::from_millis(500), sending).await;
    assert!(ended.is_err());
    for _ in 0..100 {
        if server.asked().iter().any(|asked| asked.method == "DELETE") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nothing was aborted");
}
