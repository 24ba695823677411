//! Who may lean on whom: kernel ← rules ← store ← service ← faces (src/ARCHITECTURE.md).

use crate::rust_text::parts_without_tests;
use crate::tree::{Finding, Source, none, rust_in_src};

const KERNEL: [&str; 4] = ["money", "calendar", "refusal", "refusals"]; // `crate::refusals!` is the macro of refusal.rs
const OUTSIDE_WORLD: [&str; 9] =
    ["sqlx", "tokio", "rand", "rand_chacha", "axum", "indicatif", "tracing_subscriber", "clap", "tempfile"];
const STD_OUTSIDE: [&str; 6] = ["fs", "net", "process", "thread", "env", "os"];

/// What a file may do, told by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Kernel,
    Pure,
    Store,
    Service,
    Db,
    Office,
    Demo,
    Face,
}

fn layer(path: &str) -> Layer {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let parts: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
    match parts[0] {
        "faces" | "main" => Layer::Face,
        "demo" => Layer::Demo,
        "db" => Layer::Db,
        "office" => Layer::Office,
        _ if parts.contains(&"service") => Layer::Service,
        _ if parts.contains(&"store") => Layer::Store,
        room if KERNEL.contains(&room) => Layer::Kernel,
        _ => Layer::Pure,
    }
}

/// A path written in code: `crate::ledger::store`, `std::fs::read`; braces of a `use` are multiplied out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mention {
    line: usize,
    /// From the crate's root when `is_ours`.
    segments: Vec<String>,
    is_ours: bool,
}

impl Mention {
    fn first(&self) -> &str {
        self.segments.first().map_or("", String::as_str)
    }

    fn has(&self, segment: &str) -> bool {
        self.segments.iter().any(|found| found == segment)
    }

    /// Whether it begins in this room of ours.
    fn is_in(&self, rooms: &[&str]) -> bool {
        self.is_ours && rooms.contains(&self.first())
    }
}

/// All arrow findings of one file.
fn wrong_arrows(source: &Source) -> Vec<Finding> {
    let layer = layer(&source.path);
    let mentions = mentions(source);
    let wrong = mentions.iter().filter_map(|mention| {
        let why = why_not(layer, &source.path, mention)?;
        Some(Finding::new(source, mention.line, format!("`{}`: {why}", mention.segments.join("::"))))
    });
    wrong.collect()
}

fn why_not(layer: Layer, path: &str, mention: &Mention) -> Option<&'static str> {
    let rooms_outside = ["db", "office", "demo", "faces"];
    match layer {
        Layer::Kernel if mention.is_ours && !KERNEL.contains(&mention.first()) => {
            Some("money, calendar and refusal lean on no other room; move what needs it out")
        }
        Layer::Kernel | Layer::Pure if touches_world(mention) => Some(
            "this file decides, so it has no database, clock, network, files or chance; hand the value in, or move this to store.rs, service.rs or office/",
        ),
        Layer::Kernel | Layer::Pure if mention.is_in(&rooms_outside) || mention.has("store") || mention.has("service") => {
            Some("rules do not know where facts are kept or who asks; turn the arrow round: the service calls the rule")
        }
        Layer::Store if mention.has("service") || mention.is_in(&["faces", "demo"]) => {
            Some("a store keeps rows and knows no acts; let the service call both")
        }
        Layer::Service | Layer::Db | Layer::Office if mention.is_in(&["faces", "demo"]) => {
            Some("acts do not know which face they came through; hand the value in")
        }
        _ => other_product(path, mention)
            .then_some("products do not call each other; what spans two is an act of the room that pays"),
    }
}

