//! What a person types: `cargo xtask <command>`. Each command is one file.
//!
//! - [`tools`]: what the commands need, found or fetched; [`debian`] for what comes from apt.
//! - [`build`]: the front end by Trunk, then the server with it inside; [`split`] cuts it into what a first
//!   visit needs and the rest, [`press`] makes the files as small as they get.
//! - [`check`]: format, clippy, the rules of the house ([`tidy`], [`edges`]) and the weight of the first visit ([`budget`]).
//! - [`conformance`]: the WebSocket under the suite of [`autobahn`]. [`fuzz`]: inputs that nobody thought of.
//! - [`test`]: every test there is. [`soak`]: more of the one that never ends. [`screenshots`]: what it looks like.
//! - [`shell`]: running other programs, and failing in one sentence.

// A command line tool speaks on stdout.
#![allow(clippy::print_stdout)]

mod autobahn;
mod budget;
mod build;
mod check;
mod conformance;
mod debian;
mod edges;
mod fuzz;
mod map;
mod press;
mod screenshots;
mod shell;
mod soak;
mod source;
mod split;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

use shell::Outcome;

const HELP: &str = "\
cargo xtask <command>

  run [options]   build everything and serve on http://127.0.0.1:8080, with the data in ./data;
                  options go to the server, `cargo xtask run --help` lists them
  test [filter]   every test, in real Chromium and real Firefox too
  check           format, clippy with warnings as errors, the rules of the house, the weight of the first visit
  build           target/release/stonechat: one file, the front end inside
  trunk serve     Trunk with the tools that it needs: the page at http://127.0.0.1:8081, built again as you save;
                  beside it runs `cargo run -p stonechat-server -- serve`
  conformance     the Autobahn test suite against our WebSocket; docs/conformance.md is written anew
  fuzz [seconds] [target]
                  random input for what reads the wire: 15 seconds for each of `frames` and `replica`, or as you say
  soak --minutes N
                  new seeds of the simulated network for N minutes; the tests run two thousand that are always the same
  screenshots     target/screenshots: the page in sizes, themes and languages, in both browsers

What a command needs and does not find, it fetches, and says so.";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    if let Err(sentence) = std::env::set_current_dir(shell::root()) {
        eprintln!("The repository's folder cannot be opened: {sentence}.");
        return ExitCode::FAILURE;
    }
    let outcome = match command.as_str() {
        "run" => build::run(&rest),
        "test" => return test::test(&rest),
        "check" => check::check(),
        "build" => build::build(),
        "conformance" => conformance::conformance(),
        "fuzz" => fuzz::fuzz(&rest),
        "trunk" => build::trunk(&rest),
        "soak" => soak::soak(&rest),
        "screenshots" => screenshots::screenshots(&rest),
        "" | "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        unknown => Err(format!("There is no command `{unknown}`. `cargo xtask help` lists them.")),
    };
    report(&outcome)
}

fn report(outcome: &Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
