//! The front end by Trunk, pressed, and the server with it inside. What is up to date is not built again.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::press;
use crate::shell::{self, Outcome};
use crate::split;
use crate::tools;

/// What the front end is made of. What is not listed cannot change it.
const INPUTS: [&str; 12] = [
    "frontend",
    "shared",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "xtask/src/build.rs",
    "xtask/src/press.rs",
    "xtask/src/split.rs",
    "xtask/src/split",
    "xtask/src/tools.rs",
];

/// `target/release/stonechat`: one file, the front end inside.
pub(crate) fn build() -> Outcome {
    let binary = release()?;
    println!("{}", shell::shown(&binary));
    Ok(())
}

/// Builds and becomes the server, so that Ctrl-C and the exit code are its own.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let binary = release()?;
    let mut command = Command::new(&binary);
    // After another tool's manner people write `cargo xtask run -- --addr …`.
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    command.arg("serve").args(arguments);
    become_the(command)
}

/// Trunk itself, for `trunk serve` without installing anything.
pub(crate) fn trunk(arguments: &[String]) -> Outcome {
    let mut command = the_trunk()?;
    command.args(arguments);
    become_the(command)
}

fn the_trunk() -> Outcome<Command> {
    let tools = tools::for_building()?;
    let mut command = Command::new("trunk");
    command
        .env("PATH", tools.path())
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Trunk takes it for a flag and refuses the usual value, 1.
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE");
    Ok(command)
}

/// The release binary, up to date.
pub(crate) fn release() -> Outcome<PathBuf> {
    let web = front_end()?;
    shell::run(
        shell::cargo().args(["build", "--release", "-p", "stonechat-server"]).env("STONECHAT_WEB", &web),
        "The server does not build: read what cargo says above.",
    )?;
    Ok(shell::target().join("release").join("stonechat"))
}

/// The folder with the front end as it is served, up to date.
pub(crate) fn front_end() -> Outcome<PathBuf> {
    let web = shell::target().join("site");
    let stamp = shell::target().join("site.stamp");
    let now = fingerprint()?;
    if web.is_dir() && std::fs::read_to_string(&stamp).is_ok_and(|then| then == now) {
        return Ok(web);
    }
    let mut trunk = the_trunk()?;
    let plain = shell::target().join("trunk");
    eprintln!("The front end: building");
    shell::run(
        trunk
            .args(["--log", "error", "build", "--release", "--features", "split", "--dist"])
            .arg(&plain)
            // It would win over the next line.
            .env_remove("RUSTFLAGS")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", split::LINKER_NOTES),
        "The front end does not build: read what Trunk says above.",
    )?;
    eprintln!("The front end: pressing");
    split::split(&plain)?;
    press::press(&plain, &web)?;
    // Taken before the build: what was saved meanwhile makes the next run build again.
    shell::write(&stamp, now)?;
    Ok(web)
}

/// One number for all that the front end is made of.
fn fingerprint() -> Outcome<String> {
    let mut hash = Fnv::new();
    for input in INPUTS {
        let path = shell::root().join(input);
        let files = if path.is_dir() { shell::files(&path)? } else { vec![path] };
        for file in files {
            hash.add(shell::shown(&file).as_bytes());
            hash.add(&shell::bytes(&file)?);
        }
    }
    Ok(format!("{:016x}", hash.0))
}

/// FNV-1a, 64 bits: enough to notice that a file was edited.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// With its length, so that two files' contents cannot flow into each other.
    fn add(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(unix)]
fn become_the(mut command: Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(format!("{} cannot be started: {error}.", Path::new(command.get_program()).display()))
}

#[cfg(not(unix))]
fn become_the(mut command: Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("The server stopped with an error: read what it says above.".into()),
        Err(error) => Err(format!("{} cannot be started: {error}.", Path::new(command.get_program()).display())),
    }
}
