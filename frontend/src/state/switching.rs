//! Where one may want to go: rooms, by as little as one types of them.

use stonechat_shared::RoomName;
use stonechat_shared::frame::RoomHead;

/// A room that fits what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) room: RoomName,
    pub(crate) title: String,
    /// Which characters of the title were typed.
    pub(crate) marks: Vec<usize>,
    pub(crate) is_unread: bool,
}

/// How well a room fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It begins with it.
    Start,
    /// One of its words does.
    Word,
    /// It is somewhere in it.
    Part,
    /// The letters are in it, in this order.
    Letters,
}

/// The rooms that fit, the best first; of those that fit as well, the unread first, and the one where one is last.
pub(crate) fn choices(
    typed: &str,
    rooms: &[RoomHead],
    here: &RoomName,
    is_unread: impl Fn(&RoomHead) -> bool,
) -> Vec<Choice> {
    let typed: Vec<char> = typed.chars().filter(|c| !c.is_whitespace()).map(folded).collect();
    let mut sorted: Vec<((Fit, bool, bool), Choice)> = Vec::new();
    for head in rooms {
        let by_title = fit(&typed, &head.title);
        // The others' names are nothing but chance.
        let by_name = fit(&typed, head.room.as_str()).filter(|_| head.kind.is_open()).map(|(fit, _)| (fit, Vec::new()));
        let best = match (by_title, by_name) {
            (Some(title), Some(name)) => Some(if name.0 < title.0 { name } else { title }),
            (title, name) => title.or(name),
        };
        let Some((fit, marks)) = best else { continue };
        let is_unread = is_unread(head) && head.room != *here;
        let key = (fit, head.room == *here, !is_unread);
        let choice = Choice { room: head.room.clone(), title: head.title.clone(), marks, is_unread };
        let place = sorted.partition_point(|(other, _)| *other <= key);
        sorted.insert(place, (key, choice));
    }
    sorted.into_iter().map(|(_, choice)| choice).collect()
}

/// Which characters of the text were typed, white space aside; nothing where they are not all there in their order.
fn fit(typed: &[char], text: &str) -> Option<(Fit, Vec<usize>)> {
    let all: Vec<char> = text.chars().map(folded).collect();
    let solid: Vec<usize> = (0..all.len()).filter(|&i| !all[i].is_whitespace()).collect();
    let begins_word = |i: usize| i == 0 || !all[i - 1].is_alphanumeric();
    let mut best = None;
    for start in 0..=solid.len().saturating_sub(typed.len()) {
        let run = solid.get(start..start + typed.len())?;
        if run.iter().zip(typed).all(|(&i, c)| all[i] == *c) {
            let fit = match run.first() {
                Some(0) | None => Fit::Start,
                Some(&i) if begins_word(i) => Fit::Word,
                Some(_) => Fit::Part,
            };
            if best.as_ref().is_none_or(|(other, _)| fit < *other) {
                best = Some((fit, run.to_vec()));
            }
        }
    }
    best.or_else(|| {
        let mut rest = solid.into_iter();
        let letters = typed.iter().map(|c| rest.find(|&i| all[i] == *c)).collect::<Option<Vec<_>>>()?;
        Some((Fit::Letters, letters))
    })
}

/// Without capitals.
fn folded(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(room: &str, title: &str, read: u64) -> RoomHead {
        let head = format!(r#"{{"room":"{room}","title":"{title}","head":9,"read":{read}}}"#);
        stonechat_shared::json::read(&head).unwrap()
    }

    fn rooms() -> Vec<RoomHead> {
        vec![
            head("lobby", "Lobby", 9),
            head("design", "Design", 9),
            head("release", "Release 0.1", 1),
            head("zhongwen", "中文房间", 9),
            head("old-designs", "The old ones", 9),
        ]
    }

    fn titles(typed: &str) -> Vec<String> {
        let choices = choices(typed, &rooms(), &"lobby".into(), |head| head.read < head.head);
        choices.into_iter().map(|choice| choice.title).collect()
    }

    #[test]
    fn unread_rooms_come_first_and_the_one_where_one_is_last() {
        assert_eq!(titles(""), ["Release 0.1", "Design", "中文房间", "The old ones", "Lobby"]);
    }

    #[test]
    fn a_room_is_found_by_its_title_its_name_and_by_letters_of_them_in_order() {
        assert_eq!(titles("DES"), ["Design", "The old ones"]);
        assert_eq!(titles("zhong"), ["中文房间"]);
        assert_eq!(titles("文间"), ["中文房间"]);
        assert_eq!(titles("文"), ["中文房间"]);
        assert_eq!(titles("rl0"), ["Release 0.1"]);
        assert_eq!(titles("oldones"), ["The old ones"]);
        assert_eq!(titles("ngised"), [""; 0]);
        assert_eq!(titles("a text that is longer than any title"), [""; 0]);
    }

    #[test]
    fn a_room_that_is_not_open_is_found_by_its_title_alone() {
        let private = r#"{"room":"x-q7w8e9","title":"Plans","head":9,"read":9,"kind":"private"}"#;
        let rooms = [stonechat_shared::json::read(private).unwrap()];
        let found = |typed| choices(typed, &rooms, &"lobby".into(), |_| false).len();
        assert_eq!((found("plans"), found("x-q"), found("qwe")), (1, 0, 0));
    }

    #[test]
    fn what_was_typed_is_marked_in_the_title() {
        let marks = |typed| choices(typed, &rooms(), &"lobby".into(), |_| false).remove(0).marks;
        assert_eq!(marks("old o"), [4, 5, 6, 8]);
        assert_eq!(marks("ls0"), [2, 5, 8]);
        assert_eq!(marks("zhong"), [0_usize; 0]);
    }
}
