//! Statement forms (报表格式): lines, labels and formulas by regime, as data.
//!
//! Pure. The files are `forms/<regime>-<form>.csv` and `forms/checks.csv`; [`Form::parse`] reads another text, so a corrected form needs no rebuild.
//!
//! 1. A formula refers only to lines above it.
//! 2. Every line names its source; what was not read in the official text says so.
//! 3. A line whose style holds `if_not_zero` stands in the statement only when it has money (181 at an interim date).

use serde::{Deserialize, Serialize};

use super::StatementRefusal;
use super::formula::{Source, Term, parse};

/// Which statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormId {
    /// 资产负债表
    Balance,
    /// 收益(盈余)及收益(盈余)分配表; income statement of a company; 收支表 of a fund
    Surplus,
    /// 成员权益变动表
    Equity,
}

impl FormId {
    /// As files and formulas write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            FormId::Balance => "balance",
            FormId::Surplus => "surplus",
            FormId::Equity => "equity",
        }
    }
}

/// The general name of a form, where no regime is at hand.
pub fn form_label_zh(form: &str) -> &'static str {
    match form {
        "balance" => "资产负债表",
        "surplus" => "收益(盈余)及分配表",
        _ => "成员权益变动表",
    }
}

/// One line of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLine {
    /// The line's key (行次 where the regime numbers them).
    pub key: String,
    /// 项目
    pub label_zh: String,
    /// The same in English.
    pub label_en: String,
    /// The formula as written; empty for a heading.
    pub formula: String,
    /// The formula read.
    pub terms: Vec<Term>,
    /// `left` or `right` half of a two-sided sheet; empty otherwise.
    pub side: String,
    /// Words for rendering, separated by blanks: heading, indent1, indent2, total, less, if_not_zero.
    pub style: String,
    /// Document and tag.
    pub source: String,
}

/// An equation of a form, as two formulas over its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormCheck {
    /// What is compared.
    pub name_zh: String,
    /// Left formula.
    pub left: Vec<Term>,
    /// Right formula.
    pub right: Vec<Term>,
}

/// A form of a regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Regime id.
    pub regime: String,
    /// Which statement.
    pub id: FormId,
    /// The official title and form number.
    pub title_zh: String,
    /// The lines in order.
    pub lines: Vec<FormLine>,
    /// Its equations.
    pub checks: Vec<FormCheck>,
}

#[derive(Deserialize)]
struct LineRow {
    key: String,
    label_zh: String,
    label_en: String,
    formula: String,
    side: String,
    style: String,
    source: String,
}

#[derive(Deserialize)]
struct CheckRow {
    regime: String,
    form: String,
    name_zh: String,
    left: String,
    right: String,
}

/// Regime, form, title, file: every form that is part of the program.
const FORMS: &[(&str, FormId, &str, &str)] = &[
    ("village-2023", FormId::Balance, "资产负债表(会村01表)", include_str!("forms/village-2023-balance.csv")),
    ("village-2023", FormId::Surplus, "收益及收益分配表(会村02表)", include_str!("forms/village-2023-surplus.csv")),
    ("village-2004", FormId::Balance, "资产负债表", include_str!("forms/village-2004-balance.csv")),
    ("village-2004", FormId::Surplus, "收益及收益分配表", include_str!("forms/village-2004-surplus.csv")),
    ("cooperative-2021", FormId::Balance, "资产负债表(会农社01表)", include_str!("forms/cooperative-2021-balance.csv")),
    ("cooperative-2021", FormId::Surplus, "盈余及盈余分配表(会农社02表)", include_str!("forms/cooperative-2021-surplus.csv")),
    ("cooperative-2021", FormId::Equity, "成员权益变动表(会农社03表)", include_str!("forms/cooperative-2021-equity.csv")),
    ("cooperative-2007", FormId::Balance, "资产负债表", include_str!("forms/cooperative-2007-balance.csv")),
    ("cooperative-2007", FormId::Surplus, "盈余及盈余分配表", include_str!("forms/cooperative-2007-surplus.csv")),
    ("small-enterprise-2013", FormId::Balance, "资产负债表", include_str!("forms/small-enterprise-2013-balance.csv")),
    ("small-enterprise-2013", FormId::Surplus, "利润表", include_str!("forms/small-enterprise-2013-surplus.csv")),
    ("risk-fund", FormId::Balance, "风险补偿金资产负债表", include_str!("forms/risk-fund-balance.csv")),
    ("risk-fund", FormId::Surplus, "风险补偿金收支表", include_str!("forms/risk-fund-surplus.csv")),
    ("aid-fund", FormId::Balance, "专项基金资产负债表", include_str!("forms/aid-fund-balance.csv")),
    ("aid-fund", FormId::Surplus, "专项基金收支表", include_str!("forms/aid-fund-surplus.csv")),
    ("interest-subsidy", FormId::Balance, "贴息资金资产负债表", include_str!("forms/interest-subsidy-balance.csv")),
    ("interest-subsidy", FormId::Surplus, "贴息资金收支表", include_str!("forms/interest-subsidy-surplus.csv")),
];

impl Form {
    /// The form of a regime. Refuses a regime without it (S-101).
    pub fn of(regime: &str, id: FormId) -> Result<Form, StatementRefusal> {
        let found = FORMS.iter().find(|(of, form, ..)| *of == regime && *form == id);
        let no_such = || StatementRefusal::NoSuchForm { regime: regime.to_owned(), form: id.as_str() };
        let (_, _, title, text) = found.ok_or_else(no_such)?;
        Form::parse(regime, id, title, text, include_str!("forms/checks.csv"))
    }

