//! The server dies and comes back while people write: nothing is lost, nothing is there twice.

use stonechat_e2e::{Browser, Server, in_both_browsers};

in_both_browsers! {
    a_killed_server_costs_no_message_and_doubles_none,
    who_is_offline_says_so_and_may_go_on_writing,
}

async fn a_killed_server_costs_no_message_and_doubles_none(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    ann.takes_their_name().await;
    ben.takes_their_name().await;
    let mut expected = Vec::new();
    for round in 0..3 {
        for page in [&ann, &ben] {
            for part in ["before", "at"] {
                let text = format!("{} {part} {round}", page.who());
                page.says(&text).await;
                expected.push(text);
            }
        }
        // In the middle of what was just sent.
        server.kill();
        for page in [&ann, &ben] {
            let text = format!("{} without {round}", page.who());
            page.says(&text).await;
            expected.push(text);
        }
        server.start_again();
        for page in [&ann, &ben] {
            page.waits_for_the_line_to_be("connected").await;
        }
    }
    for page in [&ann, &ben] {
        for text in &expected {
            let author = text.split(' ').next().unwrap_or_default();
            page.sees(author, text).await;
        }
        page.until("!document.querySelector('.message[data-id]')", "nothing on its way").await;
    }
    // The same lines in the same order for both, each once.
    let lines = ann.lines().await;
    assert_eq!(lines, ben.lines().await);
    let mut texts: Vec<String> = lines.into_iter().map(|line| line.text).collect();
    texts.sort();
    expected.sort();
    assert_eq!(texts, expected);
}

async fn who_is_offline_says_so_and_may_go_on_writing(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.waits_for_the_line_to_be("connected").await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("while it was away").await;
    ann.until("document.querySelector('.message[data-state=queued]')", "the message to wait").await;
    // What waits survives the page.
    server.start_again();
    ann.sees("Ann", "while it was away").await;
    assert_eq!(ann.lines().await.len(), 1);
}
