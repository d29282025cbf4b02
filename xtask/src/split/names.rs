//! The names by which a program and its script know each other
//! (<https://webassembly.github.io/spec/core/binary/modules.html>).

use std::collections::HashMap;

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// The names in a program's export section.
pub(super) fn exports(program: &[u8]) -> Option<Vec<&str>> {
    let (_, mut section) = sections(program)?.into_iter().find(|(id, _)| *id == EXPORTS)?;
    let count = number(&mut section)?;
    let export = |_| {
        let name = string(&mut section)?;
        // What kind it is, and which of those.
        section = section.get(1..)?;
        number(&mut section)?;
        Some(name)
    };
    (0..count).map(export).collect()
}

/// Short names for what a program imports from its script, in both: each carries a hash that nothing compresses.
pub(super) fn shorten(program: &[u8], script: &str) -> Option<(Vec<u8>, String)> {
    let mut names: HashMap<String, String> = HashMap::new();
    let mut renamed = program.get(..8)?.to_vec();
    for (id, mut section) in sections(program)? {
        let whole = section;
        renamed.push(id);
        if id != IMPORTS {
            put_bytes(&mut renamed, whole);
            continue;
        }
        let mut imports = Vec::new();
        let count = number(&mut section)?;
        put_number(&mut imports, count);
        for _ in 0..count {
            let (module, name) = (string(&mut section)?, string(&mut section)?);
            put_bytes(&mut imports, module.as_bytes());
            if name.starts_with("__wbg_") || name.starts_with("__wbindgen_") {
                let short = format!("i{}", names.len());
                put_bytes(&mut imports, names.entry(name.to_owned()).or_insert(short).as_bytes());
            } else {
                put_bytes(&mut imports, name.as_bytes());
            }
            imports.extend(description(&mut section)?);
        }
        put_bytes(&mut renamed, &imports);
    }
    Some((renamed, replace_words(script, &names)))
}

/// Each section's number and content.
pub(super) fn sections(program: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut rest = program.get(8..)?;
    let mut sections = Vec::new();
    while let Some((&id, after)) = rest.split_first() {
        rest = after;
        let size = number(&mut rest)?;
        let (section, after) = rest.split_at_checked(size)?;
        rest = after;
        sections.push((id, section));
    }
    Some(sections)
}

/// What an import is: a function, a table, a memory, a global or a tag.
pub(super) fn description<'a>(section: &mut &'a [u8]) -> Option<&'a [u8]> {
    let start = *section;
    let (&kind, rest) = section.split_first()?;
    *section = rest;
    let limits = |section: &mut &[u8]| {
        let flags = number(section)?;
        number(section)?;
        if flags & 1 == 1 { number(section).map(drop) } else { Some(()) }
    };
    match kind {
        0 => drop(number(section)?),
        1 => {
            *section = section.get(1..)?;
            limits(section)?;
        }
        2 => limits(section)?,
        3 => *section = section.get(2..)?,
        4 => {
            *section = section.get(1..)?;
            number(section)?;
        }
        _ => return None,
    }
    start.get(..start.len() - section.len())
}

fn replace_words(script: &str, names: &HashMap<String, String>) -> String {
    let mut replaced = String::with_capacity(script.len());
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut rest = script;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        replaced.push_str(names.get(word).map_or(word, String::as_str));
        let next = after.find(is_word).unwrap_or(after.len());
        replaced.push_str(&after[..next]);
        rest = &after[next..];
    }
    replaced
}

pub(super) fn string<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = number(bytes)?;
    let (string, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(string).ok()
}

/// LEB128.
pub(super) fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

pub(super) fn put_number(to: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

pub(super) fn put_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    put_number(to, bytes.len());
    to.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports one function of that name, and exports it.
    fn program(name: &str) -> Vec<u8> {
        let mut program = b"\0asm\x01\0\0\0".to_vec();
        let mut imports = vec![1];
        put_bytes(&mut imports, b"./script.js");
        put_bytes(&mut imports, name.as_bytes());
        imports.extend([0, 0]);
        program.push(IMPORTS);
        put_bytes(&mut program, &imports);
        program.push(EXPORTS);
        put_bytes(&mut program, &[1, 1, b'f', 0, 0]);
        program
    }

    #[test]
    fn a_program_and_its_script_go_on_knowing_each_other() {
        let script = "{ __wbg_now_0123456789abcdef: f, __wbg_now_0123456789abcdef0: g }";
        let (short, script) = shorten(&program("__wbg_now_0123456789abcdef"), script).unwrap();
        assert_eq!(short, program("i0"));
        assert_eq!(script, "{ i0: f, __wbg_now_0123456789abcdef0: g }");
        assert_eq!(exports(&short), Some(vec!["f"]));
    }

    #[test]
    fn what_a_program_does_not_import_from_its_script_keeps_its_name() {
        let plain = program("memory");
        assert_eq!(shorten(&plain, "memory"), Some((plain, "memory".to_owned())));
    }
}
