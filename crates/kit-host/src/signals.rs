//! SIGINT and SIGTERM. In an image from scratch the tool is process 1, for which the kernel ignores signals without a
//! handler, so every tool has one.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals as Iterator;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Where signals go: by default they end the process with exit 3, and work that must tidy up takes them over.
#[derive(Clone)]
pub struct Signals {
    taker: Arc<Mutex<Option<Sender<i32>>>>,
}

impl Signals {
    /// Installs the handlers and the thread that waits for them.
    pub fn install() -> std::io::Result<Signals> {
        let taker: Arc<Mutex<Option<Sender<i32>>>> = Arc::default();
        let mut incoming = Iterator::new([SIGINT, SIGTERM])?;
        let of_thread = Arc::clone(&taker);
        std::thread::spawn(move || {
            for signal in &mut incoming {
                let taken = match of_thread.lock() {
                    Ok(taker) => taker.as_ref().is_some_and(|taker| taker.send(signal).is_ok()),
                    Err(_) => false,
                };
                if !taken {
                    crate::run::stop_at_once(name(signal));
                }
            }
        });
        Ok(Signals { taker })
    }

    /// From now on signals are sent to the receiver, and its owner decides when to stop. Dropping the receiver gives them
    /// back.
    pub fn take(&self) -> Receiver<i32> {
        let (sender, receiver) = channel();
        if let Ok(mut taker) = self.taker.lock() {
            *taker = Some(sender);
        }
        receiver
    }
}

/// The signal's name, for messages.
pub fn name(signal: i32) -> &'static str {
    if signal == SIGINT { "SIGINT" } else { "SIGTERM" }
}
