//! What only the administrator may do: the stock, and the slow reports.

use serde::Deserialize;
use serde_json::json;

use super::page;
use super::request::Request;
use super::response::Response;
use crate::store::account::ADMIN_EMAIL;
use crate::store::catalogue::CATEGORIES;
use crate::store::{Problem, Shop, report};

type Answer = Result<Response, Problem>;

/// Most pieces of one product in stock.
pub const MAX_STOCK: u32 = 1_000_000;

fn require_admin(shop: &Shop, request: &Request) -> Result<(), Problem> {
    match request.account(shop).as_deref() {
        Some(ADMIN_EMAIL) => Ok(()),
        Some(_) => Err(Problem::new(403, "admin_only", "this is for the administrator")),
        None => Err(Problem::login_required()),
    }
}

/// `GET /api/admin/stock/{sku}`.
pub fn stock(shop: &Shop, request: &Request) -> Answer {
    require_admin(shop, request)?;
    let (index, product) = shop.catalogue.find(request.param(0)).ok_or_else(|| Problem::not_found("product"))?;
    let quantity = shop.state().stock.get(index).copied();
    Ok(Response::json(200, &json!({ "sku": product.sku, "quantity": quantity })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quantity {
    quantity: u32,
}

/// `PUT /api/admin/stock/{sku} {"quantity"}`.
pub fn set_stock(shop: &Shop, request: &Request) -> Answer {
    require_admin(shop, request)?;
    let Quantity { quantity } = request.json()?;
    let index = check_line(shop, request.param(0), quantity)?;
    if let Some(in_stock) = shop.state().stock.get_mut(index) {
        *in_stock = quantity;
    }
    Ok(Response::json(200, &json!({ "sku": request.param(0), "quantity": quantity })))
}

/// `POST /api/admin/stock/import` with lines `sku,quantity`: sets all of them, or none if a line is bad.
pub fn import_stock(shop: &Shop, request: &Request) -> Answer {
    require_admin(shop, request)?;
    let bad_line =
        |number: usize, reason: &str| Problem::new(422, "bad_line", format!("line {}: {reason}", number + 1));
    let text =
        std::str::from_utf8(&request.body).map_err(|_| Problem::new(400, "not_utf8", "the import is not UTF-8"))?;
    let mut changes = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (sku, quantity) = line.split_once(',').ok_or_else(|| bad_line(number, "not of the form sku,quantity"))?;
        let quantity = quantity.trim().parse().map_err(|_| bad_line(number, "the quantity is no whole number"))?;
        let index = check_line(shop, sku.trim(), quantity).map_err(|problem| bad_line(number, &problem.message))?;
        changes.push((index, quantity));
    }
    let mut state = shop.state();
    for (index, quantity) in &changes {
        if let Some(in_stock) = state.stock.get_mut(*index) {
            *in_stock = *quantity;
        }
    }
    Ok(Response::json(200, &json!({ "changed": changes.len() })))
}

fn check_line(shop: &Shop, sku: &str, quantity: u32) -> Result<usize, Problem> {
    if quantity > MAX_STOCK {
        return Err(Problem::new(422, "quantity_too_large", format!("at most {MAX_STOCK} pieces")));
    }
    shop.catalogue.find(sku).map(|(index, _)| index).ok_or_else(|| Problem::not_found("product"))
}

/// `GET /admin/reports/stock`.
pub fn stock_report(shop: &Shop, request: &Request) -> Answer {
    require_admin(shop, request)?;
    let stock = shop.state().stock.clone();
    Ok(page::layout(shop, 200, "Stock report", &report::stock(&shop.catalogue, &stock)))
}

/// `GET /admin/reports/duplicates?category=`: the slowest page of the shop.
pub fn duplicates_report(shop: &Shop, request: &Request) -> Answer {
    require_admin(shop, request)?;
    let category = request.query_value("category").unwrap_or_default();
    if !CATEGORIES.contains(&category.as_ref()) {
        return Err(Problem::not_found("category"));
    }
    Ok(page::layout(shop, 200, "Possible duplicates", &report::duplicates(&shop.catalogue, &category)))
}

/// `GET /admin/catalogue.csv`.
pub fn catalogue_csv(shop: &Shop, request: &Request) -> Answer {
    require_admin(shop, request)?;
    let stock = shop.state().stock.clone();
    let csv = report::catalogue_csv(&shop.catalogue, &stock);
    Ok(Response::new(200, "text/csv; charset=utf-8", csv)
        .with_header("Content-Disposition", "attachment; filename=\"catalogue.csv\""))
}
