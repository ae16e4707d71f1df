//! What Istanbul's maps are keyed by: ids that are only meant to bring a place and its count together.

/// An id. Nearly all are small numbers, written as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    Number(u32),
    Text(Box<[u8]>),
}

impl Id {
    fn new(id: &[u8]) -> Self {
        // As JavaScript writes them; `01` is another id than `1`.
        let is_number = matches!(id, [b'0']) || matches!(id, [b'1'..=b'9', ..]) && id.len() < 10;
        let number = is_number.then(|| {
            id.iter().try_fold(0u32, |number, byte| {
                Some(number * 10 + u32::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?))
            })
        });
        number.flatten().map_or_else(|| Id::Text(id.into()), Id::Number)
    }
}

/// Values by id.
#[derive(Debug)]
pub struct ById<T>(Vec<(Id, T)>);

impl<T> Default for ById<T> {
    fn default() -> Self {
        ById(Vec::new())
    }
}

impl<T> ById<T> {
    /// Notes a value; of two with one id the later counts, as in JavaScript.
    pub fn push(&mut self, id: &[u8], value: T) {
        self.0.push((Id::new(id), value));
    }

    /// In order of id, each once.
    fn sorted(mut self) -> Vec<(Id, T)> {
        if !self.0.is_sorted_by(|a, b| a.0 < b.0) {
            // The sort is stable; read from behind, the latest of one id comes first.
            self.0.reverse();
            self.0.sort_by(|a, b| a.0.cmp(&b.0));
            self.0.dedup_by(|next, kept| next.0 == kept.0);
        }
        self.0
    }

    /// Each value with what the other has for its id, in order of id, and the first id that only the other has.
    pub fn joined<C>(self, counts: ById<C>) -> (Vec<(T, Option<C>)>, Option<String>) {
        let mut counts = counts.sorted().into_iter().peekable();
        let mut stray = None;
        let mut joined = Vec::with_capacity(self.0.len());
        for (id, value) in self.sorted() {
            while let Some((other, _)) = counts.next_if(|(other, _)| *other < id) {
                stray = stray.or(Some(other));
            }
            joined.push((value, counts.next_if(|(other, _)| *other == id).map(|(_, count)| count)));
        }
        stray = stray.or_else(|| counts.next().map(|(other, _)| other));
        let stray = stray.map(|id| match id {
            Id::Number(number) => number.to_string(),
            Id::Text(text) => String::from_utf8_lossy(&text).into_owned(),
        });
        (joined, stray)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_id(values: &[(&str, u8)]) -> ById<u8> {
        let mut by_id = ById::default();
        values.iter().for_each(|(id, value)| by_id.push(id.as_bytes(), *value));
        by_id
    }

    #[test]
    fn ids_are_numbers_where_they_look_like_it() {
        for number in ["0", "7", "10", "999999999"] {
            assert_eq!(Id::new(number.as_bytes()), Id::Number(number.parse().unwrap()));
        }
        for text in ["", "00", "01", "1a", "-1", "+1", "1.0", "9999999999", "٣", " 1"] {
            assert_eq!(Id::new(text.as_bytes()), Id::Text(text.as_bytes().into()), "{text}");
        }
    }

    #[test]
    fn values_meet_their_counts_whatever_the_order() {
        let places = [("2", 20), ("x", 99), ("0", 0), ("10", 100), ("2", 21)];
        let (joined, stray) = by_id(&places).joined(by_id(&[("10", 1), ("0", 2), ("x", 3), ("0", 4)]));
        assert_eq!(joined, [(0, Some(4)), (21, None), (100, Some(1)), (99, Some(3))]);
        assert_eq!(stray, None);
        let stray = |id: &str| by_id(&[("1", 1), ("3", 3)]).joined(by_id(&[("1", 1), (id, 2), ("3", 3)])).1;
        for id in ["0", "2", "4", "z"] {
            assert_eq!(stray(id).as_deref(), Some(id));
        }
    }
}
