//! Work on many things at once that borrows what it works with, so that it can't be spawned.

use crate::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Tells which of many is to be polled again.
struct Flag {
    woken: AtomicBool,
    outer: Arc<Mutex<Waker>>,
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        let outer = self.outer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        outer.wake();
    }
}

/// Runs all to their end at the same time, on this task. Errors: the first one, which ends all others where they are.
pub async fn together<F: Future<Output = Result<(), Error>>>(work: impl IntoIterator<Item = F>) -> Result<(), Error> {
    let outer = Arc::new(Mutex::new(Waker::noop().clone()));
    let flag = || Arc::new(Flag { woken: AtomicBool::new(true), outer: Arc::clone(&outer) });
    let mut open: Vec<(Pin<Box<F>>, Arc<Flag>)> = work.into_iter().map(|work| (Box::pin(work), flag())).collect();
    poll_fn(|context| {
        *outer.lock().unwrap_or_else(PoisonError::into_inner) = context.waker().clone();
        let mut failed = None;
        open.retain_mut(|(work, flag)| {
            if failed.is_some() || !flag.woken.swap(false, Ordering::Acquire) {
                return true;
            }
            let waker = Waker::from(Arc::clone(flag));
            match work.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Pending => true,
                Poll::Ready(done) => {
                    failed = done.err();
                    false
                }
            }
        });
        match failed {
            Some(error) => Poll::Ready(Err(error)),
            None if open.is_empty() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    fn run<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime").block_on(work)
    }

    #[test]
    fn all_run_at_the_same_time() {
        let barrier = tokio::sync::Barrier::new(20);
        let done = AtomicUsize::new(0);
        let work = |i: u64| {
            let (barrier, done) = (&barrier, &done);
            async move {
                tokio::time::sleep(Duration::from_millis(i % 3)).await;
                barrier.wait().await;
                done.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        };
        assert_eq!(run(together((0..20).map(work))), Ok(()));
        assert_eq!(done.load(Ordering::Relaxed), 20);
        assert_eq!(run(together(std::iter::empty::<std::future::Ready<_>>())), Ok(()));
    }

    #[test]
    fn the_first_error_ends_all() {
        let work = |i: u64| async move {
            if i == 7 {
                return Err(Error::input("seven"));
            }
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(())
        };
        assert_eq!(run(together((0..20).map(work))), Err(Error::input("seven")));
    }
}
