//! A server that is restarted under ten thousand people: they are back within seconds, and nobody misses anything.

use std::time::{Duration, Instant};

use stonechat_e2e::crowd::Crowd;
use stonechat_e2e::{Client, Server, files};

/// How many; `$STONECHAT_CROWD` is for a smaller or a larger machine.
const GUESTS: usize = 10_000;
/// What is promised: until the server has gone, and until everybody is back once it listens again.
const PROMISED: Duration = Duration::from_secs(10);
/// How long the crowd may take to come in at first, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(120);
const WRITERS: usize = 10;
const POSTS_OF_ONE: usize = 4;

#[test]
fn ten_thousand_clients_are_back_within_ten_seconds_of_a_restart() {
    let size = std::env::var("STONECHAT_CROWD").ok().and_then(|size| size.parse().ok()).unwrap_or(GUESTS);
    files::has_room_for(size + 500);
    stonechat_e2e::run_on_all_processors(async move {
        let mut server = Server::start();
        let start = Instant::now();
        let mut crowd = Crowd::comes_in(server.addr(), size);
        in_time(PATIENCE, "the crowd to come in", crowd.has_joined(1)).await;
        eprintln!("{size} came in within {:?}; the server has {} MB", start.elapsed(), server.memory() >> 20);

        let start = Instant::now();
        let writers: Vec<_> = (0..WRITERS).map(|person| writer(&server, person)).collect();
        let before = speak(writers).await;
        let head = (WRITERS * POSTS_OF_ONE) as u64;
        in_time(PATIENCE, "everybody to hear it", crowd.has_heard(head)).await;
        eprintln!("{head} posts were heard by all within {:?}; {} MB", start.elapsed(), server.memory() >> 20);

        // What is said now meets the stop, or the start.
        let speaking = tokio::spawn(speak(before));
        let (mut server, gone) = tokio::task::spawn_blocking(move || {
            let gone = server.stops();
            (server, gone)
        })
        .await
        .expect("the server stops");
        eprintln!("the server was gone within {gone:?}");
        assert!(gone < PROMISED, "the server took {gone:?} to go");
        server.start_again();
        let listens = Instant::now();
        let mut crowd = crowd;
        in_time(PATIENCE, "everybody to be back", crowd.has_joined(2)).await;
        let back = listens.elapsed();
        speaking.await.expect("everything is said");
        in_time(PATIENCE, "everybody to hear what was said meanwhile", crowd.has_heard(2 * head)).await;
        let heard = listens.elapsed();
        eprintln!(
            "everybody was back within {back:?} and had heard everything within {heard:?}; {} MB",
            server.memory() >> 20
        );
        assert_eq!(crowd.byes(), size, "everybody was told");
        assert!(
            heard < PROMISED,
            "it took {back:?} until everybody was back, {heard:?} until all had heard everything"
        );
    });
}

fn writer(server: &Server, person: usize) -> Client {
    Client::comes_in(server.addr(), server.addr(), &format!("Writer {person}"))
}

/// Each says some things at once, and comes back where the server goes; returns when all of it stands.
async fn speak(writers: Vec<Client>) -> Vec<Client> {
    let mut tasks = tokio::task::JoinSet::new();
    for mut writer in writers {
        tasks.spawn_blocking(move || {
            (0..POSTS_OF_ONE).for_each(|post| writer.says(&format!("post {post}")));
            writer.until("all of it to stand", Client::is_settled);
            writer
        });
    }
    tasks.join_all().await
}

async fn in_time(limit: Duration, what: &str, event: impl Future<Output = ()>) {
    assert!(tokio::time::timeout(limit, event).await.is_ok(), "waited {} s for {what}", limit.as_secs());
}
