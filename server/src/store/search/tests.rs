//! What is found, and what is never answered: any text is searched for, or refused in a sentence.

use std::path::Path;

use proptest::prelude::*;
use rusqlite::Connection;
use stonechat_shared::frame::{Role, User};
use stonechat_shared::page::Found;
use stonechat_shared::{Command, limits};

use super::*;
use crate::refusal::{Lang, Refusal};
use crate::store::{log, schema};

fn store() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection, Path::new("memory")).unwrap();
    connection
}

fn ann() -> User {
    User { id: "u_ann".into(), name: "Ann Lee".into(), role: Role::Member, away: false }
}

/// Carries a command out; its id is its number.
fn commit(connection: &Connection, count: u64, command: impl FnOnce(stonechat_shared::CommandId) -> Command) {
    let command = command(format!("c{count}").as_str().into());
    log::commit(connection, &RoomName::LOBBY.into(), &ann(), &command, &[], 1_000 + count, 0).unwrap().unwrap();
}

fn post(connection: &Connection, seq: u64, text: &str) {
    commit(connection, seq, |id| Command::Post {
        id,
        room: RoomName::LOBBY.into(),
        text: text.into(),
        reply: None,
        files: Vec::new(),
    });
}

fn edit(connection: &Connection, count: u64, target: u64, text: &str) {
    commit(connection, count, |id| Command::Edit { id, room: RoomName::LOBBY.into(), target, text: text.into() });
}

fn remove(connection: &Connection, count: u64, target: u64) {
    commit(connection, count, |id| Command::Remove { id, room: RoomName::LOBBY.into(), target });
}

fn search(connection: &Connection, q: &str) -> Result<Found, Refusal> {
    let (query, rooms) = (Query::parse(q)?, vec![RoomName::LOBBY.into()]);
    let search = Search { query, rooms, before: None, limit: limits::SEARCH_PAGE, reader: ann().id };
    Ok(find(connection, &search).unwrap().expect("it goes on from nowhere"))
}

fn seqs(connection: &Connection, q: &str) -> Vec<Seq> {
    search(connection, q).unwrap().messages.iter().map(|hit| hit.message.seq).collect()
}

#[test]
fn what_looks_like_the_indexs_own_language_is_words() {
    let db = store();
    for (seq, text) in (1..).zip([
        "NEAR(a b, 2)",
        "text: AND \"about\" OR NOT x*",
        "{text about} : ^one + two",
        "C++ or c#?",
        "it's 100% sure",
        "search rowid rank",
    ]) {
        post(&db, seq, text);
        for q in [text.to_owned(), format!("\"{text}\""), text.to_uppercase(), format!("({text}")] {
            assert!(seqs(&db, &q).contains(&seq), "{q}");
        }
    }
    assert_eq!(seqs(&db, "a OR two"), [0; 0], "all words must be there, and OR is one of them");
    assert_eq!(seqs(&db, "about : r1"), [0; 0], "what is noted about a message is not its text");
}

#[test]
fn the_last_word_may_be_a_beginning_and_no_other() {
    let db = store();
    post(&db, 1, "searching high and low");
    assert_eq!(seqs(&db, "sear"), [1]);
    assert_eq!(seqs(&db, "high sear"), [1]);
    assert_eq!(seqs(&db, "searching hi"), [1]);
    for q in ["sear ", "sear high", "\"sear\"", "s", "high l"] {
        assert_eq!(seqs(&db, q), [0; 0], "{q}");
    }
}

