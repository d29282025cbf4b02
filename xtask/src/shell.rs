//! Running other programs, and failing in one sentence that says what to do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Either done, or one sentence for the person who typed the command.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The repository's folder. Every command runs there, wherever it was typed.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The cargo that runs us, so that a `+toolchain` holds for what we start.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with the output passed on; `otherwise` is what to tell when it fails.
pub(crate) fn run(command: &mut Command, otherwise: &str) -> Outcome {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(otherwise.to_owned()),
        Err(error) => Err(format!("`{program}` cannot be started ({error}). {otherwise}")),
    }
}

/// What a program prints, when it is there and succeeds.
pub(crate) fn read(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program's place on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Every file below a folder, sorted, so that two runs see the same order.
pub(crate) fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let unreadable = |error| format!("{} cannot be read: {error}.", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

pub(crate) fn bytes(file: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))
}

pub(crate) fn text(file: &Path) -> Outcome<String> {
    std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))
}

pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) -> Outcome {
    std::fs::write(file, content).map_err(|error| format!("{} cannot be written: {error}.", file.display()))
}

/// A path as people read it: from the repository's folder on.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
