//! Takes secrets out of what a sample says: those that are known, and values of queries, forms and
//! JSON whose names say what they are.

use crate::event::Step;
use std::borrow::Cow;
use std::ops::Range;

/// What stands where a secret stood.
pub const MASK: &str = "***";
/// Fewest bytes of an encoded form that is looked for; shorter ones stand in any text.
const MIN_ENCODED_BYTES: usize = 4;
/// Fewest characters of base64 that are looked for where only a part of an encoded text is the secret's.
const MIN_BASE64_CHARS: usize = 8;
/// Fewest bytes of a cookie or a parameter that is a secret; shorter ones are switches and counts.
const MIN_PARAMETER_BYTES: usize = 8;
/// Characters of a value's name: a body of nothing but `=` must not cost its square.
const MAX_NAME_CHARS: usize = 100;
/// Fewest bytes of a secret's beginning that are masked where a text was cut off.
const MIN_CUT_BYTES: usize = 3;
/// Ellipses of a text that are looked at, from its end; our own texts have few, and a stranger's thousands would take minutes.
const MAX_CUTS: usize = 16;

/// Finds secrets as they are, percent-encoded (as in paths and as in forms), in JSON, and in base64 of both alphabets, whatever
/// stands before them in the encoded text.
#[derive(Debug, Clone, Default)]
pub struct Redaction {
    /// Longest first, so that no part of a secret is left.
    forms: Vec<String>,
}

impl Redaction {
    /// Of these secrets; blank ones are left out. Each line of a secret with several is one as well.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Redaction {
        let mut forms = Vec::new();
        for secret in secrets {
            for part in std::iter::once(secret).chain(secret.lines()).chain(std::iter::once(secret.trim())) {
                if !part.trim().is_empty() {
                    forms.push(part.to_owned());
                    forms.extend(encodings_of(part));
                }
            }
        }
        forms.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        forms.dedup();
        Redaction { forms }
    }

    /// The text without the secrets. Where it was cut off (it ends with an ellipsis), the beginning of a secret at its end is
    /// taken out as well.
    pub fn of<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = self.whole(text);
        if text.contains('…') {
            for form in &self.forms {
                text = without_cut(text, form);
            }
        }
        match without_named_secrets(&text) {
            Some(clean) => Cow::Owned(clean),
            None => text,
        }
    }

    /// The text without whole secrets.
    fn whole<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for form in &self.forms {
            if text.contains(form.as_str()) {
                text = Cow::Owned(text.replace(form.as_str(), MASK));
            }
        }
        text
    }

    /// A body without the secrets, before its beginning is shown. An ellipsis in it is the server's own: nothing was cut off
    /// there, and thousands of them would take minutes.
    pub fn of_bytes<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        let text = String::from_utf8_lossy(bytes);
        let whole = self.whole(&text);
        Cow::Owned(without_named_secrets(&whole).unwrap_or_else(|| whole.into_owned()).into_bytes())
    }

    /// Every text of a step.
    pub fn clean(&self, step: &mut Step) {
        let optional = [&mut step.proxy, &mut step.asked, &mut step.final_url, &mut step.version, &mut step.body_start];
        for text in optional.into_iter().flatten().chain(std::iter::once(&mut step.name)) {
            self.replace(text);
        }
        for miss in &mut step.misses {
            self.replace(&mut miss.expected);
            self.replace(&mut miss.got);
        }
        if let Some(fault) = &mut step.fault {
            self.replace(&mut fault.message);
        }
    }

    fn replace(&self, text: &mut String) {
        if let Cow::Owned(clean) = self.of(text) {
            *text = clean;
        }
    }
}

/// What of a header's value is a secret: the whole, what stands behind `Bearer` and the like, and each value of a cookie or of
/// other parameters that is long enough to be one.
pub fn header_secrets(value: &str) -> impl Iterator<Item = &str> {
    let parameters = value.split([';', ',']).filter_map(|pair| pair.split_once('='));
    let values =
        parameters.map(|(_, value)| value.trim().trim_matches('"')).filter(|one| one.len() >= MIN_PARAMETER_BYTES);
    std::iter::once(value).chain(value.split_once(' ').map(|(_, rest)| rest.trim())).chain(values)
}

/// The values of a URL's query or of a form, wherever in a text they stand, whose names say that they are nobody's business:
/// `?token=…`.
pub fn query_secrets(text: &str) -> impl Iterator<Item = &str> {
    query_places(text).filter_map(|place| text.get(place))
}

fn query_places(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |char: char| char.is_whitespace() || char.is_control() || "&#`'\"<>…".contains(char);
    text.match_indices('=').filter_map(move |(at, _)| {
        let name = name_before(&text[..at], |char| char == '?' || ends(char))?;
        let value = &text[at + 1..];
        let length = value.find(ends).unwrap_or(value.len());
        (length > 0 && is_secret_name(name)).then_some(at + 1..at + 1 + length)
    })
}

