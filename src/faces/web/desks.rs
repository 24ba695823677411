//! The desks: one page a room, with its lists open and its acts as buttons, made from the catalogue.
//!
//! 1. A desk shows lists and leads to acts; each list and act is a command with a page of its own.
//! 2. An act somebody may not do is not offered; its page would refuse.

use askama::Template;

use super::address::escaped_query;
use super::command::{Asked, Next, next_page, table, title_of};
use super::frame::Frame;
use super::table::Table;
use super::text::{Texts, title_in_english};
use super::trouble::{Answer, Trouble, show};
use super::wording::in_words;
use crate::access::Permission;
use crate::exchange::Sheet;
use crate::faces::commands::grammar::Form;
use crate::faces::commands::run::Filled;
use crate::faces::commands::{COMMANDS, Command, Place, find};

/// A desk.
#[derive(Debug)]
pub struct Desk {
    /// Its name in addresses.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Its title.
    pub title: fn(&Texts) -> &'static str,
    /// The lists open on it.
    pub lists: &'static [&'static str],
    /// The nouns whose commands it offers.
    pub nouns: &'static [&'static str],
    /// The commands of its work in their order; all others are folded.
    pub steps: &'static [&'static str],
    /// A bank's officer has it too, for the bank's own loans.
    pub of_banks: bool,
}

impl Desk {
    /// Its page within the county or a book and month.
    pub fn page(&self) -> String {
        format!("desks/{}", self.name)
    }

    /// A bank's officer has it too.
    const fn of_banks(self) -> Desk {
        Desk { of_banks: true, ..self }
    }

    /// With the order of its work.
    const fn steps(self, steps: &'static [&'static str]) -> Desk {
        Desk { steps, ..self }
    }
}

const fn in_book(
    name: &'static str,
    title: fn(&Texts) -> &'static str,
    lists: &'static [&'static str],
    nouns: &'static [&'static str],
) -> Desk {
    Desk { name, place: Place::Book, title, lists, nouns, steps: &[], of_banks: false }
}

const fn in_county(
    name: &'static str,
    title: fn(&Texts) -> &'static str,
    lists: &'static [&'static str],
    nouns: &'static [&'static str],
) -> Desk {
    Desk { name, place: Place::County, title, lists, nouns, steps: &[], of_banks: false }
}

/// All desks.
pub const DESKS: &[Desk] = &[
    in_book("bank", |t| t.bank_desk, &["bank list"], &["bank", "reconcile"]).steps(&[
        "bank import",
        "reconcile run",
        "reconcile transfers",
        "reconcile propose",
        "reconcile report",
    ]),
    in_book("shares", |t| t.shares_desk, &["share register"], &["share"]),
    in_book("dividends", |t| t.dividends_desk, &["dividend list"], &["dividend"]).steps(&[
        "dividend settle",
        "dividend plan",
        "dividend review",
        "dividend publish",
        "dividend post",
        "dividend pay",
        "dividend results",
        "dividend archive",
    ]),
    in_book("payouts", |t| t.payouts_desk, &["payout list"], &["payout"]).steps(&[
        "payout receive",
        "payout check",
        "payout draw-up",
        "payout review",
        "payout send",
        "payout results",
        "payout correct",
    ]),
    in_book("leases", |t| t.leases_desk, &["lease warnings", "lease list"], &["lease"]).steps(&[
        "lease open",
        "lease accrue",
        "lease receive",
        "lease pay",
        "lease end",
    ]),
    in_book("projects", |t| t.projects_desk, &["project list"], &["project"]).steps(&[
        "project add",
        "project approve",
        "project receive",
        "project contract",
        "project progress",
        "project pay",
        "project accept",
        "project settle",
        "project finish",
    ]),
    in_book("classes", |t| t.classes_desk, &["fund-class balance", "resident check"], &["fund-class", "resident"]),
    in_book(
        "affairs",
        |t| t.affairs_desk,
        &["notice list", "asset list", "meeting list", "duty list"],
        &["notice", "asset", "meeting", "duty"],
    ),
    in_book("book", |t| t.book_desk, &["book show"], &["book", "account", "member", "period", "year", "voucher"]),
    in_book("supervision", |t| t.supervision_desk, &[], &["supervise", "finding"]),
    in_county("lending", |t| t.lending_desk, &["loan report which=progress"], &["loan", "settle", "reconcile"]).of_banks().steps(
        &[
            "loan apply",
            "loan check",
            "loan announce",
            "loan grade",
            "loan approve",
            "loan sign",
            "loan record",
            "settle run",
            "loan reconcile",
        ],
    ),
    in_county("subsidy", |t| t.subsidy_desk, &["subsidy list"], &["subsidy"]).of_banks().steps(&[
        "subsidy run",
        "subsidy bank-list",
        "subsidy compare",
        "subsidy review",
        "subsidy announce",
        "subsidy approve",
        "subsidy receive",
        "subsidy pay",
    ]),
    in_county("fund", |t| t.fund_desk, &["fund status", "fund claims"], &["fund"]).steps(&[
        "fund contribute",
        "fund claim",
        "fund approve",
        "fund pay",
        "fund recover",
        "fund give-back",
    ]),
    in_county("entrusted", |t| t.entrusted_desk, &["entrust list", "entrust run-off"], &["entrust"]).steps(&[
        "entrust open",
        "entrust hand-over",
        "entrust accrue",
        "entrust receive",
        "entrust pay",
        "entrust return",
    ]),
    in_county("revolving", |t| t.revolving_desk, &["revolving list", "aid-fund list"], &["revolving", "aid-fund"]),
    in_county("households", |t| t.households_desk, &["household list"], &["household", "payout"]),
    in_county("policies", |t| t.policies_desk, &["policy list"], &["policy"]),
    in_county(
        "registers",
        |t| t.registers_desk,
        &["branch list", "organisation list", "place list"],
        &["branch", "organisation", "place", "book"],
    ),
    in_county(
        "supervision",
        |t| t.supervision_desk,
        &["supervise matrix", "supervise flags", "finding list"],
        &["supervise", "finding", "notice", "claim", "disclosure", "project", "fund-class", "resident"],
    ),
    in_county("proof", |t| t.proof_desk, &[], &["verify", "log"]),
];

