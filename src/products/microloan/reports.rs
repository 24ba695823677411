//! The programme's reports as sheets: register, due lists, arrears by age, portfolio at risk, classes, progress.
//!
//! Pure: figures of the register in, sheets out. Amounts come as fen from the database's sums.
//!
//! 1. Totals are sums of the rows shown.
//! 2. Portfolio at risk > n days = principal outstanding of loans past due for more than n days ÷ all outstanding.

use std::collections::BTreeMap;

use super::classification::RiskClass;
use super::risk_fund::breaker::{Headroom, percent};
use super::state::LoanState;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

fn fen(amount: i64) -> Cell {
    Amount::from_fen(amount).into()
}

/// A line of the register as the store reads it.
pub type RegisterLine =
    ((String, String, String, String), (Option<String>, String, i64, i64), (i64, i64, i64, String), (String, Option<String>));

/// 贷款台账 as of a day.
pub fn register(on: BusinessDate, lines: &[RegisterLine]) -> Sheet {
    let columns = vec![
        Column::id("loan", "借据号"),
        Column::text("borrower", "借款人"),
        Column::id("place", "村代码"),
        Column::id("bank", "银行"),
        Column::id("signed_on", "签订日期"),
        Column::text("state", "状态"),
        Column::amount("disbursed", "累计放款"),
        Column::amount("principal", "本金余额"),
        Column::amount("overdue", "其中逾期"),
        Column::amount("interest", "欠息"),
        Column::amount("penalty", "欠罚息"),
        Column::id("matures_on", "到期日"),
        Column::text("own_class", "分类(按天数)"),
        Column::text("bank_class", "分类(银行)"),
        Column::text("flag", "差异"),
    ];
    let mut sheet = Sheet::new("扶贫小额信贷台账", columns).dressed(Dress::list()).subtitle(format!("截至 {on}"));
    let mut sums = [0_i64; 5];
    for (who, terms, owed, class) in lines {
        let state = LoanState::parse(&terms.1).map_or_else(|| terms.1.clone(), |state| state.label_zh().to_owned());
        let label = |class: &str| RiskClass::parse(class).map_or("", RiskClass::label_zh).to_owned();
        let differs = class.1.as_deref().is_some_and(|bank| bank != class.0);
        let money = [terms.2, terms.3, owed.0, owed.1, owed.2];
        sums.iter_mut().zip(money).for_each(|(sum, amount)| *sum += amount);
        let mut row: Vec<Cell> = [&who.0, &who.1, &who.2, &who.3].map(|text| text.as_str().into()).to_vec();
        row.extend([terms.0.clone().into(), state.into()]);
        row.extend(money.map(fen));
        row.extend([owed.3.as_str().into(), label(&class.0).into(), class.1.as_deref().map(label).into()]);
        row.push(if differs { "不一致".into() } else { Cell::Empty });
        sheet.push(row);
    }
    let mut foot: Vec<Cell> =
        vec!["合计".into(), (lines.len() as i64).into(), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
    foot.extend(sums.map(fen));
    sheet.foot.push(foot);
    sheet
}

/// 到期提醒: (loan, bank, borrower, place, maturity, principal) within 30, 60 and 90 days.
pub fn due_list(today: BusinessDate, lines: &[(String, String, String, String, String, i64)]) -> Sheet {
    let columns = vec![
        Column::text("within", "期限"),
        Column::id("loan", "借据号"),
        Column::id("bank", "银行"),
        Column::text("borrower", "借款人"),
        Column::id("place", "村代码"),
        Column::id("matures_on", "到期日"),
        Column::amount("principal", "本金余额"),
    ];
    let mut sheet = Sheet::new("到期提醒", columns).dressed(Dress::list().by("place")).subtitle(format!("截至 {today}"));
    for (loan, bank, borrower, place, matures_on, principal) in lines {
        let days = matures_on.parse::<BusinessDate>().map_or(0, |day| day.signed_duration_since(today).num_days());
        let within =
            [30, 60, 90].into_iter().find(|bound| days <= *bound).map_or_else(String::new, |bound| format!("{bound}天内"));
        let texts = [loan, bank, borrower, place, matures_on].map(|text| Cell::from(text.as_str()));
        sheet.push(std::iter::once(within.into()).chain(texts).chain([fen(*principal)]).collect());
    }
    sheet.foot.push(vec![
        "合计".into(),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        fen(lines.iter().map(|l| l.5).sum()),
    ]);
    sheet
}

/// A loan past due as the store reads it: loan, bank, borrower, place, since, overdue, principal, interest, penalty.
pub type ArrearsLine = (String, String, String, String, String, i64, i64, i64, i64);

const AGES: [(i64, i64, &str); 6] = [
    (1, 30, "1—30天"),
    (31, 60, "31—60天"),
    (61, 90, "61—90天"),
    (91, 180, "91—180天"),
    (181, 360, "181—360天"),
    (361, i64::MAX, "360天以上"),
];

/// 逾期账龄 and 逾期明细.
pub fn arrears(today: BusinessDate, lines: &[ArrearsLine]) -> [Sheet; 2] {
    let detail = vec![
        Column::id("loan", "借据号"),
        Column::id("bank", "银行"),
        Column::text("borrower", "借款人"),
        Column::id("place", "村代码"),
        Column::count("days", "逾期天数"),
        Column::amount("overdue", "逾期本金"),
        Column::amount("principal", "本金余额"),
        Column::amount("interest", "欠息"),
        Column::amount("penalty", "欠罚息"),
    ];
    let mut details = Sheet::new("逾期明细", detail).dressed(Dress::list()).subtitle(format!("截至 {today}"));
    let mut ages: BTreeMap<i64, (&str, i64, i64)> = AGES.iter().map(|(from, _, label)| (*from, (*label, 0, 0))).collect();
    for (loan, bank, borrower, place, since, overdue, principal, interest, penalty) in lines {
        let days = since.parse::<BusinessDate>().map_or(0, |day| today.signed_duration_since(day).num_days());
        if let Some((_, age)) = ages.range_mut(..=days).next_back() {
            (age.1, age.2) = (age.1 + 1, age.2 + overdue);
        }
        let mut row: Vec<Cell> = [loan, bank, borrower, place].map(|text| text.as_str().into()).to_vec();
        row.push(days.into());
        row.extend([*overdue, *principal, *interest, *penalty].map(fen));
        details.push(row);
    }
    let columns = vec![Column::text("age", "账龄"), Column::count("loans", "笔数"), Column::amount("overdue", "逾期本金")];
    let mut sheet = Sheet::new("逾期账龄", columns).dressed(Dress::statement()).subtitle(format!("截至 {today}"));
    for (label, loans, overdue) in ages.into_values() {
        sheet.push(vec![label.into(), loans.into(), fen(overdue)]);
    }
    sheet.foot.push(vec!["合计".into(), (lines.len() as i64).into(), fen(lines.iter().map(|line| line.5).sum())]);
    [sheet, details]
}

/// 风险贷款率 (PAR) for 1, 30, 60, 90 and 180 days.
pub fn at_risk(today: BusinessDate, lines: &[ArrearsLine], outstanding: i64) -> Sheet {
    let columns = vec![
        Column::text("past_due", "逾期超过"),
        Column::count("loans", "笔数"),
        Column::amount("principal", "本金余额"),
        Column::id("ratio", "占比(%)"),
    ];
    let mut sheet = Sheet::new("风险贷款率", columns).dressed(Dress::statement()).subtitle(format!("截至 {today}"));
    for bound in [0, 30, 60, 90, 180] {
        let past = |line: &&ArrearsLine| {
            line.4.parse::<BusinessDate>().is_ok_and(|day| today.signed_duration_since(day).num_days() > bound)
        };
        let principal: i64 = lines.iter().filter(past).map(|line| line.6).sum();
        let loans = lines.iter().filter(past).count() as i64;
        let ratio = percent(i128::from(principal), i128::from(outstanding));
        sheet.push(vec![format!("{bound}天").into(), loans.into(), fen(principal), ratio.into()]);
    }
    sheet.foot.push(vec!["贷款余额".into(), Cell::Empty, fen(outstanding)]);
    sheet
}

/// 五级分类: ours against the bank's.
pub fn classes(lines: &[(String, Option<String>, i64, i64)]) -> Sheet {
    let columns = vec![
        Column::text("own", "按天数"),
        Column::text("bank", "银行分类"),
        Column::count("loans", "笔数"),
        Column::amount("principal", "本金余额"),
        Column::text("flag", "差异"),
    ];
    let mut sheet = Sheet::new("五级分类", columns);
    for (own, bank, loans, principal) in lines {
        let label = |class: &str| RiskClass::parse(class).map_or("", RiskClass::label_zh).to_owned();
        let differs = bank.as_ref().is_some_and(|bank| bank != own);
        let flag = if differs { "不一致".into() } else { Cell::Empty };
        sheet.push(vec![label(own).into(), bank.as_deref().map(label).into(), (*loans).into(), fen(*principal), flag]);
    }
    sheet
}

/// 放贷进度 by village with townships and the county: (village, registered, lent to, loans, paid out).
pub fn progress(on: BusinessDate, villages: &[(String, i64, i64, i64, i64)], names: &BTreeMap<String, String>) -> Sheet {
    let columns = vec![
        Column::id("place", "区划代码"),
        Column::text("name", "名称"),
        Column::count("registered", "建档立卡户"),
        Column::count("lent_to", "已放款户"),
        Column::count("loans", "笔数"),
        Column::amount("paid_out", "放款金额"),
        Column::id("ratio", "发放户数完成率(%)"),
    ];
    let mut sheet = Sheet::new("放贷进度", columns).dressed(Dress::statement()).subtitle(format!("截至 {on}"));
    let mut sums: BTreeMap<String, (i64, i64, i64, i64)> = BTreeMap::new();
    for (place, registered, lent, loans, paid) in villages {
        for length in [6, 9, 12] {
            let key = format!("{:0<12}", place.get(..length).unwrap_or(place));
            let sum = sums.entry(key).or_default();
            *sum = (sum.0 + registered, sum.1 + lent, sum.2 + loans, sum.3 + paid);
        }
    }
    for (place, (registered, lent, loans, paid)) in sums {
        let name = names.get(&place).cloned().unwrap_or_default();
        let ratio = percent(i128::from(lent), i128::from(registered));
        let row = vec![place.into(), name.into(), registered.into(), lent.into(), loans.into(), fen(paid), ratio.into()];
        if sheet.rows.is_empty() && sheet.foot.is_empty() { sheet.foot.push(row) } else { sheet.push(row) }
    }
    sheet
}

/// 风险补偿金 by bank and in all: leverage and headroom.
pub fn fund(rooms: &[Headroom]) -> Sheet {
    let columns = vec![
        Column::id("bank", "银行"),
        Column::amount("fund", "专户余额"),
        Column::amount("capacity", "可放大额度"),
        Column::amount("outstanding", "贷款余额"),
        Column::amount("pledged", "已批未放"),
        Column::amount("headroom", "剩余额度"),
        Column::id("leverage", "放大倍数"),
    ];
    let mut sheet = Sheet::new("风险补偿金", columns).dressed(Dress::statement());
    for room in rooms {
        let times = i128::from(room.outstanding.fen());
        let leverage = percent(times, i128::from(room.fund.fen()) * 100);
        let money = [room.fund, room.capacity, room.outstanding, room.pledged, room.headroom].map(Cell::from);
        let row: Vec<Cell> = std::iter::once(Cell::from(room.bank.as_str())).chain(money).chain([leverage.into()]).collect();
        if room.bank.is_empty() { sheet.foot.push(row) } else { sheet.push(row) }
    }
    sheet
}
