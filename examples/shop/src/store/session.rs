//! Visitors: one session per cookie, each with a basket and perhaps a customer.

use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest, Sha256};

use super::basket::Basket;

/// Sessions kept in memory; the oldest one is forgotten for the next, so that a crawler can't fill the memory.
pub const MAX_SESSIONS: usize = 10_000;

/// One visitor.
#[derive(Debug, Clone)]
pub struct Session {
    /// Value of the cookie: 32 hexadecimal digits.
    pub id: String,
    /// E-mail address of the customer who is logged in.
    pub account: Option<String>,
    /// What the visitor wants to buy.
    pub basket: Basket,
}

impl Session {
    /// The token that every form of this visitor must send back: 32 hexadecimal digits.
    pub fn csrf_token(&self) -> String {
        digest("csrf", &self.id)
    }
}

/// All visitors.
#[derive(Debug, Default)]
pub struct Sessions {
    by_id: BTreeMap<String, Session>,
    oldest_first: VecDeque<String>,
    count: u64,
}

impl Sessions {
    /// The session with this cookie value.
    pub fn get(&self, id: &str) -> Option<&Session> {
        self.by_id.get(id)
    }

    /// The session with this cookie value, or a new one under a new id when there is none.
    pub fn get_or_start(&mut self, id: Option<&str>) -> &mut Session {
        let known = id.filter(|id| self.by_id.contains_key(*id)).map(str::to_owned);
        let id = known.unwrap_or_else(|| self.next_id());
        self.by_id.entry(id).or_insert_with_key(|id| Session {
            id: id.clone(),
            account: None,
            basket: Basket::new(digest("basket", id)),
        })
    }

    /// Forgets the session with this cookie value.
    pub fn end(&mut self, id: &str) {
        self.by_id.remove(id);
        self.oldest_first.retain(|other| other != id);
    }

    fn next_id(&mut self) -> String {
        while self.oldest_first.len() >= MAX_SESSIONS {
            if let Some(oldest) = self.oldest_first.pop_front() {
                self.by_id.remove(&oldest);
            }
        }
        self.count += 1;
        let id = digest("session", &self.count.to_string());
        self.oldest_first.push_back(id.clone());
        id
    }
}

/// The first 128 bits of SHA-256 over `purpose`, a colon and `text`, as 32 hexadecimal digits.
pub fn digest(purpose: &str, text: &str) -> String {
    let hash = Sha256::digest(format!("{purpose}:{text}"));
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_cookie_gets_a_new_session_and_a_known_one_its_own() {
        let mut sessions = Sessions::default();
        let first = sessions.get_or_start(Some("forged")).id.clone();
        assert_ne!(first, "forged");
        assert_eq!(sessions.get_or_start(Some(&first)).id, first);
        assert_ne!(sessions.get_or_start(None).id, first);
    }

    #[test]
    fn the_oldest_session_is_forgotten_at_the_limit() {
        let mut sessions = Sessions::default();
        let first = sessions.get_or_start(None).id.clone();
        for _ in 0..MAX_SESSIONS {
            sessions.get_or_start(None);
        }
        assert!(sessions.get(&first).is_none());
        assert_eq!(sessions.by_id.len(), MAX_SESSIONS);
    }
}