#[test]
fn nothing_comes_from_a_room_that_was_not_named_however_many_were() {
    let db = store();
    let rooms: Vec<RoomName> = (0..20).map(|n| format!("room-{n}").as_str().into()).collect();
    for (n, room) in (0..).zip(&rooms) {
        db.execute("INSERT INTO rooms (name, title) VALUES (?1, ?1)", [room.as_str()]).unwrap();
        for m in 0..3 {
            let id = format!("{n}-{m}").as_str().into();
            let post = Command::Post { id, room: room.clone(), text: "a stone".into(), reply: None, files: Vec::new() };
            log::commit(&db, room, &ann(), &post, &[], 1, 0).unwrap().unwrap();
        }
    }
    for named in [0, 1, 2, 8, 9, 19] {
        // The oldest ones, so that a limit that counts others finds nothing.
        let rooms = rooms[..named].to_vec();
        for q in ["stone", "from:\"ann lee\"", "before:2000-01-01"] {
            let query = Query::parse(q).unwrap();
            let search = Search { query, rooms: rooms.clone(), before: None, limit: 4, reader: ann().id };
            let found = find(&db, &search).unwrap().unwrap();
            let places: Vec<_> = found.messages.iter().map(|hit| (hit.room.clone(), hit.message.seq)).collect();
            let all = rooms.iter().rev().flat_map(|room| [3, 2, 1].map(|seq| (room.clone(), seq)));
            assert_eq!(places, all.take(4).collect::<Vec<_>>(), "{q} in {named}");
            assert_eq!(found.more, named > 1, "{q} in {named}");
        }
    }
}

#[test]
fn words_in_quotes_stand_in_a_row() {
    let db = store();
    post(&db, 1, "the quick brown fox");
    for q in ["\"quick brown\"", "fox \"the quick\"", "“brown fox”", "\"quick brown", "quick-brown"] {
        assert_eq!(seqs(&db, q), [1], "{q}");
    }
    for q in ["\"brown quick\"", "\"quick fox\"", "brown-quick"] {
        assert_eq!(seqs(&db, q), [0; 0], "{q}");
    }
}

#[test]
fn an_operator_without_its_value_yet_says_nothing() {
    let db = store();
    post(&db, 1, "hello");
    for q in
        ["hello from:", "in: hello", "hello before:\"\"", "FROM:\"Ann Lee\" hello", "from:＠u_ann", "from：\"ann lee\""]
    {
        assert_eq!(seqs(&db, q), [1], "{q}");
    }
    for q in ["", " ", "from:", "\"\"", "++", "\"…\" ?!", "in:"] {
        assert_eq!(search(&db, q), Err(Refusal::NothingToFind), "{q:?}");
    }
    for q in ["hello has:", "has: hello"] {
        assert_eq!(seqs(&db, q), [1], "{q}");
    }
    assert_eq!(seqs(&db, "about:hello"), [0; 0], "and what is no operator is a word");
}

#[test]
fn days_are_whole_days_of_utc() {
    let day = |text: &str| Query::parse(&format!("before:{text}")).map(|query| query.until);
    assert_eq!(day("1970-01-01"), Ok(Some(0)));
    assert_eq!(day("2000-03-01"), Ok(Some(951_868_800_000)));
    assert_eq!(day("2026-11-24"), Ok(Some(1_795_478_400_000)));
    assert_eq!(Query::parse("after:2026-11-23").unwrap().since, Some(1_795_478_400_000), "when that day is over");
    assert_eq!(
        Query::parse("after:9999-12-31 before:2024-02-29 before:2023-1-1").unwrap().until,
        Some(1_672_531_200_000)
    );
    for bad in [
        "tomorrow",
        "2026",
        "2026-11",
        "2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-1-1-1",
        "-1-1-1",
        "+2026-01-01",
        "1969-12-31",
        "99999999999999999999-01-01",
        "2026-11-2x",
    ] {
        assert_eq!(day(bad), Err(Refusal::BadDay), "{bad}");
    }
}

#[test]
fn a_query_has_its_limits() {
    let db = store();
    let text = "好".repeat(limits::QUERY_CHARS);
    post(&db, 1, &format!("{text}好"));
    assert_eq!(seqs(&db, &text), [1]);
    assert_eq!(search(&db, &format!("{text}好")), Err(Refusal::TooLong { limit: limits::QUERY_CHARS }));
    assert_eq!(seqs(&db, &"好 ".repeat(20)), [1]);
    assert_eq!(search(&db, &"好 ".repeat(21)), Err(Refusal::TooManyWords { limit: 20 }));
}

