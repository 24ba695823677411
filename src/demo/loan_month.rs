//! The bank liaison officer's March 2019: a bank's loan list with one difference of each kind, and the statement of the
//! fund's account with a recovery that runs the fund's own act.
//!
//! The register is read to write the bank's files; everything is then typed as commands.
//!
//! 1. The list differs from the register in what is planted here and in nothing else.
//! 2. The second comparison of the same list gives the same document.

use encoding_rs::GB18030;

use super::credit::FUND;
use super::{COUNTY, Step};
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::loan_list::RegisterRow;
use crate::controls::reconciliation::loan_money::dues::{KnownLoan, dues};
use crate::controls::reconciliation::store as reconciliation;
use crate::db::{Connection, Stop};
use crate::money::Amount;
use crate::office::Office;
use crate::products::microloan::risk_fund::claim::Claim;
use crate::products::microloan::risk_fund::store as fund;
use crate::products::microloan::store::{self as register, heads};

/// The bank whose list it is.
const BANK: &str = "B3";
const ACCOUNT: &str = "FX03";

fn day(month: u32, of: u32) -> BusinessDate {
    BusinessDate::from_ymd_opt(2019, month, of).expect("the days of the demo are days of the calendar")
}

/// The steps of the month, after the three years of lending.
pub async fn steps(office: &Office) -> Result<Vec<Step>, Stop> {
    let mut tx = office.db.reader().await?;
    let rows = reconciliation::register_rows(&mut tx, COUNTY, BANK, day(3, 20)).await?;
    let mut steps = vec![Step::Day(day(3, 20))];
    let (matured, running): (Vec<RegisterRow>, Vec<RegisterRow>) = rows
        .into_iter()
        .filter(|row| row.principal.is_positive())
        .partition(|row| row.matures_on <= day(3, 20) && row.overdue.is_none());
    steps.extend(repaid(&mut tx, &matured).await?);
    steps.extend(listed(&running));
    let claims = fund::claims(&mut tx, COUNTY).await?;
    let claim = claims.into_iter().find(|claim| claim.bank == BANK && claim.memo() > Amount::from_yuan(2_000));
    let opening = fund::balances(&mut tx, COUNTY).await?.into_iter().find(|(bank, _)| bank == BANK).map_or(0, |(_, fen)| fen);
    steps.extend(claim.map_or(Vec::new(), |claim| recovered(claim, Amount::from_fen(opening))));
    Ok(steps)
}

fn command(user: &'static str, words: &str) -> Step {
    Step::Command { user, words: words.split_whitespace().map(str::to_owned).collect(), refused: None }
}

/// What matured since the last quarter was paid off on its day, and is recorded now.
async fn repaid(tx: &mut Connection, matured: &[RegisterRow]) -> Result<Vec<Step>, Stop> {
    let keys = register::keys(matured.iter().map(|row| row.loan.as_str()));
    let mut facts = register::facts(tx, COUNTY, &keys).await?;
    let mut steps = Vec::new();
    for head in heads::heads(tx, COUNTY, &keys).await? {
        let Some(contract) = head.contract else { continue };
        let on = contract.matures_on;
        let facts = facts.remove(&head.loan).unwrap_or_default();
        let loan = KnownLoan { loan: head.loan, number: String::new(), borrower: head.borrower, contract, facts };
        if let Some(whole) = dues(&loan, on).into_iter().max_by_key(|due| due.amount) {
            steps.push(command("xianban", &format!("loan repay {} --on {on} --amount {}", loan.loan, whole.amount)));
        }
    }
    Ok(steps)
}

/// How the bank shows a loan: contract, borrower, balance, interest owed, rate, dates, status, class.
struct Shown {
    contract: String,
    borrower: String,
    principal: Amount,
    interest: Amount,
    rate_ppm: i64,
    starts_on: BusinessDate,
    matures_on: BusinessDate,
    status: String,
    class: String,
}

impl Shown {
    fn of(row: &RegisterRow) -> Shown {
        Shown {
            contract: if row.contract.is_empty() { row.loan.clone() } else { row.contract.clone() },
            borrower: row.borrower.clone(),
            principal: row.principal,
            interest: row.interest_owed,
            rate_ppm: row.rate_ppm,
            starts_on: row.starts_on,
            matures_on: row.matures_on,
            status: row.status.clone(),
            class: row.bank_class.as_ref().unwrap_or(&row.class).clone(),
        }
    }
}

/// By how long the bank extended a loan.
const EXTENSION: chrono::Months = chrono::Months::new(6);

