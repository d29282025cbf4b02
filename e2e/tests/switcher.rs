//! Going to a room by a few letters of it.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_few_letters_lead_to_a_room,
    the_switcher_speaks_chinese_and_leads_to_an_unread_room_first,
}

async fn a_few_letters_lead_to_a_room(browser: Browser) {
    let server = Server::start();
    let zoe = Writer::comes_in(&server, "Zoë");
    for (room, title) in [("design", "Design"), ("release", "Release 0.1"), ("old-designs", "The old ones")] {
        zoe.makes_room(&server, room, title);
    }
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.until("document.querySelectorAll('.room-link').length === 4", "the rooms").await;
    ann.presses_with_control('k').await;
    let options = "[...document.querySelectorAll('#switcher [role=option]')].map(it => it.textContent).join('|')";
    ann.until(&format!("{options} === 'Design|Release 0.1|The old ones|Lobby'"), "the rooms, this one last").await;
    ann.types("DSG").await;
    ann.until(&format!("{options} === 'Design|The old onesold-designs|Search messages for “DSG”'"), "those that fit")
        .await;
    let chosen = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent";
    assert_eq!(ann.evaluate(chosen).await, "Design");
    assert_eq!(
        ann.evaluate("[...document.querySelectorAll('#switcher mark')].map(it => it.textContent).join('')").await,
        "Dsg"
    );
    ann.presses(Key::Up).await;
    assert_eq!(ann.evaluate(chosen).await, "Search messages for “DSG”");
    ann.presses(Key::Down).await;
    ann.presses(Key::Down).await;
    assert_eq!(ann.evaluate(chosen).await, "The old onesold-designs");
    ann.presses(Key::Enter).await;
    ann.until("location.pathname === '/r/old-designs' && !document.querySelector('#switcher')", "the room").await;
    ann.presses_with_control('k').await;
    ann.until("document.activeElement.id === 'switcher-input'", "the switcher").await;
    ann.presses(Key::Escape).await;
    ann.until("!document.querySelector('#switcher')", "the switcher to be gone").await;
    assert_eq!(ann.evaluate("location.pathname").await, "/r/old-designs");
}

async fn the_switcher_speaks_chinese_and_leads_to_an_unread_room_first(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "design", "设计");
    zoe.makes_room(&server, "zhongwen", "中文");
    let look = Look { language: "zh-CN", ..Look::default() };
    let ann = browser.open_with(look, &server.url(), "Ann").await;
    ann.takes_their_name().await;
    zoe.sends(&json!({ "type": "post", "id": "p", "room": "zhongwen", "text": "大家好" }));
    ann.reloads().await;
    ann.until("document.querySelector('.room-link[data-unread]')", "an unread room").await;
    ann.presses_with_control('k').await;
    let options = "[...document.querySelectorAll('#switcher [role=option]')].map(it => it.textContent).join('|')";
    ann.until(&format!("{options} === '中文未读|设计|Lobby'"), "the unread room first").await;
    ann.types("文").await;
    ann.until(&format!("{options} === '中文未读|搜索包含“文”的消息'"), "the room that fits").await;
    ann.presses(Key::Enter).await;
    ann.sees("Zoë", "大家好").await;
}
