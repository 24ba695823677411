//! Papers of claims: the list, one claim, the handover list in two copies, the cash book.
//!
//! Pure.

use super::cash_book::CashEntry;
use super::claim::{Claim, Content, Paper, Signature, Step};
use super::limits::LimitRule;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Sheet};
use crate::money::Amount;
use crate::money::capitals::to_capitals;

fn total(claims: &[Claim]) -> Amount {
    claims.iter().map(|claim| claim.content.amount).sum()
}

/// 报账单台账
pub fn list(unit: &str, claims: &[Claim]) -> Sheet {
    let columns = vec![
        Column::id("claim", "报账单号"),
        Column::text("state", "状态"),
        Column::date("spent_on", "支出日期"),
        Column::text("kind", "类别"),
        Column::text("summary", "摘要"),
        Column::text("payee", "收款人"),
        Column::amount("amount", "金额"),
        Column::text("paid_from", "付款方式"),
        Column::text("fund_class", "资金类别"),
        Column::count("photos", "照片"),
        Column::text("made_by", "填报人"),
    ];
    let mut sheet = Sheet::new("村级报账单台账", columns).subtitle(format!("单位:{unit}")).subtitle("金额单位:元");
    for claim in claims {
        let content = &claim.content;
        sheet.push(vec![
            claim.claim.to_string().into(),
            claim.state.label_zh().into(),
            content.spent_on.into(),
            content.kind.label_zh().into(),
            content.summary.as_str().into(),
            content.payee.as_str().into(),
            content.amount.into(),
            content.paid_from.label_zh().into(),
            content.fund_class.map(|class| class.label_zh()).into(),
            claim.photos.into(),
            claim.made_by.as_str().into(),
        ]);
    }
    let mut foot = vec![Cell::Empty; 6];
    foot[0] = "合计".into();
    foot.push(total(claims).into());
    sheet.foot.push(foot);
    sheet
}

/// 报账单
pub fn one(unit: &str, claim: &Claim, steps: &[Step]) -> Vec<Sheet> {
    let content = &claim.content;
    let mut form = Sheet::new("村级报账单", vec![Column::text("field", "项目"), Column::text("value", "内容")])
        .subtitle(format!("单位:{unit}"))
        .subtitle(format!("第 {} 号 · {}", claim.claim, claim.state.label_zh()));
    for (field, value) in facts(content) {
        form.push(vec![field.into(), value.into()]);
    }
    form.push(vec!["照片".into(), format!("{} 张", claim.photos).into()]);
    let columns = vec![
        Column::text("at", "时间"),
        Column::text("action", "办理"),
        Column::text("actor", "办理人"),
        Column::text("reasons", "说明"),
    ];
    let mut life = Sheet::new("办理经过", columns);
    for step in steps {
        let reasons: Vec<String> = step.reasons.iter().map(|(field, why)| format!("{field}:{why}")).collect();
        life.push(vec![
            step.at.as_str().into(),
            step.action.as_str().into(),
            step.actor.as_str().into(),
            reasons.join(";").into(),
        ]);
    }
    vec![form, life]
}

/// The fields of a claim as people read them, blank ones left out.
pub fn facts(content: &Content) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("类别", content.kind.label_zh().to_owned()),
        ("支出日期", content.spent_on.map(|day| day.to_string()).unwrap_or_default()),
        ("摘要", content.summary.clone()),
        ("收款人", content.payee.clone()),
        ("金额", content.amount.grouped()),
        ("大写", to_capitals(content.amount)),
        ("发票号码", content.invoice.clone()),
        ("付款方式", content.paid_from.label_zh().to_owned()),
        ("资金类别", content.fund_class.map(|class| class.label_zh().to_owned()).unwrap_or_default()),
        ("项目", content.project.clone()),
        ("附单据", format!("{} 张", content.sheets)),
    ];
    facts.extend(Signature::ALL.iter().map(|signature| (signature.label_zh(), content.signed(*signature).to_owned())));
    let papers = Paper::ALL.iter().filter(|paper| !matches!(paper, Paper::Photo | Paper::Invoice));
    facts.extend(papers.map(|paper| (paper.label_zh(), content.paper(*paper).to_owned())));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// 原始凭证移交清单: the same twice, one copy for each side.
