//! STS, OIDC, CloudFront, Cloudflare and the website.

use crate::client::{Answer, Client, path, sim, started};
use aws_sim::sigv4::encoded;
use aws_sim::{DEFAULT_BEARER, Fault, Kind, KnownToken, Rule};

fn assume(client: &mut Client, token: &str, more: &str) -> Answer {
    let role = encoded("arn:aws:iam::111122223333:role/deploy");
    let body = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={role}&RoleSessionName=ci&WebIdentityToken={}{more}",
        encoded(token)
    );
    let head = format!(
        "POST / HTTP/1.1\r\nhost: sts\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    client.exchange("POST", &head, body.as_bytes()).unwrap()
}

fn token(client: &mut Client, bearer: &str, audience: &str) -> Answer {
    let head = format!(
        "GET /_oidc/token?api-version=2.0&audience={audience} HTTP/1.1\r\nhost: oidc\r\nauthorization: bearer {bearer}\r\n\r\n"
    );
    client.exchange("GET", &head, b"").unwrap()
}

fn value(answer: &Answer) -> String {
    let text = answer.text();
    text.split("\"value\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("").to_owned()
}

#[test]
fn a_token_becomes_a_session_that_may_write() {
    let sim = sim();
    let mut client = Client::new(&sim);
    assert_eq!(token(&mut client, "wrong", "sts.amazonaws.com").status, 401);
    let jwt = value(&token(&mut client, DEFAULT_BEARER, "sts.amazonaws.com"));
    let session = assume(&mut client, &jwt, "");
    assert_eq!(session.status, 200, "{}", session.text());
    client.access_key = session.element("AccessKeyId");
    client.secret_key = session.element("SecretAccessKey");
    client.token = Some(session.element("SessionToken"));
    assert_eq!(client.put("k", &[], b"").status, 200);
    sim.control().add_fault(Rule::new(Fault::ExpireSessions).of(Kind::Put).at(2));
    assert_eq!(client.put("k", &[], b"").status, 200);
    assert_eq!(client.put("k", &[], b"").refusal(), (400, "ExpiredToken".to_owned()));
}

#[test]
fn sts_refuses_what_is_wrong() {
    let sim = started(|options| options.sts.quota = Some(1));
    let mut client = Client::new(&sim);
    assert_eq!(assume(&mut client, "unknown", "").refusal(), (400, "InvalidIdentityToken".to_owned()));
    let other = value(&token(&mut client, DEFAULT_BEARER, "other"));
    assert_eq!(assume(&mut client, &other, "").refusal(), (400, "InvalidIdentityToken".to_owned()));
    let known = |token: &str, expires_s, denied| KnownToken {
        token: token.to_owned(),
        audience: "sts.amazonaws.com".to_owned(),
        expires_s,
        denied,
    };
    sim.control().add_token(known("old", 1, false));
    sim.control().add_token(known("denied", i64::MAX, true));
    sim.control().add_token(known("good", i64::MAX, false));
    assert_eq!(assume(&mut client, "old", "").refusal(), (400, "ExpiredTokenException".to_owned()));
    assert_eq!(assume(&mut client, "denied", "").refusal(), (403, "AccessDenied".to_owned()));
    assert_eq!(assume(&mut client, "good", "&DurationSeconds=60").refusal(), (400, "ValidationError".to_owned()));
    assert_eq!(assume(&mut client, "good", "").status, 200);
    assert_eq!(assume(&mut client, "good", "").refusal(), (400, "Throttling".to_owned()));
}

fn invalidate(client: &mut Client, reference: &str, paths: &[&str]) -> Answer {
    let items: String = paths.iter().map(|path| format!("<Path>{path}</Path>")).collect();
    let body = format!(
        "<InvalidationBatch><Paths><Quantity>{}</Quantity><Items>{items}</Items></Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>",
        paths.len()
    );
    client.send("POST", "/2020-05-31/distribution/E1/invalidation", &[], body.as_bytes())
}

#[test]
fn cloudfront_takes_signed_invalidations_within_its_quotas() {
    let sim = started(|options| options.cloudfront.distributions = vec!["E1".to_owned()]);
    let mut client = Client::new(&sim);
    assert_eq!(invalidate(&mut client, "1", &["/*"]).refusal(), (403, "SignatureDoesNotMatch".to_owned()));
    client.service = "cloudfront".to_owned();
    let made = invalidate(&mut client, "1", &["/*", "/a"]);
    assert_eq!((made.status, made.element("Status")), (201, "InProgress".to_owned()), "{}", made.text());
    assert_eq!(invalidate(&mut client, "1", &["/*", "/a"]).element("Id"), made.element("Id"));
    let many: Vec<String> = (0..15).map(|index| format!("/{index}/*")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = invalidate(&mut client, "2", &many);
    assert_eq!(refused.refusal(), (400, "TooManyInvalidationsInProgress".to_owned()));
    sim.control().set_clock(2, 900);
    assert_eq!(invalidate(&mut client, "2", &many).status, 201);
    let target = format!("/2020-05-31/distribution/E1/invalidation/{}", made.element("Id"));
    assert_eq!(client.send("GET", &target, &[], b"").element("Status"), "Completed");
    let none = client.send("GET", "/2020-05-31/distribution/E2/invalidation/I1", &[], b"");
    assert_eq!(none.refusal(), (404, "NoSuchDistribution".to_owned()));
    client.secret_key = "wrong".to_owned();
    assert_eq!(invalidate(&mut client, "3", &["/x"]).refusal(), (403, "SignatureDoesNotMatch".to_owned()));
    assert_eq!(sim.control().invalidations().len(), 2);
}

fn purge(client: &mut Client, token: &str, body: &str) -> Answer {
    let head = format!(
        "POST /client/v4/zones/z1/purge_cache HTTP/1.1\r\nhost: cloudflare\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    client.exchange("POST", &head, body.as_bytes()).unwrap()
}

#[test]
fn cloudflare_takes_thirty_files_and_so_many_calls() {
    let sim = started(|options| options.cloudflare.burst = 2);
    let mut client = Client::new(&sim);
    let good = "sim-cloudflare-token";
    assert_eq!(purge(&mut client, "wrong", "{}").status, 403);
    assert_eq!(purge(&mut client, good, r#"{"files":["https://h/a"]}"#).status, 200);
    let many: Vec<String> = (0..31).map(|index| format!("\"https://h/{index}\"")).collect();
    assert_eq!(purge(&mut client, good, &format!("{{\"files\":[{}]}}", many.join(","))).status, 400);
    let limited = purge(&mut client, good, r#"{"purge_everything":true}"#);
    assert_eq!(limited.status, 429);
    // Five a minute: one in twelve seconds, of which some have passed.
    assert!(matches!(limited.header("retry-after"), "13" | "12" | "11" | "10"), "{:?}", limited.headers);
    assert_eq!(sim.control().purges().len(), 1);
}

fn visit(client: &mut Client, target: &str) -> Answer {
    client.exchange("GET", &format!("GET {target} HTTP/1.1\r\nhost: www\r\n\r\n"), b"").unwrap()
}

#[test]
fn the_website_serves_what_is_stored() {
    let sim = started(|options| options.cdn.cache = true);
    let mut client = Client::new(&sim);
    assert_eq!(visit(&mut client, "/_cdn/assets/a%20b.js").status, 404);
    client.put("a b.js", &[("content-type", "text/javascript"), ("cache-control", "immutable")], b"1");
    client.put("docs/index.html", &[("content-type", "text/html")], b"<p>");
    assert_eq!(visit(&mut client, "/_cdn/assets/docs/").body, b"<p>");
    assert_eq!(visit(&mut client, "/_cdn/assets/a%20b.js").status, 404, "the edge keeps a 404");
    client.service = "cloudfront".to_owned();
    assert_eq!(invalidate(&mut client, "1", &["/a%20b.js"]).status, 201);
    let seen = visit(&mut client, "/_cdn/assets/a%20b.js");
    assert_eq!(
        (seen.status, seen.header("content-type"), seen.header("cache-control")),
        (200, "text/javascript", "immutable")
    );
    client.service = "s3".to_owned();
    client.put("a b.js", &[], b"2");
    assert_eq!(visit(&mut client, "/_cdn/assets/a%20b.js").body, b"1");
    let url = format!("{{\"files\":[\"{}/_cdn/assets/a%20b.js\"]}}", sim.url());
    assert_eq!(purge(&mut client, "sim-cloudflare-token", &url).status, 200);
    assert_eq!(visit(&mut client, "/_cdn/assets/a%20b.js").body, b"2");
    assert_eq!(sim.control().counts().requests.get(&Kind::Get), None);
}

#[test]
fn objects_age_and_folders_are_loaded() {
    let sim = sim();
    let control = sim.control();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("assets/js")).unwrap();
    std::fs::write(folder.path().join("assets/js/a.js"), "hello").unwrap();
    assert_eq!(control.load(folder.path()).unwrap(), 1);
    let mut client = Client::new(&sim);
    let before = client.head_object("js/a.js");
    assert_eq!(before.header("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(control.age("assets", "js/", 86_400), 1);
    assert_ne!(client.head_object("js/a.js").header("last-modified"), before.header("last-modified"));
    assert_eq!(control.object("assets", "js/a.js").unwrap().body.as_deref(), Some(&b"hello"[..]));
    assert_eq!(client.send("GET", &path("none"), &[], b"").status, 404);
}
