//! `POST /api/files`: bytes of a person become a file that they may send.
//!
//! They go to the disk as they come. What they are is found out when all are there, by the bytes alone.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt as _;
use serde::Deserialize;
use stonechat_shared::frame::Role;
use stonechat_shared::{File, UserId, limits};

use super::Answered;
use crate::app::{App, refuse};
use crate::caller::Asker;
use crate::picture::{self, Format, Unfit};
use crate::random;
use crate::refusal::Refusal;
use crate::store::contents::{Contents, Held, Version};
use crate::store::draft::Draft;
use crate::store::{self, FileRow, files};
use crate::text::is_format;

/// Bytes that are gathered before they are written: few trips to the disk, little memory.
const GATHERED: usize = 256 * 1024;
/// How much larger than the limit a picture may become when it is written anew. What one program squeezed out of it,
/// another may not.
const GROWS: u64 = 4;
/// Random characters in a file's id: 160 bits, not to be guessed.
const ID: usize = 32;
/// When the disk did not take it: how long until it is worth another try.
const RETRY_MS: u64 = 10_000;

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    #[serde(default)]
    name: String,
}

pub(crate) async fn upload(
    State(app): State<Arc<App>>,
    asker: Asker,
    params: Result<Query<Params>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Answered<(StatusCode, Json<File>)> {
    let user = asker.signed_in()?;
    if user.role == Role::Guest {
        return asker.answer(Err(Refusal::GuestsMayNot));
    }
    let Query(params) = asker.answer(params.map_err(|error| Refusal::BadFrame(error.body_text())))?;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let file = take_in(&app, &user.id, &params.name, length, body).await;
    Ok((StatusCode::CREATED, Json(asker.answer(file)?)))
}

async fn take_in(app: &Arc<App>, user: &UserId, name: &str, length: Option<u64>, body: Body) -> Result<File, Refusal> {
    let (limit, quota) = (app.config.file_limit, app.config.files_per_person);
    // Whoever says beforehand how much it is, is told beforehand that it is too much.
    if limit == 0 || length.is_some_and(|length| length > limit) {
        return Err(Refusal::FileTooLarge { limit });
    }
    let id = user.clone();
    let used = app.store.read(move |db| files::used(db, &id)).await.map_err(refuse)?;
    if quota > 0 && used.saturating_add(length.unwrap_or_default()) > quota {
        return Err(Refusal::QuotaUsed { limit: quota });
    }
    let _upload = app.uploads.begin(user).ok_or(Refusal::TooManyUploads)?;
    let contents = Arc::clone(&app.store.contents);
    let (draft, format) = write(app, &contents, body).await?;
    let permit = match format {
        Some(_) => Some(Arc::clone(&app.uploads.pictures).acquire_owned().await.map_err(|_| closed())?),
        None => None,
    };
    let finished = blocking(move || {
        let _permit = permit;
        finish(&contents, draft, format, limit)
    });
    let (held, mut file) = finished.await?;
    file.id = format!("f_{}", random::name(ID)).into();
    file.name = clean_name(name, format.is_some().then_some(&file.kind));
    let row = FileRow { file: file.clone(), digest: held.digest, user: user.clone(), room: None };
    app.store.add_file(row, held, quota, app.clock.now()).await.map_err(refuse)??;
    Ok(file)
}

/// Writes what comes into a draft, and says what its first bytes are.
async fn write(app: &App, contents: &Arc<Contents>, body: Body) -> Result<(Draft, Option<Format>), Refusal> {
    let limit = app.config.file_limit;
    let making = Arc::clone(contents);
    let mut draft = blocking(move || making.draft().map_err(|error| not_stored(&error))).await?;
    let (mut stream, mut total) = (body.into_data_stream(), 0);
    let (mut gathered, mut head) = (Vec::new(), Vec::new());
    loop {
        // Who sends nothing for so long has gone, or means harm.
        let next = tokio::time::timeout(app.config.stall(), stream.next()).await.map_err(|_| Refusal::CutOff)?;
        let bytes: Bytes = next.transpose().map_err(|_| Refusal::CutOff)?.unwrap_or_default();
        let is_last = bytes.is_empty();
        total += bytes.len() as u64;
        if total > limit {
            return Err(Refusal::FileTooLarge { limit });
        }
        let missing = Format::HEAD - head.len();
        head.extend(&bytes[..missing.min(bytes.len())]);
        gathered.extend(bytes);
        if gathered.len() >= GATHERED || is_last {
            let full = std::mem::take(&mut gathered);
            draft = blocking(move || draft.write(&full).map(|()| draft).map_err(|error| not_stored(&error))).await?;
        }
        if is_last {
            break;
        }
    }
    if total == 0 {
        return Err(Refusal::FileEmpty);
    }
    Ok((draft, Format::of(&head)))
}

/// Keeps what was written: a picture anew, everything else byte for byte.
fn finish(
    contents: &Arc<Contents>,
    mut draft: Draft,
    format: Option<Format>,
    limit: u64,
) -> Result<(Held, File), Refusal> {
    let mut file = File {
        id: String::new().into(),
        name: String::new(),
        kind: "application/octet-stream".into(),
        size: draft.size,
        width: None,
        height: None,
    };
    let mut versions = Vec::new();
    if let Some(format) = format {
        let bytes = draft.read().map_err(|error| not_stored(&error))?;
        let picture = picture::clean(&bytes, format).map_err(|unfit| match unfit {
            Unfit::Damaged => Refusal::BadPicture,
            Unfit::TooManyPixels => Refusal::TooManyPixels,
        })?;
        drop(bytes);
        if picture.bytes.len() as u64 > limit.saturating_mul(GROWS) {
            return Err(Refusal::FileTooLarge { limit });
        }
        draft = written(contents, &picture.bytes)?;
        for (version, bytes) in [(Version::Small, picture.small), (Version::Medium, picture.medium)] {
            if let Some(bytes) = bytes {
                versions.push((version, written(contents, &bytes)?));
            }
        }
        file.kind = picture.format.media_type().to_owned();
        (file.size, file.width, file.height) = (draft.size, Some(picture.width), Some(picture.height));
    }
    let held = contents.keep(draft, versions).map_err(|error| not_stored(&error))?;
    Ok((held, file))
}

fn written(contents: &Contents, bytes: &[u8]) -> Result<Draft, Refusal> {
    let write = || {
        let mut draft = contents.draft()?;
        draft.write(bytes)?;
        Ok(draft)
    };
    write().map_err(|error| not_stored(&error))
}

/// A name as it may stand in a message and in a folder: one line, no path, nothing that cannot be seen. A picture's ends
/// as such pictures' names do, whatever it was called.
fn clean_name(name: &str, kind: Option<&String>) -> String {
    // Both separators: the name comes from one system and is saved on another.
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|&c| !c.is_control() && !is_format(c)).collect();
    let name = seen.trim().trim_matches('.').trim();
    let (mut stem, mut ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.chars().count() <= 16 => (stem, ending.to_owned()),
        Some(_) | None => (name, String::new()),
    };
    if let Some(format) = kind.and_then(|kind| FORMATS.into_iter().find(|format| format.media_type() == kind)) {
        let ends = |format: Format| format.endings().iter().any(|known| ending.eq_ignore_ascii_case(known));
        if !ends(format) {
            if !FORMATS.into_iter().any(ends) {
                stem = name;
            }
            ending = format.endings()[0].to_owned();
        }
    }
    let stem = if stem.is_empty() { "file" } else { stem };
    let room = limits::FILE_NAME_CHARS - ending.chars().count() - 1;
    let stem: String = stem.chars().take(room).collect();
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

const FORMATS: [Format; 4] = [Format::Png, Format::Jpeg, Format::Gif, Format::WebP];

async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T, Refusal> + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(job).await.map_err(|error| {
        // Only a picture can be so damaged that its reader gives up altogether.
        if error.is_panic() { Refusal::BadPicture } else { closed() }
    })?
}

