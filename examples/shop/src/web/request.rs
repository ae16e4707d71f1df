//! A request as the handlers see it: complete, bounded and decoded.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::store::{Problem, Shop};

/// Name of the cookie that holds the session id.
pub const SESSION_COOKIE: &str = "shop_session";

/// One request. The server has bounded its sizes before this is made.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Upper-case method.
    pub method: String,
    /// Path without the query, starting with `/`, percent-encoding kept.
    pub path: String,
    /// Query without the `?`, as sent.
    pub query: String,
    /// Names in lower case, and values, in the order sent; values that are not UTF-8 are left out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What stood in the place of the `{}` of the route's pattern, in order; filled in by the router.
    pub params: Vec<String>,
}

impl Request {
    /// Value of the first header `name`, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The `place`th part of the path that the route's pattern left open, or nothing.
    pub fn param(&self, place: usize) -> &str {
        self.params.get(place).map_or("", String::as_str)
    }

    /// Decoded value of the first query parameter `name`.
    pub fn query_value(&self, name: &str) -> Option<Cow<'_, str>> {
        form_urlencoded::parse(self.query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Number in the query parameter `name`, or `default` when it is absent.
    ///
    /// # Errors
    /// 400 when it is no number.
    pub fn query_number(&self, name: &str, default: usize) -> Result<usize, Problem> {
        self.query_value(name).map_or(Ok(default), |value| {
            value.parse().map_err(|_| Problem::new(400, "bad_query", format!("{name} must be a whole number")))
        })
    }

    /// The session cookie's value.
    pub fn session_id(&self) -> Option<&str> {
        let cookies = self.headers.iter().filter(|(name, _)| name == "cookie");
        cookies
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == SESSION_COOKIE)
            .map(|(_, value)| value)
    }

    /// E-mail address of the customer who is logged in.
    pub fn account(&self, shop: &Shop) -> Option<String> {
        shop.state().sessions.get(self.session_id()?)?.account.clone()
    }

    /// The body as JSON of the shape `T`.
    ///
    /// # Errors
    /// 415 when it isn't declared as JSON, 400 with the parser's reason when it is not of that shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let media_type = self.header("content-type").unwrap_or("").split(';').next().unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(415, "not_json", "send Content-Type: application/json"));
        }
        serde_json::from_slice(&self.body).map_err(|error| Problem::new(400, "bad_json", error.to_string()))
    }

    /// Decoded value of the field `name` of a form body.
    ///
    /// # Errors
    /// 400 when the form doesn't have it.
    pub fn form_value(&self, name: &str) -> Result<String, Problem> {
        form_urlencoded::parse(&self.body)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .ok_or_else(|| Problem::new(400, "field_missing", format!("the form has no field {name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_cookie_is_found_among_others() {
        let with =
            |cookie: &str| Request { headers: vec![("cookie".to_owned(), cookie.to_owned())], ..Request::default() };
        assert_eq!(with("shop_session=abc").session_id(), Some("abc"));
        assert_eq!(with("a=b; shop_session=abc; c").session_id(), Some("abc"));
        assert_eq!(with("xshop_session=abc").session_id(), None);
        assert_eq!(with(";;=").session_id(), None);
    }

    #[test]
    fn queries_and_forms_are_decoded() {
        let request =
            Request { query: "q=a%20b+c&n=x".to_owned(), body: b"name=%C3%BC".to_vec(), ..Request::default() };
        assert_eq!(request.query_value("q").as_deref(), Some("a b c"));
        assert_eq!(request.query_number("n", 1).unwrap_err().status, 400);
        assert_eq!(request.query_number("m", 1), Ok(1));
        assert_eq!(request.form_value("name").as_deref(), Ok("ü"));
        assert_eq!(request.form_value("other").unwrap_err().code, "field_missing");
    }
}
