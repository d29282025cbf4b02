//! Files: chosen, dropped and pasted, seen by the others, and gone with their message.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Look, Page, Proxy, Server, evidence, in_both_browsers};

in_both_browsers! {
    a_picture_is_shown_to_the_others_in_the_space_that_was_kept_for_it,
    where_a_picture_was_taken_reaches_nobody,
    what_is_no_picture_is_there_to_be_saved,
    what_is_too_large_is_refused_before_it_is_sent,
    a_message_waits_for_its_files_and_goes_when_they_are_there,
    an_upload_can_be_cancelled_and_the_text_stays,
    what_is_under_way_ends_when_it_is_cancelled,
    what_cannot_be_sent_says_why_in_both_languages,
    what_failed_can_be_tried_again,
    files_wait_for_who_looks_into_another_room,
    a_removed_message_takes_its_picture_with_it,
    pictures_are_looked_through_by_keyboard,
}

async fn two(browser: Browser, server: &Server) -> (Page, Page) {
    let ann = browser.open(server, "Ann").await;
    let ben = browser.open(server, "Ben").await;
    ann.takes_their_name().await;
    ben.takes_their_name().await;
    // What takes files is fetched with a name: whoever brings some comes later than that.
    for page in [&ann, &ben] {
        page.until("document.querySelector('.chooser')", "who takes files").await;
    }
    (ann, ben)
}

const THERE: &str = "document.querySelectorAll('.tray-file[data-state=there]').length";
const TRAY: &str = "document.querySelectorAll('.tray-file').length";
const LOADED: &str =
    "[...document.querySelectorAll('.picture img')].filter(it => it.complete && it.naturalWidth).length";

async fn a_picture_is_shown_to_the_others_in_the_space_that_was_kept_for_it(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    // How large it is before anything of it can have come.
    ben.executes(
        "new MutationObserver(() => {
           const box = document.querySelector('.picture')?.getBoundingClientRect();
           if (box?.width && !window.kept) window.kept = [Math.round(box.width), Math.round(box.height)];
         }).observe(document.querySelector('.stage'), { subtree: true, childList: true })",
        vec![],
    )
    .await;
    let png = ann
        .executes_async(
            "const canvas = Object.assign(document.createElement('canvas'), { width: 1200, height: 800 });
             canvas.getContext('2d').fillRect(100, 100, 500, 500);
             arguments[0](canvas.toDataURL().split(',')[1])",
            vec![],
        )
        .await;
    let folder = evidence::target().join(format!("e2e-sea-{}-{}", browser.name(), std::process::id()));
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let file = folder.join("the sea.png");
    std::fs::write(&file, evidence::from_base64(png.as_str().unwrap_or_default())).expect("a file can be written");
    ann.chooses(&file).await;
    ann.until(&format!("{THERE} === 1"), "the picture to be there").await;
    assert_eq!(
        ann.evaluate("document.querySelector('.tray-picture').src.startsWith('blob:')").await,
        true,
        "and to be seen"
    );
    ann.says("look").await;
    ben.until(&format!("{LOADED} === 1"), "the picture").await;
    let seen = "(box => [Math.round(box.width), Math.round(box.height)])(document.querySelector('.picture').getBoundingClientRect())";
    assert_eq!(ben.evaluate(seen).await, json!([400, 267]));
    assert_eq!(ben.evaluate("window.kept").await, json!([400, 267]), "nothing moves when it comes");
    let about = "(it => [it.querySelector('img').alt, it.closest('.message').querySelector('.text').textContent])(document.querySelector('.picture'))";
    assert_eq!(ben.evaluate(about).await, json!(["the sea.png", "look"]));
    assert_eq!(ann.evaluate(TRAY).await, 0, "nothing is left of it where it was written");
    assert_eq!(ann.draft().await, "");
    let _ = std::fs::remove_dir_all(&folder);
}

async fn where_a_picture_was_taken_reaches_nobody(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    let place = "48.8584 N, 2.2945 E";
    ann.brings("drop", json!([{ "name": "tower.jpg", "width": 1600, "height": 1200, "place": place }])).await;
    ann.until(&format!("{THERE} === 1"), "the picture to be there").await;
    ann.presses(Key::Enter).await;
    ben.until(&format!("{LOADED} === 1"), "the picture").await;
    let seen = ben.executes_async(SIZES, vec![json!(place)]).await;
    assert_eq!(seen["says"], json!([false, false, false]), "none of its three sizes says where");
    assert_eq!(seen["types"], json!(["image", "image", "image"]));
    let bytes: Vec<u64> =
        seen["bytes"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_u64).collect();
    assert!(bytes[0] > bytes[1] && bytes[1] > bytes[2], "{bytes:?}");
}

