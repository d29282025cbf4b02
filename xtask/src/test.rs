//! Every test there is, the browser tests against the release build and some seconds of fuzzing included; one last line
//! says how many.

use std::io::{BufRead, BufReader, IsTerminal};
use std::process::{Command, ExitCode, Stdio};

use crate::shell::{self, Outcome};
use crate::{build, fuzz, tools};

/// What a test runner counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Prints `N passed, N failed` as the very last line, whatever happened before.
pub(crate) fn test(filters: &[String]) -> ExitCode {
    let mut count = Count::default();
    let outcome = every_test(filters, &mut count);
    if let Err(sentence) = &outcome {
        eprintln!("{sentence}");
    }
    println!("{} passed, {} failed", count.passed, count.failed);
    if outcome.is_ok() && count.failed == 0 && count.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn every_test(filters: &[String], count: &mut Count) -> Outcome {
    let browsers = tools::for_browsing()?;
    let axe = tools::axe()?;
    let binary = build::release()?;
    let prepare = |mut command: Command| {
        command.env("STONECHAT_BIN", &binary).env("STONECHAT_AXE", &axe).env("PATH", browsers.path());
        command
    };
    // One run for all packages: apart, cargo would build their shared dependencies once for each choice of features.
    let all = ["--workspace", "--no-fail-fast", "--features", "stonechat-shared/schema"];
    if shell::read(shell::cargo().get_program(), &["nextest", "--version"]).is_some() {
        let mut command = prepare(shell::cargo());
        command.args(["nextest", "run"]).args(all).args(filters).env("NEXTEST_NO_TESTS", "pass");
        tally(command, count)?;
        // nextest leaves out the examples in the documentation, which only the crate has that others may build on: for all
        // of them cargo would compile most of what there is once more.
        let mut command = prepare(shell::cargo());
        command.args(["test", "--doc", "--package", "stonechat-shared"]).args(filters);
        tally(command, count)?;
    } else {
        let mut command = prepare(shell::cargo());
        command.args(["test"]).args(all).args(filters);
        tally(command, count)?;
    }
    // A filter names tests, and these are none.
    if filters.is_empty() {
        for outcome in fuzz::short()? {
            match outcome {
                Ok(()) => count.passed += 1,
                Err(sentence) => {
                    eprintln!("{sentence}");
                    count.failed += 1;
                }
            }
        }
    }
    if *count == Count::default() {
        return Err("No test ran: is the filter right?".into());
    }
    Ok(())
}

/// Passes on what the runner prints, line by line, and adds up its summaries.
fn tally(mut command: Command, count: &mut Count) -> Outcome {
    if std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let cannot = |error| format!("The tests cannot be started: {error}.");
    let mut runner =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(cannot)?;
    let out = runner.stdout.take().map(|out| std::thread::spawn(|| pass_on(out)));
    let err = runner.stderr.take().map(|err| std::thread::spawn(|| pass_on(err)));
    let mut seen = Count::default();
    for stream in [out, err].into_iter().flatten() {
        let part = stream.join().map_err(|_| "Reading what the tests print failed.".to_owned())?;
        seen.passed += part.passed;
        seen.failed += part.failed;
    }
    count.passed += seen.passed;
    count.failed += seen.failed;
    let status = runner.wait().map_err(cannot)?;
    if status.success() || seen.failed > 0 {
        return Ok(());
    }
    // It failed, and not for a test: something does not compile, or a test program died.
    count.failed += 1;
    Err("The tests did not run to their end: read what cargo says above.".into())
}

fn pass_on(stream: impl std::io::Read) -> Count {
    let mut count = Count::default();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        eprintln!("{line}");
        if let Some(summary) = summary(&plain(&line)) {
            count.passed += summary.passed;
            count.failed += summary.failed;
        }
    }
    count
}

/// Without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, after)| after))
}

/// Reads nextest's `Summary [0.1s] 5 tests run: 4 passed, 1 failed, 0 skipped`
/// and cargo's `test result: ok. 4 passed; 1 failed; …`, which nextest shows again, indented, of a test that failed.
fn summary(line: &str) -> Option<Count> {
    if let Some(result) = line.strip_prefix("test result: ") {
        return Some(Count { passed: before(result, " passed")?, failed: before(result, " failed")? });
    }
    let (_, tally) = line.trim().strip_prefix("Summary [")?.split_once("] ")?;
    let run = before(tally, " test")?;
    let passed = before(tally, " passed")?;
    // Timed out and broken ones are neither: whatever ran and did not pass, failed.
    Some(Count { passed, failed: run.saturating_sub(passed) })
}

/// The number that stands before a word.
fn before(text: &str, word: &str) -> Option<u64> {
    let (front, _) = text.split_once(word)?;
    front.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Count, plain, summary};

    #[test]
    fn both_runners_summaries_are_read() {
        let count = |passed, failed| Some(Count { passed, failed });
        assert_eq!(summary("     Summary [   0.013s] 3 tests run: 3 passed, 0 skipped"), count(3, 0));
        assert_eq!(summary("  Summary [ 1.0s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out"), count(3, 2));
        assert_eq!(summary("  Summary [ 1.0s] 1 test run: 1 passed, 7 skipped"), count(1, 0));
        assert_eq!(summary("test result: FAILED. 14 passed; 2 failed; 0 ignored; 0 measured"), count(14, 2));
        assert_eq!(summary("    test result: FAILED. 0 passed; 1 failed; 0 ignored"), None, "nextest counts it itself");
        assert_eq!(summary("test result_is_read ... ok"), None);
    }

    #[test]
    fn colours_are_left_out() {
        assert_eq!(plain("\u{1b}[32;1m     Summary\u{1b}[0m [0.1s]"), "     Summary [0.1s]");
    }
}
