//! What is in the files that people sent: beside the database, each under the digest of its bytes, so that the same is
//! kept once.
//!
//! *Architecture invariant:* the database is the truth. What it names was on the disk, whole, before it named it; what it
//! names no more leaves the disk after that commit, and, where a server dies in between, when the next one starts.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::Connection;

use super::draft::Draft;
use super::files;

/// The folder's name in the data folder.
pub const FOLDER: &str = "files";
/// Held by a backup as long as it reads: nothing is deleted meanwhile.
pub(super) const LOCK: &str = "lock";

/// What a content is kept under.
pub type Digest = [u8; 32];

/// Which of its sizes: a picture has up to three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Whole,
    Small,
    Medium,
}

impl Version {
    pub const ALL: [Self; 3] = [Self::Whole, Self::Small, Self::Medium];

    fn suffix(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Small => "-small",
            Self::Medium => "-medium",
        }
    }
}

#[derive(Debug)]
pub struct Contents {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What is being kept just now: the row that names it may be about to come.
    held: HashMap<Digest, usize>,
    /// What may be named by no row any more.
    doubtful: HashSet<Digest>,
}

impl Contents {
    /// The folder is made with the first file.
    pub(super) fn of(data: &Path) -> Self {
        Self::at(data.join(FOLDER))
    }

    /// In a folder of any name.
    pub(super) fn at(folder: PathBuf) -> Self {
        Self { folder, state: Mutex::default() }
    }

    /// An empty file to write into.
    ///
    /// # Errors
    /// The disk's.
    pub fn draft(&self) -> io::Result<Draft> {
        make_folder(&self.folder)?;
        File::options().create(true).truncate(false).write(true).open(self.folder.join(LOCK))?;
        Draft::within(&self.folder)
    }

    /// Keeps what was written, for good, and holds on to it as long as the answer lives. Where the same is there already,
    /// that stays.
    ///
    /// # Errors
    /// The disk's. Then nothing of it is there, but for what was there before.
    pub fn keep(self: &Arc<Self>, whole: Draft, versions: Vec<(Version, Draft)>) -> io::Result<Held> {
        let digest = whole.digest();
        *self.state().held.entry(digest).or_default() += 1;
        let held = Held { contents: Arc::clone(self), digest };
        // The whole one last: where it stands, all of them do.
        for (version, draft) in versions.into_iter().chain([(Version::Whole, whole)]) {
            self.place(draft, &digest, version)?;
        }
        Ok(held)
    }

    /// Gives a draft its name, for good; answers where it is now.
    pub(super) fn place(&self, draft: Draft, digest: &Digest, version: Version) -> io::Result<PathBuf> {
        let path = self.path(digest, version);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        draft.name(&path)?;
        Ok(path)
    }

    /// # Errors
    /// The disk's; `NotFound` where there is no such version of it.
    pub fn open(&self, digest: &Digest, version: Version) -> io::Result<File> {
        File::open(self.path(digest, version))
    }

    fn path(&self, digest: &Digest, version: Version) -> PathBuf {
        let name = hex(digest);
        self.folder.join(&name[..2]).join(format!("{}{}", &name[2..], version.suffix()))
    }

    /// Has these deleted soon, where no row names them.
    pub(super) fn doubt(&self, digests: impl IntoIterator<Item = Digest>) {
        self.state().doubtful.extend(digests);
    }

    /// Deletes what is in doubt and named by no row. What cannot be settled now stays in doubt.
    pub(super) fn settle(&self, connection: &Connection) {
        let doubtful = std::mem::take(&mut self.state().doubtful);
        if doubtful.is_empty() {
            return;
        }
        let lock = match self.lock_to_delete() {
            Ok(lock) => lock,
            Err(error) => {
                tracing::debug!(%error, "a backup reads the files");
                return self.doubt(doubtful);
            }
        };
        for digest in doubtful {
            // Under the lock, so that nobody begins to keep the same in between.
            let mut state = self.state();
            if state.held.contains_key(&digest) {
                continue;
            }
            let deleted = files::names(connection, &digest)
                .map_err(|error| error.to_string())
                .and_then(|named| if named { Ok(()) } else { self.delete(&digest).map_err(|error| error.to_string()) });
            if let Err(error) = deleted {
                tracing::warn!(error, "a file cannot be deleted; it will be tried again");
                state.doubtful.insert(digest);
            }
        }
        drop(lock);
    }

