//! The static files, built into the program from `assets/`.

use super::request::Request;
use super::response::Response;
use crate::store::session::digest;
use crate::store::{Problem, Shop};

/// File name, media type, content.
type Asset = (&'static str, &'static str, &'static [u8]);

/// All files of `assets/`.
pub const ASSETS: &[Asset] = &[
    ("app.css", "text/css; charset=utf-8", include_bytes!("../../assets/app.css")),
    ("app.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/app.js")),
    ("logo.svg", "image/svg+xml", include_bytes!("../../assets/logo.svg")),
    ("robots.txt", "text/plain; charset=utf-8", include_bytes!("../../assets/robots.txt")),
];

/// `GET /assets/{name}`: immutable for a year when the address names this release (`?v=`), else to be revalidated.
pub fn asset(shop: &Shop, request: &Request) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|(name, ..)| *name == request.param(0));
    let (_, content_type, content) = asset.ok_or_else(|| Problem::not_found("asset"))?;
    let etag = format!("\"{}\"", digest("asset", &String::from_utf8_lossy(content)));
    let is_of_release = request.query_value("v").is_some_and(|version| version == shop.config.release);
    let caching = if is_of_release { "public, max-age=31536000, immutable" } else { "no-cache" };
    let is_known =
        request.header("if-none-match").is_some_and(|known| known.split(',').any(|known| known.trim() == etag));
    let response = if is_known { Response::empty(304) } else { Response::new(200, content_type, *content) };
    Ok(response.with_header("ETag", etag).with_header("Cache-Control", caching))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let mut files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        assert_eq!(files, ASSETS.iter().map(|(name, ..)| (*name).to_owned()).collect::<Vec<_>>());
    }
}