fn closed() -> Refusal {
    refuse(store::Error::Closed)
}

/// What people are told where the disk did not take it; operators find the error in the log.
fn not_stored(error: &std::io::Error) -> Refusal {
    tracing::error!(%error, "a file could not be kept");
    Refusal::NotStored { retry_ms: RETRY_MS }
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn a_name_is_one_line_without_a_path_and_without_what_cannot_be_seen() {
        for (name, clean) in [
            ("notes.txt", "notes.txt"),
            ("", "file"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ann\\a.doc", "a.doc"),
            ("a/", "file"),
            ("..", "file"),
            (".bashrc", "bashrc"),
            (" a\r\nSet-Cookie: x=\"1\"; .txt", "aSet-Cookie: x=\"1\"; .txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("纪要.pdf", "纪要.pdf"),
        ] {
            assert_eq!(clean_name(name, None), clean, "{name:?}");
        }
        let long = clean_name(&format!("{}.pdf", "字".repeat(500)), None);
        assert_eq!((long.chars().count(), long.ends_with("字.pdf")), (100, true));
    }

    #[test]
    fn a_pictures_name_ends_as_what_it_is() {
        for (name, kind, clean) in [
            ("a.png", "image/png", "a.png"),
            ("a.JPEG", "image/jpeg", "a.JPEG"),
            ("a.webp", "image/jpeg", "a.jpg"),
            ("run.exe", "image/png", "run.exe.png"),
            ("page.html", "image/gif", "page.html.gif"),
            ("", "image/png", "file.png"),
        ] {
            assert_eq!(clean_name(name, Some(&kind.to_owned())), clean, "{name:?}");
        }
    }
}
