//! Loan cases in text: `tests/cases/loan_*.txt`. A case that fails prints the line and what came out.
//!
//! ```text
//! # A comment.
//! 2026-01-20  contract  L1  50000.00 at 4.75 % to 2028-01-20 quarterly interest-only [compound] [order principal-interest-penalty]
//! 2026-01-20  disburse  L1  50000.00
//! 2026-03-21  due       L1  interest 395.83
//! 2026-03-21  repay     L1  1395.83   -> interest 395.83, principal 1000.00
//! 2026-03-21  balance   L1  principal 49000.00, state disbursed
//! 2026-03-22  repay     L1  -5.00     -> refused M-101
//! ```

use std::collections::BTreeMap;

use cunzhang::calendar::BusinessDate;
use cunzhang::money::{Amount, Rate};
use cunzhang::products::microloan::timeline::{Application, RowKind, Timeline};
use cunzhang::products::microloan::{AllotmentOrder, Contract, Fact, Happening, RepaymentMethod, Settlement, Towards, timeline};

#[derive(Default)]
struct Book {
    loans: BTreeMap<String, (Contract, Vec<Fact>)>,
}

fn amount(word: &str) -> Amount {
    Amount::parse(word).unwrap_or_else(|why| panic!("{word}: {why}"))
}

impl Book {
    fn line(&mut self, line: &str) {
        let (said, expected) = line.split_once("->").map_or((line, None), |(said, expected)| (said, Some(expected.trim())));
        let words: Vec<&str> = said.split_whitespace().collect();
        let on: BusinessDate = words[0].parse().expect("a case line begins with a date");
        let (verb, loan, rest) = (words[1], words[2], &words[3..]);
        match verb {
            "contract" => self.sign(loan, on, rest),
            "due" => self.check_due(loan, on, rest),
            "balance" => {
                self.check_balance(loan, on, &said[said.find(loan).expect("the loan stands in the line") + loan.len()..])
            }
            _ => self.fact(loan, Fact { on, what: happening(verb, rest) }, expected),
        }
    }

    fn sign(&mut self, loan: &str, on: BusinessDate, rest: &[&str]) {
        let at = |word: &str| rest.iter().position(|found| *found == word);
        let after = |word: &str| at(word).map(|at| rest[at + 1]);
        let rate: Rate = after("at").expect("a rate").parse().expect("a rate");
        let mut contract = Contract::usual(amount(rest[0]), rate, on, after("to").expect("a maturity").parse().expect("a date"));
        contract.settlement = ["quarterly", "monthly", "yearly"]
            .into_iter()
            .find(|word| at(word).is_some())
            .map_or(Settlement::Quarterly, |w| Settlement::parse(w).expect("listed"));
        contract.method = match () {
            () if at("equal-instalment").is_some() => RepaymentMethod::EqualInstalment,
            () if at("equal-principal").is_some() => RepaymentMethod::EqualPrincipal,
            () => RepaymentMethod::InterestOnly,
        };
        contract.compound = at("compound").is_some();
        contract.order =
            after("order").map_or_else(AllotmentOrder::default, |text| AllotmentOrder::parse(text).expect("an order"));
        contract.day_count = after("counting").map_or(contract.day_count, |text| text.parse().expect("a day count"));
        self.loans.insert(loan.to_owned(), (contract, Vec::new()));
    }

    fn timeline(&self, loan: &str, through: BusinessDate) -> Timeline {
        let (contract, facts) = &self.loans[loan];
        timeline(loan, contract, facts, through).expect("facts that were refused are not kept")
    }