/// True if the rules let a loan of more than a year be extended so long (loans.md §8: 36 months in all).
fn has_room(loan: &RegisterRow) -> bool {
    let after = |months| loan.starts_on + chrono::Months::new(months);
    loan.matures_on > after(12) && loan.matures_on + EXTENSION <= after(36)
}

/// Interest of so many days, half up: what the bank's own system charged.
fn charged(principal: Amount, rate_ppm: i64, days: i64) -> Amount {
    let product = i128::from(principal.fen()) * i128::from(rate_ppm) * i128::from(days);
    let divisor = 360_000_000_i128;
    Amount::from_fen(i64::try_from((product * 2 + divisor).div_euclid(divisor * 2)).unwrap_or(0))
}

/// The bank's list: the register's rows with one difference of each kind.
fn planted(running: &[RegisterRow]) -> Vec<Shown> {
    let mut list: Vec<Shown> = running.iter().map(Shown::of).collect();
    let plain: Vec<usize> = (0..running.len()).filter(|at| running[*at].overdue.is_none()).collect();
    let days = |from: BusinessDate, to: BusinessDate| (to - from).num_days();
    type Plant = fn(&mut Shown, &RegisterRow);
    let plants: [Plant; 7] = [
        |shown, _| shown.principal -= Amount::from_yuan(1_000),
        // Settled by the bank a day before everybody else.
        |shown, ours| shown.interest += charged(ours.principal, ours.rate_ppm, (day(3, 21) - ours.row_from).num_days()),
        |shown, _| shown.interest += Amount::from_fen(1),
        // A day too many in the last quarter of 2018.
        |shown, ours| {
            let from = ours.row_from - chrono::Months::new(3);
            let right = (ours.row_from - from.max(ours.starts_on)).num_days();
            shown.interest += charged(ours.principal, ours.rate_ppm, right + 1) - charged(ours.principal, ours.rate_ppm, right);
        },
        // Extended by half a year at the bank; a loan that must not be is one whose rate was lowered there.
        |shown, ours| match has_room(ours) {
            true => shown.matures_on = shown.matures_on + EXTENSION,
            false => shown.rate_ppm -= 2_500,
        },
        |shown, _| shown.rate_ppm += 2_500,
        |shown, _| shown.class = "关注".to_owned(),
    ];
    for (plant, at) in plants.iter().zip(&plain) {
        plant(&mut list[*at], &running[*at]);
    }
    // Penalty the bank charged: half as much again as the contract, since the day the loan fell due.
    if let Some((at, (overdue, since))) = running.iter().enumerate().find_map(|(at, row)| Some((at, row.overdue?))) {
        list[at].interest += charged(overdue, running[at].rate_ppm * 3 / 2, days(since, day(3, 20)));
    }
    if let Some(at) = plain.get(plants.len()) {
        list.remove(*at);
    }
    list.push(Shown { contract: "QH2019-0001".to_owned(), borrower: "覃新来".to_owned(), ..Shown::of(&running[plain[0]]) });
    list
}

fn list_file(list: &[Shown]) -> Vec<u8> {
    let mut text = String::from(
        "小额信贷台账\r\n截至：2019-03-20\r\n借款合同号,借款人,贷款余额,欠息,执行利率(%),放款日期,到期日期,贷款状态,五级分类\r\n",
    );
    for row in list {
        text += &format!(
            "{},{},\"{}\",\"{}\",{}.{:04},{},{},{},{}\r\n",
            row.contract,
            row.borrower,
            row.principal.grouped(),
            row.interest.grouped(),
            row.rate_ppm / 10_000,
            row.rate_ppm % 10_000,
            row.starts_on.format("%Y%m%d"),
            row.matures_on.format("%Y%m%d"),
            row.status,
            row.class
        );
    }
    text += &format!("合计,,\"{}\",,,,,,\r\n", list.iter().map(|row| row.principal).sum::<Amount>().grouped());
    GB18030.encode(&text).0.into_owned()
}

/// The list is compared, kept, and compared again: the same document.
fn listed(running: &[RegisterRow]) -> Vec<Step> {
    let file = format!("{BANK}-贷款台账-2019-03.csv");
    let compare = format!("loan reconcile in/{file} --bank {BANK} --on {} --save", day(3, 20));
    vec![
        Step::File { name: file, bytes: list_file(&planted(running)) },
        command("xianban", &format!("{compare} --out out/{BANK}-贷款逐笔核对表-2019-03.xlsx")),
        command("xianban", &format!("{compare} --out out/{BANK}-贷款逐笔核对表-2019-03.csv")),
        command("xianban", &format!("{compare} --out out/{BANK}-贷款逐笔核对表-2019-03.pdf")),
    ]
}

