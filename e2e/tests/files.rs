//! Files: chosen, dropped and pasted, seen by the others, and gone with their message.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::page::{LOADED, THERE, TRAY, two_with_files};
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Look, Proxy, Server, in_both_browsers};

in_both_browsers! {
    what_is_no_picture_is_there_to_be_saved,
    what_is_too_large_is_refused_before_it_is_sent,
    a_message_waits_for_its_files_and_goes_when_they_are_there,
    an_upload_can_be_cancelled_and_the_text_stays,
    what_is_under_way_ends_when_it_is_cancelled,
    what_cannot_be_sent_says_why_in_both_languages,
    what_failed_can_be_tried_again,
    files_wait_for_who_looks_into_another_room,
}

async fn what_is_no_picture_is_there_to_be_saved(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
    // What a file is its bytes say, and nobody's name for it.
    let files = json!([
        { "name": "notes.txt", "text": "hello" },
        { "name": "page.png", "text": "<script>document.title = 'taken'</script>" },
        { "name": "sea.txt", "width": 60, "height": 40 }
    ]);
    for (page, sentence) in [(&ben, "松开即可发送文件"), (&ann, "Drop files to send them")] {
        page.brings("hover", files.clone()).await;
        let hint = "document.querySelector('.drop')";
        page.until(&format!("{hint}.checkVisibility() && {hint}.textContent === '{sentence}'"), "where to let go")
            .await;
    }
    ann.brings("drop", files).await;
    ann.until(&format!("{THERE} === 3 && !document.querySelector('.drop').checkVisibility()"), "the files to be there")
        .await;
    // They need no words.
    ann.presses(Key::Enter).await;
    ben.until(&format!("document.querySelector('.message[data-seq] .paper') && {LOADED} === 1"), "the files").await;
    assert_eq!(
        ben.evaluate("[...document.querySelectorAll('.picture img')].map(it => it.alt)").await,
        json!(["sea.txt.png"])
    );
    let about = "[...document.querySelectorAll('.paper')].map(it => [it.download, it.querySelector('.paper-name').textContent, it.querySelector('.paper-size').textContent])";
    let said = json!([["notes.txt", "notes.txt", "5 B"], ["page.png", "page.png", "41 B"]]);
    assert_eq!(ben.evaluate(about).await, said);
    let script = json!("<script>document.title = 'taken'</script>");
    let shut = |content| json!([content, "application/octet-stream", "attachment", true, "nosniff"]);
    assert_eq!(ben.executes_async(SAVED, vec![]).await, json!([shut(json!("hello")), shut(script)]));
}

/// Of each file: its content, what it is said to be, and what a browser may do with it.
const SAVED: &str = "
const done = arguments[0];
Promise.all([...document.querySelectorAll('.paper')].map(async it => {
  const answer = await fetch(it.href);
  const says = name => answer.headers.get(name);
  return [await answer.text(), says('content-type'), says('content-disposition').split(';')[0],
    says('content-security-policy').includes('sandbox'), says('x-content-type-options')];
})).then(done)";

async fn what_is_too_large_is_refused_before_it_is_sent(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0", "--connections-per-ip", "0", "--file-limit", "2048"]);
    let (ann, _ben) = two_with_files(browser, &server).await;
    ann.brings("paste", json!([{ "name": "long.txt", "text": "x".repeat(3_000) }])).await;
    ann.until(
        "document.querySelector('.tray-file[data-state=failed] [role=alert]')?.textContent === 'Too large: a file may have 2 KB.'",
        "why it cannot be sent",
    )
    .await;
    let asked = "performance.getEntriesByType('resource').filter(it => it.name.includes('/api/files')).length";
    assert_eq!(ann.evaluate(asked).await, 0, "nothing of it was sent");
    ann.says("without it").await;
    ann.until("document.querySelector('.under[data-kind=error]')", "what to do").await;
    assert_eq!(ann.draft().await, "without it");
    ann.clicks("button", "Leave out long.txt").await;
    ann.until(&format!("{TRAY} === 0"), "it to be left out").await;
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "without it").await;
}

