//! What each refusal says.

use stonechat_shared::limits;

use super::Refusal;
use crate::picture::PIXELS;

impl Refusal {
    pub(super) fn english(&self, seconds: u64) -> String {
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
            Self::NoSuchFile => "That file is not there, or was removed.".into(),
            Self::NotYourFile => "Only who uploaded a file may send it. Upload it yourself.".into(),
            Self::FileSent => "That file was sent already. Upload it again to send it once more.".into(),
            Self::TooManyFiles => {
                format!(
                    "Those are too many files. One message may have {}; send the others in the next.",
                    limits::FILES
                )
            }
            Self::FileTooLarge { limit: 0 } => "This server takes no files.".into(),
            Self::FileTooLarge { limit } => format!("That file is too large. A file may have {}.", size(*limit)),
            Self::FileEmpty => "That file is empty. Choose another one.".into(),
            Self::QuotaUsed { limit } => format!(
                "There is no more place for your files: together they may have {}. Remove some of your messages first.",
                size(*limit)
            ),
            Self::TooManyUploads => "You are uploading too many files at once. Wait until one of them is there.".into(),
            Self::TooManyPixels => {
                format!("That picture is too large. Make it smaller than {} megapixels.", PIXELS / 1_000_000)
            }
            Self::BadPicture => "That picture is damaged and cannot be shown. Save it anew, then try again.".into(),
            Self::BadRange => "The file has no such part.".into(),
            Self::CutOff => "The upload broke off. Try again.".into(),
            Self::RoomExists => "There is a room of that name already. Choose another name.".into(),
            Self::NotYours => "Only its author may do that.".into(),
            Self::TooLate => "That was written too long ago to be changed.".into(),
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

    pub(super) fn chinese(&self, seconds: u64) -> String {
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
            Self::NoSuchFile => "这个文件不存在，或已被删除。".into(),
            Self::NotYourFile => "只有上传者本人可以发送文件。请自己上传一份。".into(),
            Self::FileSent => "这个文件已经发送过了。要再发一次，请重新上传。".into(),
            Self::TooManyFiles => format!("文件太多了，一条消息最多 {} 个，其余的请放到下一条。", limits::FILES),
            Self::FileTooLarge { limit: 0 } => "这个服务器不接收文件。".into(),
            Self::FileTooLarge { limit } => format!("文件太大了，最多 {}。", size(*limit)),
            Self::FileEmpty => "这个文件是空的，请换一个。".into(),
            Self::QuotaUsed { limit } => {
                format!("你的文件已经没有空间了：总共最多 {}。请先删除一些消息。", size(*limit))
            }
            Self::TooManyUploads => "同时上传的文件太多了，请等其中一个完成。".into(),
            Self::TooManyPixels => format!("图片太大了，请缩小到 {} 百万像素以内。", PIXELS / 1_000_000),
            Self::BadPicture => "图片已损坏，无法显示。请重新保存后再试。".into(),
            Self::BadRange => "文件没有这一部分。".into(),
            Self::CutOff => "上传中断了，请再试一次。".into(),
            Self::RoomExists => "已经有同名的房间了，请换一个名字。".into(),
            Self::NotYours => "只有作者本人可以这样做。".into(),
            Self::TooLate => "这条消息发出太久，已经不能更改。".into(),
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

/// Bytes as people read them, and as the page writes them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        1_048_576.. => format!("{} MB", bytes / 1_048_576),
    }
}
