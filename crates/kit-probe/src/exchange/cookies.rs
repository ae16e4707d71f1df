//! Cookies that are set on the way of a redirect: a login answers with one and leads to a page that wants it.

use super::Request;
use cookie_store::CookieStore;
use url::Url;

/// What was set so far.
#[derive(Default)]
pub(super) struct Cookies {
    store: CookieStore,
    names: Vec<String>,
}

impl Cookies {
    /// Takes a `Set-Cookie`. One that cannot be read, or that is for another domain, is left out, as browsers do.
    pub(super) fn set(&mut self, url: &Url, value: &[u8]) {
        let Ok(text) = std::str::from_utf8(value) else { return };
        let name = text.split(['=', ';']).next().unwrap_or_default().trim().to_owned();
        // One that ends a cookie is refused by the store when it is not there, and still ends the request's own.
        let _ = self.store.parse(text, url);
        self.names.push(name);
    }

    /// Gives a request the cookies that are for its URL. What it has of the same names is replaced.
    pub(super) fn give(&self, request: &mut Request) {
        if self.names.is_empty() {
            return;
        }
        let is_cookie = |name: &str| name.eq_ignore_ascii_case("cookie");
        let own = request.headers.iter().filter(|(name, _)| is_cookie(name)).flat_map(|(_, value)| value.split(';'));
        let own = own.map(str::trim).filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default().trim();
            !pair.is_empty() && !self.names.iter().any(|set| set == name)
        });
        let mut pairs: Vec<String> = own.map(str::to_owned).collect();
        // The store has no order of its own.
        let mut set: Vec<_> =
            self.store.get_request_values(&request.url).map(|(name, value)| format!("{name}={value}")).collect();
        set.sort_unstable();
        pairs.extend(set);
        request.headers.retain(|(name, _)| !is_cookie(name));
        if !pairs.is_empty() {
            request.headers.push(("Cookie".to_owned(), pairs.join("; ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(set: &[&str], own: &[(&str, &str)], to: &str) -> Option<String> {
        let mut cookies = Cookies::default();
        for value in set {
            cookies.set(&Url::parse("http://app.test/login").unwrap(), value.as_bytes());
        }
        let mut request = Request {
            method: "GET".to_owned(),
            url: Url::parse(to).unwrap(),
            headers: own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: Vec::new(),
            redirects: 0,
        };
        cookies.give(&mut request);
        let mut cookies = request.headers.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        let first = cookies.next().map(|(_, value)| value);
        assert_eq!(cookies.next(), None);
        first
    }

    #[test]
    fn what_was_set_goes_to_whom_it_is_for() {
        let home = "http://app.test/home";
        assert_eq!(given(&["s=1; Path=/", "b=2"], &[], home).unwrap(), "b=2; s=1");
        assert_eq!(given(&["s=1"], &[("cookie", "s=0; t=9")], home).unwrap(), "t=9; s=1");
        assert_eq!(given(&["s=; Max-Age=0"], &[("Cookie", "s=0")], home), None);
        assert_eq!(given(&[], &[("Cookie", "s=0")], home).unwrap(), "s=0");
        assert_eq!(given(&["s=1"], &[], "http://other.test/"), None);
        assert_eq!(given(&["s=1; Domain=other.test"], &[], "http://other.test/"), None);
        assert_eq!(given(&["s=1; Secure"], &[], home), None);
        assert_eq!(given(&["s=1; Path=/admin"], &[], home), None);
    }
}
