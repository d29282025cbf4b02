//! WebP, chunk by chunk: an animation's frames and their order. Where and with what it was made stays behind.

use super::PIXELS;

/// In the flags of `VP8X`: there are an alpha channel and an animation. Profile, EXIF and XMP are the others.
const ALPHA: u8 = 0x10;
const ANIMATION: u8 = 0x02;

/// Whether it is an animation.
pub(super) fn moves(bytes: &[u8]) -> bool {
    chunks(bytes.get(12..).unwrap_or_default()).flatten().any(|(name, _)| name == b"ANIM" || name == b"ANMF")
}

/// Whether it was compressed with losses, and one cannot look through it.
pub(super) fn is_photograph(bytes: &[u8]) -> bool {
    let names: Vec<&[u8]> =
        chunks(bytes.get(12..).unwrap_or_default()).flatten().map(|(name, _)| name.as_slice()).collect();
    names.contains(&b"VP8 ".as_slice()) && !names.contains(&b"ALPH".as_slice())
}

/// The same animation with nothing in it but its frames; nothing where it is damaged.
pub(super) fn rebuild(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    // What follows the length that it gives itself is no picture.
    let body = bytes.get(12..length.checked_add(8)?)?;
    let (mut to, mut frames) = (b"RIFF\0\0\0\0WEBP".to_vec(), 0);
    for chunk in chunks(body) {
        match chunk? {
            (b"VP8X", content) if content.len() == 10 && to.len() == 12 => {
                let mut content = content.to_vec();
                content[0] &= ALPHA | ANIMATION;
                put(&mut to, b"VP8X", &content);
            }
            (b"ANIM", content) if content.len() == 6 => put(&mut to, b"ANIM", content),
            (b"ANMF", content) => {
                put(&mut to, b"ANMF", &frame(content)?);
                frames += 1;
            }
            _ => {}
        }
    }
    let length = u32::try_from(to.len() - 8).ok()?;
    to[4..8].copy_from_slice(&length.to_le_bytes());
    (frames > 0).then_some(to)
}

/// One frame: where it stands and for how long, and its pixels.
fn frame(content: &[u8]) -> Option<Vec<u8>> {
    let mut to = content.get(..16)?.to_vec();
    let side = |at: usize| u64::from(u32::from_le_bytes([to[at], to[at + 1], to[at + 2], 0])) + 1;
    if side(6) * side(9) > PIXELS {
        return None;
    }
    for chunk in chunks(&content[16..]) {
        let (name, pixels) = chunk?;
        if [b"ALPH", b"VP8 ", b"VP8L"].contains(&name) {
            put(&mut to, name, pixels);
        }
    }
    Some(to)
}

fn put(to: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    to.extend(name);
    to.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes());
    to.extend(content);
    // A chunk begins at an even place.
    to.extend(std::iter::repeat_n(0, content.len() % 2));
}

/// Each chunk's name and content; nothing where one is cut off, and then no more.
fn chunks(mut bytes: &[u8]) -> impl Iterator<Item = Option<(&[u8; 4], &[u8])>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let chunk = first(bytes);
        bytes =
            chunk.map_or(&[], |(_, content)| bytes.get(8 + content.len().next_multiple_of(2)..).unwrap_or_default());
        Some(chunk)
    })
}

fn first(bytes: &[u8]) -> Option<(&[u8; 4], &[u8])> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    Some((bytes.get(..4)?.try_into().ok()?, bytes.get(8..length.checked_add(8)?)?))
}