async fn a_message_waits_for_its_files_and_goes_when_they_are_there(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
    ann.holds_uploads().await;
    let files = json!([{ "name": "a.txt", "text": "a" }, { "name": "b.png", "width": 40, "height": 30 }, { "name": "c.txt", "text": "c" }]);
    ann.brings("drop", files).await;
    ann.until(&format!("{TRAY} === 3"), "three files").await;
    ann.says("three of them").await;
    ann.until("document.querySelector('.tray-note')", "that it waits").await;
    assert_eq!(ann.lines().await, []);
    // It is held back, and goes neither now nor when its files are there.
    ann.presses(Key::Escape).await;
    ann.until("!document.querySelector('.tray-note')", "it to wait no more").await;
    ann.executes("go()", vec![]).await;
    ann.until(&format!("{THERE} === 3"), "three files").await;
    ann.is_drawn().await;
    assert_eq!((ann.lines().await, ann.draft().await), (vec![], "three of them".to_owned()));
    ann.holds_uploads().await;
    ann.brings("drop", json!([{ "name": "d.txt", "text": "d" }])).await;
    ann.until(&format!("{TRAY} === 4"), "the fourth").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('.tray-note')", "that it waits").await;
    assert_eq!(ann.lines().await, []);
    ann.executes("go()", vec![]).await;
    ben.sees("Ann", "three of them").await;
    let names = "[...document.querySelectorAll('.message[data-seq] .files > *')].map(it => it.querySelector('.paper-name')?.textContent ?? it.querySelector('img').alt)";
    assert_eq!(ben.evaluate(names).await, json!(["a.txt", "b.png", "c.txt", "d.txt"]));
    ann.until(&format!("{TRAY} === 0 && document.querySelector('#composer-input').value === ''"), "an empty composer")
        .await;
    assert_eq!(ben.lines().await.len(), 1);
}

async fn an_upload_can_be_cancelled_and_the_text_stays(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
    let english = [
        "Sent as soon as its files are there. Esc holds it back.",
        "Waiting",
        "2 KB of 5 KB",
        "Almost there",
        "Cancel",
    ];
    let chinese = ["文件上传完成后立即发送。按 Esc 取消。", "等待中", "2 KB / 5 KB", "即将完成", "取消上传"];
    for (page, other, [note, waits, part, looked_at, cancel]) in [(&ann, &ben, english), (&ben, &ann, chinese)] {
        page.holds_uploads().await;
        page.brings("drop", json!([{ "name": "a.txt", "zeros": 5_000 }])).await;
        page.says("with a file?").await;
        page.until(&format!("document.querySelector('.tray-note')?.textContent === '{note}'"), note).await;
        // Nothing of it, two fifths, all of it.
        for (bytes, percent, said) in [(0, "0", waits), (2_000, "40", part), (5_000, "100", looked_at)] {
            page.executes("comes(...arguments)", vec![json!(bytes), json!(5_000)]).await;
            let moved = format!(
                "document.querySelector('[role=progressbar]')?.ariaValueNow === '{percent}' && document.querySelector('.tray-state').textContent === '{said}'"
            );
            page.until(&moved, said).await;
        }
        page.clicks("button", &format!("{cancel} a.txt")).await;
        page.until(&format!("{TRAY} === 0 && !document.querySelector('.tray-note')"), "it to be gone").await;
        assert_eq!(page.draft().await, "with a file?");
        assert_eq!(page.evaluate("document.activeElement.id").await, "composer-input");
        page.executes("go()", vec![]).await;
        page.presses(Key::Enter).await;
        other.sees(page.who(), "with a file?").await;
        assert_eq!(other.evaluate("document.querySelectorAll('.files').length").await, 0);
    }
}

async fn what_is_under_way_ends_when_it_is_cancelled(browser: Browser) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let ann = browser.open_at(&proxy.url(), "Ann").await;
    ann.takes_their_name().await;
    ann.until("document.querySelector('.chooser')", "who takes files").await;
    let listens = "const open = XMLHttpRequest.prototype.open;
      XMLHttpRequest.prototype.open = function (...how) {
        for (const end of ['abort', 'load', 'error']) this.addEventListener(end, () => { document.body.dataset.end = end; });
        return open.apply(this, how);
      };";
    ann.executes(listens, vec![]).await;
    // It gets as far as the proxy, and no further.
    proxy.does(Faults { holds: true, ..Faults::default() });
    ann.brings("drop", json!([{ "name": "a.bin", "zeros": 9_000_000 }])).await;
    ann.says("with a file?").await;
    let part = "Number(document.querySelector('[role=progressbar]')?.ariaValueNow)";
    ann.until(&format!("{part} > 0 && {part} < 100"), "a part of it to be under way").await;
    ann.clicks("button", "Cancel a.bin").await;
    ann.until("document.body.dataset.end === 'abort'", "the request to end").await;
    ann.until(&format!("{TRAY} === 0 && !document.querySelector('.tray-note')"), "it to be gone").await;
    proxy.heals();
    ann.is_in_the_room().await;
    assert_eq!((ann.draft().await, ann.lines().await), ("with a file?".to_owned(), vec![]));
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "with a file?").await;
    assert_eq!(ann.lines().await.len(), 1);
    assert_eq!(ann.evaluate("document.querySelectorAll('.files').length").await, 0);
}

