//! A file system that is full before anything else is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small file system in memory, taken away again however the test ends.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None`, with a word why, where this user may not mount.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub(crate) fn mount(at: &Path, options: &str) -> Option<SmallDisk> {
        let id = Command::new("id").arg("-u").output().expect("id is there");
        if id.stdout != b"0\n" {
            eprintln!("skipped: only root may mount a small file system");
            return None;
        }
        fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: mounting is not allowed here");
            return None;
        }
        Some(SmallDisk(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
