//! What the commands need: used where it is on the PATH in the right version, else fetched once into the cache.

use std::path::{Path, PathBuf};

use crate::debian;
use crate::shell::{self, Outcome};

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The newest Trunk that our compiler builds.
const TRUNK: &str = "0.21.14";
/// wasm-opt, as npm publishes it: the one registry that has it ready to run.
const BINARYEN: &str = "132.0.0";
/// Makes the page's JavaScript small: wasm-bindgen writes it to be read.
const ESBUILD: &str = "0.28.2";
const GECKODRIVER: &str = "0.37.1";
const CARGO_FUZZ: &str = "0.13.2";
/// The rules by which the browser tests look for what shuts people out of a view.
const AXE: &str = "4.14.1";

#[derive(Debug)]
struct Tool {
    /// The program, and what it is called where it is fetched from.
    program: &'static str,
    package: &'static str,
    version: String,
    source: Source,
    /// How long fetching takes on two cores, for the person who waits.
    takes: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Built by cargo, with the package's own lock file.
    LockedCrate,
    /// Built by cargo with the newest dependencies that fit: the package's lock names versions that are gone.
    Crate,
    Npm,
    /// A file of an npm package that runs in the page: nothing that could be asked for its version.
    Script,
}

/// The folders that a command puts before the PATH.
#[derive(Debug, Default)]
pub(crate) struct Toolbox {
    folders: Vec<PathBuf>,
}

impl Toolbox {
    /// The PATH with the tools first.
    pub(crate) fn path(&self) -> std::ffi::OsString {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(std::env::split_paths(&path));
        std::env::join_paths(folders).unwrap_or(path)
    }
}

/// All that it takes to build the front end.
pub(crate) fn for_building() -> Outcome<Toolbox> {
    wasm_target()?;
    gather(&[
        Tool {
            program: "trunk",
            package: "trunk",
            version: TRUNK.into(),
            source: Source::LockedCrate,
            takes: "some 6 minutes",
        },
        Tool {
            program: "wasm-bindgen",
            package: "wasm-bindgen-cli",
            version: locked_version("wasm-bindgen")?,
            source: Source::Crate,
            takes: "some 2 minutes",
        },
        Tool {
            program: "wasm-opt",
            package: "binaryen",
            version: BINARYEN.into(),
            source: Source::Npm,
            takes: "some seconds",
        },
        Tool {
            program: "esbuild",
            package: "esbuild",
            version: ESBUILD.into(),
            source: Source::Npm,
            takes: "some seconds",
        },
    ])
}

/// Both browsers, and what drives them.
pub(crate) fn for_browsing() -> Outcome<Toolbox> {
    debian::browsers()?;
    gather(&[Tool {
        program: "geckodriver",
        package: "geckodriver",
        version: GECKODRIVER.into(),
        source: Source::LockedCrate,
        takes: "some 2 minutes",
    }])
}

/// Where the script is that the browser tests run in each view.
pub(crate) fn axe() -> Outcome<PathBuf> {
    let axe = Tool {
        program: "axe.min.js",
        package: "axe-core",
        version: AXE.into(),
        source: Source::Script,
        takes: "some seconds",
    };
    gather(std::slice::from_ref(&axe))?;
    Ok(axe.in_the_cache())
}

/// What builds the fuzz targets; the fuzzer itself is C++.
pub(crate) fn for_fuzzing() -> Outcome<Toolbox> {
    debian::need("c++", &["g++"], "a C++ compiler")?;
    gather(&[Tool {
        program: "cargo-fuzz",
        package: "cargo-fuzz",
        version: CARGO_FUZZ.into(),
        source: Source::LockedCrate,
        takes: "some 40 seconds",
    }])
}

fn wasm_target() -> Outcome {
    let there = shell::read("rustc", &["--print", "sysroot"])
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(WASM).is_dir());
    if there {
        return Ok(());
    }
    eprintln!("Rust for the browser ({WASM}): fetching, once");
    let otherwise =
        format!("Rust for the browser is missing: run `rustup target add {WASM}`, or install it with your Rust.");
    shell::run(std::process::Command::new("rustup").args(["target", "add", WASM]), &otherwise)
}

fn gather(tools: &[Tool]) -> Outcome<Toolbox> {
    let mut toolbox = Toolbox::default();
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !tool.is_on_the_path() && !tool.is_in_the_cache()).collect();
    for (index, tool) in missing.iter().enumerate() {
        let place = format!("[{}/{}]", index + 1, missing.len());
        let what = match tool.source {
            Source::LockedCrate | Source::Crate => "building",
            Source::Npm | Source::Script => "fetching",
        };
        eprintln!("{place} {} {}: {what}, {}, once", tool.program, tool.version, tool.takes);
        tool.fetch()?;
    }
    // Only after the last one: they share most of what they are made of.
    if !missing.is_empty() {
        let _ = std::fs::remove_dir_all(cache().join("build"));
    }
    for tool in tools {
        if !tool.is_on_the_path() {
            toolbox.folders.push(tool.folder().join("bin"));
        }
    }
    Ok(toolbox)
}

