//! Puts the front end into the server: a static table of the files in `$STONECHAT_WEB`, each as it is and compressed.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// In the place of a front end that was not built.
const MISSING: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Stonechat</title>
<p>This server was built without its page. Run <code>cargo xtask run</code> for all of it,
or <code>trunk serve</code> beside this server and open http://127.0.0.1:8081 to develop.</p>
</html>
";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=STONECHAT_WEB");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names the folder"));
    let folder = match std::env::var_os("STONECHAT_WEB") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let folder = out.join("web");
            std::fs::create_dir_all(&folder).expect("cargo's folder can be written");
            std::fs::write(folder.join("index.html"), MISSING).expect("cargo's folder can be written");
            folder
        }
    };
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    list(&folder, &mut files);
    files.sort();
    std::fs::write(out.join("assets.rs"), table(&folder, &files)).expect("cargo's folder can be written");
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("STONECHAT_WEB is {}, which cannot be read: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("a folder can be listed to its end").path();
        if path.is_dir() {
            list(&path, files);
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}

/// The table as Rust, sorted by path.
fn table(folder: &Path, files: &[PathBuf]) -> String {
    let mut code = String::from("&[\n");
    for file in files.iter().filter(|file| !is_compressed(file)) {
        let path = file.strip_prefix(folder).expect("it was listed there").to_string_lossy().replace('\\', "/");
        let content = std::fs::read(file).expect("what was listed can be read");
        writeln!(
            code,
            "Asset {{ path: {path:?}, content_type: {:?}, etag: \"\\\"{:016x}\\\"\", identity: include_bytes!({file:?}), \
             brotli: {}, gzip: {} }},",
            content_type(&path),
            fnv(&content),
            sibling(file, "br"),
            sibling(file, "gz"),
        )
        .expect("a String takes everything");
    }
    code.push(']');
    code
}

fn is_compressed(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "br" || extension == "gz")
}

fn sibling(file: &Path, ending: &str) -> String {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    if Path::new(&name).is_file() { format!("Some(include_bytes!({name:?}))") } else { "None".into() }
}

/// By the ending alone; browsers are told not to guess.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// FNV-1a, 64 bits: an ETag tells our own versions apart, nobody else's.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
