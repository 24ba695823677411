//! The offers for a statement line, by what the account is for: collecting, the fund's, the subsidy's.
//!
//! Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::dues::{KnownLoan, dues};
use super::{Doing, Offer};
use crate::controls::reconciliation::BankItem;
use crate::controls::reconciliation::candidates::sums;
use crate::controls::reconciliation::evidence::{KnownNames, Strength};
use crate::controls::reconciliation::names::{self, Nearness};
use crate::money::Amount;
use crate::products::microloan::risk_fund::claim::Claim;

/// Loans of one amount that are offered without anything speaking for them.
const BY_AMOUNT: usize = 20;
/// Claims paid together at most, unless they are all there are.
const TOGETHER: usize = 4;

/// A loan in a word: enough to find the few a line may speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanName {
    /// 借据号
    pub loan: String,
    /// 合同号; blank if none is recorded.
    pub number: String,
    /// 借款人
    pub borrower: String,
    /// Interest and principal due and unpaid when last settled.
    pub due: Amount,
}

/// The loans whose number or borrower some line names, or that owe exactly what it brings.
pub fn spoken_of(loans: &[LoanName], lines: &[BankItem]) -> Vec<String> {
    let (mut by_word, mut by_amount): (HashMap<String, Vec<usize>>, HashMap<Amount, Vec<usize>>) = Default::default();
    for (index, loan) in loans.iter().enumerate() {
        for word in [&loan.loan, &loan.number, &loan.borrower].into_iter().filter(|word| !word.is_empty()) {
            by_word.entry(names::normal(word)).or_default().push(index);
        }
        by_amount.entry(loan.due).or_default().push(index);
    }
    let known = KnownNames::of(by_word.keys().map(String::as_str));
    let irregular: Vec<&String> = by_word.keys().filter(|word| names::is_irregular(word)).collect();
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for line in lines {
        let name = names::normal(&line.name);
        let mut words: Vec<String> = known.within(&line.summary);
        // A spelling the bank could not write may stand for any name; a name it may have spoilt, for any spelling.
        let others = if names::is_irregular(&name) { by_word.keys().collect() } else { irregular.clone() };
        words.extend(others.into_iter().filter(|word| names::compare(&name, word) >= Nearness::Near).cloned());
        words.push(name);
        found.extend(words.iter().filter_map(|word| by_word.get(word)).flatten());
        found.extend(by_amount.get(&line.amount).into_iter().flatten().take(BY_AMOUNT));
    }
    found.into_iter().map(|index| loans[index].loan.clone()).collect()
}

/// True if a number stands in a text by itself, not as the beginning or end of a longer one.
fn holds_number(text: &str, number: &str) -> bool {
    let (text, number) = (names::normal(text), names::normal(number));
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
    number.len() >= 2
        && text.match_indices(&number).any(|(at, found)| {
            let bounded = |c: char| c.is_ascii_alphanumeric();
            let before = number.starts_with(bounded) && is_part(text[..at].chars().next_back());
            let after = number.ends_with(bounded) && is_part(text[at + found.len()..].chars().next());
            !before && !after
        })
}

/// What speaks for a line being of some numbers (any of them) and a person.
fn speaking(line: &BankItem, numbers: &[&str], person: &str, people: &KnownNames) -> (Strength, Vec<String>) {
    let mut reasons = vec!["金额相同".to_owned()];
    let mut strength = Strength::None;
    let mut say = |carries: Strength, words: &str| {
        strength = strength.max(carries);
        reasons.push(words.to_owned());
    };
    if numbers.iter().any(|number| !number.is_empty() && holds_number(&line.summary, number)) {
        say(Strength::Identity, "合同号或编号在摘要中");
    }
    let person = names::normal(person);
    match names::compare(&names::normal(&line.name), &person) {
        Nearness::Same => say(Strength::Good, "户名相同"),
        Nearness::Near => say(Strength::Near, "户名相近(不等于相同)"),
        Nearness::Different if people.within(&line.summary).contains(&person) => say(Strength::Good, "借款人在摘要中"),
        Nearness::Different => {}
    }
    (strength, reasons)
}

fn offer(line: &BankItem, doing: Doing, words: String, (strength, reasons): (Strength, Vec<String>)) -> Offer {
    Offer { line: (line.line, line.part), doing, words, reasons, strength, certain: false }
}

/// Words by which a bank names what it takes for a loan.
const OF_A_LOAN: [&str; 6] = ["贷款", "还贷", "还款", "利息", "结息", "还本"];

