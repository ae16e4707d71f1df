//! Copyright statements, whose words do not count: guideline 10. PURE.

use super::super::words;
use super::{Kind, Scanner};

impl Scanner {
    /// Whether this line starts a copyright statement.
    pub(super) fn is_statement(&self) -> bool {
        let count = self.out.tokens.len() - self.line_start;
        let mut at = 0;
        while at < count && at < 6 && words::leads_statement(self.line_word(at)) {
            at += 1;
        }
        let word = at < count && matches!(self.line_word(at), "copyright" | "copyrights" | "copr");
        let by = usize::from(word && self.line_word(at + 1) == "by");
        let next = self.line_start + at + usize::from(word) + by;
        let dated = words::is_year(self.out.word(next))
            || self.out.tokens.get(next).is_some_and(|next| next.kind == Kind::Slot);
        // Beside a word for it or a year a sign is one of copyright; alone, `(c)` may be a letter of a list.
        let signed = self.signs.iter().any(|&sign| sign <= at + 2);
        let starts = self.starts_paragraph();
        if !word {
            return signed && (dated || starts && self.signs.first() == Some(&0));
        }
        // A sentence that speaks of copyright may go on in a new line with that very word.
        signed
            || dated
            || starts
                && (by > 0
                    || self.has_year()
                    || at == 0 && count > 1 && !words::follows_copyright(self.line_word(1)) && self.statement_end() > 0)
    }

    /// Whether nothing but a blank line or another statement stands above this line.
    fn starts_paragraph(&self) -> bool {
        self.out.lines.last().is_none_or(|above| above.blank || above.copyright)
    }

    /// Whether this line goes on with the statement of the line before: more years, names with addresses.
    pub(super) fn continues_statement(&self) -> bool {
        let count = self.out.tokens.len() - self.line_start;
        self.copyright_open
            && count <= 20
            && (self.has_year()
                || (self.line_start..self.out.tokens.len())
                    .any(|index| matches!(self.out.tokens[index].kind, Kind::Email | Kind::Url)))
            && self.statement_end() == count
    }

    fn has_year(&self) -> bool {
        (self.line_start..self.out.tokens.len())
            .any(|index| self.out.tokens[index].kind == Kind::Slot || words::is_year(self.out.word(index)))
    }

    /// How many of the line's words the statement takes: up to the last end of a sentence before any word that could grant or
    /// deny something, so that no clause vanishes with it; nor does a whole sentence behind the statement.
    pub(super) fn statement_end(&self) -> usize {
        const MAX_WORDS: usize = 60;
        const LEAST_SENTENCE_WORDS: usize = 3;
        let line = self.out.tokens.get(self.line_start..).unwrap_or(&[]);
        let names = |from: usize, to: usize| {
            (from..to).any(|offset| {
                matches!(line[offset].kind, Kind::Email | Kind::Url | Kind::Slot)
                    || words::is_year(self.line_word(offset))
                    || words::is_of_statement(self.line_word(offset))
            })
        };
        let mut taken = 0;
        let mut start = 0;
        for (offset, token) in line.iter().enumerate().take(MAX_WORDS) {
            let word = self.line_word(offset);
            // Behind the statement's own sentence a new one may start, of which no part must be taken for a name.
            let foreign = start > 0
                && (words::is_limiting(word) || words::is_announcing(word) || words::is_strict_licence_name(word));
            if foreign || words::is_risky_name(word, self.line_word(offset + 1)) {
                break;
            }
            let last = offset + 1 == line.len();
            if token.ends() || last {
                let sentence = (token.stops() || last) && offset + 1 - start > LEAST_SENTENCE_WORDS;
                if taken > 0 && sentence && !names(start, offset + 1) {
                    break;
                }
                taken = offset + 1;
            }
            // The full stop of an initial ends nothing.
            if token.stops() && (word.len() > 1 || token.kind != Kind::Word) {
                start = offset + 1;
            }
        }
        taken
    }
}
