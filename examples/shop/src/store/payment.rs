//! Cards: which numbers are well formed, which the bank takes, and the fingerprint kept of each.

use super::Problem;
use super::account::slow_hash;

/// bcrypt cost of a card fingerprint: 2^9 rounds. A card has few digits, so only a slow hash keeps it from being
/// guessed.
pub const FINGERPRINT_COST: u32 = 9;

/// A card number that passed its check digit: 12 to 19 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardNumber(String);

impl CardNumber {
    /// Reads a card number; spaces and hyphens between digits are allowed.
    ///
    /// # Errors
    /// 422 (`card_invalid`) for a wrong length, a character that is no digit, or a wrong check digit (ISO/IEC 7812-1,
    /// Luhn).
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let invalid = || Problem::new(422, "card_invalid", "this is not a card number");
        let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
        if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(invalid());
        }
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let digit = u32::from(digit - b'0');
                let doubled = digit * 2;
                if place % 2 == 0 { digit } else { doubled / 10 + doubled % 10 }
            })
            .sum();
        if sum.is_multiple_of(10) { Ok(Self(digits)) } else { Err(invalid()) }
    }

    /// Asks the (pretended) bank.
    ///
    /// # Errors
    /// 402 for the test numbers ending in 0002 (`card_declined`), 9995 (`insufficient_funds`) and 0069
    /// (`card_expired`).
    pub fn authorise(&self) -> Result<(), Problem> {
        match self.0.as_str() {
            "4000000000000002" => Err(Problem::new(402, "card_declined", "the bank declined this card")),
            "4000000000009995" => {
                Err(Problem::new(402, "insufficient_funds", "the bank declined this card: insufficient funds"))
            }
            "4000000000000069" => Err(Problem::new(402, "card_expired", "this card has expired")),
            _ => Ok(()),
        }
    }

    /// What the shop keeps of the card: the last four digits.
    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or("")
    }

    /// A slow hash that recognises the card again: 46 hexadecimal digits. Takes milliseconds.
    pub fn fingerprint(&self) -> String {
        slow_hash(FINGERPRINT_COST, "card fingerprint", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_checked() {
        for good in ["4242424242424242", "5555 5555 5555 4444", "4000-0000-0000-0002", "378282246310005"] {
            assert!(CardNumber::parse(good).is_ok(), "{good}");
        }
        for bad in ["4242424242424241", "", "4242", "4242x24242424242", "00000000000000000000", "４２42424242424242"]
        {
            assert_eq!(CardNumber::parse(bad).unwrap_err().code, "card_invalid", "{bad}");
        }
    }

    #[test]
    fn the_bank_takes_all_but_the_test_numbers() {
        let ask = |number: &str| CardNumber::parse(number).unwrap().authorise().map_err(|problem| problem.code);
        assert_eq!(ask("4242424242424242"), Ok(()));
        assert_eq!(ask("4000000000000002"), Err("card_declined"));
        assert_eq!(ask("4000000000009995"), Err("insufficient_funds"));
        assert_eq!(ask("4000000000000069"), Err("card_expired"));
    }

    #[test]
    fn a_fingerprint_tells_cards_apart_and_shows_no_digits() {
        let print = |number: &str| CardNumber::parse(number).unwrap().fingerprint();
        assert_eq!(print("4242424242424242"), print("4242 4242 4242 4242"));
        assert_ne!(print("4242424242424242"), print("5555555555554444"));
    }
}
