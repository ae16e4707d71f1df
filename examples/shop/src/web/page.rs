//! The pages for people, which work without JavaScript.

use std::fmt::Write;

use quick_xml::escape::escape;

use super::api::{own_order, start_login};
use super::request::Request;
use super::response::Response;
use crate::store::catalogue::{CATEGORIES, Product};
use crate::store::order::{self, Order, Status};
use crate::store::report::Euros;
use crate::store::session::digest;
use crate::store::{Problem, Shop};

type Answer = Result<Response, Problem>;

/// A whole page around `content`, which is HTML already; `title` is plain text.
pub fn layout(shop: &Shop, status: u16, title: &str, content: &str) -> Response {
    let asset = |name: &str| escape(shop.assets.of(name, &shop.config.release)).into_owned();
    let (style, script, logo) = (asset("app.css"), asset("app.js"), asset("logo.svg"));
    let (release, title) = (escape(shop.config.release.as_str()), escape(title));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title} · Roadside shop</title>\n\
         <link rel=\"stylesheet\" href=\"{style}\">\n\
         <script src=\"{script}\" defer></script>\n</head>\n<body>\n\
         <header><a href=\"/\"><img src=\"{logo}\" alt=\"Roadside shop\"></a>\n\
         <form action=\"/search\"><input name=\"q\" aria-label=\"Search\"></form> <a href=\"/basket\">Basket</a></header>\n\
         <main>\n{content}</main>\n<footer>Release {release}</footer>\n</body>\n</html>\n"
    );
    Response::html(status, html)
}

/// The page of a problem.
pub fn problem(shop: &Shop, problem: &Problem) -> Response {
    let content = format!(
        "<h1>Sorry</h1>\n<p class=\"problem\" data-code=\"{}\">{}</p>\n",
        problem.code,
        escape(&problem.message)
    );
    layout(shop, problem.status, "Sorry", &content)
}

fn product_list(products: &[&Product]) -> String {
    let mut html = String::from("<ul class=\"products\">\n");
    for product in products {
        // Writing to a String can't fail.
        let _ = writeln!(
            html,
            "<li><a href=\"/products/{}\">{}</a> <span>{}</span></li>",
            product.sku,
            escape(product.name.as_str()),
            Euros(product.price_cents)
        );
    }
    html.push_str("</ul>\n");
    html
}

/// `GET /`: one product of each category.
pub fn home(shop: &Shop, _: &Request) -> Answer {
    let all = shop.catalogue.products();
    let featured: Vec<&Product> =
        CATEGORIES.iter().filter_map(|category| all.iter().find(|product| product.category == *category)).collect();
    Ok(layout(shop, 200, "Welcome", &format!("<h1>Welcome</h1>\n{}", product_list(&featured))))
}

/// `GET /products/{sku}`, with the form that puts it into the basket.
pub fn product(shop: &Shop, request: &Request) -> Answer {
    let (index, product) = shop.catalogue.find(request.param(0)).ok_or_else(|| Problem::not_found("product"))?;
    let mut state = shop.state();
    let in_stock = state.stock.get(index).copied().unwrap_or(0);
    let session = state.sessions.get_or_start(request.session_id());
    let name = escape(product.name.as_str());
    let (sku, price) = (&product.sku, Euros(product.price_cents));
    let content = if in_stock == 0 {
        format!("<h1>{name}</h1>\n<p>{price}</p>\n<p class=\"stock\">Sold out</p>\n")
    } else {
        format!(
            "<h1>{name}</h1>\n<p>{price}</p>\n<p class=\"stock\">In stock</p>\n<form method=\"post\" action=\"/basket/items\">\n\
             <input type=\"hidden\" name=\"csrf\" value=\"{}\">\n<input type=\"hidden\" name=\"sku\" value=\"{sku}\">\n\
             <input name=\"quantity\" value=\"1\"><button>Add to basket</button>\n</form>\n",
            session.csrf_token()
        )
    };
    Ok(layout(shop, 200, &product.name, &content).with_session(&session.id, request.session_id()))
}

/// `GET /search?q=`.
pub fn search(shop: &Shop, request: &Request) -> Answer {
    let query = request.query_value("q").unwrap_or_default();
    let (hits, count) = crate::store::search::search(&shop.catalogue, &query, None, 50);
    let content = format!("<h1>{count} results for “{}”</h1>\n{}", escape(query.as_ref()), product_list(&hits));
    Ok(layout(shop, 200, "Search", &content))
}

/// The session of a form, whose token is checked.
fn form_session(shop: &Shop, request: &Request) -> Result<String, Problem> {
    let token = request.form_value("csrf")?;
    let state = shop.state();
    let session = request.session_id().and_then(|id| state.sessions.get(id));
    session
        .filter(|session| session.csrf_token() == token)
        .map(|session| session.id.clone())
        .ok_or_else(|| Problem::new(403, "csrf", "this form is stale; please load the page again"))
}