/// The desk a command is offered on.
pub fn of(asked: &Asked, command: Command) -> Option<&'static Desk> {
    let place = match asked {
        Asked::County(_) => Place::County,
        Asked::Book(_) => Place::Book,
    };
    let noun = command.words.split(' ').next().unwrap_or_default();
    DESKS.iter().find(|desk| desk.place == place && desk.nouns.contains(&noun))
}

/// True for the list of bank accounts, whose `account` is not a ledger's.
pub fn is_bank(sheet: &Sheet) -> bool {
    sheet.columns.iter().any(|column| column.key == "ledger_account")
}

/// Where the number of something leads.
pub fn drill(asked: &Asked, key: &str, text: &str) -> Option<String> {
    let words: Vec<String> = text.splitn(4, ' ').map(escaped_query).collect();
    let text = escaped_query(text);
    let here = |words: &str, place: Place| find(place, words).map(|command| asked.command(command));
    match (key, asked) {
        ("loan", _) => Some(format!("/loans/{text}")),
        ("origin", _) => origin(&words),
        ("household", _) => Some(format!("/households/{text}")),
        ("plan", Asked::Book(_)) => here("dividend show", Place::Book).map(|page| format!("{page}?plan={text}")),
        ("batch", Asked::Book(_)) => here("payout show", Place::Book).map(|page| format!("{page}?batch={text}")),
        ("lease", Asked::Book(_)) => here("lease schedule", Place::Book).map(|page| format!("{page}?lease={text}")),
        ("project", Asked::Book(_)) => here("project show", Place::Book).map(|page| format!("{page}?project={text}")),
        ("asset", Asked::Book(_)) => here("asset show", Place::Book).map(|page| format!("{page}?asset={text}")),
        ("account", Asked::Book(at)) => Some(at.at(&format!("reconcile/{text}"))),
        ("quarter" | "batch", Asked::County(_)) => {
            here("subsidy show", Place::County).map(|page| format!("{page}?quarter={text}"))
        }
        ("policy", Asked::County(_)) => here("policy show", Place::County).map(|page| format!("{page}?policy={text}")),
        ("fund", Asked::County(_)) => here("revolving borrowers", Place::County).map(|page| format!("{page}?fund={text}")),
        _ => None,
    }
}

