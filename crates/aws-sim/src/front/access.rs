//! Who may do anything at all.

use s3s::access::{S3Access, S3AccessContext};
use s3s::{S3ErrorCode, S3Result};

/// Lets in whoever signed, and others if a signature is not required.
pub(crate) struct Access {
    pub(crate) require_signature: bool,
}

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if self.require_signature && context.credentials().is_none() {
            return Err(crate::error::refusal(S3ErrorCode::AccessDenied, "Access Denied"));
        }
        Ok(())
    }
}