    /// A fact is kept unless it is refused; a refusal must be the expected one.
    fn fact(&mut self, loan: &str, fact: Fact, expected: Option<&str>) {
        let (contract, facts) = self.loans.get_mut(loan).expect("a contract first");
        facts.push(fact.clone());
        let through = facts.iter().map(|fact| fact.on).max().expect("one was pushed");
        match (timeline(loan, contract, facts, through), expected) {
            (Err(why), Some(expected)) => {
                facts.pop();
                assert_eq!(format!("refused {}", why.refusal().code), expected);
            }
            (Err(why), None) => panic!("refused: {why}"),
            (Ok(found), expected) => {
                let last = found.applications.iter().rev().find(|a| a.on == fact.on && a.kind == fact.what.kind());
                if let Some(expected) = expected {
                    assert_eq!(last.map(in_words).unwrap_or_default(), expected);
                }
            }
        }
    }

    fn check_due(&self, loan: &str, on: BusinessDate, rest: &[&str]) {
        let kind = RowKind::parse(rest[0]).expect("interest, penalty or compound");
        let found = self.timeline(loan, on).rows;
        let due: Vec<_> = found.iter().filter(|row| row.due == on && row.kind == kind).map(|row| row.amount).collect();
        assert_eq!(due, [amount(rest[1])]);
    }

    fn check_balance(&self, loan: &str, on: BusinessDate, said: &str) {
        let position = self.timeline(loan, on).position;
        for part in said.split(',') {
            let (what, value) = part.trim().split_once(' ').expect("a name and a value");
            let found = match what {
                "principal" => position.principal.to_string(),
                "overdue" => position.overdue_principal.to_string(),
                "interest" => position.interest_owed.to_string(),
                "penalty" => position.penalty_owed.to_string(),
                "held" => position.held.to_string(),
                "written-off" => position.written_off.to_string(),
                "days-past-due" => position.days_past_due().to_string(),
                "matures" => position.matures_on.to_string(),
                _ => position.state.as_str().to_owned(),
            };
            assert_eq!(found, value, "{what}");
        }
    }
}

fn happening(verb: &str, rest: &[&str]) -> Happening {
    match verb {
        "disburse" => Happening::Disbursed { amount: amount(rest[0]) },
        "repay" => Happening::Repaid { amount: amount(rest[0]), towards: Towards::Any },
        "pay-interest" => Happening::Repaid { amount: amount(rest[0]), towards: Towards::Interest },
        "subsidy" => Happening::SubsidyPaid { amount: amount(rest[0]) },
        "subsidy-back" => Happening::SubsidyReturned { amount: amount(rest[0]) },
        "rate" => Happening::RateChanged { rate: rest[0].parse().expect("a rate") },
        "extend" => Happening::Extended { to: rest[0].parse().expect("a date") },
        "renew" => Happening::Renewed { amount: amount(rest[0]), by: rest[1].to_owned() },
        "compensate" => Happening::Compensated { amount: amount(rest[0]) },
        "recover" => Happening::Recovered { amount: amount(rest[0]) },
        "write-off" => Happening::WrittenOff { reason: rest.join(" ") },
        other => panic!("no such verb: {other}"),
    }
}

/// `penalty 1.00, interest 2.00, principal 3.00, held 4.00`, without what is nothing.
fn in_words(applied: &Application) -> String {
    let parts =
        [("penalty", applied.penalty), ("interest", applied.interest), ("principal", applied.principal), ("held", applied.held)];
    let said = parts.iter().filter(|(_, amount)| !amount.is_zero()).map(|(name, amount)| format!("{name} {amount}"));
    said.collect::<Vec<_>>().join(", ")
}

#[test]
fn every_case_comes_out() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut cases: Vec<_> =
        std::fs::read_dir(folder).expect("the cases are there").filter_map(|entry| Some(entry.ok()?.path())).collect();
    cases.retain(|path| {
        path.extension().is_some_and(|ending| ending == "txt")
            && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("loan_"))
    });
    cases.sort();
    assert!(cases.len() >= 5, "{} cases", cases.len());
    for path in cases {
        let text = std::fs::read_to_string(&path).expect("a case can be read");
        let mut book = Book::default();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
            let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| book.line(line)));
            assert!(tried.is_ok(), "{}:{}: {line}", path.display(), at + 1);
        }
    }
}