pub fn handover(unit: &str, number: i64, on: BusinessDate, claims: &[Claim]) -> Vec<Sheet> {
    let copy = |copy: &str| {
        let columns = vec![
            Column::id("claim", "报账单号"),
            Column::date("spent_on", "日期"),
            Column::text("summary", "摘要"),
            Column::amount("amount", "金额"),
            Column::count("sheets", "单据张数"),
            Column::text("note", "备注"),
        ];
        let mut sheet = Sheet::new(format!("原始凭证移交清单({copy})"), columns)
            .subtitle(format!("移交单位:{unit}"))
            .subtitle(format!("第 {number} 号 · {on}"));
        for Claim { claim, content, .. } in claims {
            sheet.push(vec![
                claim.to_string().into(),
                content.spent_on.into(),
                content.summary.as_str().into(),
                content.amount.into(),
                content.sheets.into(),
            ]);
        }
        let sheets: i64 = claims.iter().map(|claim| claim.content.sheets).sum();
        sheet.foot.push(vec![
            "合计".into(),
            Cell::Empty,
            format!("{} 笔", claims.len()).into(),
            total(claims).into(),
            sheets.into(),
        ]);
        sheet.notes.push("移交人(村报账员):__________  接收人(代理会计):__________  监交人:__________".to_owned());
        sheet
    };
    vec![copy("村留存联"), copy("中心留存联")]
}

/// 现金日记账
pub fn cash_book(unit: &str, entries: &[CashEntry], closed_through: Option<BusinessDate>) -> Sheet {
    let columns = vec![
        Column::date("on", "日期"),
        Column::id("entry", "序号"),
        Column::text("kind", "类别"),
        Column::text("summary", "摘要"),
        Column::id("claim", "报账单号"),
        Column::amount("in", "收入"),
        Column::amount("out", "支出"),
        Column::amount("balance", "余额"),
    ];
    let closed = closed_through.map_or("尚未结账".to_owned(), |day| format!("已结到 {day}"));
    let mut sheet = Sheet::new("现金日记账(备用金)", columns).subtitle(format!("单位:{unit}")).subtitle(closed);
    let mut standing = Amount::ZERO;
    let (mut came, mut went) = (Amount::ZERO, Amount::ZERO);
    for entry in entries {
        standing += entry.amount;
        let (coming, going) = if entry.kind.is_in() { (entry.amount, Amount::ZERO) } else { (Amount::ZERO, -entry.amount) };
        came += coming;
        went += going;
        sheet.push(vec![
            entry.on.into(),
            entry.entry.to_string().into(),
            entry.kind.label_zh().into(),
            entry.summary.as_str().into(),
            entry.claim.map(|claim| claim.to_string()).into(),
            Cell::amount_or_blank(coming),
            Cell::amount_or_blank(going),
            standing.into(),
        ]);
    }
    let blank = || Cell::Empty;
    sheet.foot.push(vec!["合计".into(), blank(), blank(), blank(), blank(), came.into(), went.into(), standing.into()]);
    sheet
}

/// 限额规定
pub fn limits(rules: &[LimitRule]) -> Sheet {
    let columns = vec![
        Column::id("rule", "规定"),
        Column::id("place", "区划"),
        Column::text("kind", "类别"),
        Column::amount("from_amount", "金额起"),
        Column::amount("through_amount", "金额止"),
        Column::text("signatures", "签批"),
        Column::text("papers", "单据"),
        Column::date("from", "起"),
        Column::date("until", "止"),
        Column::text("source", "依据"),
    ];
    let mut sheet = Sheet::new("报账限额规定", columns);
    for rule in rules {
        let labels = |words: Vec<&str>| words.join("、");
        let signers = labels(rule.signers().into_iter().map(Signature::label_zh).collect());
        let signers = if rule.signatures == "forbidden" { "不得列支".to_owned() } else { signers };
        let kind = super::claim::Kind::parse(&rule.kind).map_or(rule.kind.as_str(), |kind| kind.label_zh());
        sheet.push(vec![
            rule.rule.as_str().into(),
            rule.place.as_str().into(),
            kind.into(),
            rule.from_amount.into(),
            rule.through_amount.into(),
            signers.into(),
            labels(rule.needed_papers().into_iter().map(Paper::label_zh).collect()).into(),
            rule.from.into(),
            rule.until.into(),
            rule.source.as_str().into(),
        ]);
    }
    sheet
}
