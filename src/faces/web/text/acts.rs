//! What the trail says an act was, in Chinese: the act's name, and its content as names and values.
//!
//! Pure. `acts.csv` names every kind of act, `act_fields.csv` what stands in their contents, `act_words.csv` the words that
//! stand there; a kind that lacks a name fails a test, a field or word that lacks one keeps its own. Whoever proves something reads the content as it was kept.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

type Names = HashMap<String, String>;

fn read(lines: &'static str) -> Names {
    let mut reader = csv::Reader::from_reader(lines.as_bytes());
    reader.deserialize::<(String, String)>().filter_map(Result::ok).collect()
}

fn kinds() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| read(include_str!("acts.csv")));
    &NAMES
}

fn values() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| read(include_str!("act_words.csv")));
    &NAMES
}

fn fields() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| read(include_str!("act_fields.csv")));
    &NAMES
}

/// The name of a kind of act; the kind itself where it has none.
pub fn act_name(kind: &str) -> &str {
    kinds().get(kind).map_or(kind, String::as_str)
}

/// The kinds of acts whose name holds these words; none for blank ones.
pub fn acts_named(words: &str) -> Vec<&'static str> {
    let named = kinds().iter().filter(|(_, name)| !words.is_empty() && name.contains(words));
    named.map(|(kind, _)| kind.as_str()).collect()
}

/// What an act's content says, shortened to what a reader takes in; text that is no JSON as it is.
pub fn content_in_words(content: &str) -> String {
    const LONGEST: usize = 160;
    let parts = content
        .split(" → ")
        .map(|part| serde_json::from_str::<Value>(part).map_or_else(|_| part.to_owned(), |value| words(&value)));
    let words = parts.collect::<Vec<_>>().join(" → ");
    match words.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &words[..at]),
        None => words,
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => values().get(text).unwrap_or(text).clone(),
        Value::Array(several) => list(several),
        Value::Object(named) => {
            let said = named
                .iter()
                .map(|(name, value)| (name, words(value), value.is_object()))
                .filter(|(_, words, _)| !words.is_empty());
            said.map(|(name, words, nested)| named_value(name, &words, nested)).collect::<Vec<_>>().join(" · ")
        }
    }
}

fn named_value(name: &str, words: &str, nested: bool) -> String {
    let name = fields().get(name).map_or(name, String::as_str);
    if nested { format!("{name}({words})") } else { format!("{name} {words}") }
}

/// The first few, and how many there are.
fn list(several: &[Value]) -> String {
    let shown = if several.first().is_some_and(Value::is_object) { 1 } else { 5 };
    let first: Vec<String> = several.iter().take(shown).map(words).collect();
    let more = if several.len() > shown { format!(" 等{}项", several.len()) } else { String::new() };
    format!("{}{more}", first.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_read_as_names_and_values() {
        for (content, words) in [
            (r#"{"batch":"2016Q1","rows":3,"reason":null}"#, "批次 2016Q1 · 行数 3"),
            (r#"{"loans":["L1","L2"],"step":"check","note":""}"#, "贷款 L1、L2 · 步骤 核查"),
            (
                r#"{"book":{"book":"F001","place":null},"lines":[{"account":"101"},{"account":"102"}]}"#,
                "账套(账套 F001) · 分录 科目或账户 101 等2项",
            ),
            ("[3] → [4]", "3 → 4"),
            ("旧文字", "旧文字"),
        ] {
            assert_eq!(content_in_words(content), words, "{content}");
        }
        assert_eq!(content_in_words(&"长".repeat(200)).chars().count(), 161);
    }

    #[test]
    fn every_kind_of_act_has_a_name() {
        let mut unnamed = Vec::new();
        let mut folders = vec![std::path::PathBuf::from("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path if path.extension().is_some_and(|ext| ext == "rs") => {
                        let text = std::fs::read_to_string(&path).unwrap();
                        let kinds = text.lines().filter_map(|line| line.trim().strip_prefix("const KIND: &'static str = \""));
                        unnamed.extend(
                            kinds
                                .filter_map(|rest| rest.strip_suffix("\";"))
                                .filter(|kind| act_name(kind) == *kind)
                                .map(str::to_owned),
                        );
                    }
                    _ => {}
                }
            }
        }
        assert!(unnamed.is_empty(), "no name in acts.csv: {unnamed:?}");
    }
}
