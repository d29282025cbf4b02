//! What is kept of a page when a test fails: `target/e2e-failures/<test>-<who>.png` and its words.

use std::path::{Path, PathBuf};

/// The workspace's target folder.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target"),
    }
}

/// Where a failing test puts a file of this name.
pub fn place(name: &str) -> PathBuf {
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    target().join("e2e-failures").join(format!("{test}-{name}"))
}

/// Best effort: the test is failing already, for a better reason than this one.
pub fn keep(name: &str, content: &[u8]) {
    let file = place(name);
    if let Some(folder) = file.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    if !content.is_empty() && std::fs::write(&file, content).is_ok() {
        eprintln!("kept {}", file.display());
    }
}

/// What WebDriver sends pictures in.
pub fn from_base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut have) = (0_u32, 0);
    for value in text.bytes().filter_map(six_bits) {
        bits = (bits << 6 | value) & 0x00ff_ffff;
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.push((bits >> have & 0xff) as u8);
        }
    }
    bytes
}

fn six_bits(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_read() {
        assert_eq!(super::from_base64("aGVsbG8="), b"hello");
        assert_eq!(super::from_base64("/+8=\n"), [0xff, 0xef]);
    }
}