    /// True if the regime has the form.
    pub fn exists(regime: &str, id: FormId) -> bool {
        FORMS.iter().any(|(of, form, ..)| *of == regime && *form == id)
    }

    /// Reads a form from the text of its lines and of its checks. Refuses unreadable rows (S-106), formulas (S-102) and references
    /// to lines that do not stand above (S-103).
    pub fn parse(regime: &str, id: FormId, title_zh: &str, lines: &str, checks: &str) -> Result<Form, StatementRefusal> {
        let mut form = Form { regime: regime.into(), id, title_zh: title_zh.into(), lines: Vec::new(), checks: Vec::new() };
        for row in rows::<LineRow>(lines)? {
            let line = row.line()?;
            form.refuse_unknown_lines(&line.key, &line.terms)?;
            form.lines.push(line);
        }
        for row in rows::<CheckRow>(checks)?.into_iter().filter(|row| row.regime == regime && row.form == id.as_str()) {
            let check = row.check()?;
            form.refuse_unknown_lines(&check.name_zh, &check.left)?;
            form.refuse_unknown_lines(&check.name_zh, &check.right)?;
            form.checks.push(check);
        }
        Ok(form)
    }

    fn refuse_unknown_lines(&self, line: &str, terms: &[Term]) -> Result<(), StatementRefusal> {
        let wanted = terms.iter().flat_map(|term| match &term.source {
            Source::Line(key) => vec![key],
            Source::Sum(from, to) => vec![from, to],
            _ => Vec::new(),
        });
        match wanted.into_iter().find(|key| !self.lines.iter().any(|above| above.key == **key)) {
            Some(key) => Err(StatementRefusal::UnknownLine { line: line.to_owned(), wanted: key.clone() }),
            None => Ok(()),
        }
    }
}

impl LineRow {
    fn line(self) -> Result<FormLine, StatementRefusal> {
        let terms = if self.formula.is_empty() { Vec::new() } else { read(&self.key, &self.formula)? };
        let LineRow { key, label_zh, label_en, formula, side, style, source } = self;
        Ok(FormLine { key, label_zh, label_en, formula, terms, side, style, source })
    }
}

impl CheckRow {
    fn check(self) -> Result<FormCheck, StatementRefusal> {
        let (left, right) = (read(&self.name_zh, &self.left)?, read(&self.name_zh, &self.right)?);
        Ok(FormCheck { name_zh: self.name_zh, left, right })
    }
}

fn read(line: &str, formula: &str) -> Result<Vec<Term>, StatementRefusal> {
    parse(formula).ok_or_else(|| StatementRefusal::BadFormula { line: line.to_owned(), formula: formula.to_owned() })
}

fn rows<T: serde::de::DeserializeOwned>(text: &str) -> Result<Vec<T>, StatementRefusal> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.map_err(|why| StatementRefusal::BadForm { why: why.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Chart;
    use crate::statements::formula::Take;

    #[test]
    fn every_form_reads_and_every_account_is_in_the_chart() {
        for (regime, id, ..) in FORMS {
            let form = Form::of(regime, *id).unwrap();
            let chart = Chart::of(regime).unwrap();
            for (line, term) in form.lines.iter().flat_map(|line| line.terms.iter().map(move |term| (line, term))) {
                if let Source::Account(_, code) = &term.source {
                    let optional = ["109", "122"].contains(&code.as_str());
                    assert!(optional || chart.get(code).is_some(), "{regime} {} {code}", line.key);
                }
            }
            assert!(!form.checks.is_empty(), "{regime} {id:?}");
        }
    }

    #[test]
    fn every_balance_account_has_its_line() {
        for (regime, id, ..) in FORMS.iter().filter(|(_, id, ..)| *id == FormId::Balance) {
            let form = Form::of(regime, *id).unwrap();
            let chart = Chart::of(regime).unwrap();
            let sides = |code: &str| -> usize {
                let terms = form.lines.iter().flat_map(|line| &line.terms);
                let of = terms.filter_map(|term| match &term.source {
                    Source::Account(take, of) if of.as_str() == code => Some(*take),
                    _ => None,
                });
                of.map(|take| if matches!(take, Take::DebitParts | Take::CreditParts) { 1 } else { 2 }).sum()
            };
            for account in chart.first_level().filter(|account| !account.class.is_profit_and_loss()) {
                assert_eq!(sides(account.code.as_str()), 2, "{regime} {}", account.code);
            }
        }
    }

    #[test]
    fn bad_forms_are_refused() {
        const HEAD: &str = "key,label_zh,label_en,formula,side,style,source\n";
        const CHECKS: &str = "regime,form,name_zh,left,right\n";
        for (lines, code) in [("1,a,a,D(,,,s\n", "S-102"), ("1,a,a,line(2),,,s\n2,b,b,D(101),,,s\n", "S-103"), ("1,a\n", "S-106")]
        {
            let refused = Form::parse("x", FormId::Balance, "t", &format!("{HEAD}{lines}"), CHECKS).unwrap_err();
            assert_eq!(refused.refusal().code, code);
        }
        assert_eq!(Form::of("risk-fund", FormId::Equity).unwrap_err().refusal().code, "S-101");
    }
}
