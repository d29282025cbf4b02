//! Inputs that nobody thought of, for what reads the wire and what people write: short in the test run, long by hand.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{self, Outcome};
use crate::tools;

/// Each is a program of `fuzz/Cargo.toml`.
const TARGETS: [&str; 3] = ["frames", "markup", "replica"];

/// Enough to walk through the seeds and some hundred thousand of their neighbours.
const SHORT_SECONDS: u64 = 15;

/// What means something in a text, in the fuzzer's own form.
const MARKS: [&str; 16] = [
    "**",
    "***",
    "~~",
    "``",
    "```\\x0a",
    "\\x0a> ",
    "\\x0a- ",
    "\\x0a  - ",
    "\\x0a1. ",
    "[",
    "](https://",
    "http://a",
    "mailto:a",
    "@a",
    "#a",
    ":a:",
];

/// An input that takes this long has found something, too.
const SLOW_SECONDS: u64 = 10;

/// `cargo xtask fuzz [seconds] [target]`, in any order.
pub(crate) fn fuzz(arguments: &[String]) -> Outcome {
    let mut seconds = SHORT_SECONDS;
    let mut targets = TARGETS.to_vec();
    for argument in arguments {
        match (argument.parse(), TARGETS.iter().find(|target| **target == argument)) {
            (Ok(number), _) => seconds = number,
            (Err(_), Some(target)) => targets = vec![target],
            (Err(_), None) => {
                return Err(format!("There is no target `{argument}`: there is {}.", TARGETS.join(", ")));
            }
        }
    }
    let outcomes = run(&targets, seconds)?;
    let found: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// What came of each target in a short run.
pub(crate) fn short() -> Outcome<Vec<Outcome>> {
    run(&TARGETS, SHORT_SECONDS)
}

fn run(targets: &[&str], seconds: u64) -> Outcome<Vec<Outcome>> {
    let programs = build()?;
    let seeds = seeds()?;
    // Side by side: each keeps one processor busy, and has its own time.
    std::thread::scope(|scope| {
        let search = |target| {
            let (program, seeds) = (programs.join(target), &seeds);
            scope.spawn(move || search(&program, target, seeds, seconds))
        };
        let searches: Vec<_> = targets.iter().copied().map(search).collect();
        let died = |_| Err("The search for faults broke off.".to_owned());
        Ok(searches.into_iter().map(|search| search.join().unwrap_or_else(died)).collect())
    })
}

/// Builds all targets, and answers the folder of their programs.
fn build() -> Outcome<PathBuf> {
    let tools = tools::for_fuzzing()?;
    let host = shell::read("rustc", &["--print", "host-tuple"]).ok_or("`rustc` cannot be asked what it builds for.")?;
    shell::run(
        shell::cargo()
            // Our compiler is a stable one, which has no sanitizers; nothing of ours is unsafe, so they would have
            // nothing to find.
            .args(["fuzz", "build", "--sanitizer", "none", "--target", &host, "--target-dir"])
            .arg(folder())
            .env("PATH", tools.path()),
        "The fuzz targets do not compile: read what cargo says above.",
    )?;
    Ok(folder().join(host).join("release"))
}

fn folder() -> PathBuf {
    shell::target().join("fuzz")
}

/// Tries inputs for so many seconds. What led further is kept, and the next run starts from there.
fn search(program: &Path, target: &str, seeds: &Path, seconds: u64) -> Outcome {
    let corpus = folder().join("corpus").join(target);
    let found = folder().join("found");
    make(&corpus)?;
    make(&found)?;
    let log = folder().join(format!("{target}.log"));
    let cannot = |error| format!("The fuzz target {target} cannot be started: {error}.");
    let status = Command::new(program)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={SLOW_SECONDS}"))
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        .arg(format!("-dict={}", seeds.join(target).with_extension("words").display()))
        .arg("-print_final_stats=1")
        .args([corpus, seeds.join(target)])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log).map_err(cannot)?)
        .status()
        .map_err(cannot)?;
    let said = String::from_utf8_lossy(&shell::bytes(&log)?).into_owned();
    if status.success() {
        println!("fuzz {target}: {} runs in {seconds} s", runs(&said).unwrap_or("no"));
        return Ok(());
    }
    let input = input(&said).unwrap_or("no input");
    Err(format!(
        "fuzz {target}: {}. The input is {}; `{} {}` tries it again. All that was said is in {}.",
        complaint(&said),
        shell::shown(Path::new(input)),
        shell::shown(program),
        shell::shown(Path::new(input)),
        shell::shown(&log)
    ))
}

fn runs(said: &str) -> Option<&str> {
    said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units: ")).map(str::trim)
}

