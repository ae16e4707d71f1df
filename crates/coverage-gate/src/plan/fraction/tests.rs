use super::*;
use proptest::prelude::*;

fn share(covered: u64, coverable: u64) -> Share {
    Share { covered, coverable }
}

fn percent(text: &str) -> Percent {
    Percent::parse(text).unwrap()
}

#[test]
fn percentages_are_read_as_written() {
    for (text, number) in [
        ("80", "80"),
        ("80%", "80"),
        (" 79.996 % ", "79.996"),
        ("080.50", "80.5"),
        ("0", "0"),
        ("0.5", "0.5"),
        ("100", "100"),
        ("100.000000000", "100"),
        ("100.0000000000000", "100"),
        ("0.000000001", "0.000000001"),
        ("10", "10"),
    ] {
        assert_eq!(Percent::parse(text).map(Percent::number), Ok(number.to_owned()), "{text}");
    }
    assert_eq!(percent("79.50").to_string(), "79.5%");
    let bad =
        ["", "%", "-1", "+1", "1e2", "80,5", "101", "100.000000001", "80.", ".5", "8 0", "80%%", "0x50", "NaN", "٨"];
    for text in bad.iter().copied().chain(["0.0000000001", "99999999999999999999", &"1".repeat(1000)]) {
        let why = Percent::parse(text).unwrap_err();
        assert!(why.contains("is no percentage"), "{text}: {why}");
    }
}

#[test]
fn a_share_of_one_is_no_minimum() {
    for text in ["0.8", "0.80", "1.0", "0.000001", " 0.5 "] {
        assert!(Percent::parse_minimum(text).is_err(), "{text}");
    }
    assert!(Percent::parse_minimum("0.8").unwrap_err().contains("write 80, or 0.8% if"));
    for text in ["0", "0.0", "0.8%", "1", "1.5", "80", "1.0 %"] {
        assert!(Percent::parse_minimum(text).is_ok(), "{text}");
    }
}

#[test]
fn comparison_is_exact() {
    assert!(!percent("80").met_by(share(4003, 5004)));
    assert!(percent("80").met_by(share(4, 5)));
    assert!(percent("33.333333333").met_by(share(1, 3)));
    assert!(!percent("33.333333334").met_by(share(1, 3)));
    assert!(percent("100").met_by(share(u64::MAX, u64::MAX)) && !percent("100").met_by(share(u64::MAX - 1, u64::MAX)));
    assert_eq!(percent("80").count_of(5004), 4004);
    assert_eq!(percent("100").count_of(u64::MAX), u64::MAX);
}

#[test]
fn what_is_shown_crosses_no_threshold() {
    for (covered, coverable, near, shown) in [
        (4003, 5004, Some("80"), "79.99 %"),
        (7_999_996, 10_000_000, Some("80"), "79.9999 %"),
        (7_999_996, 10_000_000, None, "79.99 %"),
        (80_007, 100_000, Some("80.005"), "80.007 %"),
        (79_997, 100_000, Some("79.996"), "79.997 %"),
        (4, 5, Some("80"), "80.00 %"),
        (1, 3, None, "33.33 %"),
        (2, 3, None, "66.66 %"),
        (999_999, 1_000_000, None, "99.99 %"),
        (999_999, 1_000_000, Some("100"), "99.999 %"),
        (1, 1_000_000, None, "0.00 %"),
        (0, 7, Some("80"), "0 %"),
        (7, 7, Some("80"), "100 %"),
        (0, 0, Some("80"), "nothing to cover"),
    ] {
        assert_eq!(display(share(covered, coverable), near.map(percent)), shown, "{covered}/{coverable} {near:?}");
    }
    assert_eq!(display_with_counts(share(4003, 5004), Some(percent("80"))), "79.99 % (4003 of 5004)");
}

