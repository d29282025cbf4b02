//! Pictures: shown the right way up, in three sizes, and with nothing in them that is not seen.

use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};

use crate::support::pictures::{
    PLACE, claiming, colours, contains, encoded, exif, gif, moving_webp, photograph, png, png_chunk, see_through,
};
use crate::support::{Answer, Person, Server};

fn get(server: &Server, person: &Person, file: &Value, size: &str) -> Answer {
    let answer = server.get_as(person, &format!("/files/{}{size}", file["id"].as_str().unwrap()));
    assert_eq!(answer.status, 200, "{}", file["name"]);
    answer
}

fn seen(answer: &Answer) -> DynamicImage {
    let format = match answer.header("content-type") {
        "image/png" => ImageFormat::Png,
        "image/jpeg" => ImageFormat::Jpeg,
        "image/gif" => ImageFormat::Gif,
        "image/webp" => ImageFormat::WebP,
        other => panic!("{other} is shown"),
    };
    image::load_from_memory_with_format(&answer.body, format).unwrap()
}

#[test]
fn the_place_where_a_photograph_was_taken_is_in_none_of_its_sizes() {
    let server = Server::start();
    let ann = server.person("Ann");
    let taken = photograph(1_600, 1_200, 6);
    assert!(contains(&taken, PLACE) && contains(&taken, "Exif"));
    let file = server.uploaded(&ann, "IMG_1.jpg", &taken);
    for size in ["", "?size=medium", "?size=small"] {
        let bytes = get(&server, &ann, &file, size).body;
        for text in [PLACE, "Exif", "ICC_PROFILE"] {
            assert!(!contains(&bytes, text), "{text} in {size}");
        }
    }
    drop(server.get("/healthz"));
    for path in crate::removed_files::contents(server.data()) {
        assert!(!contains(&std::fs::read(server.data().join("files").join(&path)).unwrap(), PLACE), "{path}");
    }
}

#[test]
fn a_photograph_stands_the_right_way_up_in_all_its_sizes() {
    let server = Server::start();
    let ann = server.person("Ann");
    // Held upright: what the camera calls its left is up.
    let file = server.uploaded(&ann, "IMG_1.jpg", &photograph(1_600, 1_200, 6));
    assert_eq!((&file["width"], &file["height"]), (&json!(1_200), &json!(1_600)));
    for (size, width, height) in [("", 1_200, 1_600), ("?size=medium", 960, 1_280), ("?size=small", 240, 320)] {
        let image = seen(&get(&server, &ann, &file, size)).to_rgb8();
        assert_eq!(image.dimensions(), (width, height), "{size}");
        let (top, bottom) = (image.get_pixel(width / 2, height / 8).0, image.get_pixel(width / 2, height * 7 / 8).0);
        assert!(top[0] > 100 && top[2] < 60 && bottom[2] > 100 && bottom[0] < 60, "{size}: {top:?} {bottom:?}");
    }
}

