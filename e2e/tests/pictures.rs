//! Pictures: shown to the others, small and large, without what nobody should know of them.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::page::{LOADED, THERE, TRAY, two_with_files};
use stonechat_e2e::{Browser, Server, evidence, in_both_browsers};

in_both_browsers! {
    a_picture_is_shown_to_the_others_in_the_space_that_was_kept_for_it,
    where_a_picture_was_taken_reaches_nobody,
    a_removed_message_takes_its_picture_with_it,
    pictures_are_looked_through_by_keyboard,
}

async fn a_picture_is_shown_to_the_others_in_the_space_that_was_kept_for_it(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
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
    let (ann, ben) = two_with_files(browser, &server).await;
    let place = "48.8584 N, 2.2945 E";
    ann.brings("drop", json!([{ "name": "tower.jpg", "width": 1600, "height": 1200, "place": place }])).await;
    ann.until(&format!("{THERE} === 1"), "the picture to be there").await;
    ann.presses(Key::Enter).await;
    ben.until(&format!("{LOADED} === 1"), "the picture").await;
    let seen = ben.executes_async(SIZES, vec![json!(place)]).await;
    assert_eq!(seen["says"], json!([false, false, false]), "none of its three sizes says where");
    assert_eq!(seen["types"], json!(["image", "image", "image"]));
    assert_eq!(seen["sizes"], json!([[1600, 1200], [1280, 960], [320, 240]]));
}

async fn a_removed_message_takes_its_picture_with_it(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
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
    let answers = "Promise.all(['', '?size=medium', '?size=small'].map(size => fetch(arguments[0] + size).then(it => it.status))).then(arguments[1])";
    assert_eq!(ben.executes_async(answers, vec![place]).await, json!([404, 404, 404]));
}

async fn pictures_are_looked_through_by_keyboard(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two_with_files(browser, &server).await;
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
    let about = "document.querySelector('.lightbox-about').textContent.split(' · ')[1]";
    assert_eq!(ben.evaluate(about).await, "第 1 张，共 2 张");
    let steps = "[...document.querySelectorAll('.lightbox-step')].map(it => it.ariaLabel)";
    assert_eq!(ben.evaluate(steps).await, json!(["上一张", "下一张"]));
    let download = "(it => [it.ariaLabel, it.download])(document.querySelector('#lightbox a[download]'))";
    assert_eq!(ben.evaluate(download).await, json!(["下载", "one.png"]));
    ann.executes("document.querySelector('.picture').click()", vec![]).await;
    ann.until(&shows("one.png"), "the first, large").await;
    assert_eq!(ann.evaluate(about).await, "1 of 2");
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

/// Of a picture in each of its sizes: what it is, whether these words are in it, and how many pixels it has.
const SIZES: &str = "
const [place, done] = arguments;
Promise.all(['', '?size=medium', '?size=small'].map(async size => {
  const answer = await fetch(document.querySelector('.picture').href + size);
  const content = await answer.blob();
  const picture = await createImageBitmap(content);
  const says = new TextDecoder('latin1').decode(await content.arrayBuffer()).includes(place);
  return [answer.headers.get('content-type').split('/')[0], says, [picture.width, picture.height]];
})).then(all => done({ types: all.map(it => it[0]), says: all.map(it => it[1]), sizes: all.map(it => it[2]) }))";
