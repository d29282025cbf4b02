//! The simulation of a bad network with new seeds, for as long as somebody has time.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::shell::{self, Outcome};

/// Seeds between two looks at the clock: some seconds of work.
const BATCH: u64 = 400;
/// The tests run the seeds below this each time: new ones lie above.
const FIRST: u64 = 1_000_000;

/// `--minutes N`: runs new seeds until the time is over, and says how many they were.
pub(crate) fn soak(arguments: &[String]) -> Outcome {
    let minutes = minutes(arguments)?;
    let simulation = build()?;
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    // Nobody has run these: the second at which it began is in them.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let first = FIRST + since.as_secs() * 1_000_000;
    let mut next = first;
    while Instant::now() < end {
        let seeds = format!("{next}..{}", next + BATCH);
        let output = Command::new(&simulation)
            .arg("nothing_lost_nothing_twice")
            .env("STONECHAT_SEEDS", &seeds)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("{} cannot be started: {error}.", shell::shown(&simulation)))?;
        if !output.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&output.stdout));
            let text = String::from_utf8_lossy(&output.stdout);
            let named: Vec<&str> = text.lines().filter(|line| line.starts_with("seed ")).collect();
            return Err(format!("{} seeds held, then one of {seeds} did not:\n{}", next - first, named.join("\n")));
        }
        next += BATCH;
    }
    println!("{} seeds in {minutes} minutes, from {first} on: nothing lost, nothing twice.", next - first);
    Ok(())
}

fn minutes(arguments: &[String]) -> Outcome<u64> {
    let named = match arguments {
        [flag, number] if flag == "--minutes" => number.parse().ok(),
        _ => None,
    };
    named.ok_or_else(|| "Say for how long: `cargo xtask soak --minutes 10`.".to_owned())
}

/// Builds it once: whoever edits the sources meanwhile does not change what is run.
fn build() -> Outcome<PathBuf> {
    let output = shell::cargo()
        .args(["test", "-p", "stonechat-server", "--test", "simulation", "--no-run", "--message-format=json"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}."))?;
    if !output.status.success() {
        return Err("The simulation does not build: read what cargo says above.".into());
    }
    executable(&String::from_utf8_lossy(&output.stdout)).ok_or_else(|| "cargo does not say what it built.".to_owned())
}

/// The program that cargo names among its messages, one of which is a line.
fn executable(messages: &str) -> Option<PathBuf> {
    let named = messages.lines().filter_map(|line| line.split_once("\"executable\":\"")?.1.split_once('"'));
    named.map(|(path, _)| PathBuf::from(path)).next_back()
}

#[cfg(test)]
mod tests {
    use super::{executable, minutes};

    #[test]
    fn the_program_is_found_among_what_cargo_says() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n\
                        {\"reason\":\"compiler-artifact\",\"executable\":\"/t/simulation-1\",\"fresh\":true}\n\
                        {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(messages), Some("/t/simulation-1".into()));
    }

    #[test]
    fn the_time_is_named_in_minutes() {
        let of = |words: &[&str]| minutes(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of(&["--minutes", "3"]), Ok(3));
        assert!(of(&[]).is_err() && of(&["--minutes", "long"]).is_err());
    }
}
