//! The sheets that are frozen, and the papers of disclosure's own life.
//!
//! Pure.

use super::obligations::{Due, Standing};
use super::sheet::{Question, SheetHead, SheetState};
use super::span::Span;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// A line of money in or out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyLine {
    /// Date.
    pub on: BusinessDate,
    /// Voucher.
    pub voucher: String,
    /// 摘要
    pub summary: String,
    /// Class of money; blank for none.
    pub class: String,
    /// In positive, out negative.
    pub amount: Amount,
}

/// Money of one class: opening, in, out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassMoney {
    /// Class; blank for none.
    pub class: String,
    /// Before the time.
    pub opening: Amount,
    /// In it.
    pub came: Amount,
    /// Out of it.
    pub went: Amount,
}

impl ClassMoney {
    /// At its end.
    pub fn closing(&self) -> Amount {
        self.opening + self.came - self.went
    }
}

fn class_word(class: &str) -> &str {
    if class.is_empty() { "未分类" } else { class }
}

/// 资金类别收支表: its closings add up to cash and bank. A class without money or movement is left out.
pub fn classes(classes: &[ClassMoney]) -> Sheet {
    let columns = vec![
        Column::text("class", "资金类别"),
        Column::amount("opening", "期初余额"),
        Column::amount("in", "本期收入"),
        Column::amount("out", "本期支出"),
        Column::amount("closing", "期末余额"),
    ];
    let mut sheet = Sheet::new("各类资金收支余", columns).subtitle("金额单位:元");
    for money in classes {
        let figures = [money.opening, money.came, money.went, money.closing()];
        if figures.iter().all(|figure| figure.is_zero()) {
            continue;
        }
        sheet.push(std::iter::once(class_word(&money.class).into()).chain(figures.map(Cell::from)).collect());
    }
    let sum = |of: fn(&ClassMoney) -> Amount| classes.iter().map(of).sum::<Amount>();
    let foot = [sum(|m| m.opening), sum(|m| m.came), sum(|m| m.went), sum(ClassMoney::closing)];
    sheet.foot.push(std::iter::once(Cell::from("合计")).chain(foot.map(Cell::from)).collect());
    sheet.notes.push("收支含现金与银行之间、各类资金之间的划转。".to_owned());
    sheet
}

/// 逐笔收支
pub fn line_by_line(lines: &[MoneyLine]) -> Sheet {
    let columns = vec![
        Column::date("on", "日期"),
        Column::text("summary", "用途"),
        Column::text("class", "资金类别"),
        Column::amount("in", "收入"),
        Column::amount("out", "支出"),
        Column::id("voucher", "凭证"),
    ];
    let mut sheet = Sheet::new("逐笔收支", columns).subtitle("金额单位:元");
    let (mut came, mut went) = (Amount::ZERO, Amount::ZERO);
    for line in lines {
        let (coming, going) = if line.amount.is_negative() { (Amount::ZERO, -line.amount) } else { (line.amount, Amount::ZERO) };
        came += coming;
        went += going;
        sheet.push(vec![
            line.on.into(),
            line.summary.as_str().into(),
            line.class.as_str().into(),
            Cell::amount_or_blank(coming),
            Cell::amount_or_blank(going),
            line.voucher.as_str().into(),
        ]);
    }
    sheet.foot.push(vec!["合计".into(), format!("{} 笔", lines.len()).into(), Cell::Empty, came.into(), went.into()]);
    sheet
}

