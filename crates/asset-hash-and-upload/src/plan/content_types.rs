//! What a file is, by its name: one pinned table, so that every machine sends the same `Content-Type`. PURE.
//!
//! Types are those of the IANA media type registry; JavaScript is `text/javascript` (RFC 9239) and all `text/*` says UTF-8,
//! since a browser without a charset takes windows-1252. XML carries its encoding itself (RFC 7303 lets a charset win over
//! the file's own declaration, so none is sent), JSON is always UTF-8 (RFC 8259).
#![warn(clippy::disallowed_methods)]

/// The type of a file that nothing is known about (RFC 2046).
pub const UNKNOWN: &str = "application/octet-stream";

const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const XML: &str = "application/xml";

/// Extensions in lower case with their types, in the order of the extensions.
const TYPES: &[(&str, &str)] = &[
    ("3g2", "video/3gpp2"),
    ("3gp", "video/3gpp"),
    ("7z", "application/x-7z-compressed"),
    ("aac", "audio/aac"),
    ("ai", "application/postscript"),
    ("aif", "audio/aiff"),
    ("aiff", "audio/aiff"),
    ("apk", "application/vnd.android.package-archive"),
    ("apng", "image/apng"),
    ("appcache", "text/cache-manifest; charset=utf-8"),
    ("asc", PLAIN),
    ("atom", "application/atom+xml"),
    ("avi", "video/x-msvideo"),
    ("avif", "image/avif"),
    ("bin", UNKNOWN),
    ("bmp", "image/bmp"),
    ("bz2", "application/x-bzip2"),
    ("cjs", JAVASCRIPT),
    ("conf", PLAIN),
    ("css", "text/css; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("cur", "image/x-icon"),
    ("dmg", "application/x-apple-diskimage"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("eot", "application/vnd.ms-fontobject"),
    ("eps", "application/postscript"),
    ("epub", "application/epub+zip"),
    ("exe", "application/vnd.microsoft.portable-executable"),
    ("flac", "audio/flac"),
    ("geojson", "application/geo+json"),
    ("gif", "image/gif"),
    ("glb", "model/gltf-binary"),
    ("gltf", "model/gltf+json"),
    ("gpx", "application/gpx+xml"),
    ("graphql", "application/graphql"),
    ("gz", "application/gzip"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("htc", "text/x-component; charset=utf-8"),
    ("htm", HTML),
    ("html", HTML),
    ("ico", "image/x-icon"),
    ("ics", "text/calendar; charset=utf-8"),
    ("jar", "application/java-archive"),
    ("jfif", "image/jpeg"),
    ("jp2", "image/jp2"),
    ("jpe", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", JAVASCRIPT),
    ("json", JSON),
    ("json5", "application/json5"),
    ("jsonld", "application/ld+json"),
    ("jsx", JAVASCRIPT),
    ("jxl", "image/jxl"),
    ("kml", "application/vnd.google-earth.kml+xml"),
    ("less", PLAIN),
    ("log", PLAIN),
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("m4a", "audio/mp4"),
    ("m4s", "video/iso.segment"),
    ("m4v", "video/mp4"),
    ("map", JSON),
    ("markdown", "text/markdown; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("mid", "audio/midi"),
    ("midi", "audio/midi"),
    ("mjs", JAVASCRIPT),
    ("mkv", "video/matroska"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpd", "application/dash+xml"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("obj", "model/obj"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("opus", "audio/ogg"),
    ("otf", "font/otf"),
    ("pdf", "application/pdf"),
    ("pem", "application/x-pem-file"),
    ("pkg", UNKNOWN),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("ps", "application/postscript"),
    ("psd", "image/vnd.adobe.photoshop"),
    ("rar", "application/vnd.rar"),
    ("rdf", "application/rdf+xml"),
    ("riv", UNKNOWN),
    ("rss", "application/rss+xml"),
    ("rtf", "application/rtf"),
    ("sass", PLAIN),
    ("scss", PLAIN),
    ("shtml", HTML),
    ("stl", "model/stl"),
    ("svg", "image/svg+xml"),
    ("svgz", "image/svg+xml"),
    ("swf", "application/vnd.adobe.flash.movie"),
    ("tar", "application/x-tar"),
    ("tgz", "application/gzip"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("toml", "application/toml"),
    ("topojson", JSON),
    ("ts", "video/mp2t"),
    ("tsv", "text/tab-separated-values; charset=utf-8"),
    ("ttc", "font/collection"),
    ("ttf", "font/ttf"),
    ("txt", PLAIN),
    ("usdz", "model/vnd.usdz+zip"),
    ("vcard", "text/vcard; charset=utf-8"),
    ("vcf", "text/vcard; charset=utf-8"),
    ("vtt", "text/vtt; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("wav", "audio/wav"),
    ("weba", "audio/webm"),
    ("webm", "video/webm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xhtml", "application/xhtml+xml"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", XML),
    ("xsd", XML),
    ("xsl", "application/xslt+xml"),
    ("xslt", "application/xslt+xml"),
    ("xz", "application/x-xz"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
    ("zst", "application/zstd"),
];

/// Files that build tools compress beside the plain one (`app.js.br`). Others keep the archive's type: nobody wants
/// `report.csv.gz` shown as text.
const COMPRESSED_BESIDE: &[&str] = &[
    "cjs",
    "css",
    "eot",
    "htm",
    "html",
    "ico",
    "js",
    "json",
    "map",
    "mjs",
    "otf",
    "svg",
    "ttf",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// The `Content-Type` of a file by its name alone; [`UNKNOWN`] when the table has no such extension. `app.js.br` and
/// `app.js.gz` have the type of `app.js`: only a rule gives them a `Content-Encoding`. Letters of either case.
pub fn content_type(path: &str) -> &'static str {
    if let Some((inner, _)) = compressed(path) {
        return inner;
    }
    by_extension(extension(path)).unwrap_or(UNKNOWN)
}

/// Of a file that a build tool compressed beside the plain one: the plain one's type, and the coding as `Content-Encoding`
/// names it (`br`, `gzip`, `zstd`). `None` for all others.
pub fn compressed(path: &str) -> Option<(&'static str, &'static str)> {
    let (stem, last) = name(path).rsplit_once('.')?;
    let coding = match last.to_ascii_lowercase().as_str() {
        "br" => "br",
        "gz" => "gzip",
        "zst" => "zstd",
        _ => return None,
    };
    let inner = extension(stem).to_ascii_lowercase();
    COMPRESSED_BESIDE.binary_search(&inner.as_str()).ok()?;
    Some((by_extension(&inner)?, coding))
}

/// What follows the last dot of the name; empty when there is none, and of `.htaccess`.
fn extension(path: &str) -> &str {
    match name(path).rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension,
        _ => "",
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn by_extension(extension: &str) -> Option<&'static str> {
    let extension = extension.to_ascii_lowercase();
    let found = TYPES.binary_search_by(|(known, _)| (*known).cmp(extension.as_str())).ok()?;
    TYPES.get(found).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_say_a_charset_for_text() {
        assert!(TYPES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(COMPRESSED_BESIDE.is_sorted_by(|a, b| a < b));
        for (extension, kind) in TYPES {
            assert_eq!(*extension, extension.to_ascii_lowercase());
            assert_eq!(kind.starts_with("text/"), kind.ends_with("; charset=utf-8"), "{extension}");
            assert!(kind.bytes().all(|b| b.is_ascii_graphic() || b == b' '), "{extension}");
        }
        for inner in COMPRESSED_BESIDE {
            assert!(by_extension(inner).is_some(), "{inner}");
        }
    }

    #[test]
    fn names_have_types() {
        for (path, kind) in [
            ("a/app.js", "text/javascript; charset=utf-8"),
            ("a/app.MJS", "text/javascript; charset=utf-8"),
            ("app.min.css", "text/css; charset=utf-8"),
            ("index.HTML", "text/html; charset=utf-8"),
            ("site.webmanifest", "application/manifest+json"),
            ("x.wasm", "application/wasm"),
            ("x.avif", "image/avif"),
            ("app.js.map", "application/json"),
            ("f.woff2", "font/woff2"),
            ("feed.xml", "application/xml"),
            ("robots.txt", "text/plain; charset=utf-8"),
            ("seg.ts", "video/mp2t"),
            ("app.js.gz", "text/javascript; charset=utf-8"),
            ("app.css.BR", "text/css; charset=utf-8"),
            ("dump.sql.gz", "application/gzip"),
            ("data.csv.gz", "application/gzip"),
            ("site.tar.gz", "application/gzip"),
            ("noise.br", UNKNOWN),
            ("README", UNKNOWN),
            (".htaccess", UNKNOWN),
            (".js", UNKNOWN),
            ("js", UNKNOWN),
            ("a.js/b", UNKNOWN),
            ("x.", UNKNOWN),
            ("", UNKNOWN),
            ("x.日本", UNKNOWN),
        ] {
            assert_eq!(content_type(path), kind, "{path}");
        }
        assert_eq!(compressed("app.js.gz"), Some((JAVASCRIPT, "gzip")));
        assert_eq!(compressed("app.svg.zst"), Some(("image/svg+xml", "zstd")));
        assert_eq!(compressed("app.js"), None);
        assert_eq!(compressed("a.tar.gz"), None);
    }
}
