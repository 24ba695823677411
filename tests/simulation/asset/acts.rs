//! What happens, in the simulation's own few words, and how an office is asked to do it.

use cunzhang::calendar::BusinessDate;
use cunzhang::db::Stop;
use cunzhang::ledger::{AccountCode, BookCode};
use cunzhang::money::{Amount, Rate};
use cunzhang::office::{self, Actor, Office};
use cunzhang::payouts::PayoutKind;
use cunzhang::payouts::files_in::{BankResult, read_list};
use cunzhang::payouts::service::draw_up::{DrawUp, DropBatch, ReceiveFunds, ReviewBatch};
use cunzhang::payouts::service::entrusted::{PayEntrustedIncome, ReinvestIncome};
use cunzhang::payouts::service::entrusting::Entrust;
use cunzhang::payouts::service::returning::{CollectRefund, ReturnPrincipal};
use cunzhang::payouts::service::sending::{CorrectRow, SendBatch, TakeResults};
use cunzhang::payouts::service::sources::PayDividend;
use cunzhang::products::cooperative_shares::class::Source;
use cunzhang::products::cooperative_shares::holding::EntryKind;
use cunzhang::products::cooperative_shares::plan::{Method, Terms};
use cunzhang::products::cooperative_shares::service::change::{Conversion, ConvertShares, MoveShares, Right, WithdrawShares};
use cunzhang::products::cooperative_shares::service::register::{Subscribe, Subscription};
use cunzhang::products::cooperative_shares::service::steps::{DropPlan, PostPlan, PublishPlan, ReviewPlan};
use cunzhang::products::cooperative_shares::service::year_end::{DraftPlan, SettleResult};
use cunzhang::products::entrusted_funds::facts::Handed;
use cunzhang::products::entrusted_funds::service::running::{AccrueIncome, ReceiveIncome};
use cunzhang::products::microloan::service::{Entry, RecordFacts};
use cunzhang::products::microloan::{Fact, Happening, Towards};

/// What the answer comes to, in words the model can find too; or the refusal's code.
pub type Answer = Result<String, String>;

/// An act. Days are today's; sums are fen.
#[derive(Debug, Clone)]
pub enum Act {
    Subscribe { on: BusinessDate, member: String, class: String, fen: i64 },
    Move { on: BusinessDate, from: String, to: String, class: String, fen: i64, income_only: bool },
    Convert { on: BusinessDate, member: String, class: String, owner: Option<String>, to: Option<String> },
    Withdraw { on: BusinessDate, member: String },
    Entrust { on: BusinessDate, scheme: String, household: String, fen: i64, loan: Option<String> },
    Repay { on: BusinessDate, loan: String, fen: i64 },
    Accrue { on: BusinessDate, scheme: String },
    Receive { on: BusinessDate, scheme: String, fen: i64 },
    Reinvest { on: BusinessDate, scheme: String, period: i64 },
    PayIncome { on: BusinessDate, scheme: String, period: i64, batch: String },
    Return { on: BusinessDate, scheme: String, household: String, fen: i64 },
    Collect { on: BusinessDate, scheme: String, household: String, fen: i64 },
    Settle,
    Draft { fen: i64 },
    ReviewPlan { plan: i64 },
    Publish { plan: i64, from: BusinessDate, through: BusinessDate },
    PostPlan { on: BusinessDate, plan: i64 },
    DropPlan { plan: i64 },
    PayDividend { on: BusinessDate, plan: i64, batch: String },
    DrawUp { on: BusinessDate, batch: String, rows: Vec<(String, i64)>, stated: i64 },
    Fund { on: BusinessDate, batch: String, book: String },
    Review { batch: String, book: String },
    Send { on: BusinessDate, batch: String, book: String },
    Results { on: BusinessDate, batch: String, book: String, back: Vec<i64> },
    Correct { batch: String, book: String, row: i64, party: String },
    Drop { batch: String, book: String },
}

fn said<T>(answer: Result<T, Stop>, words: impl Fn(T) -> String) -> Answer {
    match answer {
        Ok(answer) => Ok(words(answer)),
        Err(Stop::Refused(refusal)) => Err(refusal.code),
        Err(Stop::Failed(failure)) => panic!("the machine failed: {failure}"),
    }
}

async fn done<A: office::Act>(office: &Office, actor: &Actor, act: A, words: impl Fn(A::Answer) -> String) -> Answer {
    said(office.perform(actor, act, None).await, words)
}

fn nothing<T>(_: T) -> String {
    String::new()
}

fn fen(fen: i64) -> Amount {
    Amount::from_fen(fen)
}