#[test]
fn a_picture_is_shown_as_what_it_is_and_under_headers_that_let_it_do_nothing() {
    let server = Server::start();
    let ann = server.person("Ann");
    let jpeg = encoded(&colours(20, 10), ImageFormat::Jpeg);
    for (name, bytes, kept, kind) in [
        ("a.png", png(20, 10), "a.png", "image/png"),
        ("a.jpg", jpeg.clone(), "a.jpg", "image/jpeg"),
        ("page.html", jpeg, "page.html.jpg", "image/jpeg"),
        ("a.jpg", png(20, 10), "a.png", "image/png"),
        ("a.webp", encoded(&colours(20, 10), ImageFormat::WebP), "a.webp", "image/webp"),
        ("a.gif", encoded(&colours(20, 10), ImageFormat::Gif), "a.gif", "image/gif"),
    ] {
        let file = server.uploaded(&ann, name, &bytes);
        assert_eq!((&file["name"], &file["type"]), (&json!(kept), &json!(kind)));
        assert_eq!((&file["width"], &file["height"]), (&json!(20), &json!(10)));
        let answer = get(&server, &ann, &file, "");
        assert_eq!(answer.header("content-type"), kind);
        assert_eq!(answer.body.len(), file["size"].as_u64().unwrap() as usize);
        assert_eq!(answer.header("content-disposition"), format!("inline; filename*=UTF-8''{kept}"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        let small = get(&server, &ann, &file, "?size=small");
        assert_eq!(small.body, answer.body, "there is no smaller version of what is small");
        assert_eq!(seen(&answer).to_rgb8().dimensions(), (20, 10));
    }
    assert_eq!(server.get_as(&ann, "/files/f_1?size=huge").status, 400);
}

#[test]
fn a_picture_with_a_page_in_it_comes_out_without_the_page() {
    let server = Server::start();
    let ann = server.person("Ann");
    let page = format!("<html><script>alert('{PLACE}')</script></html>");
    let plain = png(20, 10);
    let comment = png_chunk(b"tEXt", format!("Comment\0{page}").as_bytes());
    let place = png_chunk(b"eXIf", &exif(1));
    let png = [&plain[..33], &comment, &place, &plain[33..], page.as_bytes()].concat();
    let plain = encoded(&colours(20, 10), ImageFormat::WebP);
    let webp = [&plain, page.as_bytes()].concat();
    for (name, bytes) in [("a.png", png), ("a.webp", webp), ("a.jpg", photograph(20, 10, 1)), ("a.gif", gif())] {
        let file = server.uploaded(&ann, name, &bytes);
        assert!(!contains(&get(&server, &ann, &file, "").body, PLACE), "{name}");
    }
}

#[test]
fn what_moves_goes_on_moving_with_nothing_but_its_frames() {
    use image::AnimationDecoder as _;
    let server = Server::start();
    let ann = server.person("Ann");
    let file = server.uploaded(&ann, "a.gif", &gif());
    let answer = get(&server, &ann, &file, "");
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(&answer.body)).unwrap();
    assert!(matches!(decoder.loop_count(), image::metadata::LoopCount::Infinite), "it begins again");
    let frames = decoder.into_frames().collect_frames().unwrap();
    let shades: Vec<u8> = frames.iter().map(|frame| frame.buffer().get_pixel(5, 5).0[0]).collect();
    assert_eq!(shades, [40, 200]);
    assert_eq!(frames[0].delay().numer_denom_ms(), (70, 1));
    assert!(!contains(&answer.body, "script") && !contains(&answer.body, PLACE));
    let small = seen(&get(&server, &ann, &file, "?size=small"));
    assert_eq!((small.width(), small.height()), (320, 240));

    let file = server.uploaded(&ann, "a.webp", &moving_webp());
    assert_eq!((&file["type"], &file["width"]), (&json!("image/webp"), &json!(16)));
    let body = get(&server, &ann, &file, "").body;
    for text in [PLACE, "EXIF", "XMP ", "ABCD"] {
        assert!(!contains(&body, text), "{text}");
    }
    let decoder = image::codecs::webp::WebPDecoder::new(std::io::Cursor::new(&body)).unwrap();
    let frames = decoder.into_frames().collect_frames().unwrap();
    assert!(frames.len() == 1 && frames[0].buffer().get_pixel(1, 0).0[0] > 250);
}

#[test]
fn one_still_looks_through_what_can_be_looked_through() {
    let server = Server::start();
    let ann = server.person("Ann");
    for (name, format) in [("a.png", ImageFormat::Png), ("a.webp", ImageFormat::WebP)] {
        let file = server.uploaded(&ann, name, &see_through(600, format));
        for (size, side) in [("", 600), ("?size=medium", 600), ("?size=small", 320)] {
            let image = seen(&get(&server, &ann, &file, size)).to_rgba8();
            assert_eq!(image.dimensions(), (side, side));
            assert!(image.get_pixel(side / 2, 9).0[3] < 255, "{name} {size}");
            assert_eq!(image.get_pixel(3, 9).0, [0, 200, 0, 255], "{name} {size}");
        }
    }
}

#[test]
fn a_picture_that_claims_to_be_enormous_is_refused_before_it_is_read() {
    let server = Server::start();
    let ann = server.person("Ann");
    let gif = |width: u16, height: u16| {
        let mut gif = gif();
        gif[6..8].copy_from_slice(&width.to_le_bytes());
        gif[8..10].copy_from_slice(&height.to_le_bytes());
        gif
    };
    let before = server.memory();
    for (name, bytes) in [
        ("a.png", claiming(50_000, 50_000)),
        ("a.png", claiming(2_000_000_000, 2_000_000_000)),
        ("a.png", claiming(7_100, 7_100)),
        ("a.gif", gif(65_535, 65_535)),
    ] {
        let refused = server.upload(&ann, name, &bytes);
        assert_eq!((refused.status, refused.code().as_str()), (413, "too_long"), "{}", refused.text());
        assert!(refused.json()["message"].as_str().unwrap().contains("50 megapixels"), "{}", refused.text());
    }
    assert!(server.memory() < before + 50_000_000, "{before} became {}", server.memory());
    assert_eq!(crate::removed_files::contents(server.data()), [""; 0]);
}

#[test]
fn a_damaged_picture_is_refused_and_leaves_nothing() {
    let server = Server::start();
    let ann = server.person("Ann");
    let (png, jpeg, gif, webp) = (png(200, 100), photograph(200, 100, 1), gif(), moving_webp());
    for (name, bytes) in [
        ("a.png", &png[..png.len() / 2]),
        ("a.png", b"\x89PNG\r\n\x1a\n<html>"),
        ("a.jpg", &jpeg[..200]),
        ("a.jpg", b"\xff\xd8\xff<html>"),
        ("a.gif", &gif[..gif.len() / 2]),
        ("a.gif", b"GIF89a<html>"),
        ("a.webp", &webp[..webp.len() / 2]),
        ("a.webp", b"RIFF\xff\xff\xff\xffWEBP<html>"),
    ] {
        let refused = server.upload(&ann, name, bytes);
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_frame"), "{name} of {} bytes", bytes.len());
        assert!(refused.json()["message"].as_str().unwrap().contains("damaged"), "{}", refused.text());
    }
    assert_eq!(crate::removed_files::contents(server.data()), [""; 0]);
}

#[test]
fn whatever_is_wrong_with_a_picture_the_server_goes_on() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut random = crate::support::Random(7);
    let whole = [png(40, 30), photograph(40, 30, 6), gif(), moving_webp(), see_through(20, ImageFormat::WebP)];
    for _ in 0..150 {
        let mut bytes = random.pick(&whole).clone();
        for _ in 0..=random.below(4) {
            let at = usize::try_from(random.below(bytes.len() as u64)).unwrap();
            bytes[at] = u8::try_from(random.below(256)).unwrap();
        }
        bytes.truncate(bytes.len() - usize::try_from(random.below(3)).unwrap());
        let answer = server.upload(&ann, "a.png", &bytes);
        assert!([201, 400, 413].contains(&answer.status), "{}: {}", answer.status, answer.text());
        assert!(answer.status != 201 || !contains(&answer.body, PLACE));
    }
    assert_eq!(server.get("/healthz").status, 200);
}
