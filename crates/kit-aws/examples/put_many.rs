//! `put_many ENDPOINT BUCKET [COUNT]`: PUTs of 11,300 bytes, 32 at once, to measure what one costs. Not for production.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kit_aws::s3::{Condition, Put, S3};
use kit_aws::{CiIdentity, ConnectionOptions, connect};
use sha2::{Digest, Sha256};

const AT_ONCE: usize = 32;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let options = ConnectionOptions {
        endpoint_url: arguments.next(),
        environment: [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..ConnectionOptions::default()
    };
    let bucket = arguments.next().unwrap_or_else(|| "many".to_owned());
    let count: usize = arguments.next().map_or(Ok(20_000), |count| count.parse())?;
    let s3 = S3::new(&connect(&options, CiIdentity::None).await?, &bucket, None);
    let body = bytes::Bytes::from((0..11_300_u32).map(|at| (at * 7 % 251) as u8).collect::<Vec<u8>>());
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (s3, body, next) = (s3.clone(), body.clone(), Arc::clone(&next));
        workers.spawn(async move {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return Ok(());
                }
                let sha256: [u8; 32] = Sha256::digest(&body).into();
                let headers = [
                    ("cache-control", "public, max-age=31536000, immutable"),
                    ("content-type", "text/javascript; charset=utf-8"),
                    ("x-amz-meta-sha256", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
                ]
                .map(|(name, value)| (name.to_owned(), value.to_owned()));
                let put = Put { body: body.clone().into(), sha256, headers: &headers, condition: Condition::Absent };
                s3.put(&format!("p/assets/f-{at}.js"), put).await?;
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker?.map_err(|error: kit_aws::Error| error)?;
    }
    Ok(())
}
