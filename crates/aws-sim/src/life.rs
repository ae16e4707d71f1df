//! Whether the server answers.

use crate::faults::KillMode;
use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;

/// The state of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Alive,
    Dead,
    Hung,
    /// The process is to end.
    Exit,
    /// It is to end because that was asked.
    Stopped,
}

type OnKill = Box<dyn FnOnce(u64) + Send>;

/// The state, who waits for it, and whom to call when it changes.
pub(crate) struct Life {
    state: watch::Sender<State>,
    killed_at: Mutex<Option<u64>>,
    on_kill: Mutex<Option<OnKill>>,
}

/// The request gets no answer; its connection is to be cut.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
pub(crate) struct Cut;

impl Life {
    pub(crate) fn new() -> Life {
        Life { state: watch::Sender::new(State::Alive), killed_at: Mutex::new(None), on_kill: Mutex::new(None) }
    }

    pub(crate) fn state(&self) -> State {
        *self.state.borrow()
    }

    /// The number of the request at which a kill point struck.
    pub(crate) fn killed_at(&self) -> Option<u64> {
        *self.killed_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn on_kill(&self, call: OnKill) {
        *self.on_kill.lock().unwrap_or_else(PoisonError::into_inner) = Some(call);
    }

    /// The kill point strikes at request `number`.
    pub(crate) fn kill(&self, mode: KillMode, number: u64) {
        *self.killed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(number);
        let state = match mode {
            KillMode::Dead => State::Dead,
            KillMode::Hang => State::Hung,
            KillMode::Exit => State::Exit,
        };
        self.state.send_replace(state);
        let call = self.on_kill.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(call) = call {
            call(number);
        }
    }

    pub(crate) fn revive(&self) {
        *self.killed_at.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.state.send_replace(State::Alive);
    }

    pub(crate) fn stop(&self) {
        self.state.send_replace(State::Stopped);
    }

    /// Passes while the server lives. Otherwise the request is cut, at once or when the hanging ends.
    pub(crate) async fn pass(&self) -> Result<(), Cut> {
        match self.state() {
            State::Alive => Ok(()),
            State::Hung => {
                self.until(|state| state != State::Hung).await;
                Err(Cut)
            }
            State::Dead | State::Exit | State::Stopped => Err(Cut),
        }
    }

    /// Waits for a state.
    pub(crate) async fn until(&self, reached: impl FnMut(State) -> bool) -> State {
        let mut reached = reached;
        let mut watcher = self.state.subscribe();
        match watcher.wait_for(|state| reached(*state)).await {
            Ok(state) => *state,
            Err(_) => State::Stopped,
        }
    }
}
