//! Pictures: what a file is by its bytes, and the picture in it without whatever else its maker put there.
//!
//! A photograph tells where it was taken, and a file may be a picture and a page at once. What stands still is therefore
//! read into pixels, and these are written anew; what moves keeps its frames, and nothing but its frames. Pure: bytes in,
//! bytes out.

mod gif;
mod webp;

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::codecs::webp::{WebPDecoder, WebPEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageResult, Limits};

/// Pixels of one picture: what the best phones take. A file of a few kilobytes can claim billions, and reading those
/// would take the memory that everybody else needs; each pixel is some four bytes, and twice that while it is turned.
pub const PIXELS: u64 = 50_000_000;
/// Pixels on the longer side of the two smaller versions: what stands in a line of the chat, and what fills a screen.
const SMALL: u32 = 320;
const MEDIUM: u32 = 1_280;
/// Photographs are compressed a second time: at this quality nobody sees it.
const QUALITY: u8 = 90;
/// The smaller versions are looked at in passing.
const SMALLER_QUALITY: u8 = 80;
/// Bytes of a colour profile that is kept. Those of cameras and screens have some hundreds to a few thousand.
const PROFILE: usize = 16 * 1024;

/// What a file is, by its first bytes. Its name and whoever sent it may say something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
}

/// A picture that may be shown to everybody.
#[derive(Debug)]
pub struct Picture {
    /// May be another than it came in.
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
    /// Missing where the picture itself is no larger.
    pub small: Option<Vec<u8>>,
    pub medium: Option<Vec<u8>>,
}

/// Why there is no picture in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Damaged,
    TooManyPixels,
}

impl Format {
    /// Bytes from a file's beginning that tell what it is.
    pub const HEAD: usize = 12;

    /// Nothing where it is not one of the four kinds of pictures that are shown.
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if head.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    /// How names of such files end; the first is what we choose.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::WebP => &["webp"],
        }
    }
}

/// Reads a picture, turns it the right way up, and writes it anew with its two smaller versions.
///
/// # Errors
/// [`Unfit`]: then nothing of it may be shown.
pub fn clean(bytes: &[u8], format: Format) -> Result<Picture, Unfit> {
    match format {
        Format::Png => still(PngDecoder::with_limits(Cursor::new(bytes), memory()), format),
        Format::Jpeg => still(JpegDecoder::new(Cursor::new(bytes)), format),
        Format::Gif => moving(gif::rebuild(bytes), GifDecoder::new(Cursor::new(bytes)), format),
        Format::WebP if webp::moves(bytes) => {
            moving(webp::rebuild(bytes), WebPDecoder::new(Cursor::new(bytes)), format)
        }
        // What was compressed with losses would be several times as large without.
        Format::WebP if webp::is_photograph(bytes) => still(WebPDecoder::new(Cursor::new(bytes)), Format::Jpeg),
        Format::WebP => still(WebPDecoder::new(Cursor::new(bytes)), format),
    }
}

/// What one decoder may take in memory.
fn memory() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(PIXELS * 4);
    limits
}

/// A picture as its camera held it, how that was, and how its colours are meant.
struct Decoded {
    image: DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
}

fn decode(decoder: ImageResult<impl ImageDecoder>) -> Result<Decoded, Unfit> {
    let mut decoder = decoder.map_err(unfit)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS || decoder.total_bytes() > PIXELS * 4 {
        return Err(Unfit::TooManyPixels);
    }
    decoder.set_limits(memory()).map_err(unfit)?;
    let orientation = decoder.orientation().map_err(unfit)?;
    let profile = decoder.icc_profile().unwrap_or_default();
    let image = DynamicImage::from_decoder(decoder).map_err(unfit)?;
    let space: &[u8] = if image.color().has_color() { b"RGB " } else { b"GRAY" };
    // One for other colours than those that were read, as printers have them, would spoil them.
    let fits = |profile: &Vec<u8>| profile.len() <= PROFILE && profile.get(16..20) == Some(space);
    Ok(Decoded { image, orientation, profile: profile.filter(fits) })
}

fn unfit(error: image::ImageError) -> Unfit {
    match error {
        image::ImageError::Limits(_) => Unfit::TooManyPixels,
        image::ImageError::Decoding(_)
        | image::ImageError::Encoding(_)
        | image::ImageError::Parameter(_)
        | image::ImageError::Unsupported(_)
        | image::ImageError::IoError(_) => Unfit::Damaged,
    }
}

fn still(decoder: ImageResult<impl ImageDecoder>, format: Format) -> Result<Picture, Unfit> {
    let Decoded { mut image, orientation, profile } = decode(decoder)?;
    image.apply_orientation(orientation);
    // First, so that of the whole one there need be no copy.
    let mut picture = with_versions(&image, profile.as_ref(), format)?;
    let bytes = &mut picture.bytes;
    let write = match format {
        Format::Png => with_profile(png(bytes), profile, &image),
        Format::WebP => with_profile(WebPEncoder::new_lossless(bytes), profile, &eight_bits(image)),
        Format::Jpeg | Format::Gif => {
            with_profile(JpegEncoder::new_with_quality(bytes, QUALITY), profile, &image.into_rgb8().into())
        }
    };
    write.map_err(unfit)?;
    Ok(picture)
}