fn cooperative() -> BookCode {
    BookCode::from("C001")
}

fn paper() -> String {
    "依据".to_owned()
}

impl Act {
    /// In one word.
    pub fn kind(&self) -> String {
        format!("{self:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
    }

    /// Asks an office.
    pub async fn perform(&self, office: &Office, actor: &Actor) -> Answer {
        match self.clone() {
            Act::Subscribe { .. } | Act::Move { .. } | Act::Convert { .. } | Act::Withdraw { .. } => {
                self.on_shares(office, actor).await
            }
            Act::Settle | Act::Draft { .. } | Act::ReviewPlan { .. } | Act::Publish { .. } => self.on_plans(office, actor).await,
            Act::PostPlan { .. } | Act::DropPlan { .. } | Act::PayDividend { .. } => self.on_plans(office, actor).await,
            Act::Entrust { .. } | Act::Accrue { .. } | Act::Receive { .. } | Act::Reinvest { .. } => {
                self.on_schemes(office, actor).await
            }
            Act::PayIncome { .. } | Act::Return { .. } | Act::Collect { .. } | Act::Repay { .. } => {
                self.on_schemes(office, actor).await
            }
            _ => self.on_batches(office, actor).await,
        }
    }

    async fn on_shares(&self, office: &Office, actor: &Actor) -> Answer {
        match self.clone() {
            Act::Subscribe { on, member, class, fen: sum } => {
                let paid = Subscription { member, source: Source::OwnCash, paid: fen(sum), assets: Vec::new(), shares: fen(sum) };
                let act = Subscribe {
                    book: cooperative(),
                    on,
                    class,
                    money_account: AccountCode::from("102"),
                    subscriptions: vec![paid],
                    document: paper(),
                    investor_book: None,
                    investor_project: None,
                };
                done(office, actor, act, nothing).await
            }
            Act::Move { on, from, to, class, fen: sum, income_only } => {
                let (kind, right) =
                    if income_only { (EntryKind::Allot, Right::Income) } else { (EntryKind::Transfer, Right::Ownership) };
                let to = vec![(to, fen(sum))];
                let act =
                    MoveShares { book: cooperative(), on, kind, from, class, into_class: None, right, to, document: paper() };
                done(office, actor, act, nothing).await
            }
            Act::Convert { on, member, class, owner, to } => {
                let conversion = match (owner, to) {
                    (Some(owner), Some(beneficiary)) => Conversion::IncomeTo { owner, beneficiary },
                    (None, Some(to)) => Conversion::OwnershipTo(to),
                    _ => Conversion::Keeps,
                };
                let act = ConvertShares { book: cooperative(), on, member, class, amount: None, conversion, document: paper() };
                done(office, actor, act, nothing).await
            }
            Act::Withdraw { on, member } => {
                let money_account = AccountCode::from("102");
                done(
                    office,
                    actor,
                    WithdrawShares { book: cooperative(), on, member, money_account, loss: Amount::ZERO, document: paper() },
                    nothing,
                )
                .await
            }
            other => unreachable!("{other:?} is not of shares"),
        }
    }

    async fn on_schemes(&self, office: &Office, actor: &Actor) -> Answer {
        match self.clone() {
            Act::Entrust { on, scheme, household, fen: sum, loan } => {
                let money = vec![Handed { household, amount: fen(sum), loan, loan_matures_on: None }];
                done(office, actor, Entrust { scheme, on, money }, nothing).await
            }
            Act::Repay { on, loan, fen: sum } => {
                let what = Happening::Repaid { amount: fen(sum), towards: Towards::Any };
                let entry = Entry { loan, fact: Fact { on, what }, reference: String::new() };
                done(office, actor, RecordFacts { entries: vec![entry] }, nothing).await
            }
            Act::Accrue { on, scheme } => {
                let words = |a: cunzhang::products::entrusted_funds::service::running::IncomeAccrued| {
                    format!("{} {} {}", a.period, a.operator.fen(), a.households.fen())
                };
                done(office, actor, AccrueIncome { scheme, on }, words).await
            }
            Act::Receive { on, scheme, fen: sum } => {
                done(office, actor, ReceiveIncome { scheme, on, amount: fen(sum) }, nothing).await
            }
            Act::Reinvest { on, scheme, period } => done(office, actor, ReinvestIncome { scheme, period, on }, nothing).await,
            Act::PayIncome { on, scheme, period, batch } => {
                let act = PayEntrustedIncome { scheme, period, batch, on, money_account: None, accept: None };
                done(office, actor, act, |drawn| format!("{} {}", drawn.rows, drawn.total.fen())).await
            }
            Act::Return { on, scheme, household, fen: sum } => {
                done(office, actor, ReturnPrincipal { scheme, on, money: vec![(household, fen(sum))] }, nothing).await
            }
            Act::Collect { on, scheme, household, fen: sum } => {
                done(office, actor, CollectRefund { scheme, on, money: vec![(household, fen(sum))] }, nothing).await
            }
            other => unreachable!("{other:?} is not of schemes"),
        }
    }

    async fn on_plans(&self, office: &Office, actor: &Actor) -> Answer {
        let book = cooperative();
        match self.clone() {
            Act::Settle => done(office, actor, SettleResult { book, year: 2026 }, nothing).await,
            Act::Draft { fen: sum } => {
                let terms = Terms {
                    year: 2026,
                    reserve_rate: Rate::ZERO,
                    refund_rate: Rate::ZERO,
                    basis: Some("章程".to_owned()),
                    remaining: Some(fen(sum)),
                    method: Method::ShareDays,
                    tax_rate: Rate::ZERO,
                };
                done(office, actor, DraftPlan { book, terms }, |d| format!("{} {}", d.plan, d.rows)).await
            }
            Act::ReviewPlan { plan } => done(office, actor, ReviewPlan { book, plan }, nothing).await,
            Act::Publish { plan, from, through } => {
                done(office, actor, PublishPlan { book, plan, from, through, document: paper() }, nothing).await
            }
            Act::PostPlan { on, plan } => done(office, actor, PostPlan { book, plan, on }, |p| p.net.fen().to_string()).await,
            Act::DropPlan { plan } => done(office, actor, DropPlan { book, plan, reason: paper() }, nothing).await,
            Act::PayDividend { on, plan, batch } => {
                let act = PayDividend { book, plan, batch, on, money_account: None, accept: None };
                done(office, actor, act, |drawn| format!("{} {}", drawn.rows, drawn.total.fen())).await
            }
            other => unreachable!("{other:?} is not of plans"),
        }
    }

    async fn on_batches(&self, office: &Office, actor: &Actor) -> Answer {
        let code = |book: String| BookCode(book);
        match self.clone() {
            Act::DrawUp { on, batch, rows, stated } => {
                let mut text = "编号,金额\n".to_owned();
                rows.iter().for_each(|(party, sum)| text.push_str(&format!("{party},{}\n", fen(*sum))));
                let rows = read_list(text.as_bytes(), &Default::default()).expect("a list").whole().expect("a whole list");
                let act = DrawUp {
                    batch,
                    book: BookCode::from("V001"),
                    kind: PayoutKind::MinimumLiving,
                    title: "低保".into(),
                    project: "文1".into(),
                    on,
                    payable: None,
                    money_account: None,
                    stated_total: Some(fen(stated)),
                    rows,
                    accept: None,
                    source: None,
                };
                done(office, actor, act, |drawn| format!("{} {}", drawn.rows, drawn.total.fen())).await
            }
            Act::Fund { on, batch, book } => done(office, actor, ReceiveFunds { book: code(book), batch, on }, nothing).await,
            Act::Review { batch, book } => done(office, actor, ReviewBatch { book: code(book), batch }, nothing).await,
            Act::Send { on, batch, book } => {
                let words = |s: cunzhang::payouts::service::sending::Sent| format!("{} {} {}", s.attempt, s.rows, s.total.fen());
                done(office, actor, SendBatch { book: code(book), batch, on }, words).await
            }
            Act::Results { on, batch, book, back } => {
                let failed = |row: i64| BankResult {
                    row: Some(row),
                    account: String::new(),
                    amount: None,
                    paid: false,
                    reason: "账户销户".into(),
                    serial: String::new(),
                };
                let results = back.into_iter().map(failed).collect();
                let words = |a: cunzhang::payouts::service::sending::Answered| {
                    format!("{} {} {}", a.paid.1.fen(), a.returned.1.fen(), a.settled)
                };
                done(office, actor, TakeResults { book: code(book), batch, on, results, others_paid: true }, words).await
            }
            Act::Correct { batch, book, row, party } => {
                let (account_name, account) = (party.clone(), format!("6200{party}"));
                done(
                    office,
                    actor,
                    CorrectRow { book: code(book), batch, row, account_name, account, bank: String::new() },
                    nothing,
                )
                .await
            }
            Act::Drop { batch, book } => {
                done(office, actor, DropBatch { book: code(book), batch, reason: paper() }, nothing).await
            }
            other => unreachable!("{other:?} is not of batches"),
        }
    }
}
