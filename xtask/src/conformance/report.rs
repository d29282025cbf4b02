//! The suite's report: read, judged, and made into a page.

use super::{GROUPS, Group, LEFT_OUT};
use crate::autobahn;
use crate::shell::Outcome;

/// One case: its number, and what the suite made of the messages and of the close.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Case {
    number: String,
    behavior: String,
    close: String,
}

/// How a case that did not fail passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Strict,
    NonStrict,
    Informational,
}

/// Reads the suite's report, which has a field a line: a case opens with its number, its fields follow.
pub(super) fn cases(report: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in report.lines() {
        let Some((key, value)) = line.trim().split_once(": ") else { continue };
        let (key, value) = (key.trim_matches('"'), value.trim_end_matches(',').trim_matches('"'));
        if value == "{" && key.starts_with(|c: char| c.is_ascii_digit()) {
            cases.push(Case { number: key.to_owned(), behavior: String::new(), close: String::new() });
        } else if let Some(case) = cases.last_mut() {
            match key {
                "behavior" => value.clone_into(&mut case.behavior),
                "behaviorClose" => value.clone_into(&mut case.close),
                _ => {}
            }
        }
    }
    cases
}

/// The page for `docs`, or one sentence for each case that failed or did not run.
pub(super) fn judge(cases: &[Case]) -> Outcome<String> {
    let mut sentences: Vec<String> = cases.iter().filter_map(|case| case.verdict().err()).collect();
    for group in &GROUPS {
        let ran = group.of(cases).count();
        if ran != group.cases {
            sentences.push(format!("Group {}: {ran} of {} cases ran.", group.number, group.cases));
        }
    }
    if sentences.is_empty() { Ok(page(cases)) } else { Err(sentences.join("\n")) }
}

impl Group {
    fn of<'a>(&self, cases: &'a [Case]) -> impl Iterator<Item = &'a Case> {
        cases.iter().filter(|case| case.number.split('.').next() == Some(self.number))
    }
}

impl Case {
    fn verdict(&self) -> Outcome<Verdict> {
        let one = |word: &str| match word {
            "OK" => Some(Verdict::Strict),
            "NON-STRICT" => Some(Verdict::NonStrict),
            "INFORMATIONAL" => Some(Verdict::Informational),
            _ => None,
        };
        match (one(&self.behavior), one(&self.close)) {
            (Some(Verdict::Strict), Some(verdict)) | (Some(verdict), Some(_)) => Ok(verdict),
            (None, _) | (_, None) => {
                Err(format!("Case {} failed: {}, its close: {}.", self.number, self.behavior, self.close))
            }
        }
    }
}

fn page(cases: &[Case]) -> String {
    let row = |number: &str, name: &str, of: &[&Case]| {
        let count = |verdict| of.iter().filter(|case| case.verdict() == Ok(verdict)).count();
        let [strict, lax, told] = [count(Verdict::Strict), count(Verdict::NonStrict), count(Verdict::Informational)];
        format!("| {number} | {name} | {} | {strict} | {lax} | {told} |\n", of.len())
    };
    let mut table: String =
        GROUPS.iter().map(|group| row(group.number, group.name, &group.of(cases).collect::<Vec<_>>())).collect();
    table += &row("", "all", &cases.iter().collect::<Vec<_>>());
    let named = |verdict| {
        let numbers: Vec<&str> =
            cases.iter().filter(|case| case.verdict() == Ok(verdict)).map(|case| case.number.as_str()).collect();
        if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") }
    };
    let left_out: String = LEFT_OUT
        .iter()
        .map(|(cases, count, why)| format!("| {} | {count} | {why} |\n", cases.join(", ").replace(".*", "")))
        .collect();
    format!(
        "# Conformance\n\n\
         The server's WebSocket transport under the Autobahn test suite {version}. No case fails.\n\
         `cargo xtask conformance` runs it again and writes this page. It tests `server/examples/echo.rs`, which answers\n\
         each message with itself over the same upgrade, limits and transport code as the chat (`server/src/ws.rs`).\n\n\
         | group | | cases | passed | non-strict | informational |\n|---|---|---|---|---|---|\n{table}\n\
         *Non-strict* ({lax}): the outcome is right and comes later than it could. A frame's text is looked at when the\n\
         frame is whole.\n\n\
         *Informational* ({told}): the protocol leaves the outcome open.\n\n\
         ## Left out\n\n\
         | cases | how many | why they cannot apply |\n|---|---|---|\n{left_out}\n\
         The cases that matter most are Rust tests too, against the chat itself: `server/tests/conformance.rs`.\n",
        version = autobahn::VERSION,
        lax = named(Verdict::NonStrict),
        told = named(Verdict::Informational),
    )
}

#[cfg(test)]
mod tests {
    use super::{Case, GROUPS, Group, cases, judge};

    fn case(number: &str, behavior: &str, close: &str) -> Case {
        Case { number: number.to_owned(), behavior: behavior.to_owned(), close: close.to_owned() }
    }

    fn all() -> Vec<Case> {
        let of = |group: &Group| {
            let number = group.number;
            (1..=group.cases).map(move |n| case(&format!("{number}.1.{n}"), "OK", "OK"))
        };
        GROUPS.iter().flat_map(of).collect()
    }

    #[test]
    fn the_report_is_read() {
        let report = "{\n   \"Stonechat\": {\n      \"1.1.1\": {\n         \"behavior\": \"OK\",\n\
                      \"behaviorClose\": \"OK\",\n         \"duration\": 1\n      },\n\
                      \"6.4.3\": {\n \"behavior\": \"NON-STRICT\",\n \"behaviorClose\": \"FAILED\"\n }\n   }\n}";
        assert_eq!(cases(report), [case("1.1.1", "OK", "OK"), case("6.4.3", "NON-STRICT", "FAILED")]);
    }

    #[test]
    fn a_case_that_fails_and_one_that_is_missing_are_named() {
        let mut cases = all();
        assert!(judge(&cases).is_ok());
        cases[0].close = "WRONG CODE".to_owned();
        cases.retain(|case| case.number != "10.1.1");
        let sentences = judge(&cases).unwrap_err();
        assert!(sentences.contains("Case 1.1.1 failed: OK, its close: WRONG CODE."), "{sentences}");
        assert!(sentences.contains("Group 10: 0 of 1 cases ran."), "{sentences}");
    }

    #[test]
    fn the_page_counts_each_way_to_pass() {
        let mut cases = all();
        cases[0].behavior = "NON-STRICT".to_owned();
        cases[1].close = "INFORMATIONAL".to_owned();
        let page = judge(&cases).unwrap();
        assert!(page.contains("| 1 | Framing | 16 | 14 | 1 | 1 |"), "{page}");
        assert!(page.contains("|  | all | 261 | 259 | 1 | 1 |"), "{page}");
    }
}
