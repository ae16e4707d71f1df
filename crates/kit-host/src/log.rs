//! The log: stderr, one escaped line at a time, without secrets.

use kit_report::escape;
use std::io::{IsTerminal, Write};
use std::sync::RwLock;
use std::time::{Duration, Instant};

/// Seconds between two progress lines where no terminal shows a bar.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(10);
/// Between two drawings of a bar: faster than that nobody reads.
const BAR_INTERVAL: Duration = Duration::from_millis(100);
/// Cells of a bar.
const BAR_CELLS: u64 = 30;

/// Writes to stderr. Nothing that passes through here can start a workflow command or show a secret.
pub struct Log {
    secrets: RwLock<Vec<String>>,
    debug: bool,
    terminal: bool,
    color: bool,
}

impl Log {
    /// A log that hides `secrets`; `debug` lines only when asked for.
    pub fn new(secrets: Vec<String>, debug: bool, color_wanted: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Log { secrets: RwLock::new(secrets), debug, terminal, color: terminal && color_wanted }
    }

    /// Whether colours are wanted on stderr.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Something worth knowing.
    pub fn info(&self, text: &str) {
        self.line("", text);
    }

    /// Something that a person should look at.
    pub fn warning(&self, text: &str) {
        self.line("warning: ", text);
    }

    /// Why there is no answer.
    pub fn error(&self, text: &str) {
        self.line("error: ", text);
    }

    /// Where a value came from and the like; only with `--debug`.
    pub fn debug(&self, text: &str) {
        if self.debug {
            self.line("debug: ", text);
        }
    }

    /// Text that is escaped already, such as rendered reports and workflow commands.
    pub(crate) fn raw(&self, text: &str) {
        // A log that can't be written has no one left to tell.
        let _ = std::io::stderr().lock().write_all(self.redact(text).as_bytes());
    }

    fn line(&self, prefix: &str, text: &str) {
        self.raw(&format!("{}\n", escape::log_line(&format!("{prefix}{text}"))));
    }

    /// Whether there is anything to hide.
    pub(crate) fn has_secrets(&self) -> bool {
        !self.secrets().is_empty()
    }

    /// Hides further texts from now on: secrets that came to light only when a file or an input was read.
    pub(crate) fn hide(&self, secrets: &[String]) {
        self.secrets.write().unwrap_or_else(std::sync::PoisonError::into_inner).extend_from_slice(secrets);
    }

    fn secrets(&self) -> std::sync::RwLockReadGuard<'_, Vec<String>> {
        self.secrets.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether stderr is a terminal.
    pub fn terminal(&self) -> bool {
        self.terminal
    }

    /// Lines that are drawn over each other on a terminal; elsewhere nothing is drawn.
    pub fn live(&self) -> Live<'_> {
        Live { log: self, drawn: 0, shown: None }
    }

    /// Replaces every secret by `***`.
    pub fn redact(&self, text: &str) -> String {
        redact(text, &self.secrets())
    }

    /// Progress of long work: a bar on a terminal, a line every 10 s elsewhere.
    pub fn progress(&self, what: &str, total: u64) -> Progress<'_> {
        Progress { log: self, what: what.to_owned(), total, done: 0, shown: Instant::now(), drawn: false }
    }
}

/// Replaces each of `secrets` in `text`. A secret of several lines is hidden line by line too, since logs show it so. The
/// longest goes first: of one that begins like another nothing is left.
pub fn redact(text: &str, secrets: &[String]) -> String {
    let parts = secrets.iter().flat_map(|secret| std::iter::once(secret.as_str()).chain(secret.lines()));
    let mut found: Vec<&str> = parts.filter(|part| !part.trim().is_empty() && text.contains(part)).collect();
    found.sort_by_key(|part| std::cmp::Reverse(part.len()));
    found.into_iter().fold(text.to_owned(), |out, part| out.replace(part, "***"))
}

/// See [`Log::progress`]. The bar is one line that is written over, too little to carry a crate for in every image.
pub struct Progress<'l> {
    log: &'l Log,
    what: String,
    total: u64,
    done: u64,
    shown: Instant,
    drawn: bool,
}

impl Progress<'_> {
    /// One more is done.
    pub fn step(&mut self) {
        self.done += 1;
        let interval = if self.log.terminal { BAR_INTERVAL } else { PROGRESS_INTERVAL };
        if self.shown.elapsed() < interval {
            return;
        }
        self.shown = Instant::now();
        if !self.log.terminal {
            self.log.info(&format!("{}: {} of {}", self.what, self.done, self.total));
            return;
        }
        let filled = usize::try_from(self.done * BAR_CELLS / self.total.max(1)).unwrap_or_default();
        let bar: String = (0..BAR_CELLS as usize).map(|cell| if cell < filled { '#' } else { '.' }).collect();
        let line = escape::log_line(&format!("{} {bar} {}/{}", self.what, self.done, self.total));
        self.log.raw(&format!("\r{line}"));
        self.drawn = true;
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if self.drawn {
            // Back to the first column and the line emptied (ECMA-48, EL).
            self.log.raw("\r\u{1b}[K");
        }
    }
}

/// See [`Log::live`].
pub struct Live<'l> {
    log: &'l Log,
    drawn: usize,
    shown: Option<Instant>,
}

impl Live<'_> {
    /// Whether it is time for the next drawing. Never where there is no terminal.
    pub fn due(&self) -> bool {
        self.log.terminal && self.shown.is_none_or(|shown| shown.elapsed() >= BAR_INTERVAL)
    }

    /// Draws `lines` over the last ones.
    pub fn draw(&mut self, lines: &[String]) {
        if !self.log.terminal {
            return;
        }
        self.clear();
        let text: String = lines.iter().map(|line| escape::log_line(line) + "\n").collect();
        self.log.raw(&text);
        self.drawn = lines.len();
        self.shown = Some(Instant::now());
    }

    /// Takes away what is drawn.
    pub fn clear(&mut self) {
        if self.drawn > 0 {
            // Up to the first line and everything below emptied (ECMA-48, CUU and ED).
            self.log.raw(&format!("\r\u{1b}[{}A\u{1b}[J", self.drawn));
            self.drawn = 0;
        }
    }
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_whole_and_line_by_line() {
        let secrets = vec!["s3cret\nsecond".to_owned(), String::new()];
        assert_eq!(redact("a s3cret b second c s3cret\nsecond", &secrets), "a *** b *** c ***");
        let secrets = vec!["s3cret".to_owned(), "s3cret-and-more".to_owned()];
        assert_eq!(redact("a s3cret-and-more b s3cret", &secrets), "a *** b ***");
    }
}