/// Where the input that failed was put.
fn input(said: &str) -> Option<&str> {
    said.lines().find_map(|line| line.split_once("Test unit written to ")).map(|(_, path)| path.trim())
}

/// The panic's own words, or what the fuzzer calls it.
fn complaint(said: &str) -> &str {
    let panic = said.lines().skip_while(|line| !line.contains("panicked at")).nth(1);
    let summary = || said.lines().find_map(|line| line.strip_prefix("SUMMARY: "));
    panic.or_else(summary).unwrap_or("ended early").trim()
}

/// The folder of what to start from, and of the words it is made of: the golden frames and commands, one a file for
/// `frames` and all in one for `replica`; what people write, one a file for `markup`.
fn seeds() -> Outcome<PathBuf> {
    let seeds = folder().join("seeds");
    let _ = std::fs::remove_dir_all(&seeds);
    for target in TARGETS {
        make(&seeds.join(target))?;
    }
    let source = shell::text(&shell::root().join("shared/tests/golden.rs"))?;
    let golden = golden(&source);
    for (index, text) in golden.iter().enumerate() {
        shell::write(&seeds.join(format!("frames/{index}.json")), text)?;
    }
    // The replica's inputs are cut at this byte, which no text has.
    let pieces: Vec<&[u8]> = golden.iter().map(|text| text.as_bytes()).collect();
    shell::write(&seeds.join("replica/all"), pieces.join(&0xff))?;
    for target in ["frames", "replica"] {
        shell::write(&seeds.join(target).with_extension("words"), words(&golden))?;
    }
    let lines = shell::text(&shell::root().join("shared/src/markup/golden.txt"))?;
    for (index, line) in written(&lines).enumerate() {
        shell::write(&seeds.join(format!("markup/{index}.txt")), line)?;
    }
    let marks: String = MARKS.iter().map(|mark| format!("\"{mark}\"\n")).collect();
    shell::write(&seeds.join("markup.words"), marks)?;
    Ok(seeds)
}

/// The texts of `shared/src/markup/golden.txt`, without what they are read as.
fn written(golden: &str) -> impl Iterator<Item = String> {
    let lines = golden.lines().filter(|line| !line.is_empty() && !line.starts_with("// "));
    lines.step_by(2).map(|line| line.replace('⏎', "\n"))
}

/// The texts of `shared/tests/golden.rs`, where they stand as raw strings.
fn golden(source: &str) -> Vec<&str> {
    source.split("r#\"").skip(1).filter_map(|rest| rest.split("\"#").next()).collect()
}

/// What stands in quotes in the texts, in the fuzzer's own form.
fn words(texts: &[&str]) -> String {
    let plain = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let mut words: Vec<&str> = texts.iter().flat_map(|text| text.split('"')).filter(plain).collect();
    words.sort_unstable();
    words.dedup();
    words.iter().map(|word| format!("\"\\\"{word}\\\"\"\n")).collect()
}

fn make(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}.", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::{complaint, golden, input, runs, words, written};

    #[test]
    fn the_seeds_are_the_golden_texts_and_their_words() {
        let source = "f(r#\"{\"type\":\"ok\",\"seq\":1}\"#, r#\"{\"type\":\"pong\"}\"#);";
        let golden = golden(source);
        assert_eq!(golden, [r#"{"type":"ok","seq":1}"#, r#"{"type":"pong"}"#]);
        assert_eq!(
            words(&golden).lines().collect::<Vec<_>>(),
            [r#""\"ok\"""#, r#""\"pong\"""#, r#""\"seq\"""#, r#""\"type\"""#]
        );
    }

    #[test]
    fn what_people_write_is_read_without_what_it_means() {
        let golden = "// A remark\n**a**⏎b\n    ⟨bold a⟩⏎b\n\n  c\n      c\n";
        assert_eq!(written(golden).collect::<Vec<_>>(), ["**a**\nb", "  c"]);
    }

    #[test]
    fn what_was_found_is_read_from_what_the_fuzzer_says() {
        let said = "thread '<unnamed>' (7) panicked at desk.rs:1:2:\nan id is used once\nstack backtrace:\n\
                    SUMMARY: libFuzzer: deadly signal\nMS: 2; artifact_prefix='/x/'; Test unit written to /x/crash-7\n\
                    stat::number_of_executed_units: 28\n";
        assert_eq!((complaint(said), input(said), runs(said)), ("an id is used once", Some("/x/crash-7"), Some("28")));
        assert_eq!(complaint("SUMMARY: libFuzzer: timeout\n"), "libFuzzer: timeout");
    }
}