fn touches_world(mention: &Mention) -> bool {
    let pair = |first: &str, second: &str| mention.segments.windows(2).any(|pair| pair[0] == first && pair[1] == second);
    let of_std = mention.first() == "std" && mention.segments.get(1).is_some_and(|second| STD_OUTSIDE.contains(&second.as_str()));
    let clock = mention.has("SystemTime") || mention.has("Instant") || pair("Utc", "now") || pair("Local", "now");
    (!mention.is_ours && OUTSIDE_WORLD.contains(&mention.first())) || of_std || clock
}

fn other_product(path: &str, mention: &Mention) -> bool {
    let product = path.strip_prefix("src/products/").and_then(|rest| rest.split(['/', '.']).next());
    let mentioned = mention.is_in(&["products"]).then(|| mention.segments.get(1)).flatten();
    product.zip(mentioned).is_some_and(|(own, other)| own != "mod" && own != other)
}

/// Every path of the file's code, unit tests left out.
fn mentions(source: &Source) -> Vec<Mention> {
    let tokens = tokens(&parts_without_tests(&source.text).code);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if is_word(&tokens[at].1) {
            let mut paths = Vec::new();
            at = path(&tokens, at, &[], &mut paths);
            let long = paths.into_iter().filter(|(_, segments)| segments.len() > 1);
            found.extend(long.map(|(line, segments)| resolved(&source.path, line, segments)));
        } else {
            at += 1;
        }
    }
    found
}

type Token = (usize, String);

/// Reads `a::b`, `a::{b, c::d}`, `a::*` from `at`; gives where it ends.
fn path(tokens: &[Token], mut at: usize, before: &[String], found: &mut Vec<(usize, Vec<String>)>) -> usize {
    let mut segments = before.to_vec();
    let line = tokens[at].0;
    loop {
        let text = |at: usize| tokens.get(at).map_or("", |token| token.1.as_str());
        if text(at) == "{" {
            at += 1;
            while at < tokens.len() && text(at) != "}" {
                at = if is_word(text(at)) { path(tokens, at, &segments, found) } else { at + 1 };
            }
            return at + 1;
        }
        if !is_word(text(at)) {
            break;
        }
        segments.push(text(at).to_owned());
        at += 1;
        if text(at) != "::" {
            break;
        }
        at += 1;
    }
    found.push((line, segments));
    at
}

fn tokens(code: &str) -> Vec<Token> {
    let (mut found, mut line, mut rest) = (Vec::new(), 1, code);
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = if word > 0 {
            word
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            found.push((line, rest[..length].to_owned()));
        }
        line += usize::from(first == '\n');
        rest = &rest[length..];
    }
    found
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Makes `crate::`, `self::` and `super::` paths count from the crate's root.
fn resolved(path: &str, line: usize, segments: Vec<String>) -> Mention {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let mut home: Vec<String> = inside.split('/').filter(|part| !matches!(*part, "lib" | "main")).map(str::to_owned).collect();
    let mut rest = segments.as_slice();
    match segments[0].as_str() {
        "crate" | "cunzhang" => {
            home.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|first| first == "super") {
                home.pop();
                rest = &rest[1..];
            }
        }
        _ => return Mention { line, segments, is_ours: false },
    }
    home.extend(rest.iter().cloned());
    Mention { line, segments: home, is_ours: true }
}

#[test]
fn arrows_point_one_way() {
    none(rust_in_src().iter().flat_map(wrong_arrows).collect());
}

/// What the public page may know of the program: what was published, asking, and how pages are drawn.
fn public_page_knows(mention: &Mention) -> bool {
    let text = mention.segments.join("::");
    let rooms = ["controls::disclosure::", "faces::web::", "db::Stop", "exchange::Sheet", "ledger::BookCode", "office::Actor"];
    let forbidden = ["store::sheets", "store::facts", "store::rules", "store::successors", "service::making", "service::steps"];
    !mention.is_ours || rooms.iter().any(|room| text.starts_with(room)) && !forbidden.iter().any(|room| text.contains(room))
}

