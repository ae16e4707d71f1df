//! Expectations whose values are known when the step runs.

use super::template::{fill, plain};
use crate::expectation::{Expectations, HeaderExpectation, JsonExpectation, JsonPath, pattern, text_pattern};
use std::collections::BTreeMap;

/// What is expected where it holds `{{name}}`.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExpectTemplates {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) contains: Vec<String>,
    pub(crate) matches: Vec<String>,
    pub(crate) json: Vec<(JsonPath, String)>,
    pub(crate) url: Option<String>,
}

impl ExpectTemplates {
    /// Adds them to what is known already.
    pub(crate) fn fill(
        &self,
        mut expect: Expectations,
        values: &BTreeMap<String, String>,
    ) -> Result<Expectations, String> {
        for (name, text) in &self.headers {
            let value = pattern(&fill(text, values, regex::escape)?).map_err(|err| err.why)?;
            expect.headers.push(HeaderExpectation { name: name.clone(), value: Some(value) });
        }
        for text in &self.contains {
            expect.body_contains.push(not_empty(fill(text, values, plain)?, text)?);
        }
        for text in &self.matches {
            expect.body_matches.push(pattern(&fill(text, values, regex::escape)?).map_err(|err| err.why)?);
        }
        for (path, text) in &self.json {
            let value = fill(text, values, plain)?;
            let json = JsonExpectation::new(path.as_str(), Some(&value)).map_err(|err| err.why)?;
            expect.json.push(json);
        }
        if let Some(text) = &self.url {
            expect.final_url = Some(text_pattern(&fill(text, values, regex::escape)?).map_err(|err| err.why)?);
        }
        Ok(expect)
    }

    /// All texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let pairs =
            self.headers.iter().map(|(_, text)| text.as_str()).chain(self.json.iter().map(|(_, text)| text.as_str()));
        pairs.chain(self.contains.iter().chain(&self.matches).chain(&self.url).map(String::as_str))
    }
}

/// Every body contains the empty text, which proves nothing.
fn not_empty(filled: String, text: &str) -> Result<String, String> {
    if filled.is_empty() { Err(format!("`{text}` became empty, which any body contains")) } else { Ok(filled) }
}
