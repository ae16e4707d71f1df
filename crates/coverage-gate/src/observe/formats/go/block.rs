//! One line of a coverprofile behind its path.

use crate::observe::reading::MAX_LINE;
use crate::plan::coverage::blocks::Block;

/// Lines of one block. The longest are tables in generated functions, of some ten thousand lines.
const MAX_BLOCK_LINES: u32 = 200_000;
/// Digits of a line, a column or a number of statements; more don't fit what the model holds.
const MAX_DIGITS: usize = 9;

/// `line.column,line.column statements count`.
/// Errors: anything else.
#[inline]
pub fn parse(fields: &[u8]) -> Result<Block, &'static str> {
    let (from_line, rest) = number(fields, b'.')?;
    let (from_column, rest) = number(rest, b',')?;
    let (to_line, rest) = number(rest, b'.')?;
    let (to_column, rest) = number(rest, b' ')?;
    let (statements, count) = number(rest, b' ')?;
    Ok(Block { from: (from_line, from_column), to: (to_line, to_column), statements, hit: ran(count)? })
}

#[inline]
fn number(fields: &[u8], end: u8) -> Result<(u32, &[u8]), &'static str> {
    let (mut number, mut digits) = (0u32, 0);
    for byte in fields {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number.wrapping_mul(10).wrapping_add(u32::from(digit));
        digits += 1;
    }
    if digits > MAX_DIGITS {
        return Err("has a number that is too large for a place in a file");
    }
    match fields.get(digits) {
        Some(sign) if digits > 0 && *sign == end => Ok((number, &fields[digits + 1..])),
        _ => Err("is no block `path:line.column,line.column statements count`; was the report cut off?"),
    }
}

/// Whether a count of any size says that the block ran.
#[inline]
fn ran(count: &[u8]) -> Result<bool, &'static str> {
    let (mut any, mut digits) = (0, true);
    for byte in count {
        let digit = byte.wrapping_sub(b'0');
        digits &= digit <= 9;
        any |= digit;
    }
    if digits && !count.is_empty() {
        return Ok(any != 0);
    }
    match count.trim_ascii() {
        [] => Err("has no count; was the report cut off?"),
        [b'-', ..] => Err("has a negative count, so its data are damaged; measure again"),
        trimmed if trimmed.len() < count.len() => ran(trimmed),
        _ => Err("has a count that is no number"),
    }
}

/// Whether a block can be one of a source file.
#[inline]
pub fn check(block: &Block) -> Result<(), &'static str> {
    if block.to < block.from {
        Err("ends before it begins")
    } else if block.to.0 > MAX_LINE {
        Err("has a line number above 100000000")
    } else if block.to.0 - block.from.0 > MAX_BLOCK_LINES {
        Err("is a block of more than 200000 lines, which no function has")
    } else {
        Ok(())
    }
}