#[test]
fn the_public_page_reads_published_sheets_only() {
    let sources = rust_in_src();
    let page = sources.iter().find(|source| source.path == "src/faces/web/public.rs").expect("the public page is there");
    let strays = mentions(page).into_iter().filter(|mention| !public_page_knows(mention));
    none(
        strays
            .map(|stray| Finding::new(page, stray.line, format!("the public page knows `{}`", stray.segments.join("::"))))
            .collect(),
    );
    let store = sources.iter().find(|source| source.path.ends_with("disclosure/store/published.rs")).expect("its store is there");
    let tables = store.text.split(" from ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    assert_eq!(tables.filter(|table| !table.starts_with("disclosure_")).collect::<Vec<_>>(), [""; 0]);
    for bad in [
        "use crate::controls::disclosure::store::sheets;",
        "use crate::ledger::store;",
        "fn a() { crate::statements::store::x() }",
    ] {
        let sample = Source::sample("src/faces/web/public.rs", bad);
        assert!(mentions(&sample).iter().any(|mention| !public_page_knows(mention)), "{bad}");
    }
}

#[test]
fn each_wrong_arrow_is_noticed() {
    let wrong = [
        ("src/money/rate.rs", "use crate::ledger::voucher::Voucher;"),
        ("src/money/rate.rs", "fn a() { super::super::parties::check() }"),
        ("src/ledger/posting.rs", "use sqlx::Row;"),
        ("src/ledger/posting.rs", "use std::{collections::BTreeMap, fs};"),
        ("src/ledger/posting.rs", "fn a() { std::fs::read(\"x\"); }"),
        ("src/ledger/posting.rs", "fn a() { chrono::Utc::now(); }"),
        ("src/ledger/posting.rs", "fn a() { Local::now(); }"),
        ("src/ledger/posting.rs", "use std::time::SystemTime;"),
        ("src/ledger/posting.rs", "use crate::{db::Database, money::Amount};"),
        ("src/ledger/posting.rs", "use super::store;"),
        ("src/ledger/posting.rs", "use super::{account::AccountCode, store::lines};"),
        ("src/ledger/mod.rs", "pub use service::post;"),
        ("src/ledger/store.rs", "use super::service::post;"),
        ("src/ledger/store.rs", "use crate::faces::cli;"),
        ("src/ledger/service.rs", "use crate::faces::cli;"),
        ("src/office/jobs.rs", "use crate::faces::http;"),
        ("src/products/microloan/loan.rs", "use crate::products::risk_fund::Claim;"),
    ];
    for (path, text) in wrong {
        assert_eq!(wrong_arrows(&Source::sample(path, text)).len(), 1, "{path}: {text}");
    }
}

#[test]
fn right_arrows_are_left_alone() {
    let right = [
        ("src/money/rate.rs", "use super::Amount; use crate::refusal::Refusal; crate::refusals! {}"),
        (
            "src/ledger/posting.rs",
            "// use sqlx::Row;\nuse crate::money::Amount; use super::voucher::*; use std::collections::BTreeMap;",
        ),
        ("src/ledger/posting.rs", "fn a() { \"std::fs::read\" }\n#[cfg(test)]\nmod tests { use tokio::test; }"),
        ("src/ledger/mod.rs", "pub mod store; pub mod service;"),
        ("src/ledger/store.rs", "use crate::db::Transaction; use sqlx::Row; use super::voucher::Voucher;"),
        ("src/ledger/service.rs", "use super::store; use crate::office::Office; use tokio::sync::Mutex;"),
        ("src/faces/cli/book.rs", "use crate::ledger::service; use std::fs;"),
        ("src/products/microloan/loan.rs", "use crate::products::microloan::schedule; use super::terms;"),
        ("src/main.rs", "use cunzhang::faces::cli; fn main() { std::env::args(); }"),
    ];
    for (path, text) in right {
        assert_eq!(wrong_arrows(&Source::sample(path, text)), [], "{path}: {text}");
    }
}