fn moving(frames: Option<Vec<u8>>, decoder: ImageResult<impl ImageDecoder>, format: Format) -> Result<Picture, Unfit> {
    // The first frame is read, and stands for the others where the picture is shown small. It is as the frames are:
    // nothing turns those, and nothing is known of their colours any more.
    let Decoded { image, .. } = decode(decoder)?;
    let bytes = frames.ok_or(Unfit::Damaged)?;
    Ok(Picture { bytes, ..with_versions(&image, None, format)? })
}

/// A picture that has its smaller versions, and nothing else yet.
fn with_versions(image: &DynamicImage, profile: Option<&Vec<u8>>, format: Format) -> Result<Picture, Unfit> {
    let (width, height) = (image.width(), image.height());
    let shrink = |image: &DynamicImage, side| (width.max(height) > side).then(|| image.thumbnail(side, side));
    let medium = shrink(image, MEDIUM);
    let small = shrink(medium.as_ref().unwrap_or(image), SMALL);
    let write = |image: Option<DynamicImage>| image.map(|image| version(image, profile.cloned())).transpose();
    Ok(Picture { format, width, height, bytes: Vec::new(), small: write(small)?, medium: write(medium)? })
}

/// A smaller version: a photograph, unless one looks through it somewhere.
fn version(image: DynamicImage, profile: Option<Vec<u8>>) -> Result<Vec<u8>, Unfit> {
    let mut bytes = Vec::new();
    let see_through = image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    let write = if see_through {
        with_profile(png(&mut bytes), profile, &eight_bits(image))
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, SMALLER_QUALITY);
        with_profile(encoder, profile, &image.into_rgb8().into())
    };
    write.map(|()| bytes).map_err(unfit)
}

/// The library's own choice is quick, and a picture of a screen twice as large with it.
fn png(to: &mut Vec<u8>) -> PngEncoder<&mut Vec<u8>> {
    PngEncoder::new_with_quality(to, CompressionType::Default, FilterType::Adaptive)
}

fn eight_bits(image: DynamicImage) -> DynamicImage {
    if image.color().has_alpha() { image.into_rgba8().into() } else { image.into_rgb8().into() }
}

fn with_profile(mut encoder: impl ImageEncoder, profile: Option<Vec<u8>>, image: &DynamicImage) -> ImageResult<()> {
    // A profile for greys fits no colours, which some of the writers above make of them.
    let fits = |profile: &Vec<u8>| image.color().has_color() == (profile.get(16..20) == Some(b"RGB "));
    if let Some(profile) = profile.filter(fits) {
        encoder.set_icc_profile(profile).map_err(image::ImageError::Unsupported)?;
    }
    image.write_with_encoder(encoder)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As much of a colour profile as anybody here looks at.
    fn profile(space: &[u8; 4], length: usize) -> Vec<u8> {
        let mut profile = vec![7; length];
        profile[16..20].copy_from_slice(space);
        profile
    }

    fn with(profile: Vec<u8>, format: Format) -> Vec<u8> {
        let (mut bytes, image) = (Vec::new(), DynamicImage::new_rgb8(500, 20));
        let written = match format {
            Format::Jpeg | Format::Gif => with_raw(JpegEncoder::new(&mut bytes), profile, &image),
            Format::Png => with_raw(png(&mut bytes), profile, &image),
            Format::WebP => with_raw(WebPEncoder::new_lossless(&mut bytes), profile, &image),
        };
        written.unwrap();
        bytes
    }

    fn with_raw(mut encoder: impl ImageEncoder, profile: Vec<u8>, image: &DynamicImage) -> ImageResult<()> {
        encoder.set_icc_profile(profile).unwrap();
        image.write_with_encoder(encoder)
    }

    fn kept(bytes: &[u8]) -> Option<Vec<u8>> {
        let mut decoder =
            image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().into_decoder().unwrap();
        decoder.icc_profile().unwrap()
    }

    #[test]
    fn a_picture_keeps_what_its_colours_mean_in_all_its_sizes() {
        for format in [Format::Jpeg, Format::Png, Format::WebP] {
            let camera = profile(b"RGB ", 600);
            let picture = clean(&with(camera.clone(), format), format).unwrap();
            assert_eq!(kept(&picture.bytes), Some(camera.clone()), "{format:?}");
            assert_eq!(kept(&picture.small.unwrap()), Some(camera), "{format:?}");
            for other in [profile(b"CMYK", 600), profile(b"GRAY", 600), profile(b"RGB ", PROFILE + 1)] {
                let picture = clean(&with(other, format), format).unwrap();
                assert_eq!(kept(&picture.bytes), None, "{format:?}");
            }
        }
    }

    #[test]
    fn what_stays_within_the_limit_of_pixels_is_told_by_its_size_and_not_by_its_bytes() {
        let long = DynamicImage::new_luma8(60_000, 3);
        let mut bytes = Vec::new();
        long.write_with_encoder(png(&mut bytes)).unwrap();
        let picture = clean(&bytes, Format::Png).unwrap();
        assert_eq!((picture.width, picture.height), (60_000, 3));
        let small = image::load_from_memory(&picture.small.unwrap()).unwrap();
        assert_eq!((small.width(), small.height()), (320, 1));
    }
}
