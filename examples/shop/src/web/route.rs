//! The table of routes, and the way from a request to its response.

use super::request::Request;
use super::response::Response;
use super::{admin, api, asset, page};
use crate::store::{Problem, Shop};

/// Answers one request.
pub type Handler = fn(&Shop, &Request) -> Result<Response, Problem>;

/// Method, pattern (`{}` stands for one part of the path), handler.
type Route = (&'static str, &'static str, Handler);

/// All that the shop serves. `HEAD` goes where `GET` goes.
pub const ROUTES: &[Route] = &[
    ("GET", "/", page::home),
    ("GET", "/products/{}", page::product),
    ("GET", "/search", page::search),
    ("GET", "/basket", page::basket),
    ("POST", "/basket/items", page::add_item),
    ("POST", "/checkout", page::check_out),
    ("GET", "/orders/{}", page::order),
    ("GET", "/orders/{}/invoice", page::invoice),
    ("GET", "/login", page::login_form),
    ("POST", "/login", page::log_in),
    ("POST", "/logout", page::log_out),
    ("GET", "/account", page::account),
    ("GET", "/api/categories", api::categories),
    ("GET", "/api/products", api::products),
    ("GET", "/api/products/{}", api::product),
    ("GET", "/api/search", api::search),
    ("GET", "/api/recommendations", api::recommendations),
    ("GET", "/api/basket", api::basket),
    ("DELETE", "/api/basket", api::empty_basket),
    ("POST", "/api/basket/items", api::add_item),
    ("PATCH", "/api/basket/items/{}", api::set_item),
    ("DELETE", "/api/basket/items/{}", api::remove_item),
    ("PUT", "/api/basket/voucher", api::set_voucher),
    ("DELETE", "/api/basket/voucher", api::remove_voucher),
    ("PUT", "/api/basket/shipping", api::set_shipping),
    ("POST", "/api/checkout", api::check_out),
    ("GET", "/api/orders", api::orders),
    ("GET", "/api/orders/{}", api::order),
    ("POST", "/api/orders/{}/cancel", api::cancel_order),
    ("POST", "/api/accounts", api::register),
    ("POST", "/api/login", api::log_in),
    ("POST", "/api/logout", api::log_out),
    ("GET", "/api/account", api::account),
    ("PUT", "/api/account/password", api::change_password),
    ("GET", "/api/admin/stock/{}", admin::stock),
    ("PUT", "/api/admin/stock/{}", admin::set_stock),
    ("POST", "/api/admin/stock/import", admin::import_stock),
    ("GET", "/admin/reports/stock", admin::stock_report),
    ("GET", "/admin/reports/duplicates", admin::duplicates_report),
    ("GET", "/admin/catalogue.csv", admin::catalogue_csv),
    ("GET", "/assets/{}", asset::asset),
    ("GET", "/healthz", api::healthz),
    ("GET", "/__release", api::release),
];

/// The shop's answer to `request`.
pub fn respond(shop: &Shop, mut request: Request) -> Response {
    let wanted = if request.method == "HEAD" { "GET" } else { request.method.as_str() };
    let mut allowed = Vec::new();
    let mut found = None;
    for (method, pattern, handler) in ROUTES {
        if let Some(params) = match_path(pattern, &request.path) {
            if *method == wanted {
                found = Some((*handler, params));
            }
            allowed.push(*method);
        }
    }
    let result = match (found, allowed.as_slice()) {
        (Some((handler, params)), _) => {
            request.params = params;
            handler(shop, &request)
        }
        (None, []) => Err(Problem::not_found("page")),
        (None, _) => {
            let problem = Problem::new(405, "method_not_allowed", format!("{} is not allowed here", request.method));
            return problem_response(shop, &request, &problem).with_header("Allow", allowed.join(", "));
        }
    };
    result.unwrap_or_else(|problem| problem_response(shop, &request, &problem))
}

/// Problems are JSON for programs and a page for people, by the address asked for.
fn problem_response(shop: &Shop, request: &Request, problem: &Problem) -> Response {
    let is_for_programs =
        ["/api/", "/assets/", "/healthz", "/__"].iter().any(|prefix| request.path.starts_with(prefix));
    if is_for_programs { Response::from(problem) } else { page::problem(shop, problem) }
}

/// The parts of `path` that stand in the place of the `{}` of `pattern`, or `None` when the path is another.
fn match_path(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (mut wanted, mut parts) = (pattern.split('/'), path.split('/'));
    let mut params = Vec::new();
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return Some(params),
            (Some("{}"), Some(part)) if !part.is_empty() => params.push(part.to_owned()),
            (Some(literal), Some(part)) if literal == part => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Config;

    fn get(method: &str, path: &str) -> Response {
        let request = Request { method: method.to_owned(), path: path.to_owned(), ..Request::default() };
        respond(&Shop::new(Config::default()), request)
    }

    #[test]
    fn patterns_match_whole_paths_only() {
        assert_eq!(match_path("/a/{}/c", "/a/b/c"), Some(vec!["b".to_owned()]));
        for other in ["/a/b", "/a/b/c/d", "/a//c", "/a/b/c/", "a/b/c"] {
            assert_eq!(match_path("/a/{}/c", other), None, "{other}");
        }
    }

    #[test]
    fn unknown_paths_and_methods_are_told_apart() {
        assert_eq!(get("GET", "/nowhere").status, 404);
        let refused = get("DELETE", "/api/products");
        assert_eq!(refused.status, 405);
        assert!(refused.headers.contains(&("Allow", "GET".to_owned())));
        assert_eq!(get("HEAD", "/api/products").status, 200);
    }

    #[test]
    fn a_literal_route_wins_over_an_open_one_by_coming_later() {
        assert_eq!(get("POST", "/api/admin/stock/import").status, 401);
        assert_eq!(get("PUT", "/api/admin/stock/import").status, 401);
    }

    #[test]
    fn problems_are_pages_for_people_and_json_for_programs() {
        assert!(get("GET", "/products/none").headers.iter().any(|(_, value)| value.starts_with("text/html")));
        assert!(get("GET", "/api/products/none").headers.contains(&("Content-Type", "application/json".to_owned())));
    }
}
