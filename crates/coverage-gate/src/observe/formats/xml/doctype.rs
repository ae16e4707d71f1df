//! A document type declaration, gone over without any of it being processed.

/// Longest declaration.
pub(super) const MAX_DOCTYPE_BYTES: usize = 64 << 10;

/// What is found at a `<!DOCTYPE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doctype {
    /// Its length in bytes. An external identifier in it is nothing but passed over.
    Ends(usize),
    /// The bytes end inside it.
    Incomplete,
    /// It is `<!DOCTYPE html`.
    Html,
    /// It declares entities.
    Entities,
}

/// Goes over the declaration at the beginning of `bytes`, which starts with `<!DOCTYPE`.
pub(super) fn pass(bytes: &[u8]) -> Doctype {
    let name = bytes["<!DOCTYPE".len()..].trim_ascii_start();
    if name.len() >= 4 && name[..4].eq_ignore_ascii_case(b"html") {
        return Doctype::Html;
    }
    let mut at = "<!DOCTYPE".len();
    let mut inside = false;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        match byte {
            b'"' | b'\'' => match memchr::memchr(byte, &rest[1..]) {
                Some(length) => at += length + 1,
                None => return Doctype::Incomplete,
            },
            b'[' => inside = true,
            b']' => inside = false,
            b'>' if !inside => return Doctype::Ends(at + 1),
            // A parameter entity stands for declarations of its own.
            b'%' if inside => return Doctype::Entities,
            b'<' if rest.starts_with(b"<!ENTITY") => return Doctype::Entities,
            b'<' if rest.starts_with(b"<!--") => match memchr::memmem::find(rest, b"-->") {
                Some(length) => at += length + 2,
                None => return Doctype::Incomplete,
            },
            b'<' if rest.starts_with(b"<?") => match memchr::memmem::find(rest, b"?>") {
                Some(length) => at += length + 1,
                None => return Doctype::Incomplete,
            },
            _ => {}
        }
        at += 1;
    }
    Doctype::Incomplete
}
