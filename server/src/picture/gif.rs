//! GIF, block by block: frames, how long each is shown, and how often all of them. Comments, and whatever else programs
//! put between them, stay behind.

use super::PIXELS;

/// The same animation with nothing in it but its frames; nothing where it is damaged.
pub(super) fn rebuild(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut from = Blocks { bytes, at: 0 };
    let mut to = Vec::with_capacity(bytes.len());
    let header = from.take(13)?;
    let canvas = (number(header, 6)?, number(header, 8)?);
    to.extend(header);
    to.extend(from.take(colours(header[10]))?);
    let mut frames = 0;
    loop {
        match from.take(1)?[0] {
            0x21 => extension(&mut from, &mut to)?,
            0x2c => {
                let frame = from.take(9)?;
                let (width, height) = (number(frame, 4)?, number(frame, 6)?);
                // A frame beside its canvas is nothing that anybody draws.
                let fits = number(frame, 0)? + width <= canvas.0 && number(frame, 2)? + height <= canvas.1;
                if !fits || width * height > PIXELS {
                    return None;
                }
                to.push(0x2c);
                to.extend(frame);
                to.extend(from.take(colours(frame[8]))?);
                // How many bits a code begins with.
                to.extend(from.take(1)?);
                from.chain(Some(&mut to))?;
                frames += 1;
            }
            // The end: what comes after it is no picture.
            0x3b => break,
            _ => return None,
        }
    }
    to.push(0x3b);
    (frames > 0).then_some(to)
}

/// What stands between frames. How long the next one is shown, and how often they begin again, is kept.
fn extension(from: &mut Blocks<'_>, to: &mut Vec<u8>) -> Option<()> {
    let label = from.take(1)?[0];
    let start = from.at;
    from.chain(None)?;
    let blocks = from.bytes.get(start..from.at)?;
    let times = label == 0xff && blocks.starts_with(b"\x0bNETSCAPE2.0\x03\x01") && blocks.len() == 17;
    let control = label == 0xf9 && blocks.len() == 6;
    if times || control {
        to.extend([0x21, label]);
        to.extend(blocks);
    }
    Some(())
}

struct Blocks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Blocks<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    /// Blocks that begin with their length, up to the empty one.
    fn chain(&mut self, mut to: Option<&mut Vec<u8>>) -> Option<()> {
        loop {
            let length = self.take(1)?[0];
            let block = self.take(length.into())?;
            if let Some(to) = &mut to {
                to.push(length);
                to.extend(block);
            }
            if length == 0 {
                return Some(());
            }
        }
    }
}

/// Bytes of the table of colours that these flags announce.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])))
}