/// 债权债务: account, parties, debit and credit standing.
pub fn debts(rows: &[(String, String, i64, Amount, Amount)]) -> Sheet {
    let columns = vec![
        Column::id("account", "科目"),
        Column::text("name", "名称"),
        Column::count("parties", "户数"),
        Column::amount("owed_to_us", "应收(借方)"),
        Column::amount("we_owe", "应付(贷方)"),
    ];
    let mut sheet = Sheet::new("债权债务", columns).subtitle("金额单位:元");
    for (account, name, parties, debit, credit) in rows {
        sheet.push(vec![account.as_str().into(), name.as_str().into(), (*parties).into(), (*debit).into(), (*credit).into()]);
    }
    let (debit, credit) = (rows.iter().map(|row| row.3).sum::<Amount>(), rows.iter().map(|row| row.4).sum::<Amount>());
    sheet.foot.push(vec!["合计".into(), Cell::Empty, Cell::Empty, debit.into(), credit.into()]);
    sheet
}

/// 发放名单: name and sum only.
pub fn payouts(title: &str, rows: &[(String, Amount)]) -> Sheet {
    let columns = vec![Column::count("row", "序号"), Column::text("name", "姓名"), Column::amount("amount", "金额")];
    let mut sheet = Sheet::new(format!("发放名单 {title}"), columns).subtitle("金额单位:元");
    for (n, (name, amount)) in rows.iter().enumerate() {
        sheet.push(vec![(n as i64 + 1).into(), name.as_str().into(), (*amount).into()]);
    }
    let total: Amount = rows.iter().map(|row| row.1).sum();
    sheet.foot.push(vec![Cell::Empty, format!("合计 {} 人", rows.len()).into(), total.into()]);
    sheet
}

/// What a member gets of a dividend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Name.
    pub name: String,
    /// Withheld.
    pub tax: Amount,
    /// Paid.
    pub net: Amount,
}

/// 分红名单: name and sums only.
pub fn dividend(year: i64, rows: &[Share]) -> Sheet {
    let columns = vec![
        Column::count("row", "序号"),
        Column::text("name", "姓名"),
        Column::amount("due", "应分"),
        Column::amount("tax", "代扣"),
        Column::amount("net", "实发"),
    ];
    let mut sheet = Sheet::new(format!("{year}年度分红名单"), columns).subtitle("金额单位:元");
    for (n, row) in rows.iter().enumerate() {
        let sums = [row.tax + row.net, row.tax, row.net].map(Cell::from);
        sheet.push([(n as i64 + 1).into(), row.name.as_str().into()].into_iter().chain(sums).collect());
    }
    let sum = |of: fn(&Share) -> Amount| rows.iter().map(of).sum::<Amount>();
    let sums = [sum(|row| row.tax + row.net), sum(|row| row.tax), sum(|row| row.net)].map(Cell::from);
    sheet.foot.push([Cell::Empty, format!("合计 {} 人", rows.len()).into()].into_iter().chain(sums).collect());
    sheet
}

/// 贴息名单: name, principal, days and sum.
pub fn subsidies(batch: &str, rows: &[(String, Amount, i64, Amount)]) -> Sheet {
    let columns = vec![
        Column::count("row", "序号"),
        Column::text("name", "姓名"),
        Column::amount("principal", "贷款本金"),
        Column::count("days", "天数"),
        Column::amount("subsidy", "贴息金额"),
    ];
    let mut sheet = Sheet::new(format!("贴息名单 {batch}"), columns).subtitle("金额单位:元");
    for (n, (name, principal, days, subsidy)) in rows.iter().enumerate() {
        sheet.push(vec![(n as i64 + 1).into(), name.as_str().into(), (*principal).into(), (*days).into(), (*subsidy).into()]);
    }
    let total: Amount = rows.iter().map(|row| row.3).sum();
    sheet.foot.push(vec![Cell::Empty, format!("合计 {} 笔", rows.len()).into(), Cell::Empty, Cell::Empty, total.into()]);
    sheet
}

