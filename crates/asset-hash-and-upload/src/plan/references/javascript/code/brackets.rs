//! Brackets: what each will be when it is closed.

use super::super::nesting::{CURLY_BYTES, PARENTHESIS_BYTES, SQUARE_BYTES};
use super::Broken;
use super::scanner::{Last, Open, Scanner};

impl Scanner<'_> {
    pub(super) fn opens(&mut self, byte: u8) {
        self.ended(false);
        self.at += 1;
        match byte {
            b'(' => {
                let end = match (self.last, self.words.function.take()) {
                    (Last::HeadWord, _) => Last::HeadEnd,
                    (_, Some(expression)) => Last::ParametersEnd(expression),
                    _ => Last::ParametersEnd(true),
                };
                self.push(Open::Parenthesis(end), PARENTHESIS_BYTES);
                self.words.in_for = std::mem::take(&mut self.for_head);
                self.set(Last::Operator);
            }
            b'[' => {
                self.push(Open::Square, SQUARE_BYTES);
                self.set(Last::Operator);
            }
            _ => {
                let open = self.curly();
                self.push(open, CURLY_BYTES);
                self.set(Last::CurlyOpen);
            }
        }
    }

    /// What the `}` of the `{` that comes now will be: only behind a block `/` begins a regular expression.
    fn curly(&mut self) -> Open {
        if let Some(expression) = self.words.class.take() {
            return Open::Curly(if expression { Last::Operand } else { Last::BlockEnd }, false);
        }
        match self.last {
            Last::HeadEnd | Last::HeadWord | Last::BlockWord | Last::Statement | Last::CurlyOpen | Last::BlockEnd => {
                Open::Curly(Last::BlockEnd, true)
            }
            Last::ParametersEnd(false) | Last::Arrow | Last::Colon | Last::Name => Open::Curly(Last::BlockEnd, false),
            _ => Open::Curly(Last::Operand, false),
        }
    }

    pub(super) fn closes(&mut self, byte: u8) -> Result<(), Broken> {
        self.ended(false);
        let Some(level) = self.levels.pop() else { return Err(self.broken("a bracket is closed that was not opened")) };
        self.nesting.close();
        self.words = level.words;
        self.at += 1;
        match (byte, level.open) {
            (b')', Open::Parenthesis(end)) => self.set(end),
            (b']', Open::Square) => self.set(Last::Operand),
            (b'}', Open::Curly(end, statement)) => {
                self.statement_ended = statement;
                self.set(end);
            }
            (b'}', Open::Template) => self.template()?,
            _ => {
                self.at -= 1;
                return Err(self.broken("a bracket is closed by another kind"));
            }
        }
        Ok(())
    }
}
