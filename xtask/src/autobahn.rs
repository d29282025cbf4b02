//! The Autobahn test suite, which runs on Python 2.7 alone: in a virtualenv of its own, in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Outcome};
use crate::tools;

pub(crate) const VERSION: &str = "0.8.2";
/// The last one that is a single file and brings pip along.
const VIRTUALENV: &str = "16.7.12";

/// The program that tests, fetched where it is not there.
pub(crate) fn wstest() -> Outcome<PathBuf> {
    let folder = tools::cache().join(format!("autobahntestsuite-{VERSION}"));
    let program = folder.join("bin/wstest");
    if is_right(&program) {
        return Ok(program);
    }
    let python = python()?;
    eprintln!("The Autobahn test suite {VERSION}: fetching, some 40 seconds, once");
    // A virtualenv knows its own place, so it is made where it stays.
    let _ = std::fs::remove_dir_all(&folder);
    let otherwise = "The Autobahn test suite could not be fetched: read what pip says above.";
    let bootstrap = folder.join("virtualenv");
    pip(Command::new(&python).args(["-m", "pip"]), &format!("virtualenv=={VIRTUALENV}"), Some(&bootstrap), otherwise)?;
    shell::run(
        Command::new(&python).arg(bootstrap.join("virtualenv.py")).args(["--quiet", "--no-download"]).arg(&folder),
        "Python 2.7 could not make a virtualenv: read what it says above.",
    )?;
    pip(&mut Command::new(folder.join("bin/pip")), &format!("autobahntestsuite=={VERSION}"), None, otherwise)?;
    if is_right(&program) {
        Ok(program)
    } else {
        Err(format!("The Autobahn test suite was fetched but does not run: remove {} and try again.", folder.display()))
    }
}

fn is_right(program: &Path) -> bool {
    shell::read(program, &["--autobahnversion"]).is_some_and(|answer| answer.ends_with(VERSION))
}

fn pip(pip: &mut Command, package: &str, target: Option<&Path>, otherwise: &str) -> Outcome {
    pip.args(["install", "--quiet", "--disable-pip-version-check"]);
    if let Some(folder) = target {
        pip.arg("--target").arg(folder);
    }
    // It has nothing to say but that Python 2.7 is old.
    shell::run(pip.arg(package).env("PYTHONWARNINGS", "ignore"), otherwise)
}

/// Python 2.7 with pip: from the PATH, or where pyenv keeps its own. A name on the PATH may be there and start nothing.
fn python() -> Outcome<PathBuf> {
    let home = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv")));
    let kept = home.and_then(|home| std::fs::read_dir(home.join("versions")).ok());
    let versions = kept.into_iter().flatten().flatten().map(|version| version.path().join("bin/python2.7"));
    let named = ["python2.7", "python2"].into_iter().filter_map(shell::find);
    named
        .chain(versions)
        .find(|python| shell::read(python, &["-c", "import pip, sys; assert sys.version_info[:2] == (2, 7)"]).is_some())
        .ok_or_else(|| {
            "The Autobahn test suite needs Python 2.7 with pip, which is not here: install it, for example by \
         `pyenv install 2.7.18`, then try again."
                .to_owned()
        })
}