/// Of a picture in each of its sizes: what it is, whether these words are in it, and how many bytes it has.
const SIZES: &str = "
const [place, done] = arguments;
Promise.all(['', '?size=medium', '?size=small'].map(async size => {
  const answer = await fetch(document.querySelector('.picture').href + size);
  const content = await answer.arrayBuffer();
  return [answer.headers.get('content-type').split('/')[0], new TextDecoder('latin1').decode(content).includes(place), content.byteLength];
})).then(all => done({ types: all.map(it => it[0]), says: all.map(it => it[1]), bytes: all.map(it => it[2]) }))";

async fn what_is_no_picture_is_there_to_be_saved(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.brings("hover", json!([{ "name": "notes.txt", "text": "hello" }])).await;
    ann.until("document.querySelector('.drop').checkVisibility()", "where to let go").await;
    ann.brings("drop", json!([{ "name": "notes.txt", "text": "hello" }])).await;
    ann.until(&format!("{THERE} === 1 && !document.querySelector('.drop').checkVisibility()"), "the file to be there")
        .await;
    // It needs no words.
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('.message[data-seq] .paper')", "the file").await;
    let about = "(it => [it.download, it.querySelector('.paper-name').textContent, it.querySelector('.paper-size').textContent])(document.querySelector('.paper'))";
    assert_eq!(ben.evaluate(about).await, json!(["notes.txt", "notes.txt", "5 B"]));
    let saved = "fetch(document.querySelector('.paper').href).then(async it => [await it.text(), it.headers.get('content-disposition').split(';')[0]]).then(arguments[0])";
    assert_eq!(ben.executes_async(saved, vec![]).await, json!(["hello", "attachment"]));
    let shut = "fetch(document.querySelector('.paper').href).then(it => ['content-security-policy', 'x-content-type-options'].map(name => it.headers.get(name))).then(it => arguments[0]([it[0].includes('sandbox'), it[1]]))";
    assert_eq!(ben.executes_async(shut, vec![]).await, json!([true, "nosniff"]));
}

async fn what_is_too_large_is_refused_before_it_is_sent(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0", "--connections-per-ip", "0", "--file-limit", "2048"]);
    let (ann, _ben) = two(browser, &server).await;
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
    let (ann, ben) = two(browser, &server).await;
    ann.holds_uploads().await;
    let files = json!([{ "name": "a.txt", "text": "a" }, { "name": "b.png", "width": 40, "height": 30 }, { "name": "c.txt", "text": "c" }]);
    ann.brings("drop", files).await;
    ann.until(&format!("{TRAY} === 3"), "three files").await;
    ann.says("three of them").await;
    ann.until("document.querySelector('.tray-note')?.textContent.includes('Sent as soon as')", "that it waits").await;
    assert_eq!(ann.lines().await, []);
    ann.executes("go()", vec![]).await;
    ben.sees("Ann", "three of them").await;
    let names = "[...document.querySelectorAll('.message[data-seq] .files > *')].map(it => it.querySelector('.paper-name')?.textContent ?? it.querySelector('img').alt)";
    assert_eq!(ben.evaluate(names).await, json!(["a.txt", "b.png", "c.txt"]));
    ann.until(&format!("{TRAY} === 0 && document.querySelector('#composer-input').value === ''"), "an empty composer")
        .await;
    assert_eq!(ben.lines().await.len(), 1);
}

