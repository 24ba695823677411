//! What a county's books are kept for: vouchers that make sense, by regime.

use cunzhang::calendar::{AccountingPeriod as Period, BusinessDate};
use cunzhang::ledger::{Dimensions, Stage, Voucher, VoucherLine, Word};
use cunzhang::money::Amount;

use crate::charts;
use crate::dice::Dice;
use crate::model::Book;

/// Debit and credit account of everyday business.
fn pairs(regime: &str) -> &'static [(&'static str, &'static str)] {
    match regime {
        "village-2004" => &[
            ("102", "301"),
            ("102", "531"),
            ("102", "501"),
            ("541", "102"),
            ("101", "102"),
            ("541", "101"),
            ("113", "102"),
            ("102", "113"),
            ("102", "241"),
            ("551", "101"),
            ("102", "202"),
            ("151", "102"),
            ("3220102", "113"),
            ("522", "102"),
        ],
        "village-2023" => &[
            ("102", "301"),
            ("102", "50101"),
            ("102", "50301"),
            ("51301", "102"),
            ("101", "102"),
            ("51401", "101"),
            ("113", "102"),
            ("102", "113"),
            ("102", "241"),
            ("102", "21102"),
            ("151", "102"),
            ("51305", "152"),
            ("3220102", "21102"),
            ("181", "101"),
        ],
        "cooperative-2007" => &[
            ("102", "301"),
            ("102", "501"),
            ("522", "102"),
            ("521", "101"),
            ("101", "102"),
            ("114", "102"),
            ("102", "114"),
            ("102", "235"),
            ("3320102", "221"),
            ("102", "211"),
            ("121", "102"),
        ],
        "cooperative-2021" => &[
            ("102", "301"),
            ("102", "501"),
            ("523", "102"),
            ("521", "101"),
            ("101", "102"),
            ("114", "102"),
            ("102", "114"),
            ("102", "235"),
            ("3320102", "221"),
            ("18101", "101"),
            ("52402", "102"),
        ],
        "small-enterprise-2013" => &[
            ("1002", "3001"),
            ("1002", "5001"),
            ("5602", "1002"),
            ("1001", "1002"),
            ("5602", "1001"),
            ("1901", "1002"),
            ("31040102", "2232"),
            ("1002", "2701"),
        ],
        "risk-fund" => {
            &[("F101", "F301"), ("F101", "F401"), ("F502", "F101"), ("F501", "F101"), ("F101", "F411"), ("F101", "F201")]
        }
        _ => &[("S101", "S301"), ("S501", "S201"), ("S201", "S101"), ("S501", "S101")],
    }
}

/// Bank, cash, an expense and an income of a regime.
pub fn usual(regime: &str) -> [&'static str; 4] {
    match regime {
        "village-2004" => ["102", "101", "551", "531"],
        "village-2023" => ["102", "101", "51502", "50409"],
        "cooperative-2007" => ["102", "101", "529", "502"],
        "cooperative-2021" => ["102", "101", "529", "502"],
        "small-enterprise-2013" => ["1002", "1001", "5711", "5301"],
        "risk-fund" => ["F101", "F101", "F502", "F401"],
        _ => ["S101", "S101", "S501", "S301"],
    }
}

/// True for accounts everyday business stands on.
pub fn is_usual(regime: &str, code: &str) -> bool {
    let of_pairs = pairs(regime).iter().any(|(debit, credit)| code.starts_with(debit) || code.starts_with(credit));
    of_pairs || usual(regime).iter().any(|usual| code.starts_with(usual))
}

/// A leaf at or beneath an account of the book's year.
pub fn leaf(dice: &mut Dice, book: &Book, year: i32, code: &str) -> String {
    let chart = &book.years[&year].chart;
    let leaves: Vec<String> = charts::leaves(chart, code).cloned().collect();
    dice.any(&leaves).unwrap_or_else(|| code.to_owned())
}

/// The cards an account asks for, and now and then more.
pub fn cards(dice: &mut Dice, book: &Book, year: i32, code: &str) -> Dimensions {
    const MEMBERS: [&str; 5] = ["户〇一", "户〇二", "H03", "H-04", "户\"五\""];
    let mut cards = Dimensions::default();
    for dimension in book.years[&year].chart.get(code).map(|a| a.requires.clone()).unwrap_or_default() {
        cards.set(dimension, Some((*dice.pick(&MEMBERS)).to_owned()));
    }
    if dice.percent(8) {
        cards.bank_account = Some(format!("账户{}", dice.below(2)));
    }
    if dice.percent(4) {
        cards.project = Some(format!("项目{}", dice.below(3)));
    }
    cards
}

/// A line of `fen`, on the debit side when positive.
pub fn line(dice: &mut Dice, book: &Book, year: i32, code: &str, fen: i64) -> VoucherLine {
    let dimensions = cards(dice, book, year, code);
    let summary = (*dice.pick(&["收款", "付 \"运费\"", "村级开支;五月", "分红|入账", "  转存 "])).to_owned();
    let (debit, credit) = (Amount::from_fen(fen.max(0)), Amount::from_fen((-fen).max(0)));
    VoucherLine { summary, account: code.into(), debit, credit, dimensions }
}

pub fn day(dice: &mut Dice, period: Period) -> BusinessDate {
    let last = period.last_day().to_string()[8..].parse::<usize>().expect("a date ends in its day");
    format!("{}-{:02}", period.first_day().format("%Y-%m"), 1 + dice.below(last)).parse().expect("a day of the month")
}

/// A voucher of some lines on a day of the period.
pub fn voucher(dice: &mut Dice, book: &Book, period: Period, lines: Vec<VoucherLine>) -> Voucher {
    let words = [Word::General, Word::General, Word::Receipt, Word::Payment, Word::Transfer];
    Voucher {
        book: book.code.clone(),
        period,
        dated_on: if period.is_opening() { period.first_day() } else { day(dice, period) },
        word: *dice.pick(&words),
        stage: Stage::Ordinary,
        lines,
        reverses: None,
        source_key: dice.percent(15).then(|| format!("表{}:{}", dice.below(9), dice.below(60))),
        paper_attachments: dice.below(3) as i64,
    }
}

/// One to three pairs of everyday business.
pub fn everyday(dice: &mut Dice, book: &Book, period: Period) -> Voucher {
    let year = period.year();
    let regime = book.years[&year].regime.clone();
    let mut lines = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let (debit, credit) = *dice.pick(pairs(&regime));
        let small = debit.starts_with("32201") || debit.starts_with("3104") || debit.starts_with("33201") || credit == "101";
        let fen = if dice.percent(5) { 1 } else { 1 + dice.below(if small { 9_999 } else { 9_999_999 }) as i64 };
        let (debit, credit) = (leaf(dice, book, year, debit), leaf(dice, book, year, credit));
        lines.push(line(dice, book, year, &debit, fen));
        lines.push(line(dice, book, year, &credit, -fen));
    }
    voucher(dice, book, period, lines)
}

/// One pair, without cards beyond those asked for.
pub fn pair(dice: &mut Dice, book: &Book, period: Period, (debit, credit): (&str, &str), fen: i64) -> Voucher {
    let (debit, credit) = (leaf(dice, book, period.year(), debit), leaf(dice, book, period.year(), credit));
    let lines = vec![line(dice, book, period.year(), &debit, fen), line(dice, book, period.year(), &credit, -fen)];
    Voucher { source_key: None, dated_on: period.first_day(), ..voucher(dice, book, period, lines) }
}
