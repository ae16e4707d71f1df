//! Shares compared exactly, and shown so that no rounding crosses a threshold. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::totals::Share;
use super::thresholds::{MAX_DECIMALS, Percent};
use std::cmp::Ordering;
use std::fmt;

/// Decimals that are shown at least, but for 0 and 100.
const SHOWN_DECIMALS: u32 = 2;
/// Decimals that are shown at most. Two different shares of counts below 2^64, one of them with nine decimals, differ
/// before.
const MAX_SHOWN_DECIMALS: u32 = 30;
/// Characters of a percentage; longer ones are no number that a person wrote.
const MAX_CHARACTERS: usize = 64;

impl Percent {
    /// Reads `80`, `80%`, `79.996 %`. Zero to 100 with at most [`MAX_DECIMALS`] decimals.
    /// Errors: one sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Percent, String> {
        let trimmed = text.trim();
        let number = trimmed.strip_suffix('%').unwrap_or(trimmed).trim_end();
        let refuse = |why: &str| Err(format!("`{}` is no percentage: {why}", shorten(text)));
        if number.is_empty() {
            return refuse("write a number from 0 to 100, such as 80 or 79.5%");
        }
        if number.len() > MAX_CHARACTERS {
            return refuse("it is too long");
        }
        if number.contains(',') {
            return refuse("write the decimals after a point");
        }
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(decimals) {
            return refuse("write a number from 0 to 100, such as 80 or 79.5%");
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > MAX_DECIMALS as usize {
            return refuse("it has more than nine decimals");
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 3 {
            return refuse("it is above 100");
        }
        // At most three and nine digits are left, so that nothing can overflow.
        let digits = format!("{whole}{decimals}").bytes().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        let percent = Percent { digits, decimals: decimals.len() as u32 };
        if u128::from(percent.digits) > percent.hundred() {
            return refuse("it is above 100");
        }
        Ok(percent)
    }

    /// Reads a minimum. As [`Percent::parse`], but `0.8` and `1.0` without a percent sign, which look like shares of one,
    /// are refused: as percentages they would let everything pass.
    pub fn parse_minimum(text: &str) -> Result<Percent, String> {
        let percent = Percent::parse(text)?;
        let below_one = percent.digits > 0 && u128::from(percent.digits) < percent.unit();
        let one_with_a_point = u128::from(percent.digits) == percent.unit() && text.contains('.');
        if (below_one || one_with_a_point) && !text.contains('%') {
            let number = percent.number();
            let meant = Percent { digits: percent.digits * 100, decimals: percent.decimals }.number();
            return Err(format!("`{}` means {number} %: write {meant}, or {number}% if that is meant", shorten(text)));
        }
        Ok(percent)
    }

    /// Whether a share reaches it, exactly. A share of nothing (0 of 0) is the caller's matter; here it does.
    pub fn met_by(self, share: Share) -> bool {
        u128::from(share.covered) * self.hundred() >= u128::from(self.digits) * u128::from(share.coverable)
    }

    /// How many of `coverable` reach it: the smallest count that [`Percent::met_by`] accepts.
    pub fn count_of(self, coverable: u64) -> u64 {
        let count = (u128::from(self.digits) * u128::from(coverable)).div_ceil(self.hundred());
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    /// The number without a sign: `79.996`.
    pub fn number(self) -> String {
        let shown = fixed(u128::from(self.digits), self.decimals);
        match shown.split_once('.') {
            Some((whole, decimals)) if decimals.bytes().all(|digit| digit == b'0') => whole.to_owned(),
            Some(_) => shown.trim_end_matches('0').to_owned(),
            None => shown,
        }
    }

    fn unit(self) -> u128 {
        10u128.pow(self.decimals)
    }

    fn hundred(self) -> u128 {
        100 * self.unit()
    }
}

/// `80%`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.number())
    }
}

/// A share in percent, such as `79.99 %`. Rounded down at two decimals, and at more where two would hide on which side of
/// the threshold `near` it lies, or how close: 79.99996 against 80 is `79.9999 %`. `100 %` is all of it, and `0 %` none of
/// it. Of nothing: `nothing to cover`.
pub fn display(share: Share, near: Option<Percent>) -> String {
    let (covered, coverable) = (u128::from(share.covered.min(share.coverable)), u128::from(share.coverable));
    if coverable == 0 {
        return "nothing to cover".to_owned();
    }
    if covered == 0 {
        return "0 %".to_owned();
    }
    if covered == coverable {
        return "100 %".to_owned();
    }
    let mut decimals = SHOWN_DECIMALS;
    if let Some(near) = near {
        if near.met_by(share) {
            // With as many decimals as the threshold has, rounding down can't cross it any more.
            let below = |decimals| {
                scaled(covered, coverable, decimals).0 * near.unit() < u128::from(near.digits) * 10u128.pow(decimals)
            };
            while decimals < near.decimals && below(decimals) {
                decimals += 1;
            }
        } else {
            // What is missing to the threshold, in points, is `gap / unit`. The last decimal shown must not be more than
            // ten times as coarse as that.
            let gap = u128::from(near.digits) * coverable - covered * near.hundred();
            let unit = coverable * near.unit();
            let mut reached = gap.saturating_mul(1000);
            while reached < unit && decimals < MAX_SHOWN_DECIMALS {
                reached = reached.saturating_mul(10);
                decimals += 1;
            }
        }
    }
    format!("{} %", fixed(scaled(covered, coverable, decimals).0, decimals))
}

