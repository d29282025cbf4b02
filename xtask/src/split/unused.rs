//! Takes out what a library exports for pages that nobody makes here: it would keep alive all that it calls.

use super::names::{number, put_bytes, put_number, sections, string};

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;
/// The kind of an import or an export that is a function.
const FUNCTION: u8 = 0;
/// Where the linker's notes on the code are
/// (<https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#relocation-sections>).
const NOTES: &str = "reloc.CODE";

const NOTHING: u8 = 0;
const UNREACHABLE: u8 = 0x00;
const NOP: u8 = 0x01;
const END: u8 = 0x0b;

/// The program with nothing in those of its exported functions whose names begin like this, and without the linker's
/// notes on what was in them. They stay where they are, and as long as they were: wasm-bindgen insists that they are
/// there, and every other note counts bytes.
pub(super) fn empty(program: &[u8], beginnings: &[&str]) -> Option<Vec<u8>> {
    let all = sections(program)?;
    let find = |id| all.iter().find(|(other, _)| *other == id).map(|(_, section)| *section);
    let imported = imported_functions(find(IMPORTS)?)?;
    let mut functions = exported_functions(find(EXPORTS)?, beginnings)?;
    functions.iter_mut().for_each(|index| *index = index.saturating_sub(imported));
    let ranges = bodies(find(CODE)?, &functions)?;
    let mut emptied = program.get(..8)?.to_vec();
    for (id, section) in all {
        emptied.push(id);
        match id {
            CODE => {
                let mut code = section.to_vec();
                for &(start, end) in &ranges {
                    let body = code.get_mut(start..end)?;
                    body.fill(NOP);
                    *body.first_mut()? = NOTHING;
                    *body.get_mut(1)? = UNREACHABLE;
                    *body.last_mut()? = END;
                }
                put_bytes(&mut emptied, &code);
            }
            CUSTOM if string(&mut &*section) == Some(NOTES) => {
                put_bytes(&mut emptied, &without_notes(section, &ranges)?)
            }
            _ => put_bytes(&mut emptied, section),
        }
    }
    Some(emptied)
}

fn imported_functions(mut section: &[u8]) -> Option<usize> {
    let mut functions = 0;
    for _ in 0..number(&mut section)? {
        string(&mut section)?;
        string(&mut section)?;
        functions += usize::from(section.first() == Some(&FUNCTION));
        super::names::description(&mut section)?;
    }
    Some(functions)
}

fn exported_functions(mut section: &[u8], beginnings: &[&str]) -> Option<Vec<usize>> {
    let mut functions = Vec::new();
    for _ in 0..number(&mut section)? {
        let name = string(&mut section)?;
        let (&kind, rest) = section.split_first()?;
        section = rest;
        let index = number(&mut section)?;
        if kind == FUNCTION && beginnings.iter().any(|beginning| name.starts_with(beginning)) {
            functions.push(index);
        }
    }
    Some(functions)
}

/// Where in the code section the bodies of these functions are: from and to.
fn bodies(section: &[u8], functions: &[usize]) -> Option<Vec<(usize, usize)>> {
    let mut rest = section;
    let mut ranges = Vec::new();
    for index in 0..number(&mut rest)? {
        let size = number(&mut rest)?;
        let start = section.len() - rest.len();
        if functions.contains(&index) {
            ranges.push((start, start + size));
        }
        rest = rest.get(size..)?;
    }
    Some(ranges)
}

fn without_notes(section: &[u8], ranges: &[(usize, usize)]) -> Option<Vec<u8>> {
    let mut rest = section;
    let name = string(&mut rest)?;
    let target = number(&mut rest)?;
    let (mut notes, mut left): (Vec<u8>, usize) = (Vec::new(), 0);
    for _ in 0..number(&mut rest)? {
        let note = rest;
        let (&kind, after) = rest.split_first()?;
        rest = after;
        let offset = number(&mut rest)?;
        number(&mut rest)?;
        if has_addend(kind) {
            let length = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
            rest = rest.get(length..)?;
        }
        if !ranges.iter().any(|&(start, end)| (start..end).contains(&offset)) {
            notes.extend(note.get(..note.len() - rest.len())?);
            left += 1;
        }
    }
    let mut kept = Vec::new();
    put_bytes(&mut kept, name.as_bytes());
    put_number(&mut kept, target);
    put_number(&mut kept, left);
    kept.extend(notes);
    Some(kept)
}

/// Whether a note of this kind says how far behind a place it means: those on places in memory, code and sections.
fn has_addend(kind: u8) -> bool {
    matches!(kind, 3..=5 | 8 | 9 | 11 | 14..=17 | 21..=23 | 25)
}