impl Tool {
    fn is_on_the_path(&self) -> bool {
        shell::find(self.program).is_some_and(|program| self.is_right(&program))
    }

    fn is_in_the_cache(&self) -> bool {
        self.is_right(&self.in_the_cache())
    }

    fn in_the_cache(&self) -> PathBuf {
        let folder = match self.source {
            Source::LockedCrate | Source::Crate | Source::Npm => "bin".into(),
            Source::Script => Path::new("lib/node_modules").join(self.package),
        };
        self.folder().join(folder).join(self.program)
    }

    /// Asks the program itself, so that a half-made or outdated one does not count.
    fn is_right(&self, program: &Path) -> bool {
        if self.source == Source::Script {
            return program.is_file();
        }
        // binaryen 132.0.0 calls itself "version 132".
        let short = self.version.strip_suffix(".0.0").unwrap_or(&self.version);
        let is_ours = |word: &str| word == self.version || word == short;
        shell::read(program, &["--version"])
            .is_some_and(|answer| answer.lines().next().unwrap_or_default().split_whitespace().any(is_ours))
    }

    fn folder(&self) -> PathBuf {
        let name = match self.source {
            Source::LockedCrate | Source::Crate => self.program,
            Source::Npm | Source::Script => self.package,
        };
        cache().join(format!("{name}-{}", self.version))
    }

    /// Into a folder beside, then renamed: what is there is whole.
    fn fetch(&self) -> Outcome {
        let folder = self.folder();
        let unfinished = folder.with_extension("part");
        let _ = std::fs::remove_dir_all(&unfinished);
        match self.source {
            Source::LockedCrate => self.build(&unfinished, &["--locked"])?,
            Source::Crate => self.build(&unfinished, &[])?,
            Source::Npm | Source::Script => self.download(&unfinished)?,
        }
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::rename(&unfinished, &folder)
            .map_err(|error| format!("{} cannot be put into place: {error}.", folder.display()))?;
        if self.is_in_the_cache() {
            Ok(())
        } else {
            Err(format!("{} was fetched but does not run: remove {} and try again.", self.program, folder.display()))
        }
    }

    fn build(&self, root: &Path, further: &[&str]) -> Outcome {
        let otherwise = format!(
            "{0} {1} could not be built: read what cargo says above, or put {0} {1} on the PATH yourself.",
            self.program, self.version
        );
        shell::run(
            shell::cargo()
                .args(["install", self.package, "--version", &format!("={}", self.version), "--root"])
                .arg(root)
                .args(further)
                // A tool that runs for seconds is not worth minutes of optimising.
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
                .env("CARGO_TARGET_DIR", cache().join("build"))
                // Nobody reads the warnings of somebody else's crate.
                .env_remove("RUSTFLAGS"),
            &otherwise,
        )
    }

    fn download(&self, prefix: &Path) -> Outcome {
        debian::need("npm", &["nodejs", "npm"], "Node.js with npm")?;
        let otherwise = format!(
            "{} could not be fetched by npm: read what it says above, or put {0} {1} on the PATH yourself.",
            self.program, self.version
        );
        shell::run(
            std::process::Command::new("npm")
                .args(["install", "--global", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
                .arg(prefix)
                .arg(format!("{}@{}", self.package, self.version)),
            &otherwise,
        )
    }
}

/// Outside the repository, so that `cargo clean` and a second clone cost no second build.
pub(crate) fn cache() -> PathBuf {
    let base = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
        (Some(folder), _) if !folder.is_empty() => PathBuf::from(folder),
        (_, Some(home)) => PathBuf::from(home).join(".cache"),
        (_, None) => shell::target(),
    };
    base.join("stonechat").join("tools")
}

/// The version of a package in Cargo.lock: what wasm-bindgen writes and what reads it must be the same.
fn locked_version(package: &str) -> Outcome<String> {
    let file = shell::root().join("Cargo.lock");
    let lock = shell::text(&file)?;
    version_in(&lock, package).ok_or_else(|| format!("Cargo.lock has no {package}: run `cargo update --workspace`."))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let after = lock.lines().skip_while(|line| *line != name).nth(1)?;
    Some(after.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "leptos"), None);
    }
}