/// Payments of the book's own loans: lines of money out against what they owe on their days.
pub fn paid_by_us(lines: &[BankItem], own: &[KnownLoan]) -> Vec<Offer> {
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.amount.is_negative()) {
        for loan in own {
            for due in dues(loan, line.on).into_iter().filter(|due| due.amount == -line.amount) {
                let (mut strength, mut reasons) = speaking(line, &[&loan.loan, &loan.number], "", &KnownNames::default());
                if OF_A_LOAN.iter().any(|word| line.summary.contains(word)) {
                    strength = strength.max(Strength::Good);
                    reasons.push("摘要是贷款".to_owned());
                }
                reasons.push(format!("{} 起应还{}", due.on, due.words));
                let words = format!("归还本单位贷款 {} {}", number_of(loan), due.words);
                let doing = Doing::Repaid { loan: loan.loan.clone(), towards: due.towards };
                found.push(offer(line, doing, words, (strength, reasons)));
            }
        }
    }
    found
}

/// Payments of borrowers: lines of money in against what the loans owe on their days.
pub fn collected(lines: &[BankItem], loans: &[KnownLoan]) -> Vec<Offer> {
    let borrowers: Vec<String> = loans.iter().map(|loan| names::normal(&loan.borrower)).collect();
    let people = KnownNames::of(borrowers.iter().map(String::as_str));
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.amount.is_positive()) {
        for loan in loans {
            for due in dues(loan, line.on).into_iter().filter(|due| due.amount == line.amount) {
                let (strength, mut reasons) = speaking(line, &[&loan.loan, &loan.number], &loan.borrower, &people);
                let days = (line.on - due.on).num_days();
                reasons.push(match days {
                    0 => format!("当日应还{}", due.words),
                    1.. => format!("{} 起应还{},已 {days} 天", due.on, due.words),
                    _ => format!("{} 应还{},早 {} 天", due.on, due.words, -days),
                });
                let words = format!("{} 贷款 {} {}", loan.borrower, number_of(loan), due.words);
                let doing = Doing::Repaid { loan: loan.loan.clone(), towards: due.towards };
                found.push(offer(line, doing, words, (strength, reasons)));
            }
        }
    }
    found
}

fn number_of(loan: &KnownLoan) -> &str {
    if loan.number.is_empty() { &loan.loan } else { &loan.number }
}

/// A payment recorded from a statement line, that may go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The act that recorded it.
    pub act: i64,
    /// Loan.
    pub loan: String,
    /// 合同号
    pub number: String,
    /// 借款人
    pub borrower: String,
    /// How much.
    pub amount: Amount,
    /// When.
    pub on: crate::calendar::BusinessDate,
}

/// Payments that went back: lines of money out against payments recorded before.
pub fn taken_back(lines: &[BankItem], received: &[Received]) -> Vec<Offer> {
    let borrowers: Vec<String> = received.iter().map(|payment| names::normal(&payment.borrower)).collect();
    let people = KnownNames::of(borrowers.iter().map(String::as_str));
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.amount.is_negative()) {
        for payment in received.iter().filter(|payment| payment.amount == -line.amount && payment.on <= line.on) {
            let (strength, mut reasons) = speaking(line, &[&payment.loan, &payment.number], &payment.borrower, &people);
            reasons.push(format!("{} 收到同额还款", payment.on));
            let words = format!("退回 {} 贷款 {} 的还款", payment.borrower, payment.loan);
            let doing = Doing::TakenBack { act: payment.act, loan: payment.loan.clone() };
            found.push(offer(line, doing, words, (strength, reasons)));
        }
    }
    found
}

/// A claim with the words that speak for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownClaim {
    /// The claim.
    pub claim: Claim,
    /// 借款人
    pub borrower: String,
    /// 合同号
    pub number: String,
    /// Name of the bank.
    pub bank: String,
}

/// Compensation: lines of money out against approved claims, alone, some together, or all of them.
pub fn compensated(lines: &[BankItem], approved: &[KnownClaim]) -> Vec<Offer> {
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.amount.is_negative()) {
        let wanted = -line.amount;
        let mut groups: Vec<Vec<usize>> =
            (0..approved.len()).filter(|at| approved[*at].claim.fund_share == wanted).map(|at| vec![at]).collect();
        let shares: Vec<Amount> = approved.iter().map(|known| known.claim.fund_share).collect();
        if approved.len() > 1 && Amount::try_sum(shares.iter().copied()) == Some(wanted) {
            groups.push((0..approved.len()).collect());
        }
        // Only a short list is tried in combinations: among many claims some sum fits by chance.
        let near: &[Amount] = if shares.len() <= 18 { &shares } else { &[] };
        groups.extend(sums(wanted, near, TOGETHER, BY_AMOUNT).into_iter().filter(|group| group.len() > 1));
        for group in groups {
            let claims: Vec<&KnownClaim> = group.iter().map(|at| &approved[*at]).collect();
            let each = claims.iter().map(|known| claim_speaks(line, known));
            let strength = each.clone().map(|(strength, _)| strength).min().unwrap_or(Strength::None);
            let reasons = each.flat_map(|(_, reasons)| reasons).collect::<BTreeSet<String>>().into_iter().collect();
            let claims: Vec<String> = claims.iter().map(|known| known.claim.claim.clone()).collect();
            let words = format!("支付代偿 {}", claims.join("、"));
            found.push(offer(line, Doing::Compensated { claims }, words, (strength, reasons)));
        }
    }
    found
}