/// `POST /basket/items` from the form of a product page.
pub fn add_item(shop: &Shop, request: &Request) -> Answer {
    let session_id = form_session(shop, request)?;
    let sku = request.form_value("sku")?;
    shop.catalogue.find(&sku).ok_or_else(|| Problem::not_found("product"))?;
    let more: u32 = request
        .form_value("quantity")?
        .parse()
        .map_err(|_| Problem::new(422, "quantity_invalid", "the quantity is a whole number"))?;
    let mut state = shop.state();
    let basket = &mut state.sessions.get_or_start(Some(&session_id)).basket;
    let quantity = basket.lines.get(&sku).copied().unwrap_or(0).saturating_add(more);
    basket.set(&sku, quantity)?;
    Ok(Response::see_other("/basket"))
}

/// `GET /basket`, with the form that checks out.
pub fn basket(shop: &Shop, request: &Request) -> Answer {
    let mut state = shop.state();
    let session = state.sessions.get_or_start(request.session_id());
    let mut content = String::from("<h1>Your basket</h1>\n<table>\n");
    for (sku, quantity) in &session.basket.lines {
        if let Some((_, product)) = shop.catalogue.find(sku) {
            let sum = Euros(product.price_cents * u64::from(*quantity));
            let _ = writeln!(content, "<tr><td>{quantity} × {}</td><td>{sum}</td></tr>", escape(product.name.as_str()));
        }
    }
    let totals = session.basket.totals(&shop.catalogue);
    let _ = write!(
        content,
        "</table>\n<p>Shipping {}</p>\n<p class=\"total\">Total {}</p>\n<form method=\"post\" action=\"/checkout\">\n\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\">\n<input name=\"email\"><input name=\"card\"><button>Buy</button>\n</form>\n",
        Euros(totals.shipping),
        Euros(totals.total),
        session.csrf_token()
    );
    Ok(layout(shop, 200, "Basket", &content).with_session(&session.id, request.session_id()))
}

/// `POST /checkout` from the form of the basket.
pub fn check_out(shop: &Shop, request: &Request) -> Answer {
    let session_id = form_session(shop, request)?;
    let order = order::check_out(shop, &session_id, &request.form_value("email")?, &request.form_value("card")?)?;
    Ok(Response::see_other(&format!("/orders/{}", order.number)))
}

/// `GET /orders/{number}`: the confirmation.
pub fn order(shop: &Shop, request: &Request) -> Answer {
    let order = own_order(shop, request)?;
    let status = match order.status {
        Status::Paid => "Thank you",
        Status::Cancelled => "Cancelled",
    };
    let total = Euros(order.basket.totals(&shop.catalogue).total);
    let content = format!(
        "<h1>{status}</h1>\n<p>Order {} over {total}, card ending in {}</p>\n",
        order.number, order.card_last_four
    );
    Ok(layout(shop, 200, "Order", &content))
}

/// `GET /orders/{number}/invoice`: plain text with a seal over everything above it.
pub fn invoice(shop: &Shop, request: &Request) -> Answer {
    let text = invoice_text(shop, &own_order(shop, request)?);
    let seal = digest("invoice", &text);
    Ok(Response::text(200, format!("{text}Seal {seal}\n")))
}

fn invoice_text(shop: &Shop, order: &Order) -> String {
    let mut text = format!("Invoice {}\n{}\n\n", order.number, order.email);
    for (sku, quantity) in &order.basket.lines {
        if let Some((_, product)) = shop.catalogue.find(sku) {
            let _ = writeln!(
                text,
                "{quantity:>3} x {sku} {:<40} {:>12}",
                product.name,
                Euros(product.price_cents * u64::from(*quantity))
            );
        }
    }
    let totals = order.basket.totals(&shop.catalogue);
    for (label, cents) in [
        ("Discount", totals.discount),
        ("Shipping", totals.shipping),
        ("Total", totals.total),
        ("of which VAT", totals.vat),
    ] {
        let _ = writeln!(text, "{label:<20} {}", Euros(cents));
    }
    text
}

/// `GET /login`.
pub fn login_form(shop: &Shop, _: &Request) -> Answer {
    let content = "<h1>Log in</h1>\n<form method=\"post\" action=\"/login\">\n<input name=\"email\"><input name=\"password\" type=\"password\">\
                   <button>Log in</button>\n</form>\n";
    Ok(layout(shop, 200, "Log in", content))
}

/// `POST /login` from the form.
pub fn log_in(shop: &Shop, request: &Request) -> Answer {
    let session_id = start_login(shop, request, &request.form_value("email")?, &request.form_value("password")?)?;
    Ok(Response::see_other("/account").with_session(&session_id, request.session_id()))
}

/// `POST /logout`: forgets the session with its basket.
pub fn log_out(shop: &Shop, request: &Request) -> Answer {
    shop.state().sessions.end(request.session_id().unwrap_or(""));
    Ok(Response::see_other("/")
        .with_header("Set-Cookie", format!("{}=; Path=/; Max-Age=0", super::request::SESSION_COOKIE)))
}

/// `GET /account`: who is logged in; others are sent to the login.
pub fn account(shop: &Shop, request: &Request) -> Answer {
    match request.account(shop) {
        Some(email) => Ok(layout(shop, 200, "Your account", &format!("<h1>Hello {}</h1>\n", escape(email.as_str())))),
        None => Ok(Response::see_other("/login")),
    }
}
