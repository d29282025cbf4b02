//! JSON (RFC 8259), one value at a time. Whole numbers from 0 up are all that our types have; others are passed over.

use super::Error;

/// How deep values that are passed over may be nested. Nothing that we read nests; this only bounds a count.
const DEPTH: u32 = 1_000;

#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads an object: `field` is called with each key, and reads or passes over the value.
    pub fn object(&mut self, field: &mut dyn FnMut(&str, &mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.expect(b'{', "an object")?;
        if self.accept(b'}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(b':', "a colon")?;
            field(&key, self)?;
            if self.accept(b'}') {
                return Ok(());
            }
            self.expect(b',', "a comma")?;
        }
    }

    /// Reads an array: `item` is called where each item stands, and reads it.
    pub fn array(&mut self, item: &mut dyn FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.expect(b'[', "an array")?;
        if self.accept(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.accept(b']') {
                return Ok(());
            }
            self.expect(b',', "a comma")?;
        }
    }

    pub fn string(&mut self) -> Result<String, Error> {
        self.expect(b'"', "a string")?;
        let mut string = String::new();
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ');
            let Some(plain) = plain else { return Err(self.error("the end of a string")) };
            // It ends before an ASCII byte, so both ends are character boundaries.
            string.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain + 1;
            match rest[plain] {
                b'"' => return Ok(string),
                b'\\' => string.push(self.escape()?),
                _ => return Err(self.error("a string without control characters")),
            }
        }
    }

    pub fn number(&mut self) -> Result<u64, Error> {
        self.space();
        let start = self.at;
        let mut number: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            let next = number.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit - b'0')));
            number = next.ok_or_else(|| self.error("a smaller number"))?;
            self.at += 1;
        }
        let leading_zero = self.at > start + 1 && self.text.as_bytes()[start] == b'0';
        if self.at == start || leading_zero || matches!(self.byte(), Some(b'.' | b'e' | b'E')) {
            return Err(self.error("a whole number"));
        }
        Ok(number)
    }

    pub fn boolean(&mut self) -> Result<bool, Error> {
        if self.word("true") {
            Ok(true)
        } else if self.word("false") {
            Ok(false)
        } else {
            Err(self.error("true or false"))
        }
    }

    /// Whether null stands here; then it is passed over.
    pub fn null(&mut self) -> bool {
        self.word("null")
    }

    /// The first byte of the value that stands here.
    pub fn peek(&mut self) -> Option<u8> {
        self.space();
        self.byte()
    }

    /// Passes over a value of any kind.
    pub fn skip(&mut self) -> Result<(), Error> {
        let mut depth = 0;
        loop {
            match self.peek() {
                Some(b'"') => drop(self.string()?),
                Some(b'{' | b'[') if depth < DEPTH => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                Some(b'}' | b']') if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') => {
                    while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') = self.byte() {
                        self.at += 1;
                    }
                }
                Some(_) | None => return Err(self.error("a value")),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Nothing follows.
    pub fn end(&mut self) -> Result<(), Error> {
        if self.peek().is_none() { Ok(()) } else { Err(self.error("the end")) }
    }

    pub fn error(&self, expected: &'static str) -> Error {
        Error { expected, at: self.at }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char, Error> {
        let byte = self.byte();
        self.at += 1;
        Ok(match byte {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.hex()?;
                // Characters beyond the first 65,536 are two escapes, a surrogate pair.
                let low = if (0xd800..0xdc00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    self.hex()?
                } else {
                    0
                };
                let pair = (0xdc00..0xe000).contains(&low);
                let code = if pair { 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00) } else { unit };
                char::from_u32(code).filter(|_| pair || low == 0).ok_or_else(|| self.error("a character"))?
            }
            Some(_) | None => return Err(self.error("an escape")),
        })
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(digits) = digits else { return Err(self.error("four hexadecimal digits")) };
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.error("four hexadecimal digits"))
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Error> {
        if self.accept(byte) { Ok(()) } else { Err(self.error(what)) }
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.space();
        let found = self.text[self.at..].starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
