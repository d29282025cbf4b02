//! A text as a tree. Whole numbers from 0 up are all that our types have; others are kept as what they are not.

use super::{Error, Read};

/// How deep lists and objects may be nested, so that a text does not decide how much of the stack is used. Ours nest five
/// deep.
const DEPTH: u32 = 200;

#[derive(Debug)]
pub enum Value {
    /// There is no such field.
    Missing,
    Null,
    Boolean(bool),
    Number(u64),
    /// Negative, broken, or too large.
    OtherNumber,
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// # Errors
    /// [`Error`] where the text is not JSON.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(DEPTH)?;
        if parser.peek().is_none() { Ok(value) } else { Err(Error::new("the end")) }
    }

    /// Takes a field out of an object and reads it.
    ///
    /// # Errors
    /// [`Error`] that names the field, where it is missing or of another kind.
    pub fn field<T: Read>(&mut self, key: &'static str) -> Result<T, Error> {
        T::read(self.take(key)).map_err(|_| Error::new(key))
    }

    /// The same for a field that may be left out, and is then empty.
    ///
    /// # Errors
    /// [`Error`] that names the field, where it is of another kind.
    pub fn spare<T: Read + Default>(&mut self, key: &'static str) -> Result<T, Error> {
        let value = self.take(key);
        if matches!(value, Self::Missing) {
            return Ok(T::default());
        }
        T::read(value).map_err(|_| Error::new(key))
    }

    pub(super) fn take(&mut self, key: &str) -> Self {
        let Self::Object(fields) = self else { return Self::Missing };
        let found = fields.iter_mut().find(|(name, _)| name == key);
        found.map_or(Self::Missing, |(_, value)| std::mem::replace(value, Self::Missing))
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Missing | Self::Null)
    }

    pub(super) fn boolean(self) -> Result<bool, Error> {
        if let Self::Boolean(value) = self { Ok(value) } else { Err(Error::new("true or false")) }
    }

    pub(super) fn number(self) -> Result<u64, Error> {
        if let Self::Number(number) = self { Ok(number) } else { Err(Error::new("a whole number")) }
    }

    pub(super) fn text(self) -> Result<String, Error> {
        if let Self::Text(text) = self { Ok(text) } else { Err(Error::new("a string")) }
    }

    pub(super) fn list(self) -> Result<Vec<Self>, Error> {
        if let Self::List(items) = self { Ok(items) } else { Err(Error::new("an array")) }
    }

    pub(super) fn object(self) -> Result<Vec<(String, Self)>, Error> {
        if let Self::Object(fields) = self { Ok(fields) } else { Err(Error::new("an object")) }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn value(&mut self, depth: u32) -> Result<Value, Error> {
        let Some(first) = self.peek() else { return Err(Error::new("a value")) };
        let deeper = depth.checked_sub(1).ok_or(Error::new("less depth"));
        Ok(match first {
            b'"' => Value::Text(self.string()?),
            b'[' => {
                let (mut items, depth) = (Vec::new(), deeper?);
                self.many(b']', &mut |parser| {
                    items.push(parser.value(depth)?);
                    Ok(())
                })?;
                Value::List(items)
            }
            b'{' => {
                let (mut fields, depth) = (Vec::new(), deeper?);
                self.many(b'}', &mut |parser| {
                    let key = parser.string()?;
                    parser.expect(b':', "a colon")?;
                    fields.push((key, parser.value(depth)?));
                    Ok(())
                })?;
                Value::Object(fields)
            }
            b'-' | b'0'..=b'9' => self.number()?,
            _ if self.word("true") => Value::Boolean(true),
            _ if self.word("false") => Value::Boolean(false),
            _ if self.word("null") => Value::Null,
            _ => return Err(Error::new("a value")),
        })
    }

    /// What stands between this bracket and `end`, with commas between.
    fn many(&mut self, end: u8, one: &mut dyn FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.at += 1;
        if self.accept(end) {
            return Ok(());
        }
        loop {
            one(self)?;
            if self.accept(end) {
                return Ok(());
            }
            self.expect(b',', "a comma")?;
        }
    }

    fn string(&mut self) -> Result<String, Error> {
        self.expect(b'"', "a string")?;
        let mut string = String::new();
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ');
            let Some(plain) = plain else { return Err(Error::new("the end of a string")) };
            // It ends before an ASCII byte, so both ends are character boundaries. Indexing would bring along what a panic
            // says of a text that it cannot cut, a hundredth of a first visit.
            string.push_str(self.text.get(self.at..self.at + plain).unwrap_or_default());
            self.at += plain + 1;
            match rest[plain] {
                b'"' => return Ok(string),
                b'\\' => string.push(self.escape()?),
                _ => return Err(Error::new("a string without control characters")),
            }
        }
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'e' | b'E') = self.byte() {
            self.at += 1;
        }
        let digits = &self.text.as_bytes()[start..self.at];
        if !digits.iter().all(u8::is_ascii_digit) {
            return Ok(Value::OtherNumber);
        }
        if digits.len() > 1 && digits[0] == b'0' {
            return Err(Error::new("a number"));
        }
        let add = |number: u64, digit: &u8| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
        Ok(digits.iter().try_fold(0, add).map_or(Value::OtherNumber, Value::Number))
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
                let low = if (0xd800..0xdc00).contains(&unit) && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    self.hex()?
                } else {
                    0
                };
                let pair = (0xdc00..0xe000).contains(&low);
                let code = if pair { 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00) } else { unit };
                char::from_u32(code).filter(|_| pair || low == 0).ok_or(Error::new("a character"))?
            }
            Some(_) | None => return Err(Error::new("an escape")),
        })
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or(Error::new("four hexadecimal digits"))?;
            self.at += 1;
        }
        Ok(code)
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Error> {
        if self.accept(byte) { Ok(()) } else { Err(Error::new(what)) }
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// The byte that stands here, behind any white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
