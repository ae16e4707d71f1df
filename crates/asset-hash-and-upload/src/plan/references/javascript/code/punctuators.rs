//! Operators and separators: which of them an operand follows, and which nest.

use super::scanner::{Last, Scanner};

impl Scanner<'_> {
    pub(super) fn punctuator(&mut self, byte: u8) {
        let next = self.peek(1);
        // A run of one character, `>>>` or `&&`, is one operator.
        let run = self.rest().iter().take(4).take_while(|other| **other == byte).count();
        let equals = self.peek(run) == Some(b'=');
        let goes_on = byte == b';';
        if !goes_on {
            self.ended(false);
        }
        let mut length = 1;
        match byte {
            b';' => {
                self.statement_ended = true;
                self.words.conditions = 0;
                self.set(Last::Statement);
            }
            b',' => {
                self.nesting.end_expression();
                self.set(Last::Comma);
            }
            b':' => self.colon(),
            b'.' if next == Some(b'.') => {
                length = run.min(3);
                self.set(Last::Operator);
            }
            b'.' => self.set(Last::Dot),
            b'?' if next == Some(b'.') && !self.peek(2).is_some_and(|digit| digit.is_ascii_digit()) => {
                length = 2;
                self.set(Last::Dot);
            }
            b'?' if run == 1 => {
                self.words.conditions += 1;
                self.nesting.condition();
                self.set(Last::Operator);
            }
            b'=' if next == Some(b'>') => {
                length = 2;
                self.nesting.arrow();
                self.set(Last::Arrow);
            }
            b'+' | b'-' if run >= 2 => {
                length = 2;
                let behind = self.last.is_operand();
                self.nesting.prefix(behind);
                if !behind {
                    self.set(Last::Operator);
                }
            }
            b'+' | b'-' | b'!' | b'~' if !equals => {
                if byte == b'!' {
                    self.adjoin()
                }
                self.nesting.prefix(self.last.is_operand());
                self.set(Last::Operator);
            }
            b'<' if !self.html_comments && self.rest().starts_with(b"<!--") => {
                // The parser must not take it for the comment that it is elsewhere: `a<!--b` is `a < !--b`.
                self.copy(self.at + 1);
                self.text.push(b' ');
                self.moves.push((self.text.len(), self.at + 1));
                self.nesting.binary();
                self.set(Last::Operator);
            }
            _ => length = self.operator(byte, run, equals),
        }
        self.at += length;
    }

    /// An operator between operands, or what is none at all; its length.
    fn operator(&mut self, byte: u8, run: usize, equals: bool) -> usize {
        let compares = match byte {
            b'=' => run > 1,
            b'<' | b'>' => run == 1,
            b'!' => true,
            _ => false,
        };
        let assigns = (equals || (byte == b'=' && run == 1)) && !compares;
        match byte {
            _ if assigns => self.nesting.assignment(),
            b'*' if run >= 2 => self.nesting.power(),
            _ => self.nesting.binary(),
        }
        self.set(Last::Operator);
        match byte {
            b'=' => run.min(3),
            b'!' => run + self.rest()[run..].iter().take(2).take_while(|other| **other == b'=').count(),
            _ => run + usize::from(equals),
        }
    }

    fn colon(&mut self) {
        if self.words.conditions > 0 {
            self.words.conditions -= 1;
            self.nesting.binary();
            return self.set(Last::Operator);
        }
        // Keys of objects stand behind a comma or the bracket.
        let labels = self.last == Last::Name && self.before.may_begin_statement() && self.before != Last::CurlyOpen;
        if labels {
            self.nesting.label();
        }
        self.set(Last::Colon);
    }
}
