//! Customers: registration, login, and the lock after too many wrong passwords.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Problem;

/// bcrypt cost of a password: 2^10 rounds, PHP's default until 8.4. It makes a login one of the slowest requests of the
/// shop, as it is in real ones.
pub const PASSWORD_COST: u32 = 10;
/// Shortest password in bytes.
pub const MIN_PASSWORD_BYTES: usize = 8;
/// Longest password in bytes; bcrypt ignores what comes after 72.
pub const MAX_PASSWORD_BYTES: usize = 72;
/// Wrong passwords in a row that lock an account.
pub const MAX_FAILED_LOGINS: u32 = 5;
/// Accounts kept in memory.
pub const MAX_ACCOUNTS: usize = 10_000;
/// The administrator's e-mail address.
pub const ADMIN_EMAIL: &str = "admin@shop.example";
const ADMIN_PASSWORD: &str = "open-sesame";

/// One customer.
#[derive(Debug, Clone)]
pub struct Account {
    /// The slow hash of the password: 46 hexadecimal digits.
    password_hash: String,
    /// Wrong passwords since the last right one.
    failed_logins: u32,
}

/// All customers.
#[derive(Debug)]
pub struct Accounts {
    by_email: BTreeMap<String, Account>,
}

impl Accounts {
    /// The administrator's account and no other.
    pub fn with_admin() -> Self {
        let admin = Account { password_hash: hash_password(ADMIN_EMAIL, ADMIN_PASSWORD), failed_logins: 0 };
        Self { by_email: BTreeMap::from([(ADMIN_EMAIL.to_owned(), admin)]) }
    }

    /// Whether `email` may register.
    ///
    /// # Errors
    /// 409 (`email_taken`) when it has an account, 503 (`too_many_accounts`) when the shop is full.
    pub fn check_free(&self, email: &str) -> Result<(), Problem> {
        if self.by_email.contains_key(email) {
            return Err(Problem::new(409, "email_taken", "there is already an account for this e-mail address"));
        }
        if self.by_email.len() >= MAX_ACCOUNTS {
            return Err(Problem::new(503, "too_many_accounts", "the demo shop takes no more customers"));
        }
        Ok(())
    }

    /// Registers `email`, or replaces its password. A replaced password also unlocks.
    pub fn set_password_hash(&mut self, email: &str, password_hash: String) {
        self.by_email.insert(email.to_owned(), Account { password_hash, failed_logins: 0 });
    }

    /// Whether the hash of the password that a visitor typed is the right one, counting wrong ones.
    ///
    /// # Errors
    /// 401 (`login_failed`) for an unknown address or a wrong password, the same for both, so that nobody learns who is
    /// a customer; 429 (`account_locked`) after [`MAX_FAILED_LOGINS`] wrong ones.
    pub fn log_in(&mut self, email: &str, password_hash: &str) -> Result<(), Problem> {
        let failed = || Problem::new(401, "login_failed", "e-mail address or password is wrong");
        let account = self.by_email.get_mut(email).ok_or_else(failed)?;
        if account.failed_logins >= MAX_FAILED_LOGINS {
            return Err(Problem::new(429, "account_locked", "too many wrong passwords"));
        }
        if account.password_hash == password_hash {
            account.failed_logins = 0;
            Ok(())
        } else {
            account.failed_logins += 1;
            Err(failed())
        }
    }
}

/// Checks the form of an e-mail address and a new password.
///
/// # Errors
/// 422 with `email_invalid`, `password_too_short` or `password_too_long`.
pub fn check_credentials(email: &str, password: &str) -> Result<(), Problem> {
    let is_email = email.len() <= 254
        && email
            .split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && !domain.contains('@'))
        && !email.contains(char::is_whitespace);
    if !is_email {
        return Err(Problem::new(422, "email_invalid", "this is not an e-mail address"));
    }
    if password.len() < MIN_PASSWORD_BYTES {
        return Err(Problem::new(422, "password_too_short", format!("at least {MIN_PASSWORD_BYTES} characters")));
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(Problem::new(422, "password_too_long", format!("at most {MAX_PASSWORD_BYTES} bytes")));
    }
    Ok(())
}

/// The slow hash of a password. Takes some ten milliseconds, so it is computed without holding the shop's lock.
pub fn hash_password(email: &str, password: &str) -> String {
    slow_hash(PASSWORD_COST, email, password)
}

/// bcrypt of `secret` with a salt made from `salt`: 46 hexadecimal digits.
///
/// The salt is derived, not random, because the shop has no random numbers: each process must behave the same.
pub fn slow_hash(cost: u32, salt: &str, secret: &str) -> String {
    let mut salt_bytes = [0; 16];
    for (to, from) in salt_bytes.iter_mut().zip(Sha256::digest(salt)) {
        *to = from;
    }
    let hash = bcrypt::bcrypt(cost, salt_bytes, secret.as_bytes());
    hash.iter().take(23).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_passwords_lock_and_a_right_one_before_that_resets() {
        let mut accounts = Accounts { by_email: BTreeMap::new() };
        accounts.set_password_hash("a@b.example", "right".to_owned());
        for _ in 0..MAX_FAILED_LOGINS - 1 {
            assert_eq!(accounts.log_in("a@b.example", "wrong").unwrap_err().code, "login_failed");
        }
        assert!(accounts.log_in("a@b.example", "right").is_ok());
        for _ in 0..MAX_FAILED_LOGINS {
            assert_eq!(accounts.log_in("a@b.example", "wrong").unwrap_err().code, "login_failed");
        }
        assert_eq!(accounts.log_in("a@b.example", "right").unwrap_err().code, "account_locked");
    }

    #[test]
    fn credentials_are_checked() {
        let code = |email: &str, password: &str| check_credentials(email, password).map_err(|problem| problem.code);
        assert_eq!(code("a@b.example", "12345678"), Ok(()));
        assert_eq!(code("a@b.example", "1234567"), Err("password_too_short"));
        assert_eq!(code("a@b.example", &"x".repeat(73)), Err("password_too_long"));
        for email in ["", "a", "@b.example", "a@b", "a@b@c.example", "a b@c.example"] {
            assert_eq!(code(email, "12345678"), Err("email_invalid"), "{email}");
        }
    }
}
