//! Pictures made by hand, with what cameras and programs put beside the pixels.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// Stands in everything that is not pixels. Nothing else contains it.
pub(crate) const PLACE: &str = "Zx9-at-home-in-Chur";

/// Red on the left, blue on the right, and fading downwards, so that one sees which way up it is.
pub(crate) fn colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let strength = 255 - u8::try_from(y * 128 / height).unwrap();
        if x < width / 2 { Rgb([strength, 0, 0]) } else { Rgb([0, 0, strength]) }
    })
}

pub(crate) fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&colours(width, height), ImageFormat::Png)
}

/// One looks through its middle.
pub(crate) fn see_through(side: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbaImage::from_fn(side, side, |x, _| Rgba([0, 200, 0, if x == side / 2 { 0 } else { 255 }]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A photograph as a phone takes it: lying on its side (6: turn it clockwise), with the place where it was taken.
pub(crate) fn photograph(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let plain = encoded(&colours(width, height), ImageFormat::Jpeg);
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    };
    let exif = segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(orientation)].concat());
    let comment = segment(0xfe, PLACE.as_bytes());
    [&plain[..2], &exif, &comment, &plain[2..], PLACE.as_bytes()].concat()
}

/// EXIF as in TIFF: how the camera was held, what is in the picture, and where on earth that is.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let (directory, gps) = (8_u32, 8 + 2 + 3 * 12 + 4);
    let text = gps + 2 + 2 * 12 + 4;
    let latitude = text + u32::try_from(PLACE.len() + 1).unwrap();
    let mut bytes = [&b"MM\0\x2a"[..], &directory.to_be_bytes(), &[0, 3]].concat();
    bytes.extend(entry(0x010e, 2, u32::try_from(PLACE.len() + 1).unwrap(), text.to_be_bytes()));
    bytes.extend(entry(0x0112, 3, 1, [0, orientation, 0, 0]));
    bytes.extend(entry(0x8825, 4, 1, gps.to_be_bytes()));
    bytes.extend([0, 0, 0, 0, 0, 2]);
    bytes.extend(entry(0x0001, 2, 2, *b"N\0\0\0"));
    bytes.extend(entry(0x0002, 5, 3, latitude.to_be_bytes()));
    bytes.extend([0; 4]);
    bytes.extend(PLACE.as_bytes());
    bytes.push(0);
    for (value, of) in [(46_u32, 1_u32), (51, 1), (3_000, 100)] {
        bytes.extend(value.to_be_bytes());
        bytes.extend(of.to_be_bytes());
    }
    bytes
}

/// A chunk of a PNG, with its checksum.
pub(crate) fn png_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in name.iter().chain(content) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], name, content, &(!crc).to_be_bytes()].concat()
}

/// A PNG that says it is of this size, whatever is in it.
pub(crate) fn claiming(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let plain = png(1, 1);
    [&plain[..8], &png_chunk(b"IHDR", &header), &plain[33..]].concat()
}

/// A moving picture of two frames, which begins again without end; with a comment, and more behind its end.
pub(crate) fn gif() -> Vec<u8> {
    use image::codecs::gif::{GifEncoder, Repeat};
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for shade in [40, 200] {
        let frame = RgbaImage::from_pixel(400, 300, Rgba([shade, shade, shade, 255]));
        encoder.encode_frame(image::Frame::from_parts(frame, 0, 0, image::Delay::from_numer_denom_ms(70, 1))).unwrap();
    }
    drop(encoder);
    let length = [u8::try_from(PLACE.len()).unwrap()];
    let comment = [&[0x21, 0xfe], &length[..], PLACE.as_bytes(), &[0]].concat();
    let table = if bytes[10] & 0x80 == 0 { 0 } else { 3 << ((bytes[10] & 7) + 1) };
    let (head, rest) = bytes.split_at(13 + table);
    [head, &comment, rest, b"<script>", PLACE.as_bytes()].concat()
}

/// A moving WebP of one frame, with EXIF and XMP.
pub(crate) fn moving_webp() -> Vec<u8> {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [name, &length[..], content, &vec![0; content.len() % 2]].concat()
    };
    let still = encoded(&colours(16, 16), ImageFormat::WebP);
    let side = [15, 0, 0];
    let canvas = [&[0x02 | 0x08 | 0x04, 0, 0, 0][..], &side, &side].concat();
    let frame = [&[0; 6][..], &side, &side, &[70, 0, 0, 0], &still[12..], &chunk(b"ABCD", PLACE.as_bytes())].concat();
    let body = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &canvas),
        chunk(b"ANIM", &[0; 6]),
        chunk(b"ANMF", &frame),
        chunk(b"EXIF", &exif(1)),
        chunk(b"XMP ", PLACE.as_bytes()),
    ]
    .concat();
    [chunk(b"RIFF", &body), PLACE.as_bytes().to_vec()].concat()
}

pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