#[test]
fn a_drop_is_compared_and_shown_exactly() {
    // 80 % to 79.5 % is half a point, no more.
    assert!(holds(share(795, 1000), share(800, 1000), percent("0.5")));
    assert!(!holds(share(7949, 10000), share(800, 1000), percent("0.5")));
    assert!(holds(share(u64::MAX - 1, u64::MAX), share(1, 1), percent("0.000000001")));
    assert!(!holds(share(u64::MAX - 1, u64::MAX), share(1, 1), percent("0")));
    for (before, now, max, shown) in [
        ((800, 1000), (795, 1000), "0.5", "down 0.50 points"),
        ((800, 1000), (7949, 10000), "0.5", "down 0.51 points"),
        ((800, 1000), (79_499_999, 100_000_000), "0.5", "down 0.500001 points"),
        ((800, 1000), (79_509, 100_000), "0.495", "down 0.491 points"),
        ((800, 1000), (800, 1000), "0", "unchanged"),
        ((8, 10), (9, 10), "0", "up 10.00 points"),
        ((80_000, 100_000), (80_001, 100_000), "0", "up less than 0.01 points"),
        ((1, 1), (0, 1), "5", "down 100.00 points"),
    ] {
        let (before, now) = (share(before.0, before.1), share(now.0, now.1));
        assert_eq!(display_change(before, now, Some(percent(max))), shown);
    }
}

/// Reads a shown number back, as its digits and decimals.
fn read(shown: &str) -> (u128, u32) {
    let number = shown.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit())).unwrap();
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    (format!("{whole}{decimals}").parse().unwrap(), decimals.len() as u32)
}

fn any_percent() -> impl Strategy<Value = Percent> {
    (0u32..=9, 0u64..=100_000_000_000).prop_map(|(decimals, digits)| {
        let percent = Percent { digits, decimals };
        if u128::from(digits) > percent.hundred() { Percent { digits: digits % 101, decimals: 0 } } else { percent }
    })
}

fn any_share() -> impl Strategy<Value = Share> {
    prop_oneof![1u64..=40, 1u64..=1_000_000, 1u64..=u64::from(u32::MAX) * 64]
        .prop_flat_map(|coverable| (0..=coverable, Just(coverable)))
        .prop_map(|(covered, coverable)| share(covered, coverable))
}

/// Shares that lie right beside a threshold.
fn close() -> impl Strategy<Value = (Share, Percent)> {
    (any_share(), any_percent(), 0u64..=2).prop_map(|(any, percent, above)| {
        let covered = (percent.count_of(any.coverable) + above).saturating_sub(1).min(any.coverable);
        (share(covered, any.coverable), percent)
    })
}

proptest! {
    #[test]
    fn display_never_crosses((share, near) in prop_oneof![close(), (any_share(), any_percent())]) {
        let shown = display(share, Some(near));
        let (digits, decimals) = read(&shown);
        let shown_reaches = digits * near.unit() >= u128::from(near.digits) * 10u128.pow(decimals);
        prop_assert_eq!(shown_reaches, near.met_by(share), "{} against {}", shown, near);
        // It is rounded down, by less than a hundredth.
        let true_scaled = u128::from(share.covered) * 100 * 10u128.pow(decimals);
        prop_assert!(digits * u128::from(share.coverable) <= true_scaled);
        prop_assert_eq!(shown == "100 %", share.covered == share.coverable);
    }

    #[test]
    fn a_shown_drop_never_crosses(before in any_share(), now in any_share(), max in any_percent()) {
        let shown = display_change(before, now, Some(max));
        if shown.starts_with("down") {
            let (digits, decimals) = read(&shown);
            let shown_holds = digits * max.unit() <= u128::from(max.digits) * 10u128.pow(decimals);
            prop_assert_eq!(shown_holds, holds(now, before, max), "{} against {}", shown, max);
        } else {
            prop_assert!(holds(now, before, max));
        }
    }

    #[test]
    fn the_count_of_a_percentage_is_the_smallest_that_reaches_it(any in any_share(), percent in any_percent()) {
        let count = percent.count_of(any.coverable);
        prop_assert!(percent.met_by(share(count, any.coverable)));
        prop_assert!(count == 0 || !percent.met_by(share(count - 1, any.coverable)));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,30}|[0-9.% ]{0,14}") {
        if let Ok(percent) = Percent::parse(&text) {
            prop_assert_eq!(Percent::parse(&percent.to_string()), Ok(percent));
        }
    }
}
