//! What is about to be in a file, while it is written.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::backup::sync_folder;
use super::contents::Digest;
use crate::random;

/// How its name begins.
const DRAFT: &str = "draft-";
/// Bytes that are copied at once.
const PIECE: usize = 64 * 1024;

/// A file that is not complete yet. It goes again unless it is kept.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    file: File,
    digest: Sha256,
    pub size: u64,
    kept: bool,
}

impl Draft {
    /// Begins one in this folder.
    pub(super) fn within(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!("{DRAFT}{}", random::name(16)));
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        Ok(Self { path, file, size: 0, digest: Sha256::new(), kept: false })
    }

    /// Whether a file of this name is one that a server left which died.
    pub(super) fn is_name(name: &str) -> bool {
        name.starts_with(DRAFT)
    }

    pub(super) fn digest(&self) -> Digest {
        self.digest.clone().finalize().into()
    }

    /// Gives it its name, for good.
    pub(super) fn name(mut self, path: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, path)?;
        self.kept = true;
        sync_folder(path)
    }

    /// # Errors
    /// The disk's.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Copies a file.
    pub(super) fn fill(&mut self, file: &mut File) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            let length = file.read(&mut piece)?;
            if length == 0 {
                return Ok(());
            }
            self.write(&piece[..length])?;
        }
    }

    /// All that was written.
    ///
    /// # Errors
    /// The disk's.
    pub fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "a file that was not completed stays until the next start");
        }
    }
}
