//! Takes secrets out of what a sample says.

use crate::event::Step;
use std::borrow::Cow;

/// What stands where a secret stood.
pub const MASK: &str = "***";
/// Fewest bytes of an encoded form that is looked for; shorter ones stand in any text.
const MIN_ENCODED_BYTES: usize = 4;
/// Fewest characters of base64 that are looked for where only a part of an encoded text is the secret's.
const MIN_BASE64_CHARS: usize = 8;
/// Fewest bytes of a secret's beginning that are masked where a text was cut off.
const MIN_CUT_BYTES: usize = 3;

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
        let mut text = Cow::Borrowed(text);
        for form in &self.forms {
            if text.contains(form.as_str()) {
                text = Cow::Owned(text.replace(form.as_str(), MASK));
            }
        }
        if text.contains('…') {
            for form in &self.forms {
                text = without_cut(text, form);
            }
        }
        text
    }

    /// A body without the secrets, before its beginning is shown. Borrowed when there are none.
    pub fn of_bytes<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        if self.forms.is_empty() {
            return Cow::Borrowed(bytes);
        }
        Cow::Owned(self.of(&String::from_utf8_lossy(bytes)).into_owned().into_bytes())
    }

    /// Every text of a step.
    pub fn clean(&self, step: &mut Step) {
        if self.forms.is_empty() {
            return;
        }
        let optional = [&mut step.proxy, &mut step.final_url, &mut step.version, &mut step.body_start];
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

/// Masks what stands before an ellipsis when a secret begins so.
fn without_cut<'t>(text: Cow<'t, str>, form: &str) -> Cow<'t, str> {
    let mut clean: Option<String> = None;
    let mut from = 0;
    while let Some(at) = clean.as_deref().unwrap_or(&text)[from..].find('…').map(|at| at + from) {
        let now = clean.as_deref().unwrap_or(&text);
        let before = &now[..at];
        let cut = (MIN_CUT_BYTES..form.len())
            .rev()
            .find(|length| form.is_char_boundary(*length) && before.ends_with(&form[..*length]));
        from = match cut {
            Some(length) => {
                let start = at - length;
                clean = Some(format!("{}{MASK}{}", &now[..start], &now[at..]));
                start + MASK.len() + '…'.len_utf8()
            }
            None => at + '…'.len_utf8(),
        };
    }
    clean.map_or(text, Cow::Owned)
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
