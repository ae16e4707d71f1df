//! The CI's identity token, the role, and its sessions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kit_aws::s3::S3;
use kit_aws::{CiIdentity, ConnectionOptions, Error, connect};

use crate::server::{Asked, Reply, Server};

const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

/// GitHub's token URL, STS and S3 in one. Each session of STS has a number; S3 takes those from `first_good` on.
fn world(first_good: usize, lasts_s: i64) -> Server {
    let sessions = Arc::new(AtomicUsize::new(0));
    Server::start(move |_, asked| match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/token?api=1&audience=sts.amazonaws.com")
            if asked.header("authorization") == "Bearer request-secret" =>
        {
            Reply::Answer(200, Vec::new(), br#"{"count":1,"value":"identity.secret"}"#.to_vec())
        }
        ("POST", "/") => session(&sessions, lasts_s, asked),
        ("GET", path) if path.starts_with("/bucket/") => {
            let session = asked.header("x-amz-security-token");
            let number: usize = session.strip_prefix("session-").unwrap().parse().unwrap();
            if number >= first_good { Reply::empty(200) } else { Reply::error(400, "ExpiredToken") }
        }
        _ => Reply::empty(404),
    })
}

fn session(sessions: &AtomicUsize, lasts_s: i64, asked: &Asked) -> Reply {
    let form = String::from_utf8_lossy(&asked.body).into_owned();
    assert!(form.contains("Action=AssumeRoleWithWebIdentity") && form.contains("identity.secret"), "{form}");
    assert!(asked.header("authorization").is_empty(), "the call is not signed");
    if !form.contains("role%2Fdeploy") {
        let body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized: identity.secret</Message></Error></ErrorResponse>";
        return Reply::Answer(403, Vec::new(), body.into());
    }
    let number = sessions.fetch_add(1, Ordering::SeqCst) + 1;
    let now = aws_smithy_types::DateTime::from(std::time::SystemTime::now());
    let ends = aws_smithy_types::DateTime::from_secs(now.secs() + lasts_s);
    let ends = ends.fmt(aws_smithy_types::date_time::Format::DateTime).unwrap();
    let body = format!(
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>AK</AccessKeyId>\
         <SecretAccessKey>sk</SecretAccessKey><SessionToken>session-{number}</SessionToken><Expiration>{ends}</Expiration>\
         </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
    );
    Reply::Answer(200, Vec::new(), body.into())
}

fn options(server: &Server, role: &str) -> ConnectionOptions {
    let mut options = server.options();
    options.role_arn = Some(role.into());
    options.sts_endpoint_url = Some(server.url.clone());
    options
}

fn github(server: &Server) -> CiIdentity {
    CiIdentity::GitHub { request_url: format!("{}/token?api=1", server.url), request_token: "request-secret".into() }
}

fn sessions(server: &Server) -> usize {
    server.asked().iter().filter(|asked| asked.method == "POST").count()
}

#[tokio::test]
async fn github_s_token_becomes_a_session_that_is_kept() {
    let server = world(1, 3600);
    let s3 = S3::new(&connect(&options(&server, ROLE), github(&server)).await.unwrap(), "bucket", None);
    for _ in 0..3 {
        assert!(s3.get("k", 10).await.unwrap().is_some());
    }
    assert_eq!(sessions(&server), 1);
}

#[tokio::test]
async fn a_session_near_its_end_is_renewed_by_one() {
    let server = world(1, 60);
    let s3 = S3::new(&connect(&options(&server, ROLE), github(&server)).await.unwrap(), "bucket", None);
    assert!(s3.get("k", 10).await.unwrap().is_some());
    assert_eq!(sessions(&server), 2, "each call finds a minute too short");
}

#[tokio::test]
async fn a_session_that_the_service_ends_is_renewed_once() {
    let server = world(2, 3600);
    let s3 = S3::new(&connect(&options(&server, ROLE), github(&server)).await.unwrap(), "bucket", None);
    assert!(s3.get("k", 10).await.unwrap().is_some());
    assert_eq!(sessions(&server), 2);

    let server = world(99, 3600);
    let s3 = S3::new(&connect(&options(&server, ROLE), github(&server)).await.unwrap(), "bucket", None);
    assert!(matches!(s3.get("k", 10).await, Err(Error::Expired { .. })));
    assert_eq!(sessions(&server), 2);
}

#[tokio::test]
async fn a_refusal_shows_no_token() {
    let server = world(1, 3600);
    let error = connect(&options(&server, "arn:aws:iam::1:role/other"), github(&server)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no AWS credentials: role arn:aws:iam::1:role/other: AccessDenied: Not authorized: ***"
    );
    let wrong = CiIdentity::GitHub { request_url: format!("{}/no?", server.url), request_token: "x".into() };
    let error = connect(&options(&server, ROLE), wrong).await.unwrap_err();
    assert!(error.to_string().contains("status 404") && error.to_string().contains("id-token: write"), "{error}");
}

#[tokio::test]
async fn a_token_that_was_given_is_used() {
    let server = world(1, 3600);
    let token = |token: &str| CiIdentity::Token { variable: "AWS_ID_TOKEN".into(), token: token.into() };
    assert!(connect(&options(&server, ROLE), token("identity.secret")).await.is_ok());
    let error = connect(&options(&server, ROLE), token("not a token")).await.unwrap_err();
    assert_eq!(error.to_string(), "no AWS credentials: what AWS_ID_TOKEN gave is no identity token");
}