fn claim_speaks(line: &BankItem, known: &KnownClaim) -> (Strength, Vec<String>) {
    let people = KnownNames::of([names::normal(&known.borrower)].iter().map(String::as_str));
    let numbers = [known.claim.claim.as_str(), &known.claim.loan, &known.number];
    let (mut strength, mut reasons) = speaking(line, &numbers, &known.borrower, &people);
    if names::normal(&line.name) == names::normal(&known.bank) {
        strength = strength.max(Strength::Good);
        reasons.push("对方是申请代偿的银行".to_owned());
    }
    (strength, reasons)
}

/// Recoveries: lines of money in against what the fund may still get back.
pub fn recovered(lines: &[BankItem], paid: &[KnownClaim]) -> Vec<Offer> {
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.amount.is_positive()) {
        for known in paid {
            for amount in gross(&known.claim, line.amount) {
                let (strength, mut reasons) = claim_speaks(line, known);
                reasons.push(format!("收回 {amount} 中基金应得的部分"));
                let words = format!("{} 代偿 {} 收回", known.borrower, known.claim.claim);
                let doing = Doing::Recovered { claim: known.claim.claim.clone(), amount };
                found.push(offer(line, doing, words, (strength, reasons)));
            }
        }
    }
    found
}

/// The recoveries of which the fund's part is exactly this much: none, one, or a fen more or less.
fn gross(claim: &Claim, part: Amount) -> Vec<Amount> {
    let share = |fen: i64| claim.clone().recover(Amount::from_fen(fen)).ok();
    let left = (claim.principal + claim.interest).checked_sub(claim.recovered).map_or(0, Amount::fen);
    // The fund's part grows with the recovery: the first that reaches the line.
    let (mut low, mut high) = (1, left.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if share(middle).is_some_and(|found| found < part) { low = middle + 1 } else { high = middle }
    }
    (low..=left).take(BY_AMOUNT).take_while(|fen| share(*fen) == Some(part)).map(Amount::from_fen).collect()
}

/// A batch of subsidies as far as money is concerned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownBatch {
    /// `2026Q3` or `2026`.
    pub batch: String,
    /// Approved and not paid.
    pub unpaid: Amount,
    /// Paid to households: payee → (borrower, amount).
    pub paid: BTreeMap<String, (String, Amount)>,
}

/// Subsidy paid out, come back, and received.
pub fn subsidy(lines: &[BankItem], batches: &[KnownBatch]) -> Vec<Offer> {
    let mut found = Vec::new();
    let nobody = KnownNames::default();
    for line in lines {
        for known in batches {
            if line.amount.is_negative() && known.unpaid == -line.amount {
                let (strength, mut reasons) = speaking(line, &[&known.batch], "", &nobody);
                let named = line.summary.contains("贴息");
                if named {
                    reasons.push("摘要是贴息".to_owned());
                }
                let strength = if named { strength.max(Strength::Good) } else { strength };
                let doing = Doing::SubsidyPaid { batch: known.batch.clone() };
                found.push(offer(line, doing, format!("支付 {} 贴息", known.batch), (strength, reasons)));
            }
            for (payee, (borrower, amount)) in known.paid.iter().filter(|(_, (_, amount))| *amount == line.amount) {
                let (strength, reasons) = speaking(line, &[payee], borrower, &nobody);
                let doing = Doing::SubsidyReturned { batch: known.batch.clone(), payees: vec![payee.clone()] };
                let words = format!("{} 贴息退票 {borrower} {amount}", known.batch);
                found.push(offer(line, doing, words, (strength, reasons)));
            }
        }
        if let Some(document) = document(line).filter(|_| line.amount.is_positive()) {
            let reasons = vec!["摘要有文号".to_owned()];
            let words = format!("收到财政贴息资金 {document}");
            found.push(offer(line, Doing::SubsidyReceived { document }, words, (Strength::Near, reasons)));
        }
    }
    found
}

/// A document number in a summary: `青财〔2026〕3号`.
fn document(line: &BankItem) -> Option<String> {
    let opened = line.summary.find('〔')?;
    let ends = opened + line.summary[opened..].find('号')? + '号'.len_utf8();
    let begins = line.summary[..opened].rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| {
        let c = line.summary[at..].chars().next().map_or(1, char::len_utf8);
        at + c
    });
    Some(line.summary[begins..ends].to_owned())
}