async fn an_upload_can_be_cancelled_and_the_text_stays(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.holds_uploads().await;
    ann.brings("drop", json!([{ "name": "a.txt", "zeros": 5_000 }])).await;
    ann.says("with a file?").await;
    ann.until("document.querySelector('.tray-note')", "that it waits").await;
    // Nothing of it, two fifths, all of it.
    for (bytes, part, said) in [(0, "0", "Waiting"), (2_000, "40", "2 KB of 5 KB"), (5_000, "100", "Almost there")] {
        ann.executes("comes(...arguments)", vec![json!(bytes), json!(5_000)]).await;
        let moved = format!(
            "document.querySelector('[role=progressbar]')?.ariaValueNow === '{part}' && document.querySelector('.tray-state').textContent === '{said}'"
        );
        ann.until(&moved, said).await;
    }
    ann.clicks("button", "Cancel a.txt").await;
    ann.until(&format!("{TRAY} === 0 && !document.querySelector('.tray-note')"), "it to be gone").await;
    assert_eq!(ann.draft().await, "with a file?");
    assert_eq!(ann.evaluate("document.activeElement.id").await, "composer-input");
    ann.executes("go()", vec![]).await;
    ann.presses(Key::Enter).await;
    ben.sees("Ann", "with a file?").await;
    assert_eq!(ben.evaluate("document.querySelectorAll('.files').length").await, 0);
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
    let (ann, ben) = two(browser, &server).await;
    ann.holds_uploads().await;
    ann.brings("drop", json!([{ "name": "a.txt", "text": "a" }])).await;
    ann.until(&format!("{TRAY} === 1"), "the file").await;
    ann.presses(Key::Enter).await;
    ann.executes("fail()", vec![]).await;
    ann.until(
        "document.querySelector('.tray-file[data-state=failed] [role=alert]')?.textContent.includes('does not answer')",
        "that it failed",
    )
    .await;
    ann.clicks("button", "Try a.txt again").await;
    ben.until("document.querySelector('.message[data-seq] .paper')", "the file").await;
}

async fn files_wait_for_who_looks_into_another_room(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
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

async fn a_removed_message_takes_its_picture_with_it(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.brings("paste", json!([{ "name": "sea.png", "width": 600, "height": 300 }])).await;
    ann.until(&format!("{THERE} === 1"), "the picture to be there").await;
    ann.presses(Key::Enter).await;
    ben.until(&format!("{LOADED} === 1"), "the picture").await;
    let place = ben.evaluate("document.querySelector('.picture').href").await;
    ben.executes("document.querySelector('.picture').click()", vec![]).await;
    ben.until("document.querySelector('#lightbox[open] img')", "the picture, large").await;
    ann.until("document.querySelector('.message[data-seq] .picture')", "it").await;
    ann.executes("document.querySelector('.message[data-seq]').focus()", vec![]).await;
    ann.until("document.activeElement.querySelector(':scope > .actions')", "what can be done").await;
    ann.presses(Key::Delete).await;
    ann.until("!document.querySelector('.picture')", "it to be gone at once where it was removed").await;
    ben.until_patiently("!document.querySelector('.picture') && !document.querySelector('#lightbox')", "it to be gone")
        .await;
    let status = "fetch(arguments[0]).then(it => it.status).then(arguments[1])";
    assert_eq!(ben.executes_async(status, vec![place]).await, 404);
}

async fn pictures_are_looked_through_by_keyboard(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    for name in ["one.png", "two.png"] {
        ann.brings("drop", json!([{ "name": name, "width": 600, "height": 300 }])).await;
        ann.until(&format!("{THERE} === 1"), "the picture to be there").await;
        ann.presses(Key::Enter).await;
        ben.until(&format!("[...document.querySelectorAll('.picture img')].some(it => it.alt === '{name}')"), name)
            .await;
    }
    ben.executes("document.querySelector('.picture').focus()", vec![]).await;
    ben.presses(Key::Enter).await;
    let shows = |name: &str| {
        format!(
            "(box => box?.open && box.getAttribute('aria-label') === '{name}' && box.querySelector('img').alt === '{name}')(document.querySelector('#lightbox'))"
        )
    };
    ben.until(&shows("one.png"), "the first, large").await;
    assert_eq!(ben.evaluate("document.querySelector('.lightbox-about').textContent.endsWith('1 of 2')").await, true);
    assert_eq!(ben.evaluate("document.querySelector('#lightbox a[download]').download").await, "one.png");
    ben.presses(Key::Left).await;
    ben.presses(Key::Right).await;
    ben.until(&shows("two.png"), "the second").await;
    ben.presses(Key::Right).await;
    ben.presses(Key::Left).await;
    ben.until(&shows("one.png"), "the first again").await;
    ben.presses(Key::Escape).await;
    ben.until("!document.querySelector('#lightbox')", "the room again").await;
    assert_eq!(
        ben.evaluate("document.activeElement.querySelector('img')?.alt").await,
        "one.png",
        "the focus is where it was"
    );
}
