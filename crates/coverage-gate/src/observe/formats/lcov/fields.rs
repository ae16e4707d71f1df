//! The fields of LCOV's records.

use crate::observe::reading::MAX_LINE;
use crate::plan::coverage::items::ItemId;

/// Digits of a line number that are taken without a look at [`MAX_LINE`].
const PLAIN_DIGITS: usize = 8;
/// Blocks below this and arms below the next have a number as their identity, of 31 bits together.
const NUMBERED_BLOCKS: u64 = 1 << 15;
/// See [`NUMBERED_BLOCKS`].
const NUMBERED_ARMS: u64 = 1 << 16;

/// Reads digits.
pub struct Numbers;

impl Numbers {
    /// Whether there are digits and nothing else.
    pub fn are_digits(field: &[u8]) -> bool {
        !field.is_empty() && field.iter().all(u8::is_ascii_digit)
    }

    /// A whole number; one too large becomes the largest.
    pub fn whole(field: &[u8]) -> Option<u64> {
        Self::are_digits(field).then(|| {
            field.iter().fold(0u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
        })
    }
}

/// What stands before the first comma, and what after it.
pub fn split(fields: &[u8]) -> Option<(&[u8], &[u8])> {
    let comma = memchr::memchr(b',', fields)?;
    Some((&fields[..comma], &fields[comma + 1..]))
}

/// A line number. 0 is none, but is left to the caller.
pub fn line_number(field: &[u8]) -> Result<u32, String> {
    match Numbers::whole(field.trim_ascii()) {
        None => Err("has no whole number as its line number".to_owned()),
        Some(line) if line > u64::from(MAX_LINE) => Err(format!("has a line number above {MAX_LINE}")),
        Some(line) => Ok(line as u32),
    }
}

/// Whether a count says that something ran. It is a whole number of any size, or one with an exponent, which some tools
/// write for large ones.
/// Errors: anything else, negative numbers above all: they come from counters that overflowed or from runs that overwrote
/// each other's data, so nobody knows what ran.
pub fn covered(field: &[u8]) -> Result<bool, String> {
    let field = field.trim_ascii();
    if field.first() == Some(&b'-') && field.len() > 1 {
        return Err("has a negative count, so its data are damaged; LCOV refuses it too. \
                    Did several processes write to one data file? Measure again"
            .to_owned());
    }
    let (mantissa, exponent) = match memchr::memchr2(b'e', b'E', field) {
        Some(at) => (&field[..at], Some(field[at + 1..].strip_prefix(b"+").unwrap_or(&field[at + 1..]))),
        None => (field, None),
    };
    let (whole, fraction) = match memchr::memchr(b'.', mantissa) {
        Some(at) => (&mantissa[..at], Some(&mantissa[at + 1..])),
        None => (mantissa, None),
    };
    let sound = |part: Option<&[u8]>| part.is_none_or(Numbers::are_digits);
    let nonzero = |digits: &[u8]| digits.iter().any(|digit| *digit != b'0');
    let ran = nonzero(whole);
    if !Numbers::are_digits(whole) || !sound(fraction) || !sound(exponent) || !ran && fraction.is_some_and(nonzero) {
        return Err("has a count that is no number".to_owned());
    }
    Ok(ran)
}

/// Line and whether it ran, and what comes after the line end; `None` for everything but digits, a comma and digits.
#[inline]
pub fn plain_line(fields: &[u8]) -> Option<(u32, bool, &[u8])> {
    let (line, rest) = plain_number(fields)?;
    let rest = rest.strip_prefix(b",")?;
    let (covered, rest) = plain_count(rest)?;
    (line > 0).then_some((line, covered, rest))
}

/// An arm with a number as its identity.
pub struct PlainArm {
    /// Above 0.
    pub line: u32,
    /// See [`NUMBERED_BLOCKS`].
    pub id: ItemId<'static>,
    /// Whether it ran.
    pub taken: bool,
}

/// An arm whose fields are digits, and what comes after the line end.
#[inline]
pub fn plain_arm(fields: &[u8]) -> Option<(PlainArm, &[u8])> {
    let (line, rest) = plain_number(fields)?;
    let (block, rest) = plain_number(rest.strip_prefix(b",")?)?;
    let (arm, rest) = plain_number(rest.strip_prefix(b",")?)?;
    let rest = rest.strip_prefix(b",")?;
    let (taken, rest) = match *rest {
        [b'-', b'\n', ref rest @ ..] => (false, rest),
        _ => plain_count(rest)?,
    };
    let id = numbered(u64::from(block), u64::from(arm))?;
    (line > 0).then_some((PlainArm { line, id: ItemId::Number(id), taken }, rest))
}

fn numbered(block: u64, arm: u64) -> Option<u32> {
    (block < NUMBERED_BLOCKS && arm < NUMBERED_ARMS).then(|| (block * NUMBERED_ARMS + arm) as u32)
}

#[inline]
fn plain_number(fields: &[u8]) -> Option<(u32, &[u8])> {
    let (mut number, mut digits) = (0u32, 0);
    for byte in fields {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number.wrapping_mul(10).wrapping_add(u32::from(digit));
        digits += 1;
    }
    (1..=PLAIN_DIGITS).contains(&digits).then(|| (number, &fields[digits..]))
}

#[inline]
fn plain_count(fields: &[u8]) -> Option<(bool, &[u8])> {
    let (mut any, mut digits) = (0, 0);
    for byte in fields {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        any |= digit;
        digits += 1;
    }
    let rest = &fields[digits..];
    let rest = rest.strip_prefix(b"\n").or_else(|| rest.strip_prefix(b"\r\n"))?;
    (digits > 0).then_some((any != 0, rest))
}

/// An arm in its general form.
pub struct Arm<'f> {
    /// The line number, not yet read.
    pub line: &'f [u8],
    /// Block and branch, with the block's prefix.
    pub id: ItemId<'f>,
    /// Whether it ran.
    pub taken: bool,
    /// LCOV counts such arms neither as found nor as hit.
    pub unreachable: bool,
}

/// The fields of `BRDA:line,[e|f][U]block,branch,taken`. The branch may be text with commas, so it ends at the last one.
pub fn arm(fields: &[u8]) -> Result<Arm<'_>, String> {
    let (line, id_and_taken) = split(fields).ok_or("has too few fields")?;
    let last = memchr::memrchr(b',', id_and_taken).ok_or("has too few fields")?;
    let (id, taken) = (&id_and_taken[..last], &id_and_taken[last + 1..]);
    let (block, branch) = split(id).ok_or("has too few fields")?;
    let unprefixed = block.strip_prefix(b"e").or_else(|| block.strip_prefix(b"f")).unwrap_or(block);
    let number = unprefixed.strip_prefix(b"U").unwrap_or(unprefixed);
    let Some(block_number) = Numbers::whole(number) else { return Err("has no whole number as its block".to_owned()) };
    let plain = number.len() == block.len();
    let numbered = Numbers::whole(branch).filter(|_| plain).and_then(|branch| numbered(block_number, branch));
    let taken = match taken.trim_ascii() {
        b"-" => false,
        count => covered(count)?,
    };
    let id = numbered.map_or(ItemId::Text(id), ItemId::Number);
    Ok(Arm { line, id, taken, unreachable: number.len() < unprefixed.len() })
}
