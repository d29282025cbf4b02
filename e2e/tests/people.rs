//! Who is here, who was, and who somebody is.

use serde_json::json;
use stonechat_e2e::line::{Line, Person};
use stonechat_e2e::{Browser, Look, Proxy, Server, Writer, in_both_browsers};
use stonechat_shared::{Command, Frame};

in_both_browsers! {
    a_mention_leads_to_who_is_named,
    who_is_away_or_was_here_is_seen,
    who_touches_nothing_for_ten_minutes_is_away,
    of_very_many_people_the_list_comes_in_pages,
}

async fn a_mention_leads_to_who_is_named(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben Smith");
    let ann = browser.open_named(&server, "Ann").await;
    ben.says("I am @Ben_Smith");
    ann.sees("Ben Smith", "I am @Ben_Smith").await;
    ann.clicks("link", "@Ben_Smith").await;
    ann.until("document.querySelector('#person .card-name')?.textContent === 'Ben Smith'", "who that is").await;
    let at = "${document.querySelector('.message .time').title}";
    ann.until(&card(&["Member", "Not here", &format!("Last wrote here {at}")]), "what he is, and when he wrote").await;
    ann.clicks("button", "Close").await;
    ann.turns_to_chinese().await;
    // It can be opened on its own, too, or sent to somebody.
    let link = ann.evaluate("document.querySelector('a.mention').href").await;
    ann.goes_to(link.as_str().unwrap_or_default()).await;
    ann.until("document.querySelector('#person .card-name')?.textContent === 'Ben Smith'", "him again").await;
    ann.until(&card(&["成员", "不在线", &format!("上次在此发言：{at}")]), "the same in Chinese").await;
    ann.clicks("button", "关闭").await;
    ann.sees("Ben Smith", "I am @Ben_Smith").await;
}

/// These lines and no others stand under the name on the card. A `${…}` in them is what the page has for that.
fn card(lines: &[&str]) -> String {
    let shown = "[...document.querySelectorAll('#person .field-hint')].map(it => it.textContent).join('|')";
    format!("{shown} === `{}`", lines.join("|"))
}

async fn who_is_away_or_was_here_is_seen(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben");
    ben.says("hello");
    ben.sends(&json!({ "type": "join", "room": "lobby" }));
    let ann = browser.open_named(&server, "Ann").await;
    let line = "[...document.querySelectorAll('#members .person')].find(it => it.textContent.includes('Ben'))?.dataset";
    ann.until(&format!("'online' in {line} && !('away' in {line})"), "that he is here").await;
    ben.sends(&json!({ "type": "away", "on": true }));
    ann.until(&format!("'away' in {line} && {} === 'Away'", title_of("Ben")), "that he is away").await;
    ben.sends(&json!({ "type": "away", "on": false }));
    ann.until(&format!("'online' in {line} && !('away' in {line})"), "that he is back").await;
    drop(ben);
    ann.until(&format!("{line} && !('online' in {line})"), "that he is gone").await;
    ann.until(&format!("{}.startsWith('Last seen ')", title_of("Ben")), "when he was here, in the list").await;
    ann.clicks("button", "BBen").await;
    // The server's clock says when, to the second.
    let seen =
        "${/^Last seen \\w+day, .*[AP]M$/.exec(document.querySelectorAll('#person .field-hint')[1].textContent)[0]}";
    let wrote = "Last wrote here ${document.querySelector('.message .time').title}";
    ann.until(&card(&["Member", seen, wrote]), "when he was here, and when he wrote").await;
}

/// The page's longest wait does not end by itself from now on, but by `idle`, and is `wait` long; all else is as it was.
const HOLDS_THE_LONGEST_WAIT: &str = "
const later = window.setTimeout.bind(window);
window.setTimeout = (then, ms, ...rest) => {
  if (ms < 500_000) return later(then, ms, ...rest);
  [window.idle, window.wait] = [then, ms];
  return 0;
};";

/// By its clock ten minutes have gone by, and a second.
const TEN_MINUTES_LATER: &str = "
const now = window.Date.now.bind(window.Date);
window.Date.now = () => now() + 601_000;
window.idle();";