    fn delete(&self, digest: &Digest) -> io::Result<()> {
        // The whole one first: where it is gone, the others are nothing.
        for version in Version::ALL {
            let path = self.path(digest, version);
            match std::fs::remove_file(&path) {
                Ok(()) => super::backup::sync_folder(&path)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Deletes everything that no row names: what a server left that died halfway. What cannot be deleted now is in doubt.
    ///
    /// # Errors
    /// The disk's, or the database's.
    pub(super) fn sweep(&self, connection: &Connection) -> Result<(), Box<dyn std::error::Error>> {
        if !self.folder.is_dir() {
            return Ok(());
        }
        let named = files::digests(connection)?;
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if Draft::is_name(&name) {
                std::fs::remove_file(&path)?;
            }
            if !path.is_dir() {
                continue;
            }
            for entry in std::fs::read_dir(&path)? {
                let rest = entry?.file_name().to_string_lossy().into_owned();
                // What is not named as ours is not ours.
                let digest = digest_of(&format!("{name}{}", rest.split('-').next().unwrap_or_default()));
                self.doubt(digest.filter(|digest| !named.contains(digest)));
            }
        }
        self.settle(connection);
        Ok(())
    }

    /// Gives everything that is kept here a second name in another folder, which must not be there.
    pub(super) fn link_to(&self, folder: &Path) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.folder)? {
            let from = entry?;
            if !from.file_type()?.is_dir() {
                continue;
            }
            make_folder(folder)?;
            let to = folder.join(from.file_name());
            make_folder(&to)?;
            for entry in std::fs::read_dir(from.path())? {
                let entry = entry?;
                let name = to.join(entry.file_name());
                if std::fs::hard_link(entry.path(), &name).is_err() {
                    // Not every file system has links.
                    std::fs::copy(entry.path(), &name)?;
                    File::open(&name)?.sync_all()?;
                }
            }
            super::backup::sync_folder(&to.join("."))?;
        }
        Ok(())
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// While this is held nothing is deleted, by whatever process.
    pub(super) fn lock_to_read(&self) -> io::Result<Option<File>> {
        let lock = self.lock()?;
        lock.as_ref().map(File::lock_shared).transpose()?;
        Ok(lock)
    }

    fn lock_to_delete(&self) -> io::Result<Option<File>> {
        let lock = self.lock()?;
        lock.as_ref().map(File::try_lock).transpose()?;
        Ok(lock)
    }

    /// Nothing where there never was a file.
    fn lock(&self) -> io::Result<Option<File>> {
        match File::open(self.folder.join(LOCK)) {
            Ok(lock) => Ok(Some(lock)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics holding it")
    }
}

/// A content that is not deleted as long as this lives.
#[derive(Debug)]
pub struct Held {
    contents: Arc<Contents>,
    pub digest: Digest,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.contents.state();
        if let Some(count) = state.held.get_mut(&self.digest) {
            *count -= 1;
            if *count == 0 {
                state.held.remove(&self.digest);
            }
        }
        // Where the row did not come, or went again meanwhile.
        state.doubtful.insert(self.digest);
    }
}

/// Makes a folder that outlasts a power cut.
fn make_folder(folder: &Path) -> io::Result<()> {
    match std::fs::create_dir(folder) {
        Ok(()) => super::backup::sync_folder(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

pub fn hex(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest_of(name: &str) -> Option<Digest> {
    if name.len() != 64 || !name.is_ascii() {
        return None;
    }
    let mut digest = Digest::default();
    for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&name[at..at + 2], 16).ok()?;
    }
    Some(digest)
}
