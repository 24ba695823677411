//! Opening balances of a book from a file.
//!
//! Pure.
//!
//! 1. Lines stand on leaf accounts; a parent's row is compared with its sub-accounts and left out.
//! 2. A balance on the account's wrong side keeps its sign: the file's side is never turned.
//! 3. The file's own total line is compared exactly.

use super::headings::Plan;
use super::lines_in::{self, LINE_FIELDS, RowAccount};
use super::problems::{Resolve, RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, TotalWord, for_each_record};
use super::totals_in::RunningTotals;
use super::vouchers_in::ImportOptions;
use crate::ledger::{AccountCode, VoucherLine};
use crate::money::Amount;
use crate::refusal::Refusal;

const PLAN: Plan =
    Plan { table: "opening", needs: &[&[&["account"], &["account_name"]], &[&["debit", "credit"], &["amount", "side"]]] };

/// What a file of opening balances came to.
#[derive(Debug, Clone, Default)]
pub struct OpeningsIn {
    /// The lines of the opening voucher, with their rows in the file.
    pub lines: Vec<(u64, VoucherLine)>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Rows left out that need not be wrong.
    pub warnings: Vec<RowProblem>,
    /// Debits and credits of the lines; `None` if they do not fit. Equal in a book that balances.
    pub totals: Option<(Amount, Amount)>,
    /// Head row, titles, columns used and not used.
    pub table: TableFacts,
}

/// Reads a file of opening balances. Refuses only files that are no such table; bad rows are reported.
pub fn read_openings(bytes: &[u8], options: &ImportOptions, resolve: &Resolve<'_>) -> Result<OpeningsIn, Refusal> {
    let mut builder = Builder::default();
    let mut visit = |record: &Record<'_>| {
        builder.take(record, resolve);
        Ok(())
    };
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut visit)?;
    builder.check_parents();
    let Builder { lines, totals, mut problems, warnings, .. } = builder;
    problems.sort_by_key(|problem| problem.row);
    Ok(OpeningsIn { lines, problems, warnings, totals: totals.all(), table })
}

/// A parent account's row: its place and its balance, debit positive.
struct ParentRow {
    row: u64,
    code: AccountCode,
    net: Option<Amount>,
}

#[derive(Default)]
struct Builder {
    lines: Vec<(u64, VoucherLine)>,
    parents: Vec<ParentRow>,
    totals: RunningTotals,
    problems: Vec<RowProblem>,
    warnings: Vec<RowProblem>,
}

impl Builder {
    fn take(&mut self, record: &Record<'_>, resolve: &Resolve<'_>) {
        match record.total_word() {
            Some(TotalWord::Rows(word)) => self.problems.extend(self.totals.check(record, &word)),
            Some(TotalWord::Other(_)) => {}
            None if record.all_blank(&LINE_FIELDS) => self.warnings.push(record.problem("account", RowRefusal::NotALine)),
            None => self.take_line(record, resolve),
        }
    }

    fn take_line(&mut self, record: &Record<'_>, resolve: &Resolve<'_>) {
        let account = lines_in::account(record, resolve, &mut self.problems);
        let money = lines_in::money(record, &mut self.problems);
        let dimensions = lines_in::dimensions(record, &mut self.problems);
        let (debit, credit) = money.unwrap_or_default();
        match account {
            Some(RowAccount::Parent(code)) => {
                self.parents.push(ParentRow { row: record.row, code, net: money.and_then(|(d, c)| d.checked_sub(c)) });
            }
            Some(RowAccount::Leaf(account)) if !(debit.is_zero() && credit.is_zero()) => {
                self.totals.add(debit, credit);
                let summary = Some(record.text("summary")).filter(|text| !text.is_empty()).unwrap_or("期初余额").to_owned();
                self.lines.push((record.row, VoucherLine { summary, account, debit, credit, dimensions }));
            }
            _ => self.totals.add(debit, credit),
        }
    }

    /// A parent's balance is the sum of its leaves' where the file shows any of them. Leaves are summed once, in the
    /// order of their codes: a file of nothing but parents ends as soon as any other.
    fn check_parents(&mut self) {
        let mut leaves: Vec<(&str, i128)> =
            self.lines.iter().map(|(_, line)| (line.account.as_str(), net(line.debit, line.credit))).collect();
        leaves.sort_unstable();
        let mut through = vec![0_i128];
        through.extend(leaves.iter().scan(0, |sum, (_, fen)| {
            *sum += fen;
            Some(*sum)
        }));
        for parent in &self.parents {
            let code = parent.code.as_str();
            let first = leaves.partition_point(|(leaf, _)| *leaf < code);
            let last = leaves.partition_point(|(leaf, _)| *leaf < code || leaf.starts_with(code));
            let sum = i64::try_from(through[last] - through[first]).ok().map(Amount::from_fen);
            if let (Some(shown), Some(sum)) = (parent.net, sum)
                && shown != sum
            {
                let (code, file, rows) = (parent.code.to_string(), shown.to_string(), sum.to_string());
                let why = RowRefusal::ParentDiffers { code: code.clone(), file, rows };
                self.problems.push(RowProblem::at(parent.row, "", &code, why));
            }
        }
    }
}

/// Debit less credit, in fen.
fn net(debit: Amount, credit: Amount) -> i128 {
    i128::from(debit.fen()) - i128::from(credit.fen())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::problems::RowReason;

    fn chart(code: &str, _: &str) -> Result<AccountCode, RowReason> {
        if code == "102" { Err(RowReason::NotLeaf(code.into())) } else { Ok(code.into()) }
    }

    fn read(text: &str) -> OpeningsIn {
        read_openings(text.as_bytes(), &ImportOptions::default(), &chart).unwrap()
    }

    #[test]
    fn parents_are_compared_and_left_out() {
        let text = "科目编码,科目名称,方向,期初余额,往来\n101,现金,借,500,\n102,银行存款,借,1500,\n10201,农行,借,1000,\n10202,农商行,借,500,\n\
                    113,应收款,借,200,甲户\n301,公积公益金,贷,2200,\n";
        let good = read(text);
        assert_eq!((good.problems.len(), good.lines.len()), (0, 5));
        assert_eq!(good.totals, Some((Amount::from_yuan(2200), Amount::from_yuan(2200))));
        assert_eq!(good.lines[3].1.dimensions.party.as_deref(), Some("甲户"));
        let bad = read(&text.replace("1500", "1501"));
        assert_eq!(bad.problems.iter().map(|p| (p.row, p.code.as_str())).collect::<Vec<_>>(), [(3, "X-143")]);
    }

    #[test]
    fn two_columns_and_a_head_on_two_rows() {
        let text = "科目,,期初余额,,期末余额,\n编码,名称,借方,贷方,借方,贷方\n101,现金,5.00,,9,\n301,公积公益金,,5.00,,9\n合计,,5.00,5.00,9,9\n";
        let read = read(text);
        assert_eq!(read.problems, []);
        assert_eq!(read.totals, Some((Amount::from_yuan(5), Amount::from_yuan(5))));
        assert_eq!(read.table.unknown.len(), 2);
    }
}