/// 公开日历
pub fn calendar(unit: &str, year: i32, dues: &[Due]) -> Sheet {
    let columns = vec![
        Column::text("kind", "公开内容"),
        Column::id("span", "期间"),
        Column::text("label", "期间名称"),
        Column::date("due_on", "最迟日期"),
        Column::text("standing", "状态"),
        Column::id("sheet", "公开表"),
    ];
    let mut sheet = Sheet::new(format!("{year}年公开日历"), columns).subtitle(format!("单位:{unit}"));
    for due in dues {
        sheet.push(vec![
            due.kind.label_zh().into(),
            due.span.to_string().into(),
            due.span.label_zh().into(),
            due.due_on.into(),
            due.standing.label_zh().into(),
            due.sheet.map(|sheet| sheet.to_string()).into(),
        ]);
    }
    let open = dues.iter().filter(|due| matches!(due.standing, Standing::Overdue | Standing::Withdrawn)).count();
    sheet.notes.push(format!("逾期未公开 {open} 项"));
    sheet
}

/// 公开表登记簿
pub fn register(unit: &str, heads: &[SheetHead]) -> Sheet {
    let columns = vec![
        Column::id("sheet", "公开表"),
        Column::text("title", "标题"),
        Column::count("version", "版次"),
        Column::text("state", "状态"),
        Column::text("made_by", "编制"),
        Column::text("approved_by", "审核"),
        Column::date("published_on", "公示日期"),
        Column::text("reason", "说明"),
    ];
    let mut sheet = Sheet::new("公开表登记簿", columns).subtitle(format!("单位:{unit}"));
    for head in heads {
        sheet.push(vec![
            head.sheet.to_string().into(),
            head.title.as_str().into(),
            head.version.into(),
            head.state.label_zh().into(),
            head.made_by.as_str().into(),
            head.approved_by.as_deref().into(),
            head.published_on.into(),
            head.reason.as_deref().into(),
        ]);
    }
    sheet
}

/// 群众提问
pub fn questions(unit: &str, questions: &[Question]) -> Sheet {
    let columns = vec![
        Column::id("question", "编号"),
        Column::date("asked_on", "日期"),
        Column::id("sheet", "公开表"),
        Column::text("text", "提问"),
        Column::text("answer", "答复"),
        Column::text("answered_by", "答复人"),
        Column::date("released_on", "放行"),
    ];
    let mut sheet = Sheet::new("群众提问与答复", columns).subtitle(format!("单位:{unit}"));
    for question in questions {
        sheet.push(vec![
            question.question.to_string().into(),
            question.asked_on.into(),
            question.sheet.map(|sheet| sheet.to_string()).into(),
            question.text.as_str().into(),
            question.answer.as_deref().into(),
            question.answered_by.as_deref().into(),
            question.released_on.into(),
        ]);
    }
    sheet
}

/// The wall paper of a sheet: its tables, each with who made and approved it, the digests, the page's address and its code.
pub fn wall(head: &SheetHead, sheets: Vec<Sheet>, closing_digest: Option<&str>, (address, large): (&str, bool)) -> Vec<Sheet> {
    let dress = |sheet: Sheet| {
        let signed = Dress::signed(&["村务监督委员会", "村负责人", "编制"]).coded(address);
        let sheet = sheet.dressed(Dress { large, ..signed });
        let mut sheet = sheet.subtitle(format!("{} · {} · 第{}版", head.unit, Span::label_zh(head.span), head.version));
        let day = head.published_on.map_or("未公示".to_owned(), |on| format!("{on} 公示"));
        sheet.notes.push(format!("{day} · 审核:{}", head.approver_shown()));
        sheet.notes.extend(head.contact.as_ref().map(|contact| format!("监督电话:{contact}")));
        if head.state == SheetState::Replaced {
            sheet.notes.push(format!("这一份已更正,内容保留备查。原因:{}", head.reason.as_deref().unwrap_or("")));
        }
        if !address.is_empty() {
            sheet.notes.push(format!("扫码查看与提问:{address}"));
        }
        sheet.notes.push(format!("公开表校验码 {} · 结账校验码 {}", head.digest, closing_digest.unwrap_or("未结账,暂计")));
        sheet
    };
    sheets.into_iter().map(dress).collect()
}
