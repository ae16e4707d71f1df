//! Multipart uploads.

use crate::client::{Client, path, started};
use aws_sim::Sim;

fn small_parts() -> Sim {
    started(|options| options.min_part_bytes = 4)
}

struct Upload {
    id: String,
    etags: Vec<String>,
}

fn upload(client: &mut Client, key: &str, headers: &[(&str, &str)], parts: &[&[u8]]) -> Upload {
    let created = client.send("POST", &format!("{}?uploads=", path(key)), headers, b"");
    assert_eq!(created.status, 200, "{}", created.text());
    let id = created.element("UploadId");
    let etags = parts.iter().enumerate().map(|(index, body)| {
        let target = format!("{}?partNumber={}&uploadId={id}", path(key), index + 1);
        let sent = client.send("PUT", &target, &[], body);
        assert_eq!(sent.status, 200, "{}", sent.text());
        sent.header("etag").to_owned()
    });
    let etags = etags.collect();
    Upload { id, etags }
}

fn completion(etags: &[String]) -> String {
    let parts = etags.iter().enumerate().map(|(index, etag)| {
        format!("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", index + 1, etag.replace('"', "&quot;"))
    });
    format!("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts.collect::<String>())
}

fn complete(client: &mut Client, key: &str, upload: &Upload, headers: &[(&str, &str)]) -> crate::client::Answer {
    let target = format!("{}?uploadId={}", path(key), upload.id);
    client.send("POST", &target, headers, completion(&upload.etags).as_bytes())
}

#[test]
fn parts_become_one_object() {
    let sim = small_parts();
    let mut client = Client::new(&sim);
    let headers = [("cache-control", "immutable"), ("x-amz-meta-sha256", "x")];
    let upload = upload(&mut client, "big", &headers, &[b"12345", b"6789", b"0"]);
    assert_eq!(client.get("big", &[]).status, 404);
    let done = complete(&mut client, "big", &upload, &[]);
    assert_eq!(done.status, 200, "{}", done.text());
    // The MD5 of the three parts' MD5s, as md5sum tells it.
    let object = client.get("big", &[]);
    assert_eq!(
        (object.body.as_slice(), object.header("etag")),
        (&b"1234567890"[..], "\"453b8b5f23bccd33ba4f4ddaf7ddb521-3\"")
    );
    assert_eq!((object.header("cache-control"), object.header("x-amz-meta-sha256")), ("immutable", "x"));
    let part = client.send("GET", &format!("{}?partNumber=2", path("big")), &[], b"");
    assert_eq!((part.status, part.body.as_slice(), part.header("x-amz-mp-parts-count")), (206, &b"6789"[..], "3"));
    assert_eq!(complete(&mut client, "big", &upload, &[]).refusal(), (404, "NoSuchUpload".to_owned()));
    assert_eq!(sim.control().uploads("assets"), 0);
}

#[test]
fn a_completion_holds_to_its_condition_and_the_upload_stays() {
    let sim = small_parts();
    let mut client = Client::new(&sim);
    let upload = upload(&mut client, "k", &[], &[b"1234"]);
    client.put("k", &[], b"first");
    let refused = complete(&mut client, "k", &upload, &[("if-none-match", "*")]);
    assert_eq!(refused.refusal(), (412, "PreconditionFailed".to_owned()));
    assert_eq!((client.get("k", &[]).body, sim.control().uploads("assets")), (b"first".to_vec(), 1));
    let aborted = client.send("DELETE", &format!("{}?uploadId={}", path("k"), upload.id), &[], b"");
    assert_eq!((aborted.status, sim.control().uploads("assets")), (204, 0));
}

#[test]
fn the_whole_checksum_is_that_of_all_bytes() {
    let sim = small_parts();
    let mut client = Client::new(&sim);
    let headers = [("x-amz-checksum-algorithm", "CRC64NVME"), ("x-amz-checksum-type", "FULL_OBJECT")];
    // The check value of the catalogue of CRCs for 123456789: ae8b14860a799888.
    let value = crate::objects::base64(&0xae8b_1486_0a79_9888_u64.to_be_bytes());
    let upload = upload(&mut client, "k", &headers, &[b"1234", b"5678", b"9"]);
    let wrong = complete(&mut client, "k", &upload, &[("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")]);
    assert_eq!(wrong.refusal(), (400, "BadDigest".to_owned()));
    let size = complete(&mut client, "k", &upload, &[("x-amz-mp-object-size", "8")]);
    assert_eq!(size.refusal(), (400, "InvalidRequest".to_owned()));
    let right = [
        ("x-amz-checksum-crc64nvme", value.as_str()),
        ("x-amz-checksum-type", "FULL_OBJECT"),
        ("x-amz-mp-object-size", "9"),
    ];
    let done = complete(&mut client, "k", &upload, &right);
    assert_eq!((done.status, done.element("ChecksumCRC64NVME")), (200, value), "{}", done.text());
}

#[test]
fn wrong_lists_of_parts_are_refused() {
    let sim = small_parts();
    let mut client = Client::new(&sim);
    let mut sent = upload(&mut client, "k", &[], &[b"1234", b"5678", b"9"]);
    sent.etags.swap(0, 1);
    assert_eq!(complete(&mut client, "k", &sent, &[]).refusal(), (400, "InvalidPart".to_owned()));
    sent.etags.swap(0, 1);
    let backwards = "<CompleteMultipartUpload><Part><PartNumber>2</PartNumber><ETag>x</ETag></Part><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>";
    let backwards = backwards.replacen("<ETag>x", &format!("<ETag>{}", sent.etags[1].replace('"', "&quot;")), 1);
    let answer = client.send("POST", &format!("{}?uploadId={}", path("k"), sent.id), &[], backwards.as_bytes());
    assert_eq!(answer.refusal(), (400, "InvalidPartOrder".to_owned()));
    let small = upload(&mut client, "s", &[], &[b"12", b"34"]);
    assert_eq!(complete(&mut client, "s", &small, &[]).refusal(), (400, "EntityTooSmall".to_owned()));
    assert_eq!(complete(&mut client, "k", &sent, &[]).status, 200);
}

#[test]
fn parts_are_copied_from_ranges() {
    let sim = small_parts();
    let mut client = Client::new(&sim);
    client.put("from", &[], b"0123456789");
    let created = client.send("POST", &format!("{}?uploads=", path("to")), &[], b"");
    let id = created.element("UploadId");
    let source = path("from");
    let mut copy = |number: u32, range: &str| {
        let target = format!("{}?partNumber={number}&uploadId={id}", path("to"));
        client.send("PUT", &target, &[("x-amz-copy-source", &source), ("x-amz-copy-source-range", range)], b"")
    };
    let etags = [copy(1, "bytes=0-4").element("ETag"), copy(2, "bytes=5-9").element("ETag")];
    assert_eq!(copy(3, "bytes=5-10").refusal(), (400, "InvalidArgument".to_owned()));
    let etags = etags.map(|etag| etag.replace("&quot;", "\""));
    let done = complete(&mut client, "to", &Upload { id, etags: etags.to_vec() }, &[]);
    assert_eq!((done.status, client.get("to", &[]).body), (200, b"0123456789".to_vec()), "{}", done.text());
}
