//! What somebody searches for: read from what they typed.

use stonechat_shared::ids::Millis;
use stonechat_shared::{RoomName, limits};

use super::words::{self, words};
use crate::refusal::Refusal;

/// Words and phrases in one query. Each is another list to be gone through, and nobody remembers more of a message.
const TERMS: usize = 20;
/// From so many letters on the last word may be the beginning of one. A single letter is the beginning of too much.
const BEGINNING: usize = 2;
const DAY_MS: Millis = 24 * 60 * 60 * 1000;

/// All of it must be true of a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pub(super) terms: Vec<Term>,
    /// The names or ids of whoever wrote it: one of them.
    pub(super) from: Vec<String>,
    /// Where it stands: in one of them, where there are any.
    pub(crate) rooms: Vec<RoomName>,
    /// It comes with a file.
    pub(super) has_file: bool,
    /// From this time on.
    pub(super) since: Option<Millis>,
    /// Before this time.
    pub(super) until: Option<Millis>,
}

/// Words in a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) words: Vec<String>,
    /// The last of them may go on.
    pub(super) goes_on: bool,
}

/// A part of what was typed.
#[derive(Debug, PartialEq, Eq)]
struct Part<'a> {
    operator: Option<Operator>,
    text: &'a str,
    /// It stands at the very end, and not in quotes: somebody may be typing it still.
    goes_on: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    From,
    In,
    Before,
    After,
    Has,
}

impl Query {
    /// # Errors
    /// A [`Refusal`] that says what to write instead.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        if text.chars().count() > limits::QUERY_CHARS {
            return Err(Refusal::TooLong { limit: limits::QUERY_CHARS });
        }
        let mut query = Self::default();
        for part in parts(text) {
            match part.operator {
                None => query.terms.extend(Term::read(part.text, part.goes_on)),
                Some(Operator::From) => query.from.push(without(part.text, &['@', '＠']).to_owned()),
                Some(Operator::In) => query.rooms.push(without(part.text, &['#', '＃']).to_lowercase().into()),
                Some(Operator::Has) => query.has_file = true,
                Some(Operator::Before) => {
                    let day = day(part.text).ok_or(Refusal::BadDay)?;
                    query.until = Some(query.until.map_or(day, |until| until.min(day)));
                }
                Some(Operator::After) => {
                    let next = day(part.text).ok_or(Refusal::BadDay)? + DAY_MS;
                    query.since = Some(query.since.map_or(next, |since| since.max(next)));
                }
            }
        }
        if query == Self::default() {
            return Err(Refusal::NothingToFind);
        }
        if query.terms.len() + query.from.len() + query.rooms.len() > TERMS {
            return Err(Refusal::TooManyWords { limit: TERMS });
        }
        Ok(query)
    }

    /// Where its words stand in this text: from and to, in characters, in order and apart from each other.
    pub(super) fn marks(&self, text: &str) -> Vec<[usize; 2]> {
        let words = words(text);
        let mut found: Vec<[usize; 2]> = Vec::new();
        for term in &self.terms {
            let rows = words.windows(term.words.len());
            let here = rows.filter(|row| term.is(row.iter().map(|word| word.text.as_str())));
            found.extend(here.map(|row| [row[0].start, row[row.len() - 1].end]));
        }
        found.sort_unstable();
        let mut marks: Vec<[usize; 2]> = Vec::new();
        for next in found {
            match marks.last_mut() {
                Some(mark) if next[0] <= mark[1] => mark[1] = mark[1].max(next[1]),
                Some(_) | None => marks.push(next),
            }
        }
        marks
    }
}

impl Term {
    /// Nothing where there is no word in it.
    fn read(text: &str, goes_on: bool) -> Option<Self> {
        let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
        let last = words.last()?;
        let goes_on = goes_on && last.chars().count() >= BEGINNING;
        Some(Self { words, goes_on })
    }

    /// Whether this row of words, of the same length, is the one that is meant.
    fn is<'a>(&self, row: impl Iterator<Item = &'a str>) -> bool {
        let last = self.words.len() - 1;
        row.zip(&self.words).enumerate().all(|(at, (word, wanted))| {
            word == wanted || (at == last && self.goes_on && word.starts_with(wanted.as_str()))
        })
    }
}

/// How a name is compared: as the words of a text are, and a name of signs alone as it is written.
pub(super) fn name_key(name: &str) -> String {
    Some(words::spelled(name)).filter(|key| !key.is_empty()).unwrap_or_else(|| name.to_lowercase())
}

/// What was typed, taken apart at its spaces and quotes.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if is_quote(first) {
            let (text, after) = quoted(rest);
            parts.push(Part { operator: None, text, goes_on: false });
            rest = after.trim_start();
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(rest.len());
        let (word, mut after) = rest.split_at(end);
        match operator(word) {
            // What has no value yet is being typed, and says nothing so far.
            Some((operator, mut text)) => {
                if text.is_empty() && after.starts_with(is_quote) {
                    (text, after) = quoted(after);
                }
                let text = text.trim();
                parts.extend((!text.is_empty()).then_some(Part { operator: Some(operator), text, goes_on: false }));
            }
            None => parts.push(Part { operator: None, text: word, goes_on: after.is_empty() }),
        }
        rest = after.trim_start();
    }
    parts
}

/// Those of a Chinese keyboard too.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '＂')
}

/// What stands between the quote at the front and the next one, or the end; and what follows.
fn quoted(text: &str) -> (&str, &str) {
    let mut inside = text.chars();
    inside.next();
    let inside = inside.as_str();
    inside.split_once(is_quote).unwrap_or((inside, ""))
}

fn operator(word: &str) -> Option<(Operator, &str)> {
    let (name, value) = word.split_once([':', '：'])?;
    let operators = [
        ("from", Operator::From),
        ("in", Operator::In),
        ("before", Operator::Before),
        ("after", Operator::After),
        ("has", Operator::Has),
    ];
    let (_, operator) = operators.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    // There is nothing else that a message could have, so that anything else is words.
    let is_one = operator != Operator::Has || value.is_empty() || value.eq_ignore_ascii_case("file");
    is_one.then_some((operator, value))
}

fn without<'a>(text: &'a str, signs: &[char]) -> &'a str {
    text.strip_prefix(signs).unwrap_or(text)
}

/// `2026-11-24`: when that day begins, in UTC.
fn day(text: &str) -> Option<Millis> {
    let mut numbers =
        text.split('-').map(|part| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?);
    let (year, month, day): (u64, u64, u64) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month.checked_sub(1)?).ok()?;
    if numbers.next().is_some() || !(1970..=9999).contains(&year) || !(1..=*lengths.get(month)?).contains(&day) {
        return None;
    }
    let before = year - 1;
    // Leap days from year 1 on; 1970 began with the 719,163rd day.
    let days = 365 * before + before / 4 - before / 100 + before / 400 + lengths[..month].iter().sum::<u64>() + day;
    Some((days - 719_163) * DAY_MS)
}