async fn who_touches_nothing_for_ten_minutes_is_away(browser: Browser) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let mut carl = Writer::comes_in(&server, "Carl");
    carl.says("bye");
    drop(carl);
    let ben = Person::signs_in(server.addr(), "Ben");
    let mut ben = Line::open(server.addr(), Some(&ben)).expect("the server listens");
    ben.says(&Command::Join { room: "lobby".into(), after: None, epoch: None });
    let ann = browser.open_with(Look::chinese(), &proxy.url(), "Ann").await;
    ann.executes(HOLDS_THE_LONGEST_WAIT, vec![]).await;
    ann.takes_their_name().await;
    let (here, gone) = (title_of("Ann"), title_of("Carl"));
    ann.until(&format!("{here} === undefined && Math.round(window.wait / 10_000) === 60"), "herself, and ten minutes")
        .await;
    ann.until(&format!("/^上次在线：.*年/.test({gone})"), "when Carl was here").await;
    hears_that_ann_is(&mut ben, false);

    ann.executes(TEN_MINUTES_LATER, vec![]).await;
    hears_that_ann_is(&mut ben, true);
    ann.until(&format!("{here} === '离开'"), "that she is away").await;
    // The next connection is one at which somebody sits, until it hears of it as well.
    proxy.cuts();
    hears_that_ann_is(&mut ben, true);
    ann.executes("window.dispatchEvent(new window.Event('pointermove'))", vec![]).await;
    hears_that_ann_is(&mut ben, false);
    ann.until(&format!("{here} === undefined"), "that she is back").await;
}

/// What the list says of somebody besides their name; nothing of who is simply here, and null of who is not in it.
fn title_of(name: &str) -> String {
    format!(
        "(it => it ? it.getAttribute('title') ?? undefined : null)([...document.querySelectorAll('#members .person')]\
         .find(it => it.querySelector('.person-name').textContent === '{name}'))"
    )
}

/// Hears from the room that Ann is here: away, or not.
fn hears_that_ann_is(line: &mut Line, away: bool) {
    while let Some(frame) = line.hears() {
        if let Frame::Presence(presence) = frame
            && presence.joined.iter().any(|user| user.name == "Ann" && user.away == away)
        {
            return;
        }
    }
    panic!("nobody said that Ann is {}", if away { "away" } else { "here" });
}

async fn of_very_many_people_the_list_comes_in_pages(browser: Browser) {
    let server = Server::start_with(&["--connections-per-ip", "0"]);
    let mut crowd: Vec<Writer> = (0..230).map(|n| Writer::comes_in(&server, &format!("Guest {n}"))).collect();
    for writer in &mut crowd {
        writer.sends(&json!({ "type": "join", "room": "lobby" }));
    }
    let ann = browser.open_named(&server, "Ann").await;
    ann.until_patiently("document.querySelector('.here')?.textContent.trim() === '231'", "how many are here").await;
    ann.until("document.querySelectorAll('.members .person').length === 200", "one page of them").await;
    let names = "[...document.querySelectorAll('.members .person-name')].map(it => it.textContent)";
    ann.executes(&format!("window.near = ['Ann', ...{names}]"), vec![]).await;
    ann.clicks("button", "More people").await;
    ann.until("document.querySelectorAll('.members .person').length === 231", "all of them").await;
    let place = "document.querySelector('.members-scroll').scrollTop > 1000";
    assert_eq!(ann.evaluate(place).await, true, "the list stays where it was");
    assert_eq!(ann.evaluate("document.querySelector('.members .text-button')").await, json!(null), "and no more");

    // Whom the list had on its second page one can write to like everybody else.
    let far = ann.evaluate(&format!("{names}.find(name => !near.includes(name))")).await;
    let name = "[...document.querySelectorAll('.members .person-name')].find(it => it.textContent === arguments[0])";
    ann.executes(&format!("{name}.closest('button').click()"), vec![far.clone()]).await;
    ann.until(&format!("document.querySelector('#person .card-name')?.textContent === {far}"), "who that is").await;
    ann.until(&card(&["Member", "Here now"]), "that they are here").await;
    ann.clicks("button", "Message").await;
    ann.until(&format!("document.querySelector('h1').textContent === {far}"), "the room of two").await;
    only_numbers_go_out(&server, crowd).await;
}

/// Of who comes to and goes from so many, only their number is told.
async fn only_numbers_go_out(server: &Server, mut crowd: Vec<Writer>) {
    let ben = Person::signs_in(server.addr(), "Ben");
    let mut ben = Line::open(server.addr(), Some(&ben)).expect("the server listens");
    ben.says(&Command::Join { room: "lobby".into(), after: None, epoch: None });
    let mut hears = |online: usize| {
        while let Some(frame) = ben.hears() {
            let Frame::Presence(told) = frame else { continue };
            assert!(told.joined.is_empty() && told.left.is_empty(), "somebody is named: {told:?}");
            if told.online == online {
                return;
            }
        }
        panic!("nobody said that {online} are here");
    };
    hears(232);
    crowd.pop();
    hears(231);
    let mut zoe = Writer::comes_in(server, "Zoë");
    zoe.sends(&json!({ "type": "join", "room": "lobby" }));
    hears(232);
}
