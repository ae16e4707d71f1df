//! Values of a suite's file with the bytes where they stand.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A complaint at a byte of the text.
pub(super) type Refused = (usize, String);
pub(super) type Value<'v> = Spanned<DeValue<'v>>;

/// Items of an array in a suite, and keys of a table: each is compared with all others.
const MAX_ITEMS: usize = 1000;

/// A table, its place in the file and its name in messages.
#[derive(Clone, Copy)]
pub(super) struct Table<'t, 'v> {
    pub table: &'t DeTable<'v>,
    pub at: usize,
    pub name: &'t str,
}

impl<'t, 'v> Table<'t, 'v> {
    pub fn of(value: &'t Value<'v>, name: &'t str) -> Result<Table<'t, 'v>, Refused> {
        let at = value.span().start;
        let table = value.get_ref().as_table().ok_or_else(|| (at, format!("`{name}` must be a table")))?;
        if table.len() > MAX_ITEMS {
            return Err((at, format!("`{name}` has {} keys; at most {MAX_ITEMS} are allowed", table.len())));
        }
        Ok(Table { table, at, name })
    }

    /// Errors: a key that is not one of `keys`, with the nearest one.
    pub fn known(&self, keys: &[&str]) -> Result<(), Refused> {
        // The first in the file is complained about, whatever the order of the map.
        let unknown = self.table.keys().filter(|key| !keys.contains(&key.get_ref().as_ref()));
        match unknown.min_by_key(|key| key.span().start) {
            None => Ok(()),
            Some(key) => Err((
                key.span().start,
                format!("`{}` does not know the key `{}`; it has {}", self.name, shown(key.get_ref()), keys.join(", ")),
            )),
        }
    }

    pub fn get(&self, key: &str) -> Option<&'t Value<'v>> {
        self.table.get(key)
    }

    pub fn string(&self, key: &str) -> Result<Option<&'t str>, Refused> {
        self.get(key).map(|value| string(key, value)).transpose()
    }

    /// One string or several; an empty list is refused, because it would ask for nothing.
    pub fn strings(&self, key: &str) -> Result<Vec<(usize, &'t str)>, Refused> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let one = |value: &'t Value<'v>| Ok((value.span().start, string(key, value)?));
        match value.get_ref() {
            DeValue::Array(_) => items(key, value)?.map(one).collect(),
            _ => Ok(vec![one(value)?]),
        }
    }

    pub fn boolean(&self, key: &str) -> Result<bool, Refused> {
        match self.get(key) {
            None => Ok(false),
            Some(value) => value.get_ref().as_bool().ok_or_else(|| wrong(value, key, "true or false")),
        }
    }
}

pub(super) fn wrong(value: &Value<'_>, key: &str, what: &str) -> Refused {
    (value.span().start, format!("`{key}` must be {what}, and is {}", value.get_ref().type_str()))
}

pub(super) fn string<'t>(key: &str, value: &'t Value<'_>) -> Result<&'t str, Refused> {
    value.get_ref().as_str().ok_or_else(|| wrong(value, key, "a text in quotes"))
}

pub(super) fn items<'t, 'v>(key: &str, value: &'t Value<'v>) -> Result<std::slice::Iter<'t, Value<'v>>, Refused> {
    let at = value.span().start;
    let list = value.get_ref().as_array().ok_or_else(|| wrong(value, key, "a list"))?;
    match list.len() {
        0 => Err((at, format!("`{key}` is an empty list; leave it out"))),
        len if len > MAX_ITEMS => Err((at, format!("`{key}` has {len} items; at most {MAX_ITEMS} are allowed"))),
        _ => Ok(list.iter()),
    }
}

pub(super) fn integer(value: &Value<'_>) -> Option<i64> {
    let integer = value.get_ref().as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// A TOML value as JSON. Errors: infinite numbers, which JSON does not have.
pub(super) fn json(key: &str, value: &Value<'_>) -> Result<serde_json::Value, Refused> {
    use serde_json::Value as Json;
    Ok(match value.get_ref() {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Boolean(boolean) => Json::Bool(*boolean),
        DeValue::Datetime(time) => Json::String(time.to_string()),
        DeValue::Integer(_) => {
            Json::from(integer(value).ok_or_else(|| (value.span().start, format!("`{key}` holds too large a number")))?)
        }
        DeValue::Float(float) => float
            .as_str()
            .parse::<f64>()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map(Json::Number)
            .ok_or_else(|| wrong(value, key, "a number that JSON has"))?,
        DeValue::Array(list) => Json::Array(list.iter().map(|item| json(key, item)).collect::<Result<_, _>>()?),
        DeValue::Table(table) => Json::Object(
            table
                .iter()
                .map(|(name, item)| Ok((name.get_ref().to_string(), json(key, item)?)))
                .collect::<Result<_, Refused>>()?,
        ),
    })
}

/// At most 80 characters of a name from the file.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(80).map(|char| if char.is_control() { ' ' } else { char }).collect();
    if text.chars().nth(80).is_some() {
        short.push('…');
    }
    short
}
