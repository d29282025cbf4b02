//! What comes from Debian's packages: installed as root, else asked for in one sentence.

use std::process::Command;

use crate::shell::{self, Outcome};

/// A program that the browser tests need: any of its names, and its package.
const BROWSERS: [(&[&str], &str); 3] = [
    (&["chromium", "chromium-browser", "google-chrome"], "chromium"),
    (&["chromedriver"], "chromium-driver"),
    (&["firefox-esr", "firefox"], "firefox-esr"),
];

/// Without these, Chinese and emoji are boxes. Only fetched along with the browsers: a desktop has its own.
const FONTS: [&str; 2] = ["fonts-noto-cjk", "fonts-noto-color-emoji"];

/// Both browsers and Chromium's driver.
pub(crate) fn browsers() -> Outcome {
    let mut packages: Vec<&str> = BROWSERS
        .iter()
        .filter(|(names, _)| !names.iter().any(|name| shell::find(name).is_some()))
        .map(|(_, package)| *package)
        .collect();
    if packages.is_empty() {
        return Ok(());
    }
    packages.extend(FONTS);
    install(&packages, "Chromium with chromedriver, and Firefox")
}

/// One program, from these packages when it is not on the PATH.
pub(crate) fn need(program: &str, packages: &[&str], what: &str) -> Outcome {
    match shell::find(program) {
        Some(_) => Ok(()),
        None => install(packages, what),
    }
}

fn install(packages: &[&str], what: &str) -> Outcome {
    let list = packages.join(" ");
    if shell::find("apt-get").is_none() {
        return Err(format!("This needs {what} on the PATH: install them, then try again."));
    }
    if shell::read("id", &["-u"]).as_deref() != Some("0") {
        return Err(format!("This needs {what}: run `sudo apt-get install {list}`, then try again."));
    }
    eprintln!("{list}: installing with apt, once");
    let otherwise = format!("apt could not install what is needed: run `apt-get install {list}`, then try again.");
    // A stale or partly unreachable list may still name the packages; the install tells.
    let _ = shell::run(apt().args(["update", "-qq"]), &otherwise);
    shell::run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages), &otherwise)
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "Dpkg::Use-Pty=0"]);
    command
}
