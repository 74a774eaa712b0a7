//! Runs that are signalled while they go on.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::run::Ran;

/// Longest time that a run may take to notice a signal.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.expect("kill is there").success());
}

#[expect(clippy::disallowed_methods, reason = "a test of how fast a run ends must look at the clock")]
fn now() -> Instant {
    Instant::now()
}

/// Waits until `done`, or fails after a while.
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits for the end; a run that does not end is killed, so that no test leaves one behind.
pub(crate) fn end(mut child: Child) -> Ran {
    let start = now();
    while child.try_wait().expect("a child").is_none() {
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the run did not end within {PATIENCE:?} of the signal");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("ended").into()
}