/// What is said of a file: that it is too large, that there is no place for it, that there are too many.
const REFUSED: [(&str, [&str; 4]); 2] = [
    (
        "en-US",
        [
            "Leave out",
            "Too large: a file may have 20 KB.",
            "There is no more place for your files: together they may have 24 KB. Remove some of your messages first.",
            "One message has 10 files at most; send the others in the next.",
        ],
    ),
    (
        "zh-CN",
        [
            "移除",
            "太大了：文件最大 20 KB。",
            "你的文件已经没有空间了：总共最多 24 KB。请先删除一些消息。",
            "一条消息最多 10 个文件，其余的请放到下一条。",
        ],
    ),
];

async fn what_cannot_be_sent_says_why_in_both_languages(browser: Browser) {
    let limits = ["--file-limit", "20480", "--files-per-person", "24576"];
    let server = Server::start_with(&[&["--post-rate", "0", "--connections-per-ip", "0"], &limits[..]].concat());
    for (language, [leave_out, too_large, no_place, too_many]) in REFUSED {
        let ann = browser.open_with(Look { language, ..Look::default() }, &server.url(), language).await;
        ann.takes_their_name().await;
        ann.until("document.querySelector('.chooser')", "who takes files").await;
        ann.brings("drop", json!([{ "name": "a.bin", "zeros": 15_000 }])).await;
        ann.until(&format!("{THERE} === 1"), "the first to be there").await;
        for (zeros, sentence) in [(30_000, too_large), (15_000, no_place)] {
            ann.brings("drop", json!([{ "name": "b.bin", "zeros": zeros }])).await;
            let failed = "document.querySelector('.tray-file[data-state=failed] [role=alert]')?.textContent";
            ann.until(&format!("{failed} === {}", json!(sentence)), sentence).await;
            ann.clicks("button", &format!("{leave_out} b.bin")).await;
            ann.until(&format!("{TRAY} === 1"), "it to be left out").await;
        }
        // With the one that is there these are eleven.
        let ten: Vec<_> = (0..10).map(|n| json!({ "name": format!("{n}.txt"), "text": "x" })).collect();
        ann.brings("drop", json!(ten)).await;
        let said = format!("document.querySelector('.notice')?.textContent === {}", json!(too_many));
        ann.until(&said, too_many).await;
        assert_eq!(ann.evaluate(TRAY).await, 10, "as many as may be are taken");
    }
}

async fn what_failed_can_be_tried_again(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
    let english = [
        "The server does not answer. Try again in a moment.",
        "Try the files that failed again, or leave them out.",
        "Try a.txt again",
    ];
    let chinese = ["服务器没有响应，请稍后再试。", "请重试上传失败的文件，或将其移除。", "重新上传 a.txt"];
    for (n, page, other, [failed, what_to_do, again]) in [(1, &ann, &ben, english), (2, &ben, &ann, chinese)] {
        page.holds_uploads().await;
        page.brings("drop", json!([{ "name": "a.txt", "text": "a" }])).await;
        page.until(&format!("{TRAY} === 1"), "the file").await;
        page.presses(Key::Enter).await;
        page.executes("fail()", vec![]).await;
        let said = "document.querySelector('.tray-file[data-state=failed] [role=alert]')?.textContent";
        page.until(&format!("{said} === '{failed}'"), failed).await;
        page.presses(Key::Enter).await;
        let under = "document.querySelector('.under[role=alert]')?.textContent";
        page.until(&format!("{under} === '{what_to_do}'"), what_to_do).await;
        page.clicks("button", again).await;
        other
            .until(&format!("document.querySelectorAll('.message[data-seq] .paper').length === {n}"), "the file")
            .await;
    }
}

async fn files_wait_for_who_looks_into_another_room(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
    ann.holds_uploads().await;
    ann.brings("drop", json!([{ "name": "a.txt", "text": "a" }])).await;
    ann.says("from far").await;
    ann.until("document.querySelector('.tray-note')", "that it waits").await;
    ann.executes("history.pushState(null, '', '/r/dev'); dispatchEvent(new PopStateEvent('popstate'))", vec![]).await;
    ann.until(&format!("{TRAY} === 0"), "a room without files").await;
    ann.executes("go()", vec![]).await;
    ben.sees("Ann", "from far").await;
    ann.executes("history.back()", vec![]).await;
    ann.until("document.querySelector('.message[data-seq] .paper')", "the message, sent").await;
    assert_eq!((ann.evaluate(TRAY).await, ann.draft().await), (json!(0), String::new()));
}