#[test]
fn a_message_with_a_file_is_found_by_that_until_it_is_removed() {
    let mut db = store();
    for id in ["f_1", "f_2"] {
        db.execute(
            "INSERT INTO files (id, user, name, type, size, digest, at) VALUES (?, 'u_ann', 'a', 'x', 1, zeroblob(32), 1)",
            [id],
        )
        .unwrap();
    }
    let send = |db: &Connection, count: u64, text: &str, file: &str| {
        let (text, files) = (text.to_owned(), vec![file.into()]);
        commit(db, count, |id| Command::Post { id, room: RoomName::LOBBY.into(), text, reply: None, files });
    };
    post(&db, 1, "the sea, has:file");
    send(&db, 2, "the sea", "f_1");
    send(&db, 3, "", "f_2");
    assert_eq!(seqs(&db, "has:file"), [3, 2]);
    assert_eq!(seqs(&db, "HAS：File sea from:u_ann"), [2]);
    assert_eq!((seqs(&db, "has:files"), seqs(&db, "\"has file\"")), (vec![], vec![1]), "everything else is words");
    assert_eq!(search(&db, "has:file").unwrap().messages[0].message.files[0].id.as_str(), "f_2");
    edit(&db, 4, 3, "the sea");
    assert_eq!(seqs(&db, "has:file sea"), [3, 2], "an edit keeps it");
    db.execute("UPDATE meta SET value = 'older' WHERE key = 'words'", []).unwrap();
    schema::migrate(&mut db, Path::new("memory")).unwrap();
    remove(&db, 5, 2);
    assert_eq!(seqs(&db, "has:file"), [3]);
    db.execute_batch("INSERT INTO search (search) VALUES ('integrity-check')").unwrap();
}

#[test]
fn the_index_is_made_anew_where_words_were_something_else() {
    let mut db = store();
    post(&db, 1, "hello");
    post(&db, 2, "gone");
    remove(&db, 3, 2);
    // An older rule: it had another word for the first message, and no place for the second.
    db.execute_batch(
        "UPDATE meta SET value = 'older' WHERE key = 'words';
         INSERT INTO search (search) VALUES ('delete-all');
         INSERT INTO search (rowid, text, about) VALUES (1, 'olleh', 'x');
         DELETE FROM posts WHERE post = 2;",
    )
    .unwrap();
    assert_eq!(seqs(&db, "hello"), [0; 0]);
    schema::migrate(&mut db, Path::new("memory")).unwrap();
    assert_eq!((seqs(&db, "hello"), seqs(&db, "olleh"), seqs(&db, "gone")), (vec![1], vec![], vec![]));
    assert_eq!(seqs(&db, "before:2000-01-01"), [1]);
    edit(&db, 4, 1, "bye");
    assert_eq!((seqs(&db, "hello"), seqs(&db, "bye")), (vec![], vec![1]));
}

#[test]
fn what_was_written_edited_and_removed_at_random_leaves_an_index_that_is_whole() {
    let db = store();
    let mut random = 7_u64;
    let mut below = |bound: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % bound
    };
    let mut texts: Vec<(Seq, String)> = Vec::new();
    for seq in 1..=3_000 {
        let text: Vec<String> = (0..=below(8)).map(|_| format!("w{}x 字{}", below(400), below(9))).collect();
        let text = text.join(" ");
        let target = (below(texts.len().max(1) as u64)) as usize;
        match below(4) {
            0 if !texts.is_empty() => {
                edit(&db, seq, texts[target].0, &text);
                texts[target].1 = text;
            }
            1 if !texts.is_empty() => remove(&db, seq, texts.remove(target).0),
            _ => {
                post(&db, seq, &text);
                texts.push((seq, text));
            }
        }
    }
    for word in 0..400 {
        let word = format!("w{word}x");
        let mut expected: Vec<Seq> =
            texts.iter().filter(|(_, text)| text.split(' ').any(|w| w == word)).map(|t| t.0).collect();
        expected.reverse();
        expected.truncate(limits::SEARCH_PAGE);
        assert_eq!(seqs(&db, &format!("\"{word}\"")), expected, "{word}");
    }
    db.execute_batch("INSERT INTO search (search) VALUES ('integrity-check')").unwrap();
    // Each word that is left in the pages is one of a message that is there.
    db.execute_batch("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, row)").unwrap();
    let mut left = db.prepare("SELECT term FROM temp.words WHERE term GLOB 'w*'").unwrap();
    let left: Vec<String> = left.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(!left.is_empty() && left.iter().all(|word| texts.iter().any(|(_, text)| text.contains(word.as_str()))));
}