/// Where the words of an income's or a signal's origin lead (`incomes::Origin::in_words`).
fn origin(words: &[String]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Some(match words[..] {
        [kind, loan] if kind == escaped_query("贷款") => format!("/loans/{loan}"),
        [kind, book, month, batch] if kind == escaped_query("代发") => {
            format!("/b/{book}/{month}/do/payout/show?batch={batch}")
        }
        [kind, book, month, plan] if kind == escaped_query("分红") => format!("/b/{book}/{month}/do/dividend/show?plan={plan}"),
        [kind, book, month, lease] if kind == escaped_query("租约") => {
            format!("/b/{book}/{month}/do/lease/schedule?lease={lease}")
        }
        [kind, household, year] if kind == escaped_query("收入") => {
            format!("/do/household/income?household={household}&year={year}")
        }
        [kind, _] if kind == escaped_query("委托") => "/do/entrust/list".to_owned(),
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "desks.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    title: &'static str,
    /// The work in its order; a step for other people leads nowhere and says whose it is.
    steps: Vec<Step>,
    /// The first step this person takes: where an empty list is begun.
    first: Option<(String, String)>,
    groups: Vec<(String, Vec<Next>)>,
    tables: Vec<Table>,
    notes: Vec<String>,
    onward: Option<String>,
}

struct Step {
    word: String,
    href: Option<String>,
    needs: &'static str,
}

/// A desk's page.
pub async fn page(asked: Asked, desk: &'static Desk) -> Answer {
    let t = asked.seat().t();
    let (mut tables, mut notes, mut onward) = (Vec::new(), Vec::new(), None);
    for list in desk.lists {
        let (command, filled) = listed(desk.place, list);
        let mut reply = asked.run(command, filled.clone(), "").await.map_err(|why| Trouble::of(asked.seat(), why))?;
        in_words(&mut *asked.seat().snapshot().await?, asked.seat(), &mut reply.sheets).await?;
        notes.extend(reply.lines.iter().filter(|_| reply.sheets.is_empty()).cloned());
        onward = onward.or_else(|| reply.sheets.first().and_then(|sheet| next_page(&asked, command, &filled, sheet)));
        tables.extend(reply.sheets.iter().map(|sheet| table(&asked, sheet)));
    }
    let title = (desk.title)(t);
    let frame = asked.frame(title, &desk.page());
    let steps = steps(&asked, desk);
    let first = steps.iter().find_map(|step| Some((step.word.clone(), step.href.clone()?)));
    show(&Page { t, frame, title, steps, first, groups: groups(&asked, desk), tables, notes, onward })
}

/// `loan report which=progress`: a reader with its fields.
fn listed(place: Place, list: &str) -> (Command, Filled) {
    let (values, words): (Vec<&str>, Vec<&str>) = list.split(' ').partition(|word| word.contains('='));
    let command = find(place, &words.join(" ")).expect("a desk's lists stand in the catalogue; a test opens every desk");
    let pair = |word: &&str| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    (command, Filled { values: values.iter().filter_map(pair).collect(), files: Vec::new() })
}

/// The work of a desk in its order.
fn steps(asked: &Asked, desk: &Desk) -> Vec<Step> {
    let step = |words: &&str| {
        let (command, form) = (find(desk.place, words)?, Form::of(words)?);
        let href = asked.may(command).then(|| asked.command(command));
        let needs = command.permission().map_or("", Permission::label_zh);
        Some(Step { word: title_of(asked.seat().t(), command, form), href, needs })
    };
    desk.steps.iter().filter_map(step).collect()
}

/// What else can be done here, by noun.
fn groups(asked: &Asked, desk: &Desk) -> Vec<(String, Vec<Next>)> {
    let t = asked.seat().t();
    let of_noun = |noun: &&str| {
        let here = |command: &&Command| {
            command.place == desk.place
                && command.words.split(' ').next() == Some(noun)
                && asked.may(**command)
                && !desk.lists.contains(&command.words)
                && !desk.steps.contains(&command.words)
        };
        let link = |command: &Command| {
            let form = Form::of(command.words)?;
            Some(Next { word: title_of(t, *command, form), href: asked.command(*command), acts: !command.reads() })
        };
        (noun_title(t, noun), COMMANDS.iter().filter(here).filter_map(link).collect::<Vec<_>>())
    };
    desk.nouns.iter().map(of_noun).filter(|(_, links)| !links.is_empty()).collect()
}

fn noun_title(t: &Texts, noun: &str) -> String {
    let form = Form::of(noun).filter(|_| t.is_chinese());
    form.map_or_else(|| title_in_english(noun).unwrap_or(noun).to_owned(), |form| form.title().to_owned())
}
