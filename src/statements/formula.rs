//! The small language in which forms say where a figure comes from.
//!
//! Pure. A formula is terms joined by `+` and `-`:
//!
//! | term | figure |
//! |---|---|
//! | `D(101)` `C(152)` | balance of the account and all beneath it, netted, counted on the debit / credit side (negative when it stands on the other) |
//! | `Dsub(113)` `Csub(113)` | debit / credit balances of each account beneath and each party, added without netting |
//! | `turnover(501)` | ordinary movement of the year, net, on the account's normal side |
//! | `debit(322)` `credit(322)` | ordinary movement of the year on one side |
//! | `moved(322)` | closing transfers of the year, credit less debit |
//! | `openingD(331)` `openingC(331)` | balance at the opening of the year |
//! | `result()` | income less expense not yet transferred |
//! | `line(5)` `sum(1..4)` | another line above; the lines from one through another, in the form's order |
//! | `of(balance,40)` | a line of another statement of the same book and date |
//! | `zero()` | nothing, unless the figure is given by hand |
//!
//! 1. An account the chart does not have (an optional one) counts as zero.
//! 2. Every formula can be said in words.

use serde::{Deserialize, Serialize};

use crate::ledger::{AccountCode, Chart};

/// What a term takes from an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// `D`
    DebitBalance,
    /// `C`
    CreditBalance,
    /// `Dsub`
    DebitParts,
    /// `Csub`
    CreditParts,
    /// `turnover`
    Turnover,
    /// `debit`
    DebitMovement,
    /// `credit`
    CreditMovement,
    /// `moved`
    Transferred,
    /// `openingD`
    OpeningDebit,
    /// `openingC`
    OpeningCredit,
}

const TAKES: [(&str, Take, &str); 10] = [
    ("D", Take::DebitBalance, "借方余额"),
    ("C", Take::CreditBalance, "贷方余额"),
    ("Dsub", Take::DebitParts, "各明细借方余额合计"),
    ("Csub", Take::CreditParts, "各明细贷方余额合计"),
    ("turnover", Take::Turnover, "本年发生净额"),
    ("debit", Take::DebitMovement, "本年借方发生额"),
    ("credit", Take::CreditMovement, "本年贷方发生额"),
    ("moved", Take::Transferred, "本年结转净额"),
    ("openingD", Take::OpeningDebit, "年初借方余额"),
    ("openingC", Take::OpeningCredit, "年初贷方余额"),
];

impl Take {
    /// As users read it.
    pub fn words_zh(self) -> &'static str {
        TAKES.iter().find(|(_, take, _)| *take == self).map_or("", |(_, _, words)| words)
    }
}

/// Where one term takes its figure from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An account.
    Account(Take, AccountCode),
    /// Income less expense not yet transferred.
    Result,
    /// A line above.
    Line(String),
    /// The lines from one through another.
    Sum(String, String),
    /// A line of another statement: form, line.
    Of(String, String),
    /// Nothing.
    Zero,
}

/// A term: added or taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// True for a term taken off.
    pub less: bool,
    /// Where its figure comes from.
    pub source: Source,
}

/// Reads a formula; `None` if it is not one.
pub fn parse(text: &str) -> Option<Vec<Term>> {
    let mut terms = Vec::new();
    let mut rest: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    while !rest.is_empty() {
        let less = rest.starts_with('-');
        if less || rest.starts_with('+') {
            rest.remove(0);
        } else if !terms.is_empty() {
            return None;
        }
        let end = rest.find(')')?;
        terms.push(Term { less, source: parse_source(&rest[..end])? });
        rest.drain(..=end);
    }
    (!terms.is_empty()).then_some(terms)
}

fn parse_source(text: &str) -> Option<Source> {
    let (name, inner) = text.split_once('(')?;
    let pair = |between: &str| inner.split_once(between).filter(|(a, b)| !a.is_empty() && !b.is_empty());
    match name {
        "result" => inner.is_empty().then_some(Source::Result),
        "zero" => inner.is_empty().then_some(Source::Zero),
        _ if inner.is_empty() => None,
        "line" => Some(Source::Line(inner.to_owned())),
        "sum" => pair("..").map(|(from, to)| Source::Sum(from.to_owned(), to.to_owned())),
        "of" => pair(",").map(|(form, line)| Source::Of(form.to_owned(), line.to_owned())),
        _ => {
            let take = TAKES.iter().find(|(word, _, _)| *word == name)?.1;
            inner.bytes().all(|b| b.is_ascii_alphanumeric()).then(|| Source::Account(take, inner.into()))
        }
    }
}

/// One term in words: `银行存款(102)借方余额`.
pub fn source_words_zh(source: &Source, chart: &Chart) -> String {
    match source {
        Source::Account(take, code) => {
            let name = chart.get(code).map_or("未设科目", |account| account.name_zh.as_str());
            format!("{name}({code}){}", take.words_zh())
        }
        Source::Result => "收入减支出尚未结转的差额".to_owned(),
        Source::Line(key) => format!("第{key}行"),
        Source::Sum(from, to) => format!("第{from}行至第{to}行合计"),
        Source::Of(form, key) => format!("{}第{key}行", super::form::form_label_zh(form)),
        Source::Zero => "由会计填列".to_owned(),
    }
}

/// A formula in words.
pub fn words_zh(terms: &[Term], chart: &Chart) -> String {
    let mut words = String::new();
    for (n, term) in terms.iter().enumerate() {
        words.push_str(match (n, term.less) {
            (0, false) => "",
            (_, false) => " + ",
            (_, true) => " - ",
        });
        words.push_str(&source_words_zh(&term.source, chart));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_terms_and_says_them() {
        let chart = Chart::of("village-2023").unwrap();
        for (formula, words) in [
            ("D(101)+D(102)", "库存现金(101)借方余额 + 银行存款(102)借方余额"),
            ("D(112) + Dsub(113)", "应收款(112)借方余额 + 内部往来(113)各明细借方余额合计"),
            ("-line(7)-line(8)", " - 第7行 - 第8行"),
            ("sum(A1..A5)", "第A1行至第A5行合计"),
            ("C(321)+result()", "本年收益(321)贷方余额 + 收入减支出尚未结转的差额"),
            ("of(balance,40)", "资产负债表第40行"),
        ] {
            assert_eq!(words_zh(&parse(formula).unwrap(), &chart), words);
        }
    }

    #[test]
    fn refuses_what_is_no_formula() {
        for bad in [
            "",
            "101",
            "D(101",
            "D(101)D(102)",
            "E(101)",
            "D()",
            "sum(1)",
            "D(101)+",
            "D((101))",
            "result(1)",
            "of(x)",
            "D(1..2)",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
