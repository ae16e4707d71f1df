//! Content codings that are the same on every machine.

use crate::error::Error;
use std::io::Write;

/// Brotli's best, which is made once for each content: 0.5 MB/s.
const BROTLI_QUALITY: u32 = 11;
/// Window of 4 MiB: the largest that all browsers take (RFC 7932).
const BROTLI_WINDOW: u32 = 22;
/// Bytes that the encoder works on at once.
const BUFFER_BYTES: usize = 64 << 10;

/// The bytes in a content coding; `None` for no coding. The same bytes give the same result: gzip has no time and no name in it.
pub fn encode(bytes: &[u8], coding: &str) -> Result<Option<Vec<u8>>, Error> {
    let failed = |error: std::io::Error| Error::input(format!("can't be encoded as {coding}: {error}"));
    match coding {
        "br" => {
            let mut out = brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW);
            out.write_all(bytes).map_err(failed)?;
            Ok(Some(out.into_inner()))
        }
        "gzip" => {
            let mut out =
                flate2::GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), flate2::Compression::best());
            out.write_all(bytes).map_err(failed)?;
            out.finish().map(Some).map_err(failed)
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn encoded_bytes_come_back_and_hold_no_time() {
        let text = "the same on every machine ".repeat(1000).into_bytes();
        let gzip = encode(&text, "gzip").expect("gzip").expect("a coding");
        assert_eq!(gzip.get(..10), Some(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255][..]));
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut back).expect("gzip");
        assert_eq!(back, text);
        let brotli = encode(&text, "br").expect("brotli").expect("a coding");
        let mut back = Vec::new();
        brotli::Decompressor::new(&brotli[..], 4096).read_to_end(&mut back).expect("brotli");
        assert_eq!(back, text);
        assert_eq!(encode(&text, "").expect("nothing"), None);
    }
}
