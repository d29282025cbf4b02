//! JSON (RFC 8259) for the page: every visitor loads this code. A text becomes a tree, and our types take their fields
//! out of it; what the page says is written field by field.
//!
//! With serde's the program was 65 KB larger, 20 KB of them after compression. The server reads with serde, which explains
//! mistakes better. Tests hold the two to the same answers.

mod records;
mod value;
mod write;

use std::collections::BTreeMap;
use std::fmt;

pub use value::Value;
pub use write::{Object, Write, list};

use crate::few::Few;

/// Why a text could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What was expected, or the field that is missing or of another kind.
    pub expected: &'static str,
}

impl Error {
    pub fn new(expected: &'static str) -> Self {
        Self { expected }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)?;
        f.write_str(" expected")
    }
}

/// What can be read.
pub trait Read: Sized {
    /// # Errors
    /// [`Error`] where the value is of another shape.
    fn read(value: Value) -> Result<Self, Error>;
}

/// Reads a whole text.
///
/// # Errors
/// [`Error`] where the text is not JSON, or not of the shape of `T`.
pub fn read<T: Read>(text: &str) -> Result<T, Error> {
    T::read(Value::parse(text)?)
}

impl Read for bool {
    fn read(value: Value) -> Result<Self, Error> {
        value.boolean()
    }
}

impl Read for u64 {
    fn read(value: Value) -> Result<Self, Error> {
        value.number()
    }
}

macro_rules! smaller_number {
    ($($number:ty),*) => {
        $(impl Read for $number {
            fn read(value: Value) -> Result<Self, Error> {
                Self::try_from(value.number()?).map_err(|_| Error::new("a smaller number"))
            }
        })*
    };
}
smaller_number!(u16, u32, usize);

impl Read for String {
    fn read(value: Value) -> Result<Self, Error> {
        value.text()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: Value) -> Result<Self, Error> {
        if value.is_nothing() { Ok(None) } else { T::read(value).map(Some) }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: Value) -> Result<Self, Error> {
        let items = value.list()?;
        // A loop: collecting results is an iterator of its own for each kind of item.
        let mut list = Self::with_capacity(items.len());
        for item in items {
            list.push(T::read(item)?);
        }
        Ok(list)
    }
}

impl<K: From<String> + PartialEq, V: Read> Read for Few<K, V> {
    fn read(value: Value) -> Result<Self, Error> {
        let mut map = Self::default();
        for (key, value) in value.object()? {
            map.insert(K::from(key), V::read(value)?);
        }
        Ok(map)
    }
}

impl Read for [usize; 2] {
    fn read(value: Value) -> Result<Self, Error> {
        Vec::read(value)?.try_into().map_err(|_| Error::new("two numbers"))
    }
}

impl<K: From<String> + Ord, V: Read> Read for BTreeMap<K, V> {
    fn read(value: Value) -> Result<Self, Error> {
        value.object()?.into_iter().map(|(key, value)| Ok((K::from(key), V::read(value)?))).collect()
    }
}

#[cfg(test)]
mod tests;
