//! The papers of the demo that are printed: a village's and a cooperative's year, and one of every list and form.
//!
//! 1. They are the last commands of the script; where no font is there the player leaves them out and all else stands.

use super::cooperative;
use super::{Step, YEAR, reconciliation};

/// The papers: (name without ending, command).
pub fn papers() -> Vec<(String, String)> {
    let mut papers = Vec::new();
    for book in ["V001", cooperative::BOOK] {
        papers.extend(of_book(book));
    }
    papers.extend(of_the_cooperative());
    papers.extend(of_registers());
    papers.extend(of_loans());
    papers.extend(of_control());
    papers
}

fn named(name: &str, command: impl Into<String>) -> (String, String) {
    (name.to_owned(), command.into())
}

fn of_book(book: &str) -> Vec<(String, String)> {
    let december = format!("--book {book} --period {YEAR}-12");
    let reports = [
        ("科目余额表", "trial-balance", ""),
        ("资产负债表", "balance-sheet", ""),
        ("收益及收益分配表", "surplus", ""),
        ("收支明细表", "receipts-payments", ""),
        ("现金日记账", "journal", " --account 101"),
        ("银行存款日记账", "journal", " --account 102 --from 2025-01"),
        ("总账", "ledger", " --general"),
        ("银行存款明细账", "ledger", " --account 102 --from 2025-01"),
    ];
    let mut papers: Vec<_> =
        reports.map(|(name, report, more)| named(&format!("{book}-{name}"), format!("report {report} {december}{more}"))).into();
    papers.push(named(&format!("{book}-结账检查表"), format!("period check {december}")));
    papers.push(named(&format!("{book}-12月凭证"), format!("voucher print {december}")));
    papers.push(named(&format!("{book}-12月凭证-A4"), format!("voucher print {december} --print paper=a4x2,digits")));
    papers
}

fn of_the_cooperative() -> Vec<(String, String)> {
    let year = format!("--book {} --period {YEAR}-12", cooperative::BOOK);
    vec![
        named("C001-成员权益变动表", format!("report equity {year}")),
        named("C001-成员账户", format!("report member-account {year}")),
        named("Z002-股权登记簿-6月", format!("share register --book Z002 --on {YEAR}-06-30")),
        named("Z002-股权证", format!("share certificates --book Z002 --on {YEAR}-12-31")),
        named("Z002-分红明细表", "dividend show --book Z002 --plan 1"),
    ]
}

fn of_registers() -> Vec<(String, String)> {
    let (account, period) = (reconciliation::ACCOUNT, format!("{YEAR}-10"));
    let reconciled = |paper: &str| format!("reconcile report --account {account} --period {period} --paper {paper}");
    vec![
        named(&format!("{account}-银行存款余额调节表"), reconciled("balance")),
        named(&format!("{account}-未达账项账龄表"), reconciled("age")),
        named(&format!("{account}-未匹配清单"), reconciled("unmatched")),
        named("委托资金台账", "entrust list"),
        named("委托经营存量清退表", "entrust run-off"),
        named("代发批次", "payout list"),
        named("DB-01-发放清单", "payout show --batch DB-01"),
        named("企业合作社名录", "organisation list"),
        named("租约台账", format!("lease list --on {YEAR}-12-31")),
        named("Z1-租金计划表", "lease schedule --lease Z1"),
        named("V003-合同提醒", format!("lease warnings --book V003 --on {YEAR}-10-20")),
        named("V003-泵-01-变动记录", "asset show --book V003 --asset 泵-01"),
        named("扶贫周转金台账", "revolving list"),
        named("ZZ1-借用明细", "revolving borrowers --fund ZZ1"),
        named("县级专项基金一览", "aid-fund list"),
        named("E001-资助台账", "aid-fund grants --book E001"),
        named("明白卡", format!("household statement {}", super::asset_income::member(0, 0))),
    ]
}

fn of_loans() -> Vec<(String, String)> {
    let report = |which: &str| format!("loan report {which} --on 2019-03-31");
    vec![
        named("小额信贷台账", report("register")),
        named("到期提醒", report("due")),
        named("逾期账龄", report("arrears")),
        named("风险贷款率", report("at-risk")),
        named("五级分类", report("classes")),
        named("放贷进度", report("progress")),
        named("2018Q4-贴息明细表", "subsidy show --quarter 2018Q4"),
        named("2018Q4-贴息公示表", "subsidy notice --quarter 2018Q4"),
        named("代偿台账", "fund claims"),
        named("风险补偿金月报表", "fund report --month 2019-03"),
    ]
}

/// What hangs on the wall, and what supervision sends.
fn of_control() -> Vec<(String, String)> {
    let page = "http://127.0.0.1:8080/open/V001";
    vec![
        named("V001-公开榜-A4", format!("disclosure show --book V001 --sheet 1 --address {page}/1")),
        named("V001-公开榜-A3", format!("disclosure show --book V001 --sheet 1 --address {page}/1 --a3")),
        named("V001-公开日历", format!("disclosure calendar --book V001 --year {YEAR}")),
        named("村级账务进度", format!("supervise matrix --year {YEAR}")),
        named("监督预警", "supervise flags"),
        named("督办台账", "finding list"),
        named("V005-督办单", "finding show --book V005 --finding 1"),
        named("V001-报账单", "claim show --book V001 --claim 1"),
        named("V001-备用金现金日记账", "cash book --book V001"),
    ]
}

/// The commands.
pub fn steps() -> Vec<Step> {
    let step = |(name, command): (String, String)| {
        let words = format!("{command} --out out/{name}.pdf");
        Step::Command { user: "shenji", words: words.split_whitespace().map(str::to_owned).collect(), refused: None }
    };
    papers().into_iter().map(step).collect()
}
