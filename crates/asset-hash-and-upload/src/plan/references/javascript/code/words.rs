//! Names and keywords: which of them an operand follows, and which a statement.

use super::lexical::{blank_length, is_word};
use super::scanner::{Last, Scanner};

impl<'b> Scanner<'b> {
    pub(super) fn word(&mut self) {
        let word = self.take_word();
        self.ended(self.last != Last::Dot && matches!(word, b"else" | b"while" | b"catch" | b"finally"));
        if self.last == Last::Dot {
            return self.set(Last::Name);
        }
        match word {
            b"in" | b"instanceof" => {
                self.nesting.binary();
                return self.set(Last::Operator);
            }
            b"of" if self.words.in_for => return self.set(Last::Operator),
            b"await" if self.last == Last::HeadWord => return,
            b"extends" => return self.set(Last::Extends),
            _ => {}
        }
        let behind = self.last.is_operand();
        self.adjoin();
        let last = self.keyword(word, behind);
        self.set(last);
    }

    /// The bytes of a word, with escapes such as `\u{61}`.
    fn take_word(&mut self) -> &'b [u8] {
        let rest = self.rest();
        let mut length = 1;
        while let Some(&byte) = rest.get(length) {
            // A name begins with these, and has none within.
            if !is_word(byte) || matches!(byte, b'#' | b'@') {
                let escaped = byte == b'{' && length >= 2 && rest[length - 2..length] == *br"\u";
                match memchr::memchr(b'}', &rest[length..]) {
                    Some(end) if escaped && rest[length + 1..length + end].iter().all(u8::is_ascii_hexdigit) => {
                        length += end + 1;
                        continue;
                    }
                    _ => break,
                }
            }
            if byte >= 0x80 && blank_length(&rest[length..]).is_some() {
                break;
            }
            length += 1;
        }
        self.at += length;
        &rest[..length]
    }

    fn keyword(&mut self, word: &[u8], behind_operand: bool) -> Last {
        let statement = self.last.may_begin_statement();
        match word {
            b"if" | b"while" | b"with" => {
                self.nesting.statement();
                Last::HeadWord
            }
            b"for" => {
                self.nesting.statement();
                self.for_head = true;
                Last::HeadWord
            }
            b"switch" | b"catch" => Last::HeadWord,
            b"do" => {
                self.nesting.statement();
                Last::BlockWord
            }
            b"else" | b"try" | b"finally" => Last::BlockWord,
            b"function" => {
                let statement = statement || (self.last == Last::Async && self.before.may_begin_statement());
                self.words.function = Some(!statement);
                Last::Operator
            }
            b"class" => {
                if self.last == Last::Extends {
                    self.nesting.extends();
                }
                self.words.class = Some(!statement);
                Last::Operator
            }
            b"export" | b"default" => Last::Statement,
            b"case" => Last::Case,
            b"return" | b"throw" => Last::Operator,
            b"typeof" | b"void" | b"delete" | b"await" | b"new" => {
                self.nesting.prefix(behind_operand);
                Last::Operator
            }
            b"yield" => {
                self.nesting.yields();
                Last::Operator
            }
            b"async" => Last::Async,
            // Should it spell a keyword, it is one more level.
            _ if word.contains(&b'\\') => {
                self.nesting.prefix(behind_operand);
                Last::Name
            }
            _ => Last::Name,
        }
    }
}
