//! A disk that is soon full.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A file system in memory, two megabytes large.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m,mode=755", "tmpfs"])
            .arg(folder.path())
            .output()
            .expect("there is a mount command");
        let said = String::from_utf8_lossy(&mounted.stderr).into_owned();
        assert!(mounted.status.success(), "A small disk cannot be mounted; run this test as root. {}", said.trim());
        Self { folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }

    /// Takes up all that is left, but for so many bytes.
    pub(crate) fn fill(&self, but: usize) {
        // What does not fit is cut off; that is how it knows that the disk is full.
        drop(std::fs::write(self.ballast(), vec![7; 4 * 1024 * 1024]));
        let size = std::fs::metadata(self.ballast()).unwrap().len();
        let file = std::fs::File::options().write(true).open(self.ballast()).unwrap();
        file.set_len(size - (but as u64).min(size)).unwrap();
    }

    pub(crate) fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(self.folder.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}
