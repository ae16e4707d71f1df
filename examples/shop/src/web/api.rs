//! The JSON API, and the two addresses for those who run the shop.

use serde::Deserialize;
use serde_json::{Value, json};

use super::request::Request;
use super::response::Response;
use crate::store::account::{check_credentials, hash_password};
use crate::store::basket::{Basket, Shipping, Voucher};
use crate::store::catalogue::{CATEGORIES, Product};
use crate::store::order::{self, Order};
use crate::store::session::Session;
use crate::store::{Problem, Shop};

type Answer = Result<Response, Problem>;

/// Most products on one page of the list.
pub const MAX_PER_PAGE: usize = 100;

fn product_json(product: &Product) -> Value {
    json!({
        "sku": product.sku, "name": product.name, "category": product.category,
        "price_cents": product.price_cents, "weight_g": product.weight_g,
    })
}

/// `GET /api/categories`: the names of the categories.
pub fn categories(_: &Shop, _: &Request) -> Answer {
    Ok(Response::json(200, &json!({ "categories": CATEGORIES })))
}

/// `GET /api/products?category=&page=1&per_page=20&sort=sku|price`.
pub fn products(shop: &Shop, request: &Request) -> Answer {
    let page = request.query_number("page", 1)?.max(1);
    let per_page = request.query_number("per_page", 20)?.clamp(1, MAX_PER_PAGE);
    let category = request.query_value("category");
    if category.as_ref().is_some_and(|category| !CATEGORIES.contains(&category.as_ref())) {
        return Err(Problem::not_found("category"));
    }
    let all = shop.catalogue.products().iter();
    let mut chosen: Vec<&Product> =
        all.filter(|product| category.as_ref().is_none_or(|name| product.category == *name)).collect();
    match request.query_value("sort").as_deref() {
        None | Some("sku") => {}
        Some("price") => chosen.sort_by_key(|product| product.price_cents),
        Some(_) => return Err(Problem::new(400, "bad_query", "sort is sku or price")),
    }
    let start = (page - 1).saturating_mul(per_page);
    let items: Vec<Value> = chosen.iter().skip(start).take(per_page).map(|product| product_json(product)).collect();
    let pages = chosen.len().div_ceil(per_page);
    Ok(Response::json(200, &json!({ "items": items, "page": page, "pages": pages, "total": chosen.len() })))
}

/// `GET /api/products/{sku}`, with the stock.
pub fn product(shop: &Shop, request: &Request) -> Answer {
    let (index, product) = shop.catalogue.find(request.param(0)).ok_or_else(|| Problem::not_found("product"))?;
    let in_stock = shop.state().stock.get(index).copied().unwrap_or(0);
    let mut json = product_json(product);
    json["in_stock"] = json!(in_stock);
    Ok(Response::json(200, &json))
}

/// `GET /api/search?q=&category=&limit=20`.
pub fn search(shop: &Shop, request: &Request) -> Answer {
    let query = request.query_value("q").filter(|query| !query.trim().is_empty());
    let query = query.ok_or_else(|| Problem::new(400, "bad_query", "q is missing or empty"))?;
    let limit = request.query_number("limit", 20)?;
    let (hits, count) =
        crate::store::search::search(&shop.catalogue, &query, request.query_value("category").as_deref(), limit);
    let items: Vec<Value> = hits.into_iter().map(product_json).collect();
    Ok(Response::json(200, &json!({ "items": items, "total": count })))
}

/// `GET /api/recommendations`: the five products with the lowest price. Answers 503 once when the shop was told to be
/// flaky.
pub fn recommendations(shop: &Shop, _: &Request) -> Answer {
    if shop.config.flaky && !std::mem::replace(&mut shop.state().has_failed_once, true) {
        return Err(Problem::new(503, "warming_up", "recommendations are not ready yet"));
    }
    let mut products: Vec<&Product> = shop.catalogue.products().iter().collect();
    products.sort_by_key(|product| product.price_cents);
    let items: Vec<Value> = products.into_iter().take(5).map(product_json).collect();
    Ok(Response::json(200, &json!({ "items": items })))
}

/// Changes the visitor's session and answers with the basket.
fn with_session(
    shop: &Shop,
    request: &Request,
    status: u16,
    change: impl FnOnce(&mut Session) -> Result<(), Problem>,
) -> Answer {
    let mut state = shop.state();
    let session = state.sessions.get_or_start(request.session_id());
    change(session)?;
    let response = Response::json(status, &session.basket.to_json(&shop.catalogue));
    Ok(response.with_session(&session.id, request.session_id()))
}

