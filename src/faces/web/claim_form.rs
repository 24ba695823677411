//! The form of a claim: its fields from what a claim says, and back.
//!
//! 1. A draft may leave anything blank; only what cannot be read is refused.
//! 2. Nothing is chosen that nobody chose: the class of money and the project begin blank.

use super::fields::{self, Fields};
use super::room::{Field, FormBox};
use super::seat::AtBook;
use super::trouble::FormRefusal;
use crate::ledger::FundClass;
use crate::money::Amount;
use crate::products::village_claims::claim::{Content, Kind, PaidFrom, Paper, Signature};

/// Papers the form asks for by their number; photographs are sent apart and the invoice has a field of its own.
const PAPERS: [Paper; 4] = [Paper::List, Paper::Contract, Paper::Acceptance, Paper::Decision];

fn choices<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str, label: impl Fn(T) -> &'static str) -> Vec<(String, String)> {
    all.iter().map(|one| (word(*one).to_owned(), label(*one).to_owned())).collect()
}

/// The form, filled in, with the reasons it was returned for and the village's open projects to choose from.
pub fn entry_form(
    at: &AtBook,
    (title, action): (&str, String),
    (content, projects): (&Content, &[(String, String)]),
    reasons: &[(String, String)],
) -> FormBox {
    let mut form = FormBox::new(title, action, at.seat.form_key());
    form.fields.extend(head_fields(content, projects));
    let name = |signature: &Signature| Field::text(signature.as_str(), signature.label_zh(), content.signed(*signature));
    form.fields.extend(Signature::ALL.iter().map(name));
    form.fields.extend(PAPERS.iter().map(|paper| Field::text(paper.as_str(), paper.label_zh(), content.paper(*paper))));
    for field in &mut form.fields {
        let why = reasons.iter().filter(|(named, _)| *named == field.label).map(|(_, why)| why.as_str());
        field.reason = why.collect::<Vec<_>>().join(";");
    }
    form
}

/// The projects a claim may name, by code and name; one it names already stays to be seen, open or not.
fn project_choices(named: &str, projects: &[(String, String)]) -> Vec<(String, String)> {
    let mut choices = vec![(String::new(), "(不属于项目)".to_owned())];
    choices.extend(projects.iter().map(|(code, name)| (code.clone(), format!("{code} {name}"))));
    if !named.is_empty() && projects.iter().all(|(code, _)| code != named) {
        choices.push((named.to_owned(), format!("{named}(不在实施中的项目里)")));
    }
    choices
}

fn head_fields(content: &Content, projects: &[(String, String)]) -> Vec<Field> {
    let amount = if content.amount.is_zero() { String::new() } else { content.amount.to_string() };
    let spent_on = content.spent_on.map(|day| day.to_string()).unwrap_or_default();
    let class = content.fund_class.map_or("", FundClass::as_str);
    let mut classes = vec![(String::new(), "(请选择)".to_owned())];
    classes.extend(choices(FundClass::ALL, FundClass::as_str, FundClass::label_zh));
    vec![
        Field::select("kind", "类别", content.kind.as_str(), choices(Kind::ALL, Kind::as_str, Kind::label_zh)),
        Field::of("date", "spent_on", "支出日期", spent_on),
        Field::of("decimal", "amount", "金额", amount),
        Field::text("payee", "收款人", content.payee.as_str()),
        Field::text("summary", "摘要", content.summary.as_str()),
        Field::text("invoice", "发票号码", content.invoice.as_str()),
        Field::select(
            "paid_from",
            "付款方式",
            content.paid_from.as_str(),
            choices(PaidFrom::ALL, PaidFrom::as_str, PaidFrom::label_zh),
        ),
        Field::select("fund_class", "资金类别", class, classes),
        Field::select("project", "项目", content.project.trim(), project_choices(content.project.trim(), projects)),
        Field::of("decimal", "sheets", "附单据", content.sheets.to_string()),
    ]
}

/// What a form says. Refuses fields that cannot be read (W-102).
pub fn content_of(form: &Fields) -> Result<Content, FormRefusal> {
    let bad = |field: &str, name: &str| FormRefusal::BadField { field: field.to_owned(), text: form.first(name).to_owned() };
    let spent_on = match fields::text(form.first("spent_on")) {
        Some(text) => Some(fields::date("支出日期", &text)?),
        None => None,
    };
    let named = |name: &str| fields::text(form.first(name));
    Ok(Content {
        kind: Kind::parse(form.first("kind")).ok_or_else(|| bad("类别", "kind"))?,
        spent_on,
        payee: named("payee").unwrap_or_default(),
        amount: fields::amount("金额", form.first("amount"))?.unwrap_or(Amount::ZERO),
        summary: named("summary").unwrap_or_default(),
        invoice: named("invoice").unwrap_or_default(),
        paid_from: PaidFrom::parse(form.first("paid_from")).ok_or_else(|| bad("付款方式", "paid_from"))?,
        fund_class: FundClass::parse(form.first("fund_class")),
        project: named("project").unwrap_or_default(),
        signatures: Signature::ALL.iter().filter_map(|signature| Some((*signature, named(signature.as_str())?))).collect(),
        papers: PAPERS.iter().filter_map(|paper| Some((*paper, named(paper.as_str())?))).collect(),
        sheets: fields::number("附单据", form.first("sheets"))?.unwrap_or(0),
    })
}
