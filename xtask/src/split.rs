//! From the linked program to what a browser loads: first what a first visit needs, and beside it what is fetched when it
//! is asked for.
//!
//! The linker leaves its notes on what refers to what; with them `wasm_split` puts what only a part reaches into a file of
//! its own. Then come wasm-bindgen, one script without what nobody calls, and wasm-opt.

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

/// Puts the program and its parts into `to`, in the place of the uncut one.
pub(crate) fn split(to: &Path) -> Outcome {
    let tools = tools::for_building()?;
    let linked = shell::target().join(tools::WASM).join("web").join(NAME).with_extension("wasm");
    let work = shell::target().join("split");
    let _ = std::fs::remove_dir_all(&work);
    let main = work.join(NAME).with_extension("wasm");
    let parts = cut(&linked, &work, &main)?;

    run(&tools, "wasm-bindgen", |command| {
        command.arg(&main).args(["--target", "web", "--no-typescript", "--remove-name-section", "--out-dir"]).arg(&work)
    })?;
    let entry = work.join("entry.js");
    shell::write(&entry, format!("export {{ default }} from \"./{NAME}.js\";\n"))?;
    let script = to.join(NAME).with_extension("js");
    run(&tools, "esbuild", |command| {
        let options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error"];
        command.arg(&entry).args(options).arg("--allow-overwrite").arg(into("--outfile=", &script))
    })?;

    let program = format!("{NAME}_bg.wasm");
    let needed = work.join("needed.wasm");
    let roots = work.join("roots.json");
    shell::write(&roots, exports_in_use(&work.join(&program), &shell::text(&script)?)?)?;
    run(&tools, "wasm-metadce", |command| {
        command.arg(work.join(&program)).arg(into("--graph-file=", &roots)).args(FEATURES).arg("-o").arg(&needed)
    })?;
    optimise(&tools, &needed, &to.join(&program))?;
    for part in &parts {
        let name = part.file_name().unwrap_or_default();
        optimise(&tools, part, &to.join(name))?;
    }
    Ok(())
}

/// Answers the files of the parts.
fn cut(linked: &Path, work: &Path, main: &Path) -> Outcome<Vec<std::path::PathBuf>> {
    let input = shell::bytes(linked)?;
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
        command.arg("-Oz").args(FEATURES).arg("--strip-producers").arg(from).arg("-o").arg(to)
    })
}

/// The graph that wasm-metadce asks for: the page calls those exports that its script names, and no others. Libraries
/// export what only other programs use.
fn exports_in_use(program: &Path, script: &str) -> Outcome<String> {
    let bytes = shell::bytes(program)?;
    let exports = exports(&bytes).ok_or_else(|| format!("{} has no list of exports.", program.display()))?;
    let words: std::collections::HashSet<&str> =
        script.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).collect();
    let used: Vec<&str> = exports.into_iter().filter(|export| words.contains(export)).collect();
    let quoted = |name: &&str| format!("\"{name}\"");
    let nodes = used.iter().map(|name| format!(",\n{{\"name\": \"{name}\", \"export\": \"{name}\"}}"));
    let reaches = used.iter().map(quoted).collect::<Vec<_>>().join(", ");
    Ok(format!("[{{\"name\": \"page\", \"root\": true, \"reaches\": [{reaches}]}}{}]\n", nodes.collect::<String>()))
}

/// The names in a program's export section (<https://webassembly.github.io/spec/core/binary/modules.html>).
fn exports(program: &[u8]) -> Option<Vec<&str>> {
    let mut rest = program.get(8..)?;
    while let Some((&id, after)) = rest.split_first() {
        rest = after;
        let size = number(&mut rest)?;
        let (mut section, after) = rest.split_at_checked(size)?;
        rest = after;
        if id != 7 {
            continue;
        }
        let count = number(&mut section)?;
        let export = |_| {
            let length = number(&mut section)?;
            let (name, after) = section.split_at_checked(length)?;
            // What kind it is, and which of those.
            section = after.get(1..)?;
            number(&mut section)?;
            std::str::from_utf8(name).ok()
        };
        return (0..count).map(export).collect();
    }
    None
}

/// LEB128.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
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