#[test]
fn no_page_of_the_index_begins_with_a_word_that_was_taken_out() {
    let db = store();
    db.execute_batch("BEGIN").unwrap();
    let word = |seq: Seq| format!("word{}", seq * 7_919 % 6_007);
    for seq in 1..=6_000 {
        post(&db, seq, &word(seq));
        // Each commit is a segment of its own, and many are merged to one of many pages.
        if seq % 50 == 0 {
            db.execute_batch("COMMIT; BEGIN").unwrap();
        }
    }
    (1..=6_000).filter(|seq| seq % 3 > 0).for_each(|seq| remove(&db, 10_000 + seq, seq));
    db.execute_batch("COMMIT").unwrap();
    let mut left = db.prepare("SELECT term FROM search_idx WHERE length(term) > 1").unwrap();
    let left: Vec<Vec<u8>> = left.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(left.len() > 5, "there are pages: {}", left.len());
    let stand: Vec<String> = (1..=2_000).map(|nth| word(nth * 3)).collect();
    for signpost in left {
        let text = str::from_utf8(&signpost[1..]).unwrap();
        let stands = stand.iter().map(String::as_str).chain(["r1"]).any(|word| word.starts_with(text));
        assert!(stands || text.starts_with(['i', 'n']), "{text}");
    }
    db.execute_batch("INSERT INTO search (search) VALUES ('integrity-check')").unwrap();
    for seq in 1..=6_000 {
        let expected = if seq % 3 == 0 { vec![seq] } else { vec![] };
        assert_eq!(seqs(&db, &format!("\"{}\"", word(seq))), expected);
    }
}

/// Nearly what people type, and what they do not.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\"",
        "*",
        "NEAR(",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "^",
        "+",
        "-",
        ":",
        "from:",
        "in:",
        "before:2026-11-24",
        "after:",
        "text:",
        "{a b}",
        "\0",
        " ",
        "  ",
        "a",
        "Zoë",
        "你",
        "好世",
        "'",
        "\\",
        "%",
        "“",
        "：",
        "👩‍🚀",
        "\u{301}",
    ]);
    prop_oneof![".{0,40}", prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_searched_for_or_refused_in_a_sentence(q in typed(), text in typed()) {
        let db = store();
        post(&db, 1, &text);
        if let Err(refusal) = search(&db, &q) {
            prop_assert!(refusal.sentence(Lang::En).ends_with('.'));
            prop_assert!(refusal.sentence(Lang::Zh).ends_with('。'));
        }
    }

    #[test]
    fn any_text_is_found_by_any_of_its_pieces_and_marked_where_it_stands(
        before in "\\PC{0,8}", piece in "[\\p{L}\\p{N}\\p{Mn} 你好áßŁ]{1,12}", after in "[ .,]\\PC{0,8}",
    ) {
        let db = store();
        let text = format!("{before} {piece}{after}");
        post(&db, 1, &text);
        let query = format!("\"{piece}\"");
        match search(&db, &query) {
            Ok(found) => {
                prop_assert_eq!(found.messages.len(), 1, "{:?} in {:?}", query, text);
                let marks = &found.messages[0].marks;
                let length = text.chars().count();
                prop_assert!(!marks.is_empty() && marks.iter().all(|[from, to]| from < to && *to <= length));
                prop_assert!(marks.windows(2).all(|pair| pair[0][1] < pair[1][0]));
                // What is marked is, read by itself, what was searched for.
                let [from, to] = marks[0];
                let marked: String = text.chars().skip(from).take(to - from).collect();
                prop_assert!(words::spelled(&marked).contains(&words::spelled(&piece)), "{:?} in {:?}", marked, text);
            }
            Err(refusal) => prop_assert_eq!(refusal, Refusal::NothingToFind),
        }
    }
}
