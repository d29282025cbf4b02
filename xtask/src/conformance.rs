//! The Autobahn test suite against an echo over our own transport; what came of it stands in `docs/conformance.md`.

mod report;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::autobahn;
use crate::shell::{self, Outcome};

/// A group of cases, as the suite numbers them.
#[derive(Debug)]
struct Group {
    number: &'static str,
    name: &'static str,
    /// How many of them run: a suite that stops half way has not passed.
    cases: usize,
}

const GROUPS: [Group; 9] = [
    group("1", "Framing", 16),
    group("2", "Pings and pongs", 11),
    group("3", "Reserved bits", 7),
    group("4", "Opcodes", 10),
    group("5", "Fragments", 20),
    group("6", "UTF-8", 145),
    group("7", "Closing", 37),
    group("9", "Limits and speed", 14),
    group("10", "Fragments that a library chose", 1),
];

const fn group(number: &'static str, name: &'static str, cases: usize) -> Group {
    Group { number, name, cases }
}

/// Cases that cannot apply: which, how many, and why.
const LEFT_OUT: [(&[&str], usize, &str); 3] = [
    (
        &["9.1.2", "9.1.3", "9.1.4", "9.1.5", "9.1.6", "9.2.2", "9.2.3", "9.2.4", "9.2.5", "9.2.6"],
        10,
        "messages of 256 KiB to 16 MiB: the server takes 64 KiB and closes with 1009, which Rust tests hold it to",
    ),
    (&["9.3.*", "9.4.*", "9.5.*", "9.6.*"], 30, "one message of 1 or 4 MiB in pieces of every size: over 64 KiB too"),
    (&["12.*", "13.*"], 216, "compression (permessage-deflate), which the server does not offer"),
];

pub(crate) fn conformance() -> Outcome {
    let wstest = autobahn::wstest()?;
    let folder = shell::target().join("conformance");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
    let echo = Echo::start()?;
    shell::write(&folder.join("spec.json"), spec(&echo.address))?;
    eprintln!("{} cases, some 20 seconds", GROUPS.iter().map(|group| group.cases).sum::<usize>());
    shell::run(
        Command::new(wstest)
            .args(["--mode", "fuzzingclient", "--spec", "spec.json"])
            .current_dir(&folder)
            .env("PYTHONWARNINGS", "ignore")
            .stdout(Stdio::null()),
        "The Autobahn test suite did not run to its end: read what it says above.",
    )?;
    drop(echo);
    let cases = report::cases(&shell::text(&folder.join("report/index.json"))?);
    let page = report::judge(&cases)
        .map_err(|sentences| format!("{sentences}\nEach case's frames are in {}.", shown(&folder)))?;
    shell::write(&shell::root().join("docs/conformance.md"), page)?;
    println!("{} cases passed: docs/conformance.md; each case's frames are in {}", cases.len(), shown(&folder));
    Ok(())
}

fn shown(folder: &Path) -> String {
    shell::shown(&folder.join("report/index.html"))
}

/// The echo of `server/examples/echo.rs`, for as long as this lives.
struct Echo {
    process: Child,
    address: String,
}

impl Echo {
    fn start() -> Outcome<Self> {
        shell::run(
            shell::cargo().args(["build", "--quiet", "--package", "stonechat-server", "--example", "echo"]),
            "The echo does not compile: read what cargo says above.",
        )?;
        let cannot = |error| format!("The echo cannot be started: {error}.");
        let mut command = Command::new(shell::target().join("debug/examples/echo"));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(cannot)?;
        let mut address = String::new();
        if let Some(out) = process.stdout.take() {
            BufReader::new(out).read_line(&mut address).map_err(cannot)?;
        }
        Ok(Self { process, address: address.trim().to_owned() })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        // It serves until its input ends.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// What the suite is to do, in its own words.
fn spec(address: &str) -> String {
    let left_out: Vec<String> =
        LEFT_OUT.iter().flat_map(|(cases, _, _)| cases.iter()).map(|case| format!("\"{case}\"")).collect();
    format!(
        "{{\"outdir\": \"report\", \"servers\": [{{\"agent\": \"Stonechat\", \"url\": \"ws://{address}/\"}}], \
         \"cases\": [\"*\"], \"exclude-cases\": [{}], \"exclude-agent-cases\": {{}}}}\n",
        left_out.join(", ")
    )
}
