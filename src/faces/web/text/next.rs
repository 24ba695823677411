//! What to do next after a refusal, in English; the refusal itself says it in Chinese, for pages with the names they have there.
//!
//! Pure. `next_en.csv` has a line for every code; a test of the tree finds those it lacks.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::faces::commands::COMMANDS;
use crate::faces::commands::grammar::Form;
use crate::refusal::Refusal;

const LINES: &str = include_str!("next_en.csv");

/// The next step; `None` for a code without a line.
pub fn next_in_english(refusal: &Refusal) -> Option<&'static str> {
    static STEPS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(LINES.as_bytes());
        reader.deserialize::<(String, String)>().filter_map(Result::ok).collect()
    });
    STEPS.get(&refusal.code).map(String::as_str)
}

/// A Chinese next step as pages say it: `period list` is its page's title, `--basis` its field's label.
pub fn next_on_pages(next: &str) -> String {
    let mut commands: Vec<&str> = COMMANDS.iter().map(|command| command.words).filter(|words| next.contains(words)).collect();
    commands.sort_by_key(|words| Reverse(words.len()));
    let mut said = next.to_owned();
    for words in commands {
        said = with_title(&said, words);
    }
    while let Some((before, option, after)) = option_in(&said) {
        let Some(label) = label_of(option) else { break };
        said = format!("{}“{label}”{}", before.trim_end(), after.trim_start());
    }
    said
}

fn with_title(next: &str, words: &str) -> String {
    let Some(form) = Form::of(words) else { return next.to_owned() };
    let mut said = String::new();
    let mut rest = next;
    while let Some(at) = rest.find(words) {
        let (before, after) = (&rest[..at], &rest[at + words.len()..]);
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
        if letter(before.chars().next_back()) || letter(after.chars().next()) {
            said.push_str(&rest[..at + words.len()]);
            rest = after;
            continue;
        }
        said.push_str(before.trim_end());
        said.push_str(&format!("“{}”", form.title()));
        rest = after.trim_start_matches(' ');
    }
    said + rest
}

/// What stands before an option, the option without its dashes, what follows.
fn option_in(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("--")?;
    let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
    Some((before, &rest[..end], &rest[end..]))
}

/// The label a command's field has for an option; the same in the commands that share it.
fn label_of(option: &str) -> Option<&'static str> {
    let fields = || COMMANDS.iter().filter_map(|command| Form::of(command.words)).flat_map(|form| &form.fields);
    fields().find(|field| field.long == option).map(|field| field.label.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_send_nobody_to_the_command_line() {
        let title = |words| Form::of(words).unwrap().title().to_owned();
        assert_eq!(next_on_pages("用 bank list 查看,或用 bank add 登记"), {
            format!("用“{}”查看,或用“{}”登记", title("bank list"), title("bank add"))
        });
        assert_eq!(next_on_pages("加 --subject 批次号"), format!("加“{}”批次号", label_of("subject").unwrap()));
        assert_eq!(next_on_pages("核对 --nothing-of-ours"), "核对 --nothing-of-ours");
        assert_eq!(next_on_pages("重新录入"), "重新录入");
    }

    #[test]
    fn every_line_is_read() {
        let mut reader = csv::Reader::from_reader(LINES.as_bytes());
        let lines: Vec<(String, String)> = reader.deserialize().collect::<Result<_, _>>().unwrap();
        assert!(lines.len() > 500);
        for pair in lines.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} stands before {}", pair[0].0, pair[1].0);
        }
        let known = crate::money::amount::AmountRefusal::Empty.refusal();
        assert_eq!(next_in_english(&known), Some("Enter an amount, for example 1,234.56"));
    }
}
