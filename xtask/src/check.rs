//! Format, clippy, the rules of the house, and the weight of the first visit: what holds before a test runs.

use crate::shell::{self, Outcome};
use crate::{budget, tidy, tools};

pub(crate) fn check() -> Outcome {
    eprintln!("Format");
    shell::run(shell::cargo().args(["fmt", "--all", "--check"]), "The code is not formatted: run `cargo fmt --all`.")?;
    eprintln!("The rules of the house");
    tidy::tidy()?;
    eprintln!("Clippy");
    let otherwise = "Clippy found something: read what it says above.";
    let native = ["--workspace", "--exclude", "stonechat-frontend", "--features", "stonechat-shared/schema"];
    let strictly = ["--all-targets", "--", "-D", "warnings"];
    shell::run(shell::cargo().arg("clippy").args(native).args(strictly), otherwise)?;
    // Before clippy asks for the browser's Rust.
    tools::for_building()?;
    let browser = ["-p", "stonechat-frontend", "--target", tools::WASM];
    shell::run(shell::cargo().arg("clippy").args(browser).args(strictly), otherwise)?;
    eprintln!("The weight of the first visit");
    budget::budget()
}
