//! Why a connection ends: the code for the program, the sentence for the person.

use stonechat_shared::PROTOCOL_VERSION;
use stonechat_shared::frame::{Frame, close};

use super::Out;
use crate::refusal::{Lang, Refusal};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goodbye {
    /// The server stops; come back after so many milliseconds.
    Restart { retry_ms: u64 },
    /// Too many connections from one address.
    Full,
    /// Too many frames that were no commands.
    Flood,
    /// Nothing was heard for long.
    NoPong,
    /// Another version of the wire.
    Version,
    /// Guests are not admitted, and this is one.
    NotSignedIn,
    /// The session that this connection was opened with has ended.
    SignedOut,
    /// The person has another name now: come back under it.
    Renewed,
    /// The store cannot be read now.
    NotReadable(Refusal),
}

impl Goodbye {
    pub fn out(&self, lang: Lang) -> Out {
        let (code, retry_ms) = match self {
            Self::Restart { retry_ms } => (close::RESTART, Some(*retry_ms)),
            Self::Full => (close::FULL, Some(30_000)),
            Self::Flood => (close::FLOOD, Some(60_000)),
            Self::NoPong => (close::NO_PONG, Some(1_000)),
            Self::Version => (close::VERSION, None),
            Self::NotSignedIn | Self::SignedOut => (close::SIGNED_OUT, None),
            Self::Renewed => (close::RENEWED, Some(0)),
            // Not for ever: it is the same as a server that restarts.
            Self::NotReadable(refusal) => (close::RESTART, refusal.retry_ms()),
        };
        Out::Bye(Frame::Bye { code, message: self.sentence(lang), retry_ms }.encode().into(), code)
    }

    fn sentence(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Restart { .. }, Lang::En) => "The server restarts. You will be back in a moment.".into(),
            (Self::Restart { .. }, Lang::Zh) => "服务器正在重启，马上就会恢复连接。".into(),
            (Self::Full, Lang::En) => {
                "Too many connections come from your address. Close some, or try again later.".into()
            }
            (Self::Full, Lang::Zh) => "来自你的地址的连接太多了。请关闭一些，或稍后再试。".into(),
            (Self::Flood, Lang::En) => "Too many frames were not commands. Mend the program, then come back.".into(),
            (Self::Flood, Lang::Zh) => "收到了太多无效的帧。请修正程序后再连接。".into(),
            (Self::NoPong, Lang::En) => "Nothing was heard from you for a while.".into(),
            (Self::NoPong, Lang::Zh) => "已经有一段时间没有收到你的消息了。".into(),
            (Self::Version, Lang::En) => {
                format!("This server speaks version {PROTOCOL_VERSION} only. Reload the page.")
            }
            (Self::Version, Lang::Zh) => format!("服务器只支持协议版本 {PROTOCOL_VERSION}，请重新加载页面。"),
            (Self::SignedOut, Lang::En) => "You have signed out.".into(),
            (Self::SignedOut, Lang::Zh) => "你已退出登录。".into(),
            (Self::Renewed, Lang::En) => "You have another name now.".into(),
            (Self::Renewed, Lang::Zh) => "你的名字已更改。".into(),
            (Self::NotSignedIn, _) => Refusal::NotSignedIn.sentence(lang),
            (Self::NotReadable(refusal), _) => refusal.sentence(lang),
        }
    }
}
