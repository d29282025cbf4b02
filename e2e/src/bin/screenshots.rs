//! What it looks like: pictures of a room in use, in sizes, themes and languages, in both browsers.
//!
//! `cargo xtask screenshots` runs it; words after that choose among the pictures by their names.

// A command line tool speaks on stdout.
#![allow(clippy::print_stdout)]

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Look, Page, Proxy, Server, Writer, evidence};

/// A desk, a tablet on its side, a phone.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1024, 768), (390, 844)];

/// Who wrote what, before the visitor comes: short and long, in two languages, with what breaks layouts.
const TALK: [(&str, &str); 20] = [
    ("Ann Kowalska", "Morning! The new build is on the test machine."),
    ("李雷", "早上好！我这边刷新了一下，快了很多。"),
    ("韩梅梅", "中文输入法也试过了：回车选字不会误发送 👍"),
    ("Zoë", "let seq = room.post(command).await?;"),
    ("Zoë", "One line, one seq. That is the whole trick."),
    ("韩梅梅", "如果同时有三百个人在线呢？"),
    ("Ann Kowalska", "Tried with a thousand readers yesterday: every line is encoded once, whoever reads it."),
    ("李雷", "好的，我来翻译中文版。"),
    ("Bartholomew Featherstonehaugh-C", "Splendid. Does it hold up on the train, where the line comes and goes?"),
    (
        "Ann Kowalska",
        "That is the part I like best: what you write while offline waits in the timeline, and goes out exactly once \
         when the line is back. I pulled the plug in the middle of a sentence and nothing was lost.",
    ),
    ("Zoë", "Log from last night:\nstarted 02:14:07\nkilled  02:14:09\nback    02:14:11\nlost    0"),
    (
        "李雷",
        "昨晚的日志我看了，服务器被杀掉两次，重连都在两秒以内。没有丢消息，也没有重复的消息。下午我再试一下手机网络。",
    ),
    (
        "Priya",
        "https://example.org/a/very/long/address/that/nobody/ever/reads/to/its/end?but=it&should=not&break=the&layout=of-the-page",
    ),
    ("Priya", "😄"),
    (
        "Bartholomew Featherstonehaugh-C",
        "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzundnocheinbisschenmehrdamiteslangeistalsdiezeile",
    ),
    ("Zoë", "Shall we say Thursday, 15:00?"),
    ("韩梅梅", "周四下午三点可以。"),
    ("Bartholomew Featherstonehaugh-C", "Thursday it is."),
    ("Ann Kowalska", "Thank you 🙏"),
    ("Ann Kowalska", "See you then!"),
];

/// A first visit; a room in use, files on their way into it, in it, and one of them large; beside it what is looked for
/// and what is pinned; the way to another room; a network that lets no socket pass; and one that is gone, with a line that
/// waits.
const SCENES: [&str; 11] =
    ["first", "room", "tray", "files", "lightbox", "hints", "search", "pinned", "switcher", "slow", "away"];

/// The buttons in a room's head, whatever the language.
const PINNED: &str = "document.querySelector('.head-actions button:nth-child(1)').click()";
const SEARCH: &str = "document.querySelector('.head-actions button:nth-child(2)').click()";

/// Rooms beside the lobby.
const ROOMS: [(&str, &str); 4] = [
    ("design", "Design"),
    ("release", "Release 0.1"),
    ("zhongwen", "中文"),
    ("a-long-one", "Everything that fits nowhere else and more"),
];

fn main() {
    let filters: Vec<String> = std::env::args().skip(1).collect();
    stonechat_e2e::run(take_all(filters));
}

async fn take_all(filters: Vec<String>) {
    let folder = evidence::target().join("screenshots");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    for browser in [Browser::Chromium, Browser::Firefox] {
        for (language, short) in [("en-US", "en"), ("zh-CN", "zh")] {
            for dark in [false, true] {
                let theme = if dark { "dark" } else { "light" };
                let start = format!("{}-{short}-{theme}", browser.name());
                let names: Vec<_> = SIZES
                    .iter()
                    .flat_map(|(width, height)| {
                        SCENES.map(|what| (what, *width, *height, format!("{start}-{width}x{height}-{what}.png")))
                    })
                    .filter(|(.., name)| filters.iter().all(|filter| name.contains(filter)))
                    .collect();
                if names.is_empty() {
                    continue;
                }
                let look = Look { dark, language, ..Look::default() };
                let server = Server::start();
                let writers = fill(&server);
                let proxy = Proxy::before(server.addr());
                let page = browser.open_with(look, &proxy.url(), "Robin").await;
                let last = TALK[TALK.len() - 1];
                page.sees(last.0, last.1).await;
                for what in SCENES {
                    set(what, &page, &proxy).await;
                    for (_, width, height, name) in names.iter().filter(|(other, ..)| *other == what) {
                        page.looks(Look { width: *width, height: *height, ..look }).await;
                        page.is_drawn().await;
                        page.screenshot(&folder.join(name)).await;
                        println!("{}", folder.join(name).display());
                    }
                }
                drop(writers);
            }
        }
    }
}

