//! What requests cost at list prices: S3 Standard in us-east-1, <https://aws.amazon.com/s3/pricing/>, "Requests & data
//! retrievals": PUT, COPY, POST and LIST $0.005 per 1,000; GET, SELECT and all others $0.0004 per 1,000; DELETE free. Other
//! regions and storage classes differ; bytes that leave AWS cost extra.

/// A write or a LIST, billionths of a dollar.
const WRITE_NANODOLLARS: u128 = 5_000;
/// A read, billionths of a dollar.
const READ_NANODOLLARS: u128 = 400;

/// The price of one request of a kind, billionths of a dollar.
fn each_nanodollars(kind: &str) -> u128 {
    match kind {
        "PUT" | "COPY" | "POST" | "LIST" | "MP_CREATE" | "MP_PART" | "MP_COMPLETE" => WRITE_NANODOLLARS,
        "DELETE" | "MP_ABORT" => 0,
        _ => READ_NANODOLLARS,
    }
}

/// Millionths of a dollar for requests by kind, rounded up. Kinds that are not known cost what a read does.
pub fn microdollars<'k>(requests: impl IntoIterator<Item = (&'k str, u64)>) -> u64 {
    let nano: u128 = requests.into_iter().map(|(kind, count)| each_nanodollars(kind) * u128::from(count)).sum();
    u64::try_from(nano.div_ceil(1000)).unwrap_or(u64::MAX)
}

/// A price for people in dollars with four decimals, rounded up: `$0.1001`.
pub fn dollars(microdollars: u64) -> String {
    let tenths_of_mills = microdollars.div_ceil(100);
    format!("${}.{:04}", tenths_of_mills / 10_000, tenths_of_mills % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_cost_what_the_list_says() {
        assert_eq!(microdollars([("PUT", 1000)]), 5_000);
        assert_eq!(microdollars([("GET", 1000), ("HEAD", 1000)]), 800);
        assert_eq!(microdollars([("PUT", 20_000), ("LIST", 20), ("DELETE", 9)]), 100_100);
        assert_eq!(microdollars([("GET", 1)]), 1);
        assert_eq!(microdollars([]), 0);
        assert_eq!(microdollars([("PUT", u64::MAX), ("COPY", u64::MAX)]), u64::MAX);
    }

    #[test]
    fn a_price_is_written_in_dollars() {
        assert_eq!(dollars(100_100), "$0.1001");
        assert_eq!(dollars(1), "$0.0001");
        assert_eq!(dollars(0), "$0.0000");
        assert_eq!(dollars(12_345_678), "$12.3457");
    }
}