/// `GET /api/basket`.
pub fn basket(shop: &Shop, request: &Request) -> Answer {
    with_session(shop, request, 200, |_| Ok(()))
}

/// `DELETE /api/basket`: removes all lines and the voucher.
pub fn empty_basket(shop: &Shop, request: &Request) -> Answer {
    with_session(shop, request, 200, |session| {
        session.basket = Basket::new(session.basket.id.clone());
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    sku: String,
    #[serde(default = "one")]
    quantity: u32,
}

fn one() -> u32 {
    1
}

/// `POST /api/basket/items {"sku", "quantity": 1}`: puts more pieces into the basket.
pub fn add_item(shop: &Shop, request: &Request) -> Answer {
    let item: Item = request.json()?;
    shop.catalogue.find(&item.sku).ok_or_else(|| Problem::not_found("product"))?;
    if item.quantity == 0 {
        return Err(Problem::new(422, "quantity_zero", "the quantity is at least 1"));
    }
    with_session(shop, request, 201, |session| {
        let quantity = session.basket.lines.get(&item.sku).copied().unwrap_or(0).saturating_add(item.quantity);
        session.basket.set(&item.sku, quantity)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quantity {
    quantity: u32,
}

/// `PATCH /api/basket/items/{sku} {"quantity"}`: sets the pieces; 0 removes.
pub fn set_item(shop: &Shop, request: &Request) -> Answer {
    let Quantity { quantity } = request.json()?;
    with_session(shop, request, 200, |session| {
        let is_there = session.basket.lines.contains_key(request.param(0));
        if is_there {
            session.basket.set(request.param(0), quantity)
        } else {
            Err(Problem::not_found("line in the basket"))
        }
    })
}

/// `DELETE /api/basket/items/{sku}`.
pub fn remove_item(shop: &Shop, request: &Request) -> Answer {
    with_session(shop, request, 200, |session| {
        session.basket.lines.remove(request.param(0)).map(drop).ok_or_else(|| Problem::not_found("line in the basket"))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VoucherCode {
    code: String,
}

/// `PUT /api/basket/voucher {"code"}`.
pub fn set_voucher(shop: &Shop, request: &Request) -> Answer {
    let VoucherCode { code } = request.json()?;
    let voucher = Voucher::recognise(&code)?;
    with_session(shop, request, 200, |session| {
        voucher.check_allowed(session.account.is_some())?;
        session.basket.voucher = Some(voucher);
        Ok(())
    })
}

/// `DELETE /api/basket/voucher`.
pub fn remove_voucher(shop: &Shop, request: &Request) -> Answer {
    with_session(shop, request, 200, |session| {
        session.basket.voucher = None;
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippingChoice {
    country: String,
    method: String,
}

/// `PUT /api/basket/shipping {"country", "method"}`.
pub fn set_shipping(shop: &Shop, request: &Request) -> Answer {
    let ShippingChoice { country, method } = request.json()?;
    with_session(shop, request, 200, |session| {
        session.basket.shipping = Shipping::choose(&country, &method)?;
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Checkout {
    email: String,
    card: String,
}

/// `POST /api/checkout {"email", "card"}`: buys the basket.
pub fn check_out(shop: &Shop, request: &Request) -> Answer {
    let Checkout { email, card } = request.json()?;
    let order = order::check_out(shop, request.session_id().unwrap_or(""), &email, &card)?;
    let location = format!("/orders/{}", order.number);
    Ok(Response::json(201, &order.to_json(&shop.catalogue)).with_header("Location", location))
}

/// The order whose number stands in the path, if it is this visitor's.
///
/// # Errors
/// 404 for every other number, so that nobody can count the orders.
pub fn own_order(shop: &Shop, request: &Request) -> Result<Order, Problem> {
    let account = request.account(shop);
    let state = shop.state();
    let order = request.param(0).parse().ok().and_then(|number: u64| state.orders.get(&number));
    let session_id = request.session_id().unwrap_or("");
    order
        .filter(|order| order.belongs_to(session_id, account.as_deref()))
        .cloned()
        .ok_or_else(|| Problem::not_found("order"))
}

/// `GET /api/orders`: the visitor's orders.
pub fn orders(shop: &Shop, request: &Request) -> Answer {
    let account = request.account(shop);
    let session_id = request.session_id().unwrap_or("");
    let state = shop.state();
    let own = state.orders.values().filter(|order| order.belongs_to(session_id, account.as_deref()));
    let items: Vec<Value> = own.map(|order| order.to_json(&shop.catalogue)).collect();
    Ok(Response::json(200, &json!({ "items": items })))
}

/// `GET /api/orders/{number}`.
pub fn order(shop: &Shop, request: &Request) -> Answer {
    Ok(Response::json(200, &own_order(shop, request)?.to_json(&shop.catalogue)))
}

/// `POST /api/orders/{number}/cancel`.
pub fn cancel_order(shop: &Shop, request: &Request) -> Answer {
    let number = own_order(shop, request)?.number;
    let account = request.account(shop);
    let order = order::cancel(shop, number, request.session_id().unwrap_or(""), account.as_deref())?;
    Ok(Response::json(200, &order.to_json(&shop.catalogue)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
}

/// `POST /api/accounts {"email", "password"}`: registers and logs in.
pub fn register(shop: &Shop, request: &Request) -> Answer {
    let Credentials { email, password } = request.json()?;
    check_credentials(&email, &password)?;
    shop.state().accounts.check_free(&email)?;
    let hash = hash_password(&email, &password);
    let mut state = shop.state();
    // Hashing took a while without the lock, and somebody else may have taken the address in the meantime.
    state.accounts.check_free(&email)?;
    state.accounts.set_password_hash(&email, hash);
    let session = state.sessions.get_or_start(request.session_id());
    session.account = Some(email.clone());
    Ok(Response::json(201, &json!({ "email": email })).with_session(&session.id, request.session_id()))
}

/// Checks a password and logs the visitor in. Returns the session's id.
///
/// # Errors
/// 401 or 429, see [`crate::store::account::Accounts::log_in`].
pub fn start_login(shop: &Shop, request: &Request, email: &str, password: &str) -> Result<String, Problem> {
    // The hash is computed for unknown addresses too, so that the time of the answer tells nobody who is a customer.
    let hash = hash_password(email, password);
    let mut state = shop.state();
    state.accounts.log_in(email, &hash)?;
    let session = state.sessions.get_or_start(request.session_id());
    session.account = Some(email.to_owned());
    Ok(session.id.clone())
}

/// `POST /api/login {"email", "password"}`.
pub fn log_in(shop: &Shop, request: &Request) -> Answer {
    let Credentials { email, password } = request.json()?;
    let session_id = start_login(shop, request, &email, &password)?;
    Ok(Response::json(200, &json!({ "email": email })).with_session(&session_id, request.session_id()))
}

/// `POST /api/logout`: forgets the session with its basket.
pub fn log_out(shop: &Shop, request: &Request) -> Answer {
    shop.state().sessions.end(request.session_id().unwrap_or(""));
    Ok(Response::empty(204))
}

/// `GET /api/account`: who is logged in.
pub fn account(shop: &Shop, request: &Request) -> Answer {
    let email = request.account(shop).ok_or_else(Problem::login_required)?;
    Ok(Response::json(200, &json!({ "email": email })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    old: String,
    new: String,
}

/// `PUT /api/account/password {"old", "new"}`.
pub fn change_password(shop: &Shop, request: &Request) -> Answer {
    let email = request.account(shop).ok_or_else(Problem::login_required)?;
    let PasswordChange { old, new } = request.json()?;
    check_credentials(&email, &new)?;
    let (old, new) = (hash_password(&email, &old), hash_password(&email, &new));
    let mut state = shop.state();
    state.accounts.log_in(&email, &old)?;
    state.accounts.set_password_hash(&email, new);
    Ok(Response::empty(204))
}

/// `GET /healthz`: `ok` once the shop serves.
pub fn healthz(shop: &Shop, _: &Request) -> Answer {
    Ok(Response::json(200, &json!({ "status": "ok", "release": shop.config.release })))
}

/// `GET /__release`: the release id as plain text with a line feed.
pub fn release(shop: &Shop, _: &Request) -> Answer {
    Ok(Response::text(200, format!("{}\n", shop.config.release)).with_header("Cache-Control", "no-store"))
}
