//! The lines of a `go.mod`: <https://go.dev/ref/mod#go-mod-file-lexical>.

use crate::observe::lock::Fault;

/// One line of a block, or a line of its own.
#[derive(Debug)]
pub struct Directive<'t> {
    /// 1-based.
    pub line: u32,
    /// `require`, of its block too.
    pub verb: &'t str,
    /// What follows, without quotes and comments.
    pub words: Vec<String>,
}

/// Reads directives one by one.
#[derive(Debug)]
pub struct Directives<'t> {
    lines: std::str::Lines<'t>,
    line: u32,
    /// The open block's verb and its line.
    block: Option<(&'t str, u32)>,
}

impl<'t> Directives<'t> {
    /// Of that text.
    pub fn new(text: &'t str) -> Self {
        Directives { lines: text.lines(), line: 0, block: None }
    }

    /// The next one; `None` at the end.
    ///
    /// # Errors
    /// A block without end, a bracket or a quote at a wrong place.
    pub fn next(&mut self) -> Result<Option<Directive<'t>>, Fault> {
        loop {
            let Some(text) = self.lines.next() else {
                return match self.block {
                    None => Ok(None),
                    Some((verb, line)) => {
                        let what = format!("the block `{verb} (` has no end, so the file is cut off; restore it");
                        Err(Fault::at(line, what))
                    }
                };
            };
            self.line = self.line.saturating_add(1);
            let words = words(text).map_err(|what| Fault::at(self.line, what))?;
            let mut words: Vec<&str> = words;
            let line = self.line;
            match (self.block, words.as_slice()) {
                (_, []) => {}
                (Some(_), [")"]) => self.block = None,
                (Some((verb, _)), _) => return Ok(Some(self.directive(verb, &words)?)),
                (None, [_, "(", ")"]) => {}
                (None, [verb, "("]) => self.block = Some((verb, line)),
                (None, _) => {
                    let verb = words.remove(0);
                    return Ok(Some(self.directive(verb, &words)?));
                }
            }
        }
    }

    fn directive(&self, verb: &'t str, words: &[&str]) -> Result<Directive<'t>, Fault> {
        // Only `retract [v1.0.0, v1.2.0]` and rationales have brackets, and they are not asked.
        if words.iter().any(|word| matches!(*word, "(" | ")")) {
            return Err(Fault::at(self.line, "a bracket at a wrong place; restore the line"));
        }
        let words = words.iter().map(|word| word.trim_matches(['"', '`']).to_owned()).collect();
        Ok(Directive { line: self.line, verb, words })
    }
}

/// Words of a line up to its comment; quoted ones with their quotes.
fn words(line: &str) -> Result<Vec<&str>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '/' if rest.starts_with("//") => break,
            '(' | ')' | ',' | '[' | ']' => 1,
            '"' | '`' => {
                let close = rest[1..].find(first).ok_or("a quote without end; restore the line")?;
                if first == '"' && rest[1..=close].contains('\\') {
                    return Err("escapes in a quoted name are not read; write it without".to_owned());
                }
                close + 2
            }
            _ => {
                let stop = rest.find(|c: char| c.is_whitespace() || "(),[]".contains(c)).unwrap_or(rest.len());
                rest.find("//").map_or(stop, |comment| comment.min(stop))
            }
        };
        words.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    Ok(words)
}
