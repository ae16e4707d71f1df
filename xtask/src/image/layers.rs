//! How large an image is, and how large it is to move.

use std::io::{Read, Write};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::clients::engine;

/// Sizes of an image, all layers together.
pub struct Sizes {
    /// Uncompressed, as the engine holds it.
    pub bytes: u64,
    /// As a registry would send it, at gzip's best level.
    pub compressed_bytes: u64,
}

/// Counts the bytes that are written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The length of `data` after `gzip -9`.
pub fn compressed_bytes(mut data: impl Read) -> Result<u64> {
    let mut encoder = GzEncoder::new(Counter(0), Compression::best());
    std::io::copy(&mut data, &mut encoder)?;
    Ok(encoder.finish()?.0)
}

/// Reads an image from the engine and measures its layers. Errors: no such image; the engine fails.
pub fn of_image(tag: &str) -> Result<Sizes> {
    let mut save = engine::docker(["save", tag]).stdout(Stdio::piped()).spawn().context("cannot start docker")?;
    let stream = save.stdout.take().context("docker save has no output")?;
    let mut archive = tar::Archive::new(stream);
    let mut sizes = Sizes { bytes: 0, compressed_bytes: 0 };
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        // Engines up to 24 write ID/layer.tar; later ones blobs/sha256/DIGEST, where whatever is a tar archive is a layer.
        let mut head = Vec::new();
        (&mut entry).take(512).read_to_end(&mut head)?;
        let is_tar = head.get(257..262) == Some(b"ustar");
        if path.ends_with("/layer.tar") || (path.starts_with("blobs/") && is_tar) {
            sizes.bytes += entry.size();
            sizes.compressed_bytes += compressed_bytes(head.as_slice().chain(entry))?;
        }
    }
    let status = save.wait().context("docker save")?;
    ensure!(status.success() && sizes.bytes > 0, "docker save {tag} gave no layer");
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_is_counted() -> Result<()> {
        let zeros = vec![0_u8; 100_000];
        assert!(compressed_bytes(&zeros[..])? < 300);
        Ok(())
    }
}
