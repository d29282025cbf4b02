//! From the linked program to what a browser loads: first what a first visit needs, and beside it what is fetched when it
//! is asked for.
//!
//! The linker leaves its notes on what refers to what; with them `wasm_split` puts what only a part reaches into a file of
//! its own. Then come wasm-bindgen, one script without what nobody calls, and wasm-opt.

mod names;
mod unused;

use std::path::Path;
use std::process::Command;

use crate::shell::{self, Outcome};
use crate::tools::{self, Toolbox};

/// The program, as its manifest names it.
const NAME: &str = "stonechat-frontend";
/// Asks the linker for those notes.
pub(crate) const LINKER_NOTES: &str = "-Clink-args=--emit-relocs";
/// What browsers have had since 2023. By name: the linker's list of them is gone by then.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What `wasm-streams`, which Leptos brings, exports for pages that stream.
const UNUSED: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

/// Puts the program and its parts into `to`, in the place of the uncut one.
pub(crate) fn split(to: &Path) -> Outcome {
    let tools = tools::for_building()?;
    let linked = shell::target().join(tools::WASM).join("web").join(NAME).with_extension("wasm");
    let work = shell::target().join("split");
    let _ = std::fs::remove_dir_all(&work);
    let main = work.join(NAME).with_extension("wasm");
    let parts = cut(&linked, &work, &main)?;

    run(&tools, "wasm-bindgen", |command| {
        command
            .arg(&main)
            .args(["--target", "web", "--no-typescript", "--remove-name-section", "--keep-lld-exports"])
            .arg("--out-dir")
            .arg(&work)
    })?;
    let glue = work.join(NAME).with_extension("js");
    let bound = work.join(format!("{NAME}_bg.wasm"));
    let (program, script) = names::shorten(&shell::bytes(&bound)?, &without_ends(&shell::text(&glue)?))
        .ok_or_else(|| format!("{} has no list of imports.", bound.display()))?;
    shell::write(&bound, program)?;
    shell::write(&glue, script)?;
    let entry = work.join("entry.js");
    shell::write(&entry, format!("export {{ default }} from \"./{NAME}.js\";\n"))?;
    let script = to.join(NAME).with_extension("js");
    run(&tools, "esbuild", |command| {
        let options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error"];
        command.arg(&entry).args(options).arg("--allow-overwrite").arg(into("--outfile=", &script))
    })?;

    let needed = work.join("needed.wasm");
    let roots = work.join("roots.json");
    shell::write(&roots, exports_in_use(&bound, &shell::text(&script)?)?)?;
    run(&tools, "wasm-metadce", |command| {
        command.arg(&bound).arg(into("--graph-file=", &roots)).args(FEATURES).arg("-o").arg(&needed)
    })?;
    optimise(&tools, &needed, &to.join(format!("{NAME}_bg.wasm")))?;
    for part in &parts {
        let name = part.file_name().unwrap_or_default();
        optimise(&tools, part, &to.join(name))?;
    }
    Ok(())
}

/// Lets the bundler see that a class is not needed where nobody makes one: wasm-bindgen gives each a way to end it, on the
/// spot, and a registry of those that nobody holds any more.
fn without_ends(glue: &str) -> String {
    let lines = glue.lines().filter(|line| !line.starts_with("if (Symbol.dispose)"));
    let lines =
        lines.map(|line| line.replace(": new FinalizationRegistry(", ": /* @__PURE__ */ new FinalizationRegistry("));
    lines.collect::<Vec<_>>().join("\n")
}

/// Answers the files of the parts.
fn cut(linked: &Path, work: &Path, main: &Path) -> Outcome<Vec<std::path::PathBuf>> {
    let input = unused::empty(&shell::bytes(linked)?, &UNUSED)
        .ok_or_else(|| format!("{} is no program that the linker left notes in.", linked.display()))?;
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = work;
    options.main_out_path = main;
    let script = format!("./{NAME}.js");
    options.main_module = &script;
    options.target.web();
    let split = wasm_split_cli_support::transform(options);
    let split = split.map_err(|error| format!("{} cannot be cut into its parts: {error:#}.", linked.display()))?;
    Ok(split.split_modules)
}

fn optimise(tools: &Toolbox, from: &Path, to: &Path) -> Outcome {
    run(tools, "wasm-opt", |command| {
        command.args(["-Oz", "-Oz"]).args(FEATURES).arg("--strip-producers").arg(from).arg("-o").arg(to)
    })
}

/// The graph that wasm-metadce asks for: the page calls those exports that its script names, and no others. Libraries
/// export what only other programs use.
fn exports_in_use(program: &Path, script: &str) -> Outcome<String> {
    let bytes = shell::bytes(program)?;
    let exports = names::exports(&bytes).ok_or_else(|| format!("{} has no list of exports.", program.display()))?;
    let words: std::collections::HashSet<&str> =
        script.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).collect();
    let used: Vec<&str> = exports.into_iter().filter(|export| words.contains(export)).collect();
    let quoted = |name: &&str| format!("\"{name}\"");
    let nodes = used.iter().map(|name| format!(",\n{{\"name\": \"{name}\", \"export\": \"{name}\"}}"));
    let reaches = used.iter().map(quoted).collect::<Vec<_>>().join(", ");
    Ok(format!("[{{\"name\": \"page\", \"root\": true, \"reaches\": [{reaches}]}}{}]\n", nodes.collect::<String>()))
}

fn into(option: &str, file: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from(option);
    argument.push(file);
    argument
}

fn run(tools: &Toolbox, program: &str, arguments: impl FnOnce(&mut Command) -> &mut Command) -> Outcome {
    let mut command = Command::new(program);
    command.env("PATH", tools.path());
    arguments(&mut command);
    shell::run(&mut command, &format!("The program cannot be made ready for browsers: read what {program} says above."))
}
