//! What calls who looks elsewhere: notes, sounds and marks, as much as each likes.

use stonechat_e2e::page::count_of;
use stonechat_e2e::{Browser, Server, Writer, in_both_browsers};

in_both_browsers! {
    who_looks_elsewhere_is_told,
    a_muted_room_is_calm,
}

async fn who_looks_elsewhere_is_told(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    let stub = "window.notes = [];
        window.Notification = class {
          static permission = 'default';
          static async requestPermission() { return Notification.permission = 'granted'; }
          constructor(title, options) { notes.push(this); this.said = `${title}: ${options.body}`; document.body.dataset.notes = notes.map(note => note.said).join(); }
          close() {}
        };";
    ann.executes(stub, vec![]).await;
    ann.clicks("button", "Settings").await;
    ann.clicks("switch", "Notifications in this browser").await;
    ann.until("document.querySelector('#settings [role=switch]').checked", "the leave to be given").await;
    ann.clicks("button", "Close").await;
    zoe.says_in("dev", "nobody in particular");
    zoe.says("@Ann, here");
    let seq = zoe.says_in("dev", "**and** there, @Ann");
    ann.until("document.body.dataset.notes?.includes('there')", "a note").await;
    // Not of what she looks at, nor of what does not name her.
    assert_eq!(ann.evaluate("document.body.dataset.notes").await, "Zoë · Development: and there, @Ann");
    ann.executes("notes[0].onclick()", vec![]).await;
    ann.until(
        &format!(
            "location.pathname === '/r/dev' && document.querySelector('.message[data-seq=\"{seq}\"][data-flash]')"
        ),
        "the message",
    )
    .await;
}

async fn a_muted_room_is_calm(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    ann.goes_to(&format!("{}r/dev", server.url())).await;
    ann.clicks("button", "Development").await;
    ann.clicks("switch", "Mute").await;
    ann.until("document.querySelector('.room-link[href=\"/r/dev\"]').dataset.muted === ''", "the room to be muted")
        .await;
    ann.clicks("button", "Close").await;
    ann.follows("/").await;
    zoe.says_in("dev", "@Ann!");
    zoe.says("done");
    ann.sees("Zoë", "done").await;
    assert_eq!(ann.evaluate(&count_of("/r/dev")).await, "");
    assert_eq!(ann.evaluate("document.title.startsWith('(')").await, false);
    ann.reloads().await;
    ann.until("document.querySelector('.room-link[href=\"/r/dev\"]')?.dataset.muted === ''", "it to stay muted").await;
}