/// The statement of the fund's account: its part of 2,000 yuan a household paid back, and a fee.
fn recovered(claim: Claim, opening: Amount) -> Vec<Step> {
    let part = claim.clone().recover(Amount::from_yuan(2_000)).unwrap_or_default();
    let fee = Amount::from_yuan(15);
    let text = format!(
        "账户明细对账单\r\n账号：4599003012345670\r\n交易日期,摘要,收入,支出,余额,对方户名\r\n\
         20190326,收回代偿款 {},{part},,{},邮储银行青禾支行\r\n20190329,账户管理费,,{fee},{},\r\n",
        claim.claim,
        opening + part,
        opening + part - fee
    );
    let file = format!("bank_2019-03_{ACCOUNT}.csv");
    vec![
        Step::Day(day(3, 31)),
        command("zhuguan", &format!("year open --book {FUND} --year 2019")),
        command(
            "zhuguan",
            &format!(
                "bank add --account {ACCOUNT} --number 4599003012345670 --bank 邮储银行青禾支行 --holder 青禾县风险补偿金 --book {FUND} \
                 --ledger-account F101 --member {BANK} --from {} --opening {opening} --close warn",
                day(3, 1)
            ),
        ),
        Step::File { name: file.clone(), bytes: GB18030.encode(&text).0.into_owned() },
        command("xianban", &format!("bank import in/{file} --account {ACCOUNT}")),
        command(
            "xianban",
            &format!("reconcile loans --account {ACCOUNT} --period 2019-03 --post --out out/{ACCOUNT}-贷款资金核对清单.xlsx"),
        ),
        command(
            "xianban",
            &format!("reconcile rule --book {FUND} --name 银行收费 --contains 管理费 --direction out --ledger-account F502"),
        ),
        command("kuaiji", &format!("reconcile propose --account {ACCOUNT}")),
        command("kuaiji", &format!("voucher submit --book {FUND} --period 2019-03")),
        command("shenhe", &format!("voucher approve --book {FUND} --period 2019-03")),
        command("shenhe", &format!("voucher post --book {FUND} --period 2019-03")),
        command("xianban", &format!("reconcile run --account {ACCOUNT}")),
        command(
            "xianban",
            &format!("reconcile report --account {ACCOUNT} --period 2019-03 --save --out out/{ACCOUNT}-银行存款余额调节表.xlsx"),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls::reconciliation::loan_list::{Finding, compare};
    use crate::exchange::loan_list_in::read_loan_list;
    use crate::exchange::vouchers_in::ImportOptions;

    fn loan(number: i64) -> RegisterRow {
        let loan = format!("D{number:05}");
        RegisterRow {
            contract: format!("青信{loan}"),
            loan,
            borrower: "玉春生".into(),
            principal: Amount::from_yuan(48_000 + number),
            interest_owed: Amount::ZERO,
            settled_that_day: None,
            rate_ppm: 47_500,
            day_base: 360,
            starts_on: BusinessDate::from_ymd_opt(2017, 4, 17).unwrap(),
            matures_on: day(4, 17),
            row_from: BusinessDate::from_ymd_opt(2018, 12, 21).unwrap(),
            overdue: None,
            status: "正常".into(),
            class: "正常".into(),
            bank_class: None,
        }
    }

    #[test]
    fn each_difference_is_found_and_explained() {
        let mut register: Vec<RegisterRow> = (1..=10).map(loan).collect();
        let since = BusinessDate::from_ymd_opt(2018, 5, 18).unwrap();
        register[9].overdue = Some((register[9].principal, since));
        let list = read_loan_list(&list_file(&planted(&register)), &ImportOptions::default()).unwrap();
        assert_eq!(list.problems, []);
        let found = compare(&register, &list.rows, day(3, 20));
        let count = |finding| found.iter().filter(|row| row.finding == finding).count();
        use Finding::*;
        let counts = [Matched, AmountDiffers, TermsDiffer, StatusDiffers, OnlyOurs, OnlyBank].map(count);
        assert_eq!(counts, [1, 5, 2, 1, 1, 1]);
        for words in ["已收本金", "漏结息", "四舍五入", "罚息", "多计一天", "展期", "利率", "分类"] {
            assert_eq!(found.iter().filter(|row| row.explanation.contains(words)).count(), 1, "{words}");
        }
    }
}