/// [`display`] with its counts: `79.99 % (4003 of 5004)`.
pub fn display_with_counts(share: Share, near: Option<Percent>) -> String {
    if share.coverable == 0 {
        return display(share, near);
    }
    format!("{} ({} of {})", display(share, near), share.covered, share.coverable)
}

/// Whether `now` is at least `before` less `max_drop` points, exactly. Neither may be of nothing.
pub fn holds(now: Share, before: Share, max_drop: Percent) -> bool {
    let now_and_drop =
        u128::from(now.covered) * max_drop.hundred() + u128::from(max_drop.digits) * u128::from(now.coverable);
    let before_scaled = u128::from(before.covered) * max_drop.hundred();
    wide(now_and_drop, before.coverable) >= wide(before_scaled, now.coverable)
}

/// Which of two shares is larger, exactly. Neither may be of nothing.
pub fn compare(a: Share, b: Share) -> Ordering {
    (u128::from(a.covered) * u128::from(b.coverable)).cmp(&(u128::from(b.covered) * u128::from(a.coverable)))
}

/// How far a share moved: `down 0.51 points`, `up 0.20 points`, `unchanged`. What was lost is rounded up, and shown with as
/// many decimals as it takes to see on which side of `max_drop` it lies.
pub fn display_change(before: Share, now: Share, max_drop: Option<Percent>) -> String {
    if before.coverable == 0 || now.coverable == 0 {
        return "not comparable".to_owned();
    }
    let here = u128::from(now.covered) * u128::from(before.coverable);
    let there = u128::from(before.covered) * u128::from(now.coverable);
    let parts = u128::from(now.coverable) * u128::from(before.coverable);
    match here.cmp(&there) {
        Ordering::Equal => "unchanged".to_owned(),
        Ordering::Greater => match scaled(here - there, parts, SHOWN_DECIMALS).0 {
            0 => "up less than 0.01 points".to_owned(),
            gained => format!("up {} points", fixed(gained, SHOWN_DECIMALS)),
        },
        Ordering::Less => {
            let lost = there - here;
            let up = |decimals| {
                let (down, exact) = scaled(lost, parts, decimals);
                down + u128::from(!exact)
            };
            let mut decimals = SHOWN_DECIMALS;
            if let Some(max) = max_drop {
                let limit = |decimals| u128::from(max.digits) * 10u128.pow(decimals);
                let within = holds(now, before, max);
                let plain = |decimals| match within {
                    true => up(decimals) * max.unit() <= limit(decimals),
                    false => scaled(lost, parts, decimals).0 * max.unit() > limit(decimals),
                };
                while decimals < MAX_DECIMALS && !plain(decimals) {
                    decimals += 1;
                }
            }
            format!("down {} points", fixed(up(decimals), decimals))
        }
    }
}

/// The percentage `part` of `whole` times ten to `decimals`, rounded down, and whether that is exact. `part <= whole`.
fn scaled(part: u128, whole: u128, decimals: u32) -> (u128, bool) {
    // Counts of a real project have 50 bits at most, and a product of two of them 100. Above 124 a digit more would
    // overflow; what is shown of such numbers may lose its last bits.
    let excess = (128 - whole.leading_zeros()).saturating_sub(124);
    let (part, whole) = (part >> excess, (whole >> excess).max(1));
    let (mut quotient, mut rest) = (part / whole, part % whole);
    for _ in 0..decimals + 2 {
        rest *= 10;
        quotient = quotient * 10 + rest / whole;
        rest %= whole;
    }
    (quotient, rest == 0)
}

/// A number without its point, with its point.
fn fixed(number: u128, decimals: u32) -> String {
    if decimals == 0 {
        return number.to_string();
    }
    let unit = 10u128.pow(decimals);
    format!("{}.{:0width$}", number / unit, number % unit, width = decimals as usize)
}

/// The exact product, as its high 128 and low 64 bits.
fn wide(a: u128, b: u64) -> (u128, u64) {
    let low = (a & u128::from(u64::MAX)) * u128::from(b);
    let high = (a >> 64) * u128::from(b) + (low >> 64);
    (high, low as u64)
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().filter(|character| !character.is_control()).take(MAX_CHARACTERS).collect();
    if text.chars().count() > MAX_CHARACTERS {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests;
