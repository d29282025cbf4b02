//! Why something was not done, in the person's language. For people; what operators need to know is in `store::Error`.

mod words;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use stonechat_shared::frame::{Frame, Refusal as Body};
use stonechat_shared::{Code, CommandId, RoomName};

/// A refused command left no trace and used no seq.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What the reader of JSON had to say.
    BadFrame(String),
    Binary,
    /// A plain request where a WebSocket is spoken.
    NoUpgrade,
    UnknownCommand,
    BadId,
    Empty,
    TooLong {
        limit: usize,
    },
    /// More bytes than a frame may have.
    TooLarge,
    BadName,
    BadEmoji,
    NoSuchRoom,
    NoSuchUser,
    NoSuchPage,
    NoSuchMessage,
    NoSuchFile,
    NotYourFile,
    /// It is in another message, or twice in this one.
    FileSent,
    TooManyFiles,
    FileTooLarge {
        limit: u64,
    },
    FileEmpty,
    /// More bytes than one person's files may have together.
    QuotaUsed {
        limit: u64,
    },
    TooManyUploads,
    TooManyPixels,
    BadPicture,
    BadRange,
    /// The upload broke off.
    CutOff,
    RoomExists,
    NotYours,
    /// It was written too long ago to be changed.
    TooLate,
    GuestsMayNot,
    BadOrigin,
    RateLimited {
        retry_ms: u64,
    },
    NameTaken,
    NotSignedIn,
    /// More is under way than the server holds at once.
    Busy {
        retry_ms: u64,
    },
    /// The disk did not take it.
    NotStored {
        retry_ms: u64,
    },
    TooManyRooms,
    NoSuchInvite,
    NotPrivate,
    BadPeople,
    TooManyInvites,
    NoTitle,
    NotYourRoom,
    /// A search without a word in it.
    NothingToFind,
    TooManyWords {
        limit: usize,
    },
    BadDay,
}

/// A refusal on its way out: the `error` frame of the wire, with the fitting status.
#[derive(Debug)]
pub struct Answer(pub Refusal, pub Lang);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.0.status(), Json(self.0.frame(self.1, None, None))).into_response()
    }
}

/// A language that the server speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    En,
    Zh,
}

impl Lang {
    /// The first language of `Accept-Language` that the server speaks. Browsers list them by preference already.
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        accepted.split(',').find_map(|tag| Self::parse(tag.trim())).unwrap_or_default()
    }

    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.split(['-', ';']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") {
            Some(Self::Zh)
        } else if language.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }
}

impl Refusal {
    pub fn code(&self) -> Code {
        match self {
            Self::BadFrame(_)
            | Self::Binary
            | Self::NoUpgrade
            | Self::BadEmoji
            | Self::BadPeople
            | Self::BadDay
            | Self::BadPicture
            | Self::BadRange
            | Self::CutOff => Code::BadFrame,
            Self::UnknownCommand => Code::UnknownCommand,
            Self::BadId => Code::BadId,
            Self::BadName | Self::NoSuchRoom | Self::NoSuchPage | Self::NoSuchInvite => Code::NoSuchRoom,
            Self::NoSuchFile | Self::FileSent => Code::NoSuchFile,
            Self::Empty | Self::FileEmpty | Self::NothingToFind => Code::Empty,
            Self::TooLong { .. }
            | Self::TooLarge
            | Self::TooManyWords { .. }
            | Self::TooManyFiles
            | Self::FileTooLarge { .. }
            | Self::QuotaUsed { .. }
            | Self::TooManyPixels => Code::TooLong,
            Self::NoSuchUser | Self::NoSuchMessage => Code::NoSuchMessage,
            Self::RoomExists | Self::NameTaken => Code::NameTaken,
            Self::NotYours
            | Self::TooLate
            | Self::NotYourFile
            | Self::GuestsMayNot
            | Self::BadOrigin
            | Self::NotPrivate
            | Self::NoTitle
            | Self::NotYourRoom => Code::Forbidden,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::NotSignedIn => Code::NotSignedIn,
            Self::Busy { .. }
            | Self::NotStored { .. }
            | Self::TooManyRooms
            | Self::TooManyInvites
            | Self::TooManyUploads => Code::Overloaded,
        }
    }

