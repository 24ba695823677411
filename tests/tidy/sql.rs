//! Tables that can be sharded by county and read through one driver, and SQL kept where it belongs.

use crate::rust_text::{line_at, parts_without_tests};
use crate::tree::{Finding, Source, all, none, rust_in_src};

/// Shared small tables: the same in every county, so their keys do not begin with one.
const COUNTY_FREE: [&str; 1] = ["_sealing"]; // one key for the whole database

/// What sqlx's `Any` driver brings back from both databases.
const TYPES: [&str; 4] = ["bigint", "text", "blob", "bytea"];

/// A `create table`: its name, where it stands, and its parts between commas.
#[derive(Debug)]
struct Table {
    name: String,
    line: usize,
    parts: Vec<(usize, String)>,
}

/// Comments blanked, letters small; line numbers stay.
fn plain(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default().to_lowercase());
    lines.collect::<Vec<_>>().join("\n")
}

fn tables(source: &Source) -> Vec<Table> {
    let sql = plain(&source.text);
    let starts = sql.match_indices("create table ").map(|(at, word)| (at, at + word.len()));
    starts.filter_map(|(at, after)| table(&sql, at, after)).collect()
}

fn table(sql: &str, at: usize, after: usize) -> Option<Table> {
    let rest = sql[after..].trim_start().trim_start_matches("if not exists ");
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let open = after + sql[after..].find('(')?;
    let (mut depth, mut start, mut parts) = (0, open + 1, Vec::new());
    for (offset, byte) in sql[open..].bytes().enumerate() {
        let here = open + offset;
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        if (byte == b',' && depth == 1) || depth == 0 {
            let blank = sql[start..here].len() - sql[start..here].trim_start().len();
            parts.push((line_at(sql, start + blank), sql[start..here].trim().to_owned()));
            start = here + 1;
        }
        if depth == 0 {
            break;
        }
    }
    Some(Table { name, line: line_at(sql, at), parts })
}

fn table_findings(source: &Source) -> Vec<Finding> {
    tables(source)
        .iter()
        .flat_map(|table| key_findings(source, table).into_iter().chain(column_findings(source, table)))
        .collect()
}

fn key_findings(source: &Source, table: &Table) -> Option<Finding> {
    let key = table.parts.iter().find_map(|(_, part)| part.strip_prefix("primary key"));
    let first = key.and_then(|key| key.trim().strip_prefix('(')?.split([',', ')']).next().map(str::trim));
    let is_right = first == Some("county") || (first.is_some() && COUNTY_FREE.contains(&table.name.as_str()));
    let what =
        format!("table {}: begin its `primary key (…)` with county, or name it in COUNTY_FREE in tests/tidy/sql.rs", table.name);
    (!is_right).then(|| Finding::new(source, table.line, what))
}

fn column_findings(source: &Source, table: &Table) -> Vec<Finding> {
    let is_constraint =
        |part: &str| ["primary key", "unique", "foreign key", "check", "constraint"].iter().any(|word| part.starts_with(word));
    let columns = table.parts.iter().filter(|(_, part)| !part.is_empty() && !is_constraint(part));
    let wrong = columns.filter(|(_, part)| !part.split_whitespace().nth(1).is_some_and(|kind| TYPES.contains(&kind)));
    wrong
        .map(|(line, part)| {
            Finding::new(
                source,
                *line,
                format!("`{part}`: columns are bigint, text or blob; both databases give only these back alike"),
            )
        })
        .collect()
}

/// Unique constraints and indexes, and foreign keys, whose columns do not begin with county.
fn other_key_findings(source: &Source) -> Vec<Finding> {
    let of_tables = tables(source).into_iter().filter(|table| !COUNTY_FREE.contains(&table.name.as_str()));
    let keys =
        of_tables.flat_map(|table| table.parts).filter(|(_, part)| part.starts_with("unique") || part.starts_with("foreign key"));
    let wrong =
        keys.filter(|(_, part)| !part.split_once('(').is_some_and(|(_, columns)| columns.trim_start().starts_with("county")));
    wrong.map(|(line, part)| Finding::new(source, line, format!("`{part}`: begin it with county"))).collect()
}

