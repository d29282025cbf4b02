//! Reading JSON straight into our types, for the page: every visitor loads this code.
//!
//! With serde's readers the program was 63 KB larger, 19 KB of them after compression.
//! The server reads with serde, which explains mistakes better. A test holds the two to the same answers.

mod reader;
mod records;

use std::collections::BTreeMap;
use std::fmt;

pub use reader::Reader;

/// Why a text could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What was expected, or the field that is missing.
    pub expected: &'static str,
    /// Bytes from the start of the text.
    pub at: usize,
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
    /// [`Error`] where something else stands there.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error>;

    /// What a field of this type is where it is left out; `None` where it must be there.
    fn missing() -> Option<Self> {
        None
    }
}

/// Reads a whole text.
///
/// # Errors
/// [`Error`] where the text is not JSON, or not of the shape of `T`.
pub fn read<T: Read>(text: &str) -> Result<T, Error> {
    let mut reader = Reader::new(text);
    let value = T::read(&mut reader)?;
    reader.end()?;
    Ok(value)
}

impl Read for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.boolean()
    }

    fn missing() -> Option<Self> {
        Some(false)
    }
}

impl Read for u64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.number()
    }
}

macro_rules! smaller_number {
    ($($number:ty),*) => {
        $(impl Read for $number {
            fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
                let number = reader.number()?;
                Self::try_from(number).map_err(|_| reader.error("a smaller number"))
            }
        })*
    };
}
smaller_number!(u16, u32, usize);

impl Read for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.string()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.null() { Ok(None) } else { T::read(reader).map(Some) }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut items = Self::new();
        reader.array(&mut |reader| {
            items.push(T::read(reader)?);
            Ok(())
        })?;
        Ok(items)
    }
}

impl<K: From<String> + Ord, V: Read> Read for BTreeMap<K, V> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut map = Self::new();
        reader.object(&mut |key, reader| {
            map.insert(K::from(key.to_owned()), V::read(reader)?);
            Ok(())
        })?;
        Ok(map)
    }
}

#[cfg(test)]
mod tests;
