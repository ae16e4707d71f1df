//! A component's `licenses`.

use super::identity::says_nothing;
use crate::plan::package::Place;
use crate::plan::statement::{MAX_LICENSE_BYTES, Statement, Value};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Choice<'t> {
    #[serde(borrow)]
    license: Option<License<'t>>,
    #[serde(borrow)]
    expression: Option<Cow<'t, str>>,
    #[serde(borrow)]
    acknowledgement: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
struct License<'t> {
    #[serde(borrow)]
    id: Option<Cow<'t, str>>,
    #[serde(borrow)]
    name: Option<Cow<'t, str>>,
    #[serde(borrow)]
    url: Option<Cow<'t, str>>,
    #[serde(borrow)]
    text: Option<Attachment<'t>>,
    #[serde(borrow)]
    acknowledgement: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
struct Attachment<'t> {
    #[serde(borrow)]
    content: Option<Cow<'t, str>>,
    #[serde(borrow)]
    encoding: Option<Cow<'t, str>>,
}

/// What was stated, and what is odd about it.
pub(super) struct Stated {
    pub statements: Vec<Statement>,
    pub notice: Option<String>,
}

/// One licence of the list: its name (an identifier, an expression or words), its address and its text.
struct One {
    name: String,
    url: Option<String>,
    text: Option<String>,
}

/// The statements of a list of licences: what the package declares first, then what somebody concluded
/// (`acknowledgement`, since 1.6).
pub(super) fn statements(raw: &RawValue, field: &'static str, place: &Place) -> Result<Stated, serde_json::Error> {
    let choices: Option<Vec<Choice<'_>>> = serde_json::from_str(raw.get())?;
    let (mut declared, mut concluded) = (Vec::new(), Vec::new());
    for choice in choices.into_iter().flatten() {
        let license = choice.license.as_ref();
        let acknowledged = choice.acknowledgement.as_deref().or_else(|| license?.acknowledgement.as_deref());
        let list = if acknowledged == Some("concluded") { &mut concluded } else { &mut declared };
        list.extend(choice.expression.map(|text| One { name: text.into_owned(), url: None, text: None }));
        list.extend(choice.license.map(one));
    }
    let both = !declared.is_empty() && !concluded.is_empty();
    let differ = both && names(&declared) != names(&concluded);
    let notice = differ.then(|| {
        let (declares, concludes) = (names(&declared).join(", "), names(&concluded).join(", "));
        format!("declares {declares}, and the bill's author concludes {concludes}")
    });
    let mut statements = Vec::new();
    for list in [declared, concluded] {
        let values = values(list);
        statements.extend(values.into_iter().map(|value| Statement { value, field, place: place.clone() }));
    }
    Ok(Stated { statements, notice })
}

fn one(license: License<'_>) -> One {
    let is_id = license.id.is_some();
    let text = license.text.filter(|text| !is_id && text.encoding.is_none()).and_then(|text| text.content);
    One {
        name: license.id.or(license.name).unwrap_or_default().into_owned(),
        // The address of an identifier adds nothing to it.
        url: license.url.filter(|url| !is_id && !url.trim().is_empty()).map(Cow::into_owned),
        text: text.filter(|text| text.len() as u64 <= MAX_LICENSE_BYTES).map(Cow::into_owned),
    }
}

fn names(list: &[One]) -> Vec<&str> {
    let mut names: Vec<&str> = list.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn values(mut list: Vec<One>) -> Vec<Value> {
    list.retain(|one| !says_nothing(&one.name) || one.url.is_some() || one.text.is_some());
    if list.len() > 1 {
        return vec![Value::Classifiers(list.into_iter().map(|one| one.name).collect())];
    }
    let Some(One { name, url, text }) = list.pop() else { return Vec::new() };
    let named = match url {
        Some(url) if name.is_empty() => Value::Url(url),
        Some(url) => Value::Named { name, url },
        None => Value::One(name),
    };
    // A text says more than words that name no licence, and less than words that do.
    std::iter::once(named).chain(text.map(Value::One)).collect()
}
