//! The id of a release: `20261123T164500.123Z-1a2b3c4d`. It holds the time, so that a record's key follows from the id, and ids
//! sort as the releases were made.

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;
/// The first moment that ids and keys have no digits for: 10^13 ms, in the year 2286 (see `place.rs`).
const END_OF_TIME_MS: u64 = 10_000_000_000_000;

/// The id of a release that is made at `created_ms` (ms since 1970-01-01 UTC; before the year 2286), with 32 random bits.
pub fn format(created_ms: u64, random: u32) -> String {
    let created_ms = created_ms.min(END_OF_TIME_MS - 1);
    let (year, month, day) = civil(created_ms / DAY_MS);
    let rest = created_ms % DAY_MS;
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, ms) = (rest / 1000 % 60, rest % 1000);
    std::format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}.{ms:03}Z-{random:08x}")
}

/// When a release was made, ms since 1970-01-01 UTC; `None` for what is no id.
pub fn created_ms(release: &str) -> Option<u64> {
    let bytes = release.as_bytes();
    let at = |place: usize, byte: u8| bytes.get(place) == Some(&byte);
    let hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    if bytes.len() != 29
        || !at(8, b'T')
        || !at(15, b'.')
        || !at(19, b'Z')
        || !at(20, b'-')
        || !bytes[21..].iter().all(hex)
    {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<u64> {
        let digits = bytes.get(from..to)?;
        digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second, ms) = (number(9, 11)?, number(11, 13)?, number(13, 15)?, number(16, 19)?);
    let days = days(year, month, day)?;
    let created_ms = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
    // Only what `format` writes is an id: no 31st of February, no minute 60.
    (created_ms < END_OF_TIME_MS && format(created_ms, 0).as_bytes()[..20] == bytes[..20]).then_some(created_ms)
}

/// Whether `release` was made after `other`: by their times, and by their random digits when those are equal.
pub fn newer(release: &str, other: &str) -> bool {
    release > other
}

/// Year, month and day of a day after 1970-01-01, in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date
/// algorithms", `civil_from_days`; years begin in March there, so that leap days come last).
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// Days from 1970-01-01 (`days_from_civil` of the same); `None` before it, and for no month.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1..=12).contains(&month) || day == 0 || year == 0 {
        return None;
    }
    let year = year - u64::from(month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    (era * 146_097 + of_era).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_holds_its_time() {
        assert_eq!(format(1_795_452_300_123, 0x1a2b_3c4d), "20261123T164500.123Z-1a2b3c4d");
        assert_eq!(created_ms("20261123T164500.123Z-1a2b3c4d"), Some(1_795_452_300_123));
        assert_eq!(created_ms("20240229T000000.000Z-00000000"), Some(1_709_164_800_000));
        for wrong in [
            "",
            "20261123T164500.123Z-1A2B3C4D",
            "20260231T164500.123Z-1a2b3c4d",
            "20261123T166000.123Z-1a2b3c4d",
            "20261123T164500.123Z-1a2b3c4d/",
            "19691231T235959.999Z-1a2b3c4d",
            "99991231T235959.999Z-1a2b3c4d",
            "00000000T000000.000Z-00000000",
        ] {
            assert_eq!(created_ms(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_time_survives_and_ids_sort_by_it(a in 0..END_OF_TIME_MS, b in 0..END_OF_TIME_MS, random: u32) {
            prop_assert_eq!(created_ms(&format(a, random)), Some(a));
            prop_assert_eq!(a.cmp(&b), format(a, 7).cmp(&format(b, 7)));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}", id in "[0-9]{8}T[0-9]{6}\\.[0-9]{3}Z-[0-9a-f]{8}") {
            let _ = created_ms(&text);
            let _ = created_ms(&id);
        }
    }
}