    pub fn retry_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_ms } | Self::Busy { retry_ms } | Self::NotStored { retry_ms } => Some(*retry_ms),
            Self::BadFrame(_)
            | Self::Binary
            | Self::NoUpgrade
            | Self::UnknownCommand
            | Self::BadId
            | Self::Empty
            | Self::TooLong { .. }
            | Self::TooLarge
            | Self::BadName
            | Self::BadEmoji
            | Self::NoSuchRoom
            | Self::NoSuchUser
            | Self::NoSuchPage
            | Self::NoSuchMessage
            | Self::NoSuchFile
            | Self::NotYourFile
            | Self::FileSent
            | Self::TooManyFiles
            | Self::FileTooLarge { .. }
            | Self::FileEmpty
            | Self::QuotaUsed { .. }
            | Self::TooManyUploads
            | Self::TooManyPixels
            | Self::BadPicture
            | Self::BadRange
            | Self::CutOff
            | Self::RoomExists
            | Self::NotYours
            | Self::TooLate
            | Self::GuestsMayNot
            | Self::BadOrigin
            | Self::NameTaken
            | Self::NotSignedIn
            | Self::TooManyRooms
            | Self::NoSuchInvite
            | Self::NotPrivate
            | Self::BadPeople
            | Self::TooManyInvites
            | Self::NoTitle
            | Self::NotYourRoom
            | Self::NothingToFind
            | Self::TooManyWords { .. }
            | Self::BadDay => None,
        }
    }

    /// The fitting HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadFrame(_)
            | Self::Binary
            | Self::UnknownCommand
            | Self::BadId
            | Self::Empty
            | Self::FileEmpty
            | Self::BadPicture
            | Self::CutOff
            | Self::BadName
            | Self::BadEmoji
            | Self::BadPeople
            | Self::NothingToFind
            | Self::BadDay => StatusCode::BAD_REQUEST,
            Self::NoUpgrade => StatusCode::UPGRADE_REQUIRED,
            Self::NoSuchRoom
            | Self::NoSuchUser
            | Self::NoSuchPage
            | Self::NoSuchMessage
            | Self::NoSuchInvite
            | Self::NoSuchFile
            | Self::FileSent => StatusCode::NOT_FOUND,
            Self::TooLong { .. }
            | Self::TooLarge
            | Self::TooManyWords { .. }
            | Self::TooManyFiles
            | Self::FileTooLarge { .. }
            | Self::QuotaUsed { .. }
            | Self::TooManyPixels => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadRange => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::RoomExists | Self::NameTaken => StatusCode::CONFLICT,
            Self::NotYours
            | Self::TooLate
            | Self::NotYourFile
            | Self::GuestsMayNot
            | Self::BadOrigin
            | Self::NotPrivate
            | Self::NoTitle
            | Self::NotYourRoom => StatusCode::FORBIDDEN,
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::RateLimited { .. }
            | Self::Busy { .. }
            | Self::TooManyRooms
            | Self::TooManyInvites
            | Self::TooManyUploads => StatusCode::TOO_MANY_REQUESTS,
            Self::NotStored { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What happened and what to do, in one or two sentences.
    pub fn sentence(&self, lang: Lang) -> String {
        let seconds = self.retry_ms().unwrap_or_default().div_ceil(1000);
        match lang {
            Lang::En => self.english(seconds),
            Lang::Zh => self.chinese(seconds),
        }
    }

    pub fn body(&self, lang: Lang) -> Body {
        Body { id: None, room: None, code: self.code(), message: self.sentence(lang), retry_ms: self.retry_ms() }
    }

    pub fn frame(&self, lang: Lang, id: Option<CommandId>, room: Option<RoomName>) -> Frame {
        Frame::Error(Body { id, room, ..self.body(lang) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_the_server_speaks_is_taken() {
        for (accepted, lang) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("zh", Lang::Zh),
            ("de-DE,zh-TW;q=0.5", Lang::Zh),
            ("en-GB,zh;q=0.1", Lang::En),
            ("de", Lang::En),
            ("", Lang::En),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, accepted.parse().unwrap())]);
            assert_eq!(Lang::of(&headers), lang, "{accepted}");
        }
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_rounded_up() {
        let refusal = Refusal::RateLimited { retry_ms: 1_200 };
        assert_eq!(refusal.sentence(Lang::En), "Slow down: try again in 2 s.");
        assert_eq!(refusal.sentence(Lang::Zh), "太快了：请 2 秒后再试。");
    }
}
