//! Format, clippy, the rules of the house, and the weight of the first visit: what holds before a test runs.

use crate::shell::{self, Outcome};
use crate::{budget, tidy, tools};

pub(crate) fn check() -> Outcome {
    eprintln!("Format");
    shell::run(shell::cargo().args(["fmt", "--all", "--check"]), "The code is not formatted: run `cargo fmt --all`.")?;
    let of_the_fuzz = ["--manifest-path", "fuzz/Cargo.toml"];
    let otherwise = "The fuzz targets are not formatted: run `cargo fmt --manifest-path fuzz/Cargo.toml`.";
    shell::run(shell::cargo().arg("fmt").args(of_the_fuzz).arg("--check"), otherwise)?;
    eprintln!("The rules of the house");
    tidy::tidy()?;
    eprintln!("Clippy");
    let otherwise = "Clippy found something: read what it says above.";
    let native = ["--workspace", "--exclude", "stonechat-frontend", "--features", "stonechat-shared/schema"];
    let strictly = ["--all-targets", "--", "-D", "warnings"];
    shell::run(shell::cargo().arg("clippy").args(native).args(strictly), otherwise)?;
    // Checking links nothing: with a library named, whatever it is, the fuzzer's C++ is not compiled for it.
    let mut fuzz = shell::cargo();
    fuzz.env("CUSTOM_LIBFUZZER_PATH", "none/libnone.a").arg("clippy").args(of_the_fuzz).arg("--target-dir");
    shell::run(fuzz.arg(shell::target().join("fuzz/check")).args(["--", "-D", "warnings"]), otherwise)?;
    // Before clippy asks for the browser's Rust.
    tools::for_building()?;
    let browser = ["-p", "stonechat-frontend", "--target", tools::WASM];
    shell::run(shell::cargo().arg("clippy").args(browser).args(strictly), otherwise)?;
    eprintln!("The weight of the first visit");
    budget::budget()
}
