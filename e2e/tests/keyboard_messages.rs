//! What can be done to a message, without a pointer: by its single keys, and by the buttons that Tab leads to.

use stonechat_e2e::keyboard::{closes, comes_in, is_on_a_message, takes_up_the_last, writes};
use stonechat_e2e::{Browser, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    each_key_of_a_message_does_what_it_says,
    the_buttons_of_a_message_and_what_stands_in_it_need_no_pointer,
    what_is_new_is_found_and_read_without_a_pointer,
}

const NEW: &str = "document.querySelector('.divider.new')";

/// From what has the focus up to the message before.
async fn takes_up_the_one_before(ann: &Page, text: &str) {
    ann.strikes("Up").await;
    is_on_a_message(ann).await;
    let has = format!("document.activeElement.querySelector(':scope > .text').textContent.startsWith('{text}')");
    ann.until(&has, text).await;
}

async fn is_taken_up(ann: &Page, draft: &str, context: &str) {
    ann.has_the_focus_in("#composer-input").await;
    let is = format!("document.querySelector('.context')?.textContent.startsWith('{context}')");
    ann.until(&format!("{is} && document.activeElement.value === '{draft}'"), context).await;
}

async fn each_key_of_a_message_does_what_it_says(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    let seq = zoe.says("shall we?");
    let ann = comes_in(browser, &server).await;
    ann.keeps_what_is_copied().await;
    writes(&ann, "teh").await;
    takes_up_the_last(&ann).await;
    ann.strikes("e").await;
    is_taken_up(&ann, "teh", "Editing your message").await;
    for _ in 0..2 {
        ann.strikes("Backspace").await;
    }
    ann.keys_in("he").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.edited')?.parentElement.textContent === 'the (edited)'", "the new text").await;

    takes_up_the_last(&ann).await;
    takes_up_the_one_before(&ann, "shall we?").await;
    ann.strikes("p").await;
    ann.until(
        "document.activeElement.querySelector('[aria-label=Pinned]') && document.activeElement.querySelector('[aria-label=Unpin]')",
        "the pin, and the way to take it away",
    )
    .await;
    ann.strikes("p").await;
    ann.until("!document.activeElement.querySelector('[aria-label=Pinned]')", "the pin to be gone").await;
    ann.strikes("c").await;
    ann.has_copied(&format!("{}r/lobby#{seq}", server.url())).await;
    ann.strikes("a").await;
    ann.until("document.querySelector('#person .card-name')?.textContent === 'Zoë'", "who wrote it").await;
    ann.has_the_focus_on("Message").await;
    closes(&ann, "person").await;
    is_on_a_message(&ann).await;
    ann.strikes("u").await;
    ann.until(&format!("{NEW}?.nextElementSibling === document.activeElement"), "it to be new again").await;
    is_on_a_message(&ann).await;
    ann.strikes("r").await;
    is_taken_up(&ann, "", "Replying to Zoë: shall we?").await;
    writes(&ann, "let us").await;
    takes_up_the_last(&ann).await;
    ann.strikes("t").await;
    let thread = "[...document.querySelectorAll('#thread .hit-text')].map(it => it.textContent).join()";
    ann.until(&format!("{thread} === 'shall we?,let us'"), "the thread").await;
    ann.has_the_focus_in("#thread .panel-list").await;
    ann.strikes("Down").await;
    ann.strikes("Up").await;
    ann.has_the_focus_in("#thread .hit").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in(&format!(".message[data-seq='{seq}']")).await;
    ann.goes_into("Tab", "#thread .hit").await;
    ann.strikes("Escape").await;
    ann.has_the_focus_in("#composer-input").await;
    assert_eq!(ann.evaluate("document.querySelector('#thread').checkVisibility()").await, false);
}

