//! Orders: from a basket to a number, and back into the stock when cancelled.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::basket::Basket;
use super::catalogue::Catalogue;
use super::payment::CardNumber;
use super::{Problem, Shop, State};

/// Orders kept in memory.
pub const MAX_ORDERS: usize = 100_000;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Paid for, to be sent.
    Paid,
    /// Cancelled; its pieces are back in stock.
    Cancelled,
}

/// One order.
#[derive(Debug, Clone)]
pub struct Order {
    /// From 1, in the order in which they came.
    pub number: u64,
    /// What was bought, as it was then.
    pub basket: Basket,
    /// Session that bought.
    pub session_id: String,
    /// Customer who was logged in.
    pub account: Option<String>,
    /// Address for the confirmation.
    pub email: String,
    /// Last four digits of the card.
    pub card_last_four: String,
    /// Slow hash of the card.
    pub card_fingerprint: String,
    /// Where it stands.
    pub status: Status,
}

impl Order {
    /// The order as the API shows it.
    pub fn to_json(&self, catalogue: &Catalogue) -> Value {
        json!({
            "number": self.number,
            "status": match self.status { Status::Paid => "paid", Status::Cancelled => "cancelled" },
            "email": self.email,
            "card": { "last_four": self.card_last_four, "fingerprint": self.card_fingerprint },
            "basket": self.basket.to_json(catalogue),
        })
    }

    /// Whether the visitor may see the order: the session that bought, or the customer on any device.
    pub fn belongs_to(&self, session_id: &str, account: Option<&str>) -> bool {
        self.session_id == session_id || (account.is_some() && self.account.as_deref() == account)
    }
}

/// Buys the basket of the session `session_id` and empties it. Returns the order.
///
/// # Errors
/// 422 for an empty basket, a bad address or card number, 402 for a card that the bank declines, 409 (`out_of_stock`)
/// when the stock doesn't suffice, 500 when the shop was told to break. Nothing has changed then.
pub fn check_out(shop: &Shop, session_id: &str, email: &str, card: &str) -> Result<Order, Problem> {
    if shop.config.break_checkout {
        return Err(Problem::new(500, "checkout_broken", "the checkout is broken on purpose"));
    }
    let basket = shop.state().sessions.get_or_start(Some(session_id)).basket.clone();
    if basket.lines.is_empty() {
        return Err(Problem::new(422, "basket_empty", "there is nothing in the basket"));
    }
    super::account::check_credentials(email, "not asked for")?;
    check_stock(&shop.state(), &shop.catalogue, &basket.lines)?;
    let card = CardNumber::parse(card)?;
    card.authorise()?;
    let card_fingerprint = card.fingerprint();

    let mut state = shop.state();
    if state.orders.len() >= MAX_ORDERS {
        return Err(Problem::new(503, "too_many_orders", "the demo shop takes no more orders"));
    }
    // Hashing took a while without the lock, and somebody else may have bought the last piece in the meantime.
    check_stock(&state, &shop.catalogue, &basket.lines)?;
    move_stock(&mut state, &shop.catalogue, &basket.lines, u32::saturating_sub);
    let number = state.orders.last_key_value().map_or(1, |(last, _)| last + 1);
    let session = state.sessions.get_or_start(Some(session_id));
    session.basket = Basket::new(super::session::digest("basket", &format!("{session_id}:{number}")));
    let order = Order {
        number,
        basket,
        session_id: session_id.to_owned(),
        account: session.account.clone(),
        email: email.to_owned(),
        card_last_four: card.last_four().to_owned(),
        card_fingerprint,
        status: Status::Paid,
    };
    state.orders.insert(number, order.clone());
    Ok(order)
}

/// Cancels order `number` of this visitor and returns its pieces to the stock.
///
/// # Errors
/// 404 when the visitor has no such order, 409 (`already_cancelled`) the second time.
pub fn cancel(shop: &Shop, number: u64, session_id: &str, account: Option<&str>) -> Result<Order, Problem> {
    let mut state = shop.state();
    let order = state
        .orders
        .get_mut(&number)
        .filter(|order| order.belongs_to(session_id, account))
        .ok_or_else(|| Problem::not_found("order"))?;
    if order.status == Status::Cancelled {
        return Err(Problem::new(409, "already_cancelled", "this order has been cancelled before"));
    }
    order.status = Status::Cancelled;
    let order = order.clone();
    move_stock(&mut state, &shop.catalogue, &order.basket.lines, u32::saturating_add);
    Ok(order)
}

fn check_stock(state: &State, catalogue: &Catalogue, lines: &BTreeMap<String, u32>) -> Result<(), Problem> {
    for (sku, quantity) in lines {
        let in_stock = catalogue.find(sku).and_then(|(index, _)| state.stock.get(index)).copied().unwrap_or(0);
        if in_stock < *quantity {
            return Err(Problem::new(409, "out_of_stock", format!("{sku}: {in_stock} in stock, {quantity} wanted")));
        }
    }
    Ok(())
}

fn move_stock(state: &mut State, catalogue: &Catalogue, lines: &BTreeMap<String, u32>, change: fn(u32, u32) -> u32) {
    for (sku, quantity) in lines {
        if let Some((index, _)) = catalogue.find(sku)
            && let Some(in_stock) = state.stock.get_mut(index)
        {
            *in_stock = change(*in_stock, *quantity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Config;

    const CARD: &str = "4242424242424242";

    fn shop_with_basket(sku: &str, quantity: u32) -> (Shop, String) {
        let shop = Shop::new(Config::default());
        let id = {
            let mut state = shop.state();
            let session = state.sessions.get_or_start(None);
            session.basket.set(sku, quantity).unwrap();
            session.id.clone()
        };
        (shop, id)
    }

    #[test]
    fn buying_takes_from_the_stock_and_cancelling_gives_back_once() {
        let (shop, id) = shop_with_basket("SH-0001", 2);
        let before = shop.state().stock[0];
        let order = check_out(&shop, &id, "a@b.example", CARD).unwrap();
        assert_eq!((order.number, shop.state().stock[0]), (1, before - 2));
        assert!(shop.state().sessions.get(&id).unwrap().basket.lines.is_empty());
        assert_eq!(cancel(&shop, 1, "somebody else", None).unwrap_err().status, 404);
        assert_eq!(cancel(&shop, 1, &id, None).unwrap().status, Status::Cancelled);
        assert_eq!(shop.state().stock[0], before);
        assert_eq!(cancel(&shop, 1, &id, None).unwrap_err().code, "already_cancelled");
        assert_eq!(shop.state().stock[0], before);
    }

    #[test]
    fn a_refused_checkout_changes_nothing() {
        let (shop, id) = shop_with_basket("SH-0100", 1);
        assert_eq!(check_out(&shop, &id, "a@b.example", CARD).unwrap_err().code, "out_of_stock");
        let (shop, id) = shop_with_basket("SH-0001", 1);
        assert_eq!(check_out(&shop, &id, "a@b.example", "4000000000000002").unwrap_err().code, "card_declined");
        assert_eq!(check_out(&shop, &id, "nobody", CARD).unwrap_err().code, "email_invalid");
        assert_eq!(shop.state().stock[0], shop.catalogue.products()[0].initial_stock);
        assert_eq!(shop.state().sessions.get(&id).unwrap().basket.lines.len(), 1);
        assert!(shop.state().orders.is_empty());
    }
}
