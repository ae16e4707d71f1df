//! `exercise ENDPOINT BUCKET [KEY SECRET]`: every call against an S3 of somebody else, and where it differs from S3. Ends with 1
//! when it does. The bucket is made with a plain PUT by whoever starts this.

mod steps;

use std::io::Write;
use std::process::ExitCode;

use kit_aws::s3::S3;
use kit_aws::{CiIdentity, ConnectionOptions, connect};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize, default: &str| arguments.get(at).cloned().unwrap_or_else(|| default.to_owned());
    let options = ConnectionOptions {
        endpoint_url: Some(argument(0, "http://127.0.0.1:9000")),
        environment: [("AWS_ACCESS_KEY_ID", argument(2, "a")), ("AWS_SECRET_ACCESS_KEY", argument(3, "b"))]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        ..ConnectionOptions::default()
    };
    let differences = match connect(&options, CiIdentity::None).await {
        Ok(aws) => steps::differences(&aws, &S3::new(&aws, &argument(1, "exercise"), None)).await,
        Err(error) => vec![error.to_string()],
    };
    for difference in &differences {
        let _ = writeln!(std::io::stdout(), "{difference}");
    }
    if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