async fn set(scene: &str, page: &Page, proxy: &Proxy) {
    match scene {
        "room" => {
            page.takes_their_name().await;
            page.says("Count me in.").await;
            page.sees("Robin", "Count me in.").await;
        }
        "tray" => {
            page.until("document.querySelector('.chooser')", "who takes files").await;
            page.brings("drop", json!([{ "name": "sea.png", "width": 1200, "height": 800 }])).await;
            page.until("document.querySelector('.tray-file[data-state=there]')", "the picture to be there").await;
            page.holds_uploads().await;
            let files = json!([
                { "name": "the tower, seen from the other side of the river.png", "width": 600, "height": 900 },
                { "name": "notes.txt", "text": "x".repeat(30_000) },
                { "name": "too much.bin", "zeros": 40_000_000 },
            ]);
            page.brings("drop", files).await;
            page.until("document.querySelectorAll('.tray-file').length === 4", "the files").await;
        }
        "files" => {
            page.executes(
                "document.querySelector('.tray-file[data-state=failed] button:last-of-type').click()",
                vec![],
            )
            .await;
            page.says("From the trip.").await;
            page.executes("go()", vec![]).await;
            page.until_patiently(
                "[...document.querySelectorAll('.picture img')].filter(it => it.complete && it.naturalWidth).length === 2",
                "the pictures",
            )
            .await;
        }
        "lightbox" => {
            page.executes("document.querySelector('.picture').click()", vec![]).await;
            page.until("document.querySelector('#lightbox[open] img')?.complete", "the picture, large").await;
        }
        "hints" => {
            page.executes("document.querySelector('#lightbox').close()", vec![]).await;
            page.until("!document.querySelector('#lightbox')", "the room again").await;
            page.executes(SEARCH, vec![]).await;
            page.until("document.activeElement.id === 'search-input'", "the search").await;
        }
        "search" => {
            page.types("the").await;
            page.until("document.querySelector('#search .hit')", "what is found").await;
        }
        "pinned" => {
            page.executes(PINNED, vec![]).await;
            page.until("document.querySelectorAll('#pinned .hit').length === 3", "what is pinned").await;
        }
        "switcher" => {
            page.executes(PINNED, vec![]).await;
            page.until("document.activeElement.checkVisibility()", "the focus to be in the room").await;
            page.types(&[char::from(Key::Control), 'k', char::from(Key::Null)].iter().collect::<String>()).await;
            page.until("document.querySelector('#switcher-input')", "the switcher").await;
            page.types("e").await;
        }
        "slow" => {
            page.presses(Key::Escape).await;
            proxy.does(Faults { strips_upgrade: true, ..Faults::default() });
            proxy.cuts();
            page.until_patiently("document.querySelector('[data-way=events]')", "the slower way").await;
        }
        "away" => {
            proxy.does(Faults { holds: true, ..Faults::default() });
            proxy.cuts();
            page.says("Written on the train.").await;
            page.until("document.querySelector('.message[data-state=queued]')", "the line to wait").await;
            page.until_patiently("document.querySelector('[data-line=reconnecting]')", "the line to be down").await;
        }
        _ => {}
    }
}

/// A morning's talk. Those who wrote stay.
fn fill(server: &Server) -> Vec<(&'static str, Writer)> {
    let mut writers: Vec<(&str, Writer)> = Vec::new();
    for (who, text) in TALK {
        let at = writers.iter().position(|(name, _)| *name == who).unwrap_or_else(|| {
            let mut writer = Writer::comes_in(server, who);
            writer.sends(&json!({ "type": "join", "room": "lobby" }));
            if writers.is_empty() {
                for (room, title) in ROOMS {
                    writer.makes_room(server, room, title);
                }
            }
            writers.push((who, writer));
            writers.len() - 1
        });
        writers[at].1.says(text);
    }
    for target in [3, 11, 16] {
        let pin = json!({ "type": "pin", "id": format!("p{target}"), "room": "lobby", "target": target, "on": true });
        writers[0].1.sends(&pin);
    }
    writers
}