/// SQL about our tables in the strings of a file that is not a store.
fn stray_sql(source: &Source, tables: &[String]) -> Vec<Finding> {
    let is_home = source.path.starts_with("src/db/") || source.path.ends_with("/store.rs") || source.path.contains("/store/");
    if is_home {
        return Vec::new();
    }
    let strings = parts_without_tests(&source.text).literals;
    let wrong = strings.iter().filter(|literal| is_sql(&literal.text, tables));
    wrong.map(|literal| Finding::new(source, literal.line, "SQL lives in store.rs or db/: move it there and call it")).collect()
}

fn is_sql(text: &str, tables: &[String]) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';')).filter(|word| !word.is_empty()).collect();
    let is_table =
        |word: Option<&&str>| word.is_some_and(|word| word.starts_with('{') || tables.iter().any(|table| table == word));
    let follows = |first: &str, second: &str| words.windows(3).any(|w| w[0] == first && w[1] == second && is_table(w.get(2)));
    let reads = words.contains(&"select") && words.windows(2).any(|w| w[0] == "from" && is_table(w.get(1)));
    let updates = words.windows(3).any(|w| w[0] == "update" && is_table(w.get(1)) && w[2] == "set");
    reads || updates || follows("insert", "into") || follows("delete", "from")
}

fn migrations() -> Vec<Source> {
    all().into_iter().filter(|source| source.path.starts_with("migrations/") && source.path.ends_with(".sql")).collect()
}

#[test]
fn every_key_begins_with_the_county_and_columns_are_plain() {
    none(migrations().iter().flat_map(table_findings).collect());
}

#[test]
fn other_keys_begin_with_the_county_too() {
    none(migrations().iter().flat_map(other_key_findings).collect());
}

#[test]
fn sql_lives_in_stores() {
    let migrations = migrations();
    let tables: Vec<String> = migrations.iter().flat_map(tables).map(|table| table.name).collect();
    assert!(migrations.is_empty() || !tables.is_empty(), "the migrations are there, but no table is found in them");
    none(rust_in_src().iter().flat_map(|source| stray_sql(source, &tables)).collect());
}

#[test]
fn bad_tables_are_noticed() {
    let good = "create table book (\n county text not null, -- numeric\n book text not null check (book in ('a', 'b')),\n cents bigint,\n primary key (county, book),\n unique (county, cents)\n);";
    let found =
        |sql: &str| table_findings(&Source::sample("migrations/1.sql", sql)).iter().map(|found| found.line).collect::<Vec<_>>();
    assert_eq!(found(good), [0; 0]);
    assert_eq!(found(&good.replace("(county, book)", "(book, county)")), [1]);
    assert_eq!(found(&good.replace(" primary key (county, book),\n", "")), [1]);
    assert_eq!(found(&good.replace("cents bigint", "cents numeric(18, 2)")), [4]);
    assert_eq!(found(&good.replace("book text", "book text primary key").replace(" primary key (county, book),\n", "")), [1]);
    let other = Source::sample("migrations/1.sql", &good.replace("unique (county, cents)", "unique (cents)"));
    assert_eq!(other_key_findings(&other).len(), 1);
}

#[test]
fn stray_sql_is_noticed() {
    let tables = ["book".to_owned(), "voucher".to_owned()];
    let stray = |path: &str, text: &str| stray_sql(&Source::sample(path, text), &tables).len();
    let wrong = [
        "select *\n from book where 1",
        "insert into voucher (a) values ($1)",
        "update book set x = 1",
        "DELETE FROM voucher",
        "select 1 from {table}",
    ];
    for sql in wrong {
        assert_eq!(stray("src/ledger/service.rs", &format!("q(\"{sql}\")")), 1, "{sql}");
        assert_eq!(stray("src/ledger/store.rs", &format!("q(\"{sql}\")")), 0, "{sql}");
    }
    assert_eq!(stray("src/faces/cli/book.rs", "\"select a book from the list\"; // select 1 from book"), 0);
}
