//! A long room: its whole history can be scrolled, and nothing moves but by the reader's hand.

use std::fmt::Write;

use stonechat_e2e::{Browser, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    five_thousand_messages_are_scrolled_to_the_top_and_back_without_a_jump,
    new_messages_do_not_move_who_reads_above,
}

/// How many messages there are, and how many rows of them may be in the page at once.
const MESSAGES: usize = 5_000;
const ROWS: u64 = 300;

/// A turn of a wheel, two views or so: what stood in the middle is out of sight then, but still in the page.
const STEP_PX: f64 = 1_800.0;

/// A jump is more than rounding: pixels by which a message may be off after a step of scrolling.
const ROUNDING_PX: f64 = 2.0;

/// Scrolls by so many pixels, then watches the message in the middle of the view until the next pictures are drawn:
/// whatever is prepended or taken away meanwhile, it must stand where the scrolling put it, and still stand there at the
/// next step. Answers how far it is off, how far the last one drifted, whether an end is reached, and how many rows
/// there are.
const STEP: &str = "
const [by, done] = [arguments[0], arguments[arguments.length - 1]];
const log = document.querySelector('[role=log]');
const middle = () => log.getBoundingClientRect().top + log.clientHeight / 2;
const messages = [...log.querySelectorAll('.message[data-seq]')];
const chosen = messages.find(message => message.getBoundingClientRect().bottom > middle()) ?? messages.at(-1);
const seq = chosen.dataset.seq;
const from = chosen.getBoundingClientRect().top;
const left = window.leftAt && log.querySelector(`.message[data-seq='${window.leftAt.seq}']`);
const drift = left ? left.getBoundingClientRect().top - window.leftAt.y : 0;
const before = log.scrollTop;
log.scrollTop = before + by;
const wanted = from - (log.scrollTop - before);
const answer = () => {
  const now = log.querySelector(`.message[data-seq='${seq}']`);
  const off = now ? now.getBoundingClientRect().top - wanted : null;
  const first = Number(log.querySelector('.message[data-seq]').dataset.seq);
  window.leftAt = now && { seq, y: now.getBoundingClientRect().top };
  done({ off, drift, seq: Number(seq), first, top: log.scrollTop <= 0, start: Boolean(log.querySelector('.start')),
    jump: !document.querySelector('.jump').hidden,
    rows: log.querySelectorAll('.rows > *').length });
};
requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(answer)));
";

async fn five_thousand_messages_are_scrolled_to_the_top_and_back_without_a_jump(browser: Browser) {
    let server = Server::start();
    fill(&server, MESSAGES);
    let ann = browser.open(&server, "Ann").await;
    ann.sees("Ben", &line(MESSAGES)).await;
    let mut jumps = String::new();
    let mut steps = 0;
    loop {
        let seen = step(&ann, -STEP_PX, &mut jumps).await;
        if seen.start && seen.top {
            break;
        }
        if seen.top {
            // Faster than the history comes: who waits at its end sees more of it.
            let more = format!(
                "document.querySelector('.start') || Number(document.querySelector('.message[data-seq]').dataset.seq) < {}",
                seen.first
            );
            ann.until(&more, "earlier messages").await;
        }
        steps += 1;
        assert!(steps < 3 * MESSAGES, "the top is never reached");
    }
    ann.sees("Ben", &line(1)).await;
    steps = 0;
    while step(&ann, STEP_PX, &mut jumps).await.jump {
        steps += 1;
        assert!(steps < 3 * MESSAGES, "the bottom is never reached");
    }
    ann.sees("Ben", &line(MESSAGES)).await;
    assert_eq!(jumps, "", "messages moved by themselves");
}

async fn new_messages_do_not_move_who_reads_above(browser: Browser) {
    let server = Server::start();
    let mut ben = fill(&server, 200);
    let ann = browser.open(&server, "Ann").await;
    ann.sees("Ben", &line(200)).await;
    let mut jumps = String::new();
    step(&ann, -900.0, &mut jumps).await;
    let place = "[...document.querySelectorAll('.message[data-seq]')].map(m => m.getBoundingClientRect().top).find(y => y > 100)";
    let before = ann.evaluate(place).await;
    for count in 0..20 {
        ben.says(&format!("new {count}"));
    }
    ann.until(
        "!document.querySelector('.jump').hidden && document.querySelector('.jump').textContent.includes('20')",
        "20 new",
    )
    .await;
    assert_eq!(ann.evaluate(place).await, before);
    ann.executes("document.querySelector('.jump').click()", vec![]).await;
    ann.sees("Ben", "new 19").await;
    ann.until("document.querySelector('.jump').hidden", "the bottom").await;
    assert_eq!(jumps, "", "messages moved by themselves");
}

/// What one step of scrolling showed.
struct Seen {
    first: u64,
    top: bool,
    start: bool,
    jump: bool,
}

async fn step(page: &Page, by: f64, jumps: &mut String) -> Seen {
    let seen = page.executes_async(STEP, vec![by.into()]).await;
    let moved = |key: &str| seen[key].as_f64().is_none_or(|pixels| pixels.abs() > ROUNDING_PX);
    if moved("off") || moved("drift") {
        writeln!(jumps, "{seen}").expect("a String takes everything");
    }
    let rows = seen["rows"].as_u64().unwrap_or_default();
    assert!(rows <= ROWS, "{rows} rows are in the page: {seen}");
    let is = |key: &str| seen[key].as_bool().unwrap_or_default();
    Seen { first: seen["first"].as_u64().unwrap_or_default(), top: is("top"), start: is("start"), jump: is("jump") }
}

fn fill(server: &Server, count: usize) -> Writer {
    let mut ben = Writer::comes_in(server, "Ben");
    let lines: Vec<String> = (1..=count).map(line).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    ben.says_all(&lines);
    ben
}

/// Of many heights: some are one line, some several.
fn line(count: usize) -> String {
    let more = "as long as what people write when they explain something ".repeat(count % 7 * (count % 3));
    format!("No. {count}, {more}").trim_end().trim_end_matches(',').to_owned()
}