async fn the_buttons_of_a_message_and_what_stands_in_it_need_no_pointer(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says_all(&["ask @Zoë", "```\nlet a;\n```"]);
    let ann = comes_in(browser, &server).await;
    ann.sees("Zoë", "ask @Zoë").await;
    ann.keeps_what_is_copied().await;
    takes_up_the_last(&ann).await;
    ann.tabs_to("Copy the code").await;
    ann.strikes("Enter").await;
    ann.has_copied("let a;").await;
    ann.has_the_focus_on("Copy the code").await;
    takes_up_the_one_before(&ann, "ask").await;
    ann.tabs_to("@Zoë").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('#person .card-name')?.textContent === 'Zoë'", "who that is").await;
    ann.has_the_focus_on("Message").await;
    closes(&ann, "person").await;
    ann.has_the_focus_on("@Zoë").await;

    ann.tabs_to("Mark as unread from here").await;
    ann.strikes("Enter").await;
    ann.until(&format!("{NEW}?.nextElementSibling.contains(document.activeElement)"), "it to be new again").await;
    ann.has_the_focus_on("Mark as unread from here").await;
    ann.tabs_back_to("Reply").await;
    ann.strikes("Enter").await;
    is_taken_up(&ann, "", "Replying to Zoë: ask").await;
    writes(&ann, "I do").await;
    takes_up_the_last(&ann).await;
    ann.tabs_to("Show the thread").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#thread .panel-list").await;
    ann.tabs_to("Reply to this thread").await;
    ann.strikes("Enter").await;
    is_taken_up(&ann, "", "Replying to Ann: I do").await;
    writes(&ann, "teh end").await;
    ann.until("document.querySelectorAll('#thread .hit').length === 3", "it in the thread").await;
    takes_up_the_last(&ann).await;
    ann.tabs_to("Edit").await;
    ann.strikes("Enter").await;
    is_taken_up(&ann, "teh end", "Editing your message").await;
    ann.goes_by("Shift Tab", "Cancel").await;
    ann.strikes("Enter").await;
    ann.until("!document.querySelector('.context')", "it to be let go of").await;
    ann.sees_the_focus().await;
}

async fn what_is_new_is_found_and_read_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    zoe.says("before");
    let ann = comes_in(browser, &server).await;
    ann.sees("Zoë", "before").await;
    holds_still(&ann, &mut zoe).await;
    takes_up_the_last(&ann).await;
    ann.tabs_to("#dev").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('h1').textContent === 'Development'", "the room of that name").await;
    ann.sees_the_focus().await;

    misses_much(&ann, &server, &mut zoe, "one").await;
    ann.tabs_back_to("Jump to unread").await;
    ann.strikes("Enter").await;
    let seen = format!("(it => it.top > 0 && it.bottom < innerHeight)({NEW}.getBoundingClientRect())");
    ann.until_patiently(&seen, "the first that is new").await;
    ann.until("document.querySelector('.jump-new').hidden", "the button to be gone").await;
    ann.sees_the_focus().await;
    ann.goes_into("Shift Tab", "[role=log]").await;
    ann.strikes("End").await;
    ann.until(AT_THE_END, "the newest").await;
    assert_eq!(ann.evaluate(&format!("Boolean({NEW})")).await, true, "what is new is not read by looking at the end");
    ann.strikes("Escape").await;
    ann.until(&format!("!{NEW}"), "all to be read").await;
    ann.sees_the_focus().await;

    misses_much(&ann, &server, &mut zoe, "another").await;
    ann.tabs_back_to("Mark as read").await;
    ann.strikes("Enter").await;
    ann.until(&format!("!{NEW} && document.querySelector('.jump-new').hidden"), "all to be read").await;
    ann.sees_the_focus().await;
    ann.goes_into("Shift Tab", "[role=log]").await;
    for _ in 0..60 {
        ann.strikes("Up").await;
        if ann.evaluate("document.querySelector('.jump').hidden").await == false {
            break;
        }
    }
    ann.tabs_to("Jump to now").await;
    ann.strikes("Enter").await;
    ann.until(AT_THE_END, "the newest again").await;
    ann.sees_the_focus().await;
}

/// Alt holds the room where it is once it is fast: it is pressed until then.
async fn holds_still(ann: &Page, zoe: &mut Writer) {
    for round in 0..20 {
        let lines: Vec<String> = (0..12).map(|n| format!("line {round} {n}")).collect();
        zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        ann.sees("Zoë", &format!("line {round} 11")).await;
        ann.holds("Alt").await;
        if ann.evaluate("document.querySelector('.jump').hidden").await == false {
            break;
        }
        ann.lets_go_of("Alt").await;
    }
    zoe.says_all(&["one more", "and another, in #dev"]);
    ann.until("document.querySelector('.jump:not([hidden])')?.textContent === 'Held still, 2 new'", "what waits").await;
    ann.lets_go_of("Alt").await;
    ann.sees("Zoë", "and another, in #dev").await;
    ann.until(AT_THE_END, "the room to go on").await;
    ann.has_the_focus_in("#composer-input").await;
}

const AT_THE_END: &str = "document.querySelector('.jump').hidden
  && (it => it.scrollHeight - it.clientHeight - it.scrollTop < 2)(document.querySelector('.timeline'))";

/// Opens the page anew when more was written than one counts, while it showed another room.
async fn misses_much(ann: &Page, server: &Server, zoe: &mut Writer, what: &str) {
    ann.goes_to(&format!("{}r/dev", server.url())).await;
    let lines: Vec<String> = (1..=120).map(|n| format!("{what} {n}")).collect();
    zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    ann.goes_to(&server.url()).await;
    ann.sees("Zoë", &format!("{what} 120")).await;
    ann.has_the_focus_in("#composer-input").await;
    ann.until("!document.querySelector('.jump-new').hidden", "the way to what is new").await;
}
