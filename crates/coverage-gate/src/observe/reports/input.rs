//! A report file as the readers want it: decompressed, in UTF-8, without byte order mark.

mod gzip;
mod utf16;

use super::super::reading::{Fault, ReadError};
use super::recognise::FRONT_BYTES;
use std::cell::RefCell;
use std::fs::File;
use std::io::{Chain, Cursor, Read};
use std::path::Path;
use std::rc::Rc;

/// What the system says of a symbolic link that leads to itself (ELOOP, errno(3)); std has no stable name for it.
const TOO_MANY_LINKS: i32 = 40;

/// Why a layer gave up. Readers see no more than an `io::Error`, and some tell it in words of their own.
type Broken = Rc<RefCell<Option<Fault>>>;

/// An input of which the first bytes were read already.
type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// A report that is open.
pub struct Input {
    /// The first [`FRONT_BYTES`], or all when it is shorter.
    front: Vec<u8>,
    rest: Box<dyn Read>,
    broken: Broken,
}

impl Input {
    /// Opens a regular file. Errors: it is not there, or no regular file; its front can't be read.
    pub fn open(path: &Path) -> Result<Input, ReadError> {
        let refused = |what: String| ReadError::new(None, Fault::NotAReport(what));
        let metadata = std::fs::metadata(path).map_err(|err| match err.raw_os_error() {
            Some(TOO_MANY_LINKS) => refused("it is a symbolic link that leads to itself".to_owned()),
            _ if path.is_symlink() => refused(format!("it is a symbolic link that leads nowhere ({err})")),
            _ => err.into(),
        })?;
        if metadata.is_dir() {
            return Err(refused("it is a folder; give the report in it".to_owned()));
        }
        if !metadata.is_file() {
            return Err(refused("it is no regular file (a pipe, a socket or a device)".to_owned()));
        }
        Input::new(Box::new(File::open(path)?))
    }

    /// From the first byte on. Errors: as in [`Input::open`].
    pub fn new(raw: Box<dyn Read>) -> Result<Input, ReadError> {
        let broken = Broken::default();
        let (start, raw) = peek(raw, 2)?;
        let raw: Box<dyn Read> = match start.as_slice() {
            gzip::MAGIC => Box::new(gzip::Bounded::new(raw, Rc::clone(&broken))),
            _ => Box::new(raw),
        };
        let told = |err: ReadError| Input::told(&broken, err);
        let (start, raw) = peek(raw, 4).map_err(told)?;
        let text: Box<dyn Read> = match utf16::Order::of(&start) {
            Ok(Some(order)) => Box::new(utf16::Transcoded::new(raw, order, Rc::clone(&broken))),
            Ok(None) => Box::new(raw),
            Err(what) => return Err(ReadError::new(None, Fault::NotAReport(what.to_owned()))),
        };
        let (mut front, rest) = peek(text, FRONT_BYTES).map_err(told)?;
        if front.starts_with(b"\xEF\xBB\xBF") {
            front.drain(..3);
        }
        Ok(Input { front, rest: Box::new(rest.into_inner().1), broken })
    }

    /// See [`FRONT_BYTES`].
    pub fn front(&self) -> &[u8] {
        &self.front
    }

    /// Runs a reader over the whole report. Errors: the reader's, or why the report could not be given to it whole.
    pub fn read<T>(self, reader: impl FnOnce(&mut dyn Read) -> Result<T, ReadError>) -> Result<T, ReadError> {
        let broken = self.broken;
        let mut whole = Cursor::new(self.front).chain(self.rest);
        let result = reader(&mut whole).map_err(|err| Input::told(&broken, err))?;
        // A reader may stop before the end, where the last bytes of a compressed report tell whether it is whole.
        let drained = std::io::copy(&mut whole, &mut std::io::sink());
        drained.map_err(|err| Input::told(&broken, err.into()))?;
        Ok(result)
    }

    fn told(broken: &Broken, err: ReadError) -> ReadError {
        match broken.borrow_mut().take() {
            Some(fault) => ReadError { line: err.line.filter(|_| matches!(fault, Fault::Truncated(_))), fault },
            None => err,
        }
    }
}

/// The first bytes, and everything including them.
fn peek<R: Read>(mut input: R, length: usize) -> Result<(Vec<u8>, Peeked<R>), ReadError> {
    let mut front = Vec::with_capacity(length);
    (&mut input).take(length as u64).read_to_end(&mut front)?;
    Ok((front.clone(), Cursor::new(front).chain(input)))
}

/// An error of a layer, with the fault that is to be told instead of it.
fn broken(broken: &Broken, fault: Fault) -> std::io::Error {
    let err = std::io::Error::other(ReadError::new(None, fault.clone()).what());
    broken.borrow_mut().get_or_insert(fault);
    err
}
