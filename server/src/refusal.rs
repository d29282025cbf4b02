//! Why something was not done, in the person's language. For people; what operators need to know is in `store::Error`.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use stonechat_shared::frame::{Frame, Refusal as Body};
use stonechat_shared::limits;
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
    RoomExists,
    NotYours,
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
            Self::BadFrame(_) | Self::Binary | Self::NoUpgrade | Self::BadEmoji | Self::BadPeople | Self::BadDay => {
                Code::BadFrame
            }
            Self::UnknownCommand => Code::UnknownCommand,
            Self::BadId => Code::BadId,
            Self::BadName | Self::NoSuchRoom | Self::NoSuchPage | Self::NoSuchInvite => Code::NoSuchRoom,
            Self::Empty | Self::NothingToFind => Code::Empty,
            Self::TooLong { .. } | Self::TooLarge | Self::TooManyWords { .. } => Code::TooLong,
            Self::NoSuchUser | Self::NoSuchMessage => Code::NoSuchMessage,
            Self::RoomExists | Self::NameTaken => Code::NameTaken,
            Self::NotYours
            | Self::GuestsMayNot
            | Self::BadOrigin
            | Self::NotPrivate
            | Self::NoTitle
            | Self::NotYourRoom => Code::Forbidden,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::NotSignedIn => Code::NotSignedIn,
            Self::Busy { .. } | Self::NotStored { .. } | Self::TooManyRooms | Self::TooManyInvites => Code::Overloaded,
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
            | Self::RoomExists
            | Self::NotYours
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
            | Self::BadName
            | Self::BadEmoji
            | Self::BadPeople
            | Self::NothingToFind
            | Self::BadDay => StatusCode::BAD_REQUEST,
            Self::NoUpgrade => StatusCode::UPGRADE_REQUIRED,
            Self::NoSuchRoom | Self::NoSuchUser | Self::NoSuchPage | Self::NoSuchMessage | Self::NoSuchInvite => {
                StatusCode::NOT_FOUND
            }
            Self::TooLong { .. } | Self::TooLarge | Self::TooManyWords { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RoomExists | Self::NameTaken => StatusCode::CONFLICT,
            Self::NotYours
            | Self::GuestsMayNot
            | Self::BadOrigin
            | Self::NotPrivate
            | Self::NoTitle
            | Self::NotYourRoom => StatusCode::FORBIDDEN,
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::RateLimited { .. } | Self::Busy { .. } | Self::TooManyRooms | Self::TooManyInvites => {
                StatusCode::TOO_MANY_REQUESTS
            }
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

    fn english(&self, seconds: u64) -> String {
        match self {
            Self::BadFrame(detail) => format!("This is not a command: {detail}."),
            Self::Binary => "Send commands as text frames; this one was binary.".into(),
            Self::NoUpgrade => "This address speaks WebSocket. Connect to it with a WebSocket client.".into(),
            Self::UnknownCommand => "This server does not know that command.".into(),
            Self::BadId => format!("A command's id has 1 to {} characters.", limits::ID_CHARS),
            Self::Empty => "There is nothing in it. Write something first.".into(),
            Self::TooLong { limit } => format!("That is too long. Keep it to {limit} characters."),
            Self::TooLarge => format!("That is too large. A command may have {} KiB.", limits::FRAME_BYTES / 1024),
            Self::BadName => format!(
                "A room's name has 1 to {} lower-case letters, digits and hyphens, and starts with a letter or digit.",
                limits::ROOM_CHARS
            ),
            Self::BadEmoji => format!("A reaction has 1 to {} characters.", limits::EMOJI_CHARS),
            Self::NoSuchRoom => "There is no such room. Check its name, or make it.".into(),
            Self::NoSuchUser => "Nobody here has that id.".into(),
            Self::NoSuchPage => "There is nothing at this address.".into(),
            Self::NoSuchMessage => "That message is not there, or was removed.".into(),
            Self::RoomExists => "There is a room of that name already. Choose another name.".into(),
            Self::NotYours => "Only its author may do that.".into(),
            Self::GuestsMayNot => "Choose a name first; guests may not do that.".into(),
            Self::BadOrigin => {
                "This page may not talk to this server. Open the chat at the server's own address.".into()
            }
            Self::RateLimited { .. } => format!("Slow down: try again in {seconds} s."),
            Self::NameTaken => "Somebody here has that name already. Choose another one.".into(),
            Self::NotSignedIn => "Sign in first.".into(),
            Self::Busy { .. } => format!("The server is busy: try again in {seconds} s."),
            Self::NotStored { .. } => {
                format!("The server could not save this, so it was not sent: try again in {seconds} s.")
            }
            Self::TooManyRooms => "You are in too many rooms at once. Leave one first.".into(),
            Self::NoSuchInvite => "This invitation leads nowhere any more. Ask for a new one.".into(),
            Self::NotPrivate => "That is for private rooms, and this is not one.".into(),
            Self::BadPeople => format!("A direct message is between 2 and {} people.", limits::DIRECT),
            Self::NoTitle => "A direct message has no title and no topic.".into(),
            Self::NotYourRoom => "Only who made this room may do that, or a moderator. Ask one of them.".into(),
            Self::TooManyInvites => "This room has too many invitations. Take some back first.".into(),
            Self::NothingToFind => "Write a word to search for.".into(),
            Self::TooManyWords { limit } => format!("Search for at most {limit} words at once."),
            Self::BadDay => "A day is written like this: 2026-11-24.".into(),
        }
    }

    fn chinese(&self, seconds: u64) -> String {
        match self {
            Self::BadFrame(detail) => format!("这不是一条命令：{detail}。"),
            Self::Binary => "请用文本帧发送命令；收到的是二进制帧。".into(),
            Self::NoUpgrade => "这个地址使用 WebSocket，请用 WebSocket 客户端连接。".into(),
            Self::UnknownCommand => "服务器不认识这条命令。".into(),
            Self::BadId => format!("命令的 id 须为 1 到 {} 个字符。", limits::ID_CHARS),
            Self::Empty => "内容是空的，请先写点什么。".into(),
            Self::TooLong { limit } => format!("太长了，请不要超过 {limit} 个字符。"),
            Self::TooLarge => format!("太大了，一条命令最多 {} KiB。", limits::FRAME_BYTES / 1024),
            Self::BadName => {
                format!("房间名由 1 到 {} 个小写字母、数字和连字符组成，并以字母或数字开头。", limits::ROOM_CHARS)
            }
            Self::BadEmoji => format!("表情回应须为 1 到 {} 个字符。", limits::EMOJI_CHARS),
            Self::NoSuchRoom => "没有这个房间。请检查名称，或新建一个。".into(),
            Self::NoSuchUser => "这里没有这个人。".into(),
            Self::NoSuchPage => "这个地址下什么也没有。".into(),
            Self::NoSuchMessage => "这条消息不存在，或已被删除。".into(),
            Self::RoomExists => "已经有同名的房间了，请换一个名字。".into(),
            Self::NotYours => "只有作者本人可以这样做。".into(),
            Self::GuestsMayNot => "请先取一个名字；访客不能这样做。".into(),
            Self::BadOrigin => "这个页面不能连接此服务器。请从服务器自己的地址打开聊天。".into(),
            Self::RateLimited { .. } => format!("太快了：请 {seconds} 秒后再试。"),
            Self::NameTaken => "这个名字已经有人用了，请换一个。".into(),
            Self::NotSignedIn => "请先登录。".into(),
            Self::Busy { .. } => format!("服务器繁忙：请 {seconds} 秒后再试。"),
            Self::NotStored { .. } => format!("服务器未能保存，所以没有发送：请 {seconds} 秒后再试。"),
            Self::TooManyRooms => "你同时进入的房间太多了，请先离开一个。".into(),
            Self::NoSuchInvite => "这个邀请已经失效，请索取新的邀请。".into(),
            Self::NotPrivate => "只有私密房间可以这样做，而这个房间不是。".into(),
            Self::BadPeople => format!("私信须在 2 到 {} 人之间。", limits::DIRECT),
            Self::NoTitle => "私信没有标题和主题。".into(),
            Self::NotYourRoom => "只有房间的创建者或管理员可以这样做，请联系他们。".into(),
            Self::TooManyInvites => "这个房间的邀请太多了，请先撤销一些。".into(),
            Self::NothingToFind => "请写下要搜索的词。".into(),
            Self::TooManyWords { limit } => format!("一次最多搜索 {limit} 个词，请减少一些。"),
            Self::BadDay => "日期请这样写：2026-11-24。".into(),
        }
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
