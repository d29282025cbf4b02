//! `GET /files/{id}`: a file, for whoever may read the message that it is in.
//!
//! Pictures are shown; everything else is saved, and by no browser taken for a page of this server's.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use stonechat_shared::FileId;

use super::Answered;
use crate::app::{App, refuse};
use crate::caller::Asker;
use crate::picture::Format;
use crate::refusal::{Answer, Refusal};
use crate::store::contents::{Version, hex};
use crate::store::{FileRow, files};

/// Bytes that are read from the disk at once: what waits for a slow reader.
const PIECE: u64 = 64 * 1024;
/// What is saved and never shown.
const OCTETS: &str = "application/octet-stream";
/// What a browser may do with a file that it opens: nothing.
const NOTHING: &str = "sandbox; default-src 'none'";

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    size: Option<Size>,
}

/// Which smaller version of a picture.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Size {
    Small,
    Medium,
}

impl Size {
    fn version(self) -> Version {
        match self {
            Self::Small => Version::Small,
            Self::Medium => Version::Medium,
        }
    }
}

pub(crate) async fn download(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(id): Path<FileId>,
    params: Result<Query<Params>, QueryRejection>,
    asked: HeaderMap,
) -> Answered<Response> {
    let Query(params) = asker.answer(params.map_err(|error| Refusal::BadFrame(error.body_text())))?;
    let found = app.store.read(move |db| files::find(db, &id)).await;
    let row = asker.answer(found.map_err(refuse))?.filter(|row| may_read(&app, &asker, row));
    let row = asker.answer(row.ok_or(Refusal::NoSuchFile))?;
    let wanted = params.size.map_or(Version::Whole, Size::version);
    let (contents, digest) = (Arc::clone(&app.store.contents), row.digest);
    let opened = tokio::task::spawn_blocking(move || {
        let open = |version| {
            let file = contents.open(&digest, version)?;
            let mut head = Vec::new();
            (&file).take(Format::HEAD as u64).read_to_end(&mut head)?;
            Ok::<_, io::Error>((version, file.metadata()?.len(), Format::of(&head), file))
        };
        // There is no smaller version of what is small.
        open(wanted).or_else(|_| open(Version::Whole))
    });
    let opened = opened.await.map_err(io::Error::other).and_then(|opened| opened);
    let (version, size, format, file) = asker.answer(opened.map_err(|error| {
        // It may have gone this very moment, with its message.
        tracing::warn!(%error, file = %row.file.id, "a file cannot be opened");
        Refusal::NoSuchFile
    }))?;
    let kind = match format.filter(|_| row.file.width.is_some()) {
        Some(format) => format.media_type(),
        None => OCTETS,
    };
    let tag = format!("\"{}-{version:?}\"", &hex(&row.digest)[..32]);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition(kind, &row.file.name)),
        (header::CONTENT_SECURITY_POLICY, NOTHING.to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
        // Kept by the browser, and asked about at each use: what was removed is shown no more.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag.clone()),
    ];
    Ok((headers, part(&asker, &asked, &tag, size, file)?).into_response())
}

/// Its uploader, until it is sent; from then on whoever may read the room that it was sent to.
fn may_read(app: &App, asker: &Asker, row: &FileRow) -> bool {
    match &row.room {
        None => asker.user.as_ref().is_some_and(|user| user.id == row.user),
        Some(room) => asker.reader(app).is_ok_and(|reader| app.room_for(&reader, room).is_ok()),
    }
}

/// All of it, or the part that was asked for, or that it is what the browser has already.
fn part(asker: &Asker, asked: &HeaderMap, tag: &str, size: u64, file: File) -> Answered<Response> {
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let known = |tags: &str| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag);
    if text(header::IF_NONE_MATCH).is_some_and(known) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let same = text(header::IF_RANGE).is_none_or(|known| known == tag);
    match text(header::RANGE).filter(|_| same).and_then(|range| ask(range, size)) {
        None => Ok(([(header::CONTENT_LENGTH, size)], read(file, 0, size)).into_response()),
        Some(Some((first, last))) => {
            let length = last - first + 1;
            let headers = [
                (header::CONTENT_LENGTH, length.to_string()),
                (header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}")),
            ];
            Ok((StatusCode::PARTIAL_CONTENT, headers, read(file, first, length)).into_response())
        }
        Some(None) => {
            let refused = Answer(Refusal::BadRange, asker.lang);
            Ok(([(header::CONTENT_RANGE, format!("bytes */{size}"))], refused).into_response())
        }
    }
}

/// The first and the last byte of the part that is asked for (RFC 9110, 14.2): outside nothing where the question is
/// not one, or one for several parts, and all is answered; inside nothing where there is no such part.
fn ask(range: &str, size: u64) -> Option<Option<(u64, u64)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (first, last) = match (first.trim(), last.trim()) {
        ("", last) => {
            let length = number(last)?;
            if length == 0 {
                return Some(None);
            }
            (size.saturating_sub(length), size.saturating_sub(1))
        }
        (first, "") => (number(first)?, size.saturating_sub(1)),
        (first, last) => {
            (number(first)?, number(last).filter(|&last| number(first).is_some_and(|first| first <= last))?)
        }
    };
    Some((first < size).then_some((first, last.min(size.saturating_sub(1)))))
}

/// Reads on when what was read is taken: a slow reader costs one piece.
fn read(file: File, first: u64, length: u64) -> Body {
    let pieces = stream::try_unfold((file, first, length), |(mut file, at, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; usize::try_from(left.min(PIECE)).unwrap_or(0)];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut piece)?;
            Ok::<_, io::Error>((file, piece))
        });
        let (file, piece) = read.await.map_err(io::Error::other)??;
        let length = piece.len() as u64;
        Ok::<_, io::Error>(Some((piece, (file, at + length, left - length))))
    });
    Body::from_stream(pieces)
}

/// Shown or saved, and under which name (RFC 6266): each byte that is not plain is written as a number.
fn disposition(kind: &str, name: &str) -> String {
    let how = if kind == OCTETS { "attachment" } else { "inline" };
    let mut text = format!("{how}; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(byte.into());
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{ask, disposition};

    #[test]
    fn a_part_of_a_file_is_found() {
        for (range, part) in [
            ("bytes=0-9", Some(Some((0, 9)))),
            ("bytes=90-", Some(Some((90, 99)))),
            ("bytes=-10", Some(Some((90, 99)))),
            ("bytes=-1000", Some(Some((0, 99)))),
            ("bytes=50-1000", Some(Some((50, 99)))),
            ("bytes=100-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=9-0", None),
            ("bytes=0-1,4-5", None),
            ("bytes=a-b", None),
            ("lines=0-9", None),
            ("bytes=18446744073709551615-", Some(None)),
        ] {
            assert_eq!(ask(range, 100), part, "{range}");
        }
    }

    #[test]
    fn no_name_gets_out_of_its_header() {
        assert_eq!(disposition("image/png", "a.png"), "inline; filename*=UTF-8''a.png");
        let odd = disposition("application/octet-stream", "\"a\";\r\n 中'.txt");
        assert_eq!(odd, "attachment; filename*=UTF-8''%22a%22%3B%0D%0A%20%E4%B8%AD%27.txt");
    }
}