/// The same in JSON, also where it stands in a string of JSON: `"token": "…"`.
fn member_places(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("\":").filter_map(move |(at, _)| {
        let name = name_before(text[..at].trim_end_matches('\\'), |char| char == '"')?;
        let rest = text[at + 2..].trim_start();
        let is_inner = rest.starts_with('\\');
        let value = rest.strip_prefix('\\').unwrap_or(rest).strip_prefix('"')?;
        let begin = text.len() - value.len();
        let mut escaped = false;
        let end = value.find(|char| {
            let ends = !escaped && (char == '"' || (is_inner && char == '\\') || char == '…');
            escaped = char == '\\' && !escaped;
            ends
        });
        let length = end.unwrap_or(value.len());
        (length > 0 && is_secret_name(name)).then_some(begin..begin + length)
    })
}

/// What stands at the end of a text since the last character that `divides`, or since its beginning.
fn name_before(text: &str, divides: impl Fn(char) -> bool) -> Option<&str> {
    let mut last = text.char_indices().rev().take(MAX_NAME_CHARS);
    match last.find(|(_, char)| divides(*char)) {
        Some((at, char)) => Some(&text[at + char.len_utf8()..]),
        None => (text.len() <= MAX_NAME_CHARS).then_some(text),
    }
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "passw", "session", "auth", "jwt", "apikey", "credential", "signature"]
        .iter()
        .any(|word| name.contains(word))
        || ["key", "sig"].iter().any(|last| name.rsplit(['_', '-', '.']).next() == Some(last))
}

fn without_named_secrets(text: &str) -> Option<String> {
    let mut places: Vec<Range<usize>> = query_places(text).chain(member_places(text)).collect();
    places.retain(|place| !text[place.clone()].starts_with(MASK));
    places.sort_unstable_by_key(|place| place.start);
    let mut clean: Option<String> = None;
    let mut from = 0;
    for place in places {
        // A value may hold `=` itself.
        if place.start < from {
            continue;
        }
        let clean = clean.get_or_insert_with(String::new);
        clean.push_str(&text[from..place.start]);
        clean.push_str(MASK);
        from = place.end;
    }
    clean.map(|clean| clean + &text[from..])
}

/// Masks what stands before an ellipsis when a secret begins so.
fn without_cut<'t>(mut text: Cow<'t, str>, form: &str) -> Cow<'t, str> {
    let places: Vec<usize> = text.rmatch_indices('…').take(MAX_CUTS).map(|(at, _)| at).collect();
    for at in places {
        // A secret may hold an ellipsis itself, and be gone with it.
        if !text.get(at..).is_some_and(|rest| rest.starts_with('…')) {
            continue;
        }
        let before = &text[..at];
        let cut = (MIN_CUT_BYTES..form.len().min(at + 1))
            .rev()
            .find(|length| form.is_char_boundary(*length) && before.ends_with(&form[..*length]));
        if let Some(length) = cut {
            text = Cow::Owned(format!("{}{MASK}{}", &text[..at - length], &text[at..]));
        }
    }
    text
}

fn encodings_of(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    // What is encoded differs between encoders: everything but letters and digits, or what RFC 3986 reserves.
    for keep in ["", "-._~", "-._~!$&'()*+,;=:@", "-._~!$&'()*+,;=:@/", "-._*"] {
        for upper in [true, false] {
            let encoded = percent_encoded(secret, keep, upper);
            forms.push(encoded.replace("%20", "+"));
            forms.push(encoded);
        }
    }
    if let Ok(json) = serde_json::to_string(secret) {
        let inner = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
        forms.push(inner.replace('/', "\\/"));
        forms.push(inner.to_owned());
    }
    for alphabet in [STANDARD, URL_SAFE] {
        for before in 0..3 {
            let encoded = base64_of_part(secret.as_bytes(), before, alphabet);
            if encoded.len() >= MIN_BASE64_CHARS {
                forms.push(encoded);
            }
        }
    }
    forms.retain(|form| form.len() >= MIN_ENCODED_BYTES);
    forms
}

fn percent_encoded(text: &str, keep: &str, upper: bool) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || keep.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else if upper {
            encoded.push_str(&format!("%{byte:02X}"));
        } else {
            encoded.push_str(&format!("%{byte:02x}"));
        }
    }
    encoded
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The characters of an encoded text that a secret alone decides when `before` bytes (modulo three) stand before it, and
/// anything behind it: RFC 4648, section 4.
fn base64_of_part(secret: &[u8], before: usize, alphabet: &[u8; 64]) -> String {
    let bit_at = |bit: usize| secret.get(bit / 8).map_or(0, |byte| usize::from(byte >> (7 - bit % 8) & 1));
    // Characters begin at every sixth bit of the whole text, which begins `before` bytes earlier.
    let first = (6 - before * 8 % 6) % 6;
    let bits = secret.len() * 8;
    (first..)
        .step_by(6)
        .take_while(|start| start + 6 <= bits)
        .map(|start| char::from(alphabet[(start..start + 6).fold(0, |index, bit| index << 1 | bit_at(bit))]))
        .collect()
}
