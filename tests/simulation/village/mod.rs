//! Claims, projects and classes of money in lockstep: random valid and invalid acts on both databases against a naive model.
//!
//! 1. After every act: the same answer or the same refusal from both databases and from the model.
//! 2. After every act: the special funds of no project stand below zero, and are what the model says; the classes of money are
//!    what the model says and add up to cash and bank, to the fen; nothing was paid beyond budget, progress and lists.
//! 3. A failure prints the seed: `CUNZHANG_SIM_SEED=… CUNZHANG_SIM_STEPS=… cargo test --test simulation village`.

pub mod ground;

use std::collections::BTreeMap;

use cunzhang::controls::disclosure::reports::ClassMoney;
use cunzhang::controls::fund_classes::service::at;
use cunzhang::exchange::photo::Photo;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{MoveVouchers, Step};
use cunzhang::ledger::{BookCode, Dimensions, FundClass, Voucher, VoucherId};
use cunzhang::money::Amount;
use cunzhang::products::projects::deed::{Payment, Work, WorkKind};
use cunzhang::products::projects::service::money::{GrantMoney, PayProject, ReceiveGrant, ReturnGrant};
use cunzhang::products::projects::service::wholes::wholes;
use cunzhang::products::projects::service::works::{RecordProgress, RecordWork};
use cunzhang::products::village_claims::claim::{Content, Kind, PaidFrom, Paper, Signature};
use cunzhang::products::village_claims::service::booking::BookClaims;
use cunzhang::products::village_claims::service::keep::{AddPhoto, KeepClaim};
use cunzhang::products::village_claims::service::steps::{AcceptClaim, ReturnClaim, SendClaim, WithdrawClaim};

use crate::dice::Dice;
use crate::set;
use crate::support;
use crate::support::county::date;
use ground::{Sides, founded};

const STEPS: usize = 160;
const ON: &str = "2026-01-05";
const SPECIAL: &str = "上级专项资金";
/// The first is built under a contract, the others by the villagers, without leaving an asset.
const PROJECTS: [&str; 3] = ["修路", "清淤", "植树"];
const BUDGET: i64 = 900_000;
const OPENING: i64 = 10_000_000;

/// What a project may still do, in fen.
#[derive(Debug, Clone, Default)]
struct Project {
    special: i64,
    paid: i64,
    claimed: i64,
    progress: i64,
    listed: i64,
}

/// A voucher that waits for its review: what it takes from where.
#[derive(Debug, Clone)]
struct Waiting {
    voucher: VoucherId,
    project: usize,
    fen: i64,
    class: &'static str,
    is_claim: bool,
}

#[derive(Debug, Default)]
struct Model {
    projects: [Project; 3],
    classes: BTreeMap<String, i64>,
    waiting: Vec<Waiting>,
    /// Claims sent: number and sum.
    sent: Vec<(i64, i64)>,
    claims: i64,
}

fn book() -> BookCode {
    "V001".into()
}

fn fen(amount: i64) -> Amount {
    Amount::from_fen(amount)
}

fn expected(answer: &Result<impl Sized, String>) -> String {
    answer.as_ref().err().cloned().unwrap_or_else(|| "done".to_owned())
}

impl Model {
    fn class(&mut self, class: &str, by: i64) {
        *self.classes.entry(class.to_owned()).or_default() += by;
    }

    /// Why a payment must be refused, by rules written a second time.
    fn pay(&self, at: usize, amount: i64) -> &'static str {
        let project = &self.projects[at];
        let contract = 800_000 * project.progress.max(10) / 100;
        match at {
            _ if amount <= 0 => "U-103",
            _ if project.paid + amount > BUDGET => "U-401",
            _ if project.paid + project.claimed + amount > BUDGET => "U-402",
            0 if project.paid + amount > contract => "U-403",
            0 => "done",
            _ if project.paid + amount > project.listed => "U-404",
            _ => "done",
        }
    }
}

/// One random act; answers what was expected and what happened.
async fn step(dice: &mut Dice, sides: &Sides, model: &mut Model, at: &str) -> (String, String) {
    let which = dice.below(3);
    let project: String = PROJECTS[which].into();
    let amount = dice.below(200_000) as i64 - 2_000;
    let (document, money_account, on) = ("文件".to_owned(), None, date(ON));
    match dice.below(100) {
        0..14 => {
            let act = ReceiveGrant(GrantMoney { book: book(), project, on, amount: fen(amount), document, money_account });
            let answer = sides.both("kuaiji", act, at).await;
            let should = if amount > 0 { "done" } else { "U-103" };
            if answer.is_ok() {
                model.projects[which].special += amount;
                model.class(SPECIAL, amount);
            }
            (should.into(), expected(&answer))
        }
        14..24 => {
            let percent = dice.below(110) as i64;
            let act = RecordProgress { book: book(), project: PROJECTS[0].into(), on, percent, note: "进度".into() };
            let answer = sides.both("cun", act, at).await;
            let fits = percent <= 100 && percent >= model.projects[0].progress;
            if answer.is_ok() {
                model.projects[0].progress = percent;
            }
            (if fits { "done" } else { "U-104" }.into(), expected(&answer))
        }
        24..34 => {
            let (days, price) = (1 + dice.below(40) as i64, dice.below(20_000) as i64);
            let line = Work {
                kind: WorkKind::Labour,
                what: "某".into(),
                quantity_milli: days * 500,
                price: fen(price),
                amount: fen((days * price + 1) / 2),
            };
            let answer = sides.both("cun", RecordWork { book: book(), project, on, lines: vec![line.clone()] }, at).await;
            if answer.is_ok() {
                model.projects[which].listed += line.amount.fen();
            }
            (if which == 0 { "U-106" } else { "done" }.into(), expected(&answer))
        }
        34..54 => {
            let contract = (which == 0).then(|| "H1".to_owned());
            let payment = Payment {
                item: "工程".into(),
                contract,
                payee: "队".into(),
                amount: fen(amount),
                fund_class: FundClass::Special,
            };
            let answer =
                sides.both("kuaiji", PayProject { book: book(), project, on, payment, sheets: 1, money_account }, at).await;
            let should = model.pay(which, amount);
            if let Ok(numbered) = &answer {
                model.projects[which].paid += amount;
                let waiting = Waiting { voucher: numbered.1, project: which, fen: amount, class: SPECIAL, is_claim: false };
                model.waiting.push(waiting);
            }
            (should.into(), expected(&answer))
        }
        54..72 => reviewed(dice, sides, model, at).await,
        72..78 => {
            let act = ReturnGrant(GrantMoney { book: book(), project, on, amount: fen(amount), document, money_account });
            let answer = sides.both("kuaiji", act, at).await;
            let should = if amount <= 0 {
                "U-103"
            } else if amount > model.projects[which].special {
                "U-407"
            } else {
                "done"
            };
            if answer.is_ok() {
                model.projects[which].special -= amount;
                model.class(SPECIAL, -amount);
            }
            (should.into(), expected(&answer))
        }
        78..90 => by_hand(dice, sides, model, (which, amount.max(1)), at).await,
        _ => claimed(dice, sides, model, amount.max(1), at).await,
    }
}

/// A waiting voucher is approved and posted, or returned and voided.
async fn reviewed(dice: &mut Dice, sides: &Sides, model: &mut Model, at: &str) -> (String, String) {
    if model.waiting.is_empty() {
        return ("nothing".into(), "nothing".into());
    }
    let place = dice.below(model.waiting.len());
    let waiting = model.waiting[place].clone();
    let moved = |step, reason: Option<&str>| MoveVouchers {
        book: book(),
        vouchers: vec![waiting.voucher],
        step,
        reason: reason.map(Into::into),
    };
    let project = &mut model.projects[waiting.project];
    let back = dice.percent(30) && !waiting.is_claim;
    if back {
        sides.both("shenhe", moved(Step::Return, Some("更正")), at).await.unwrap();
        sides.both("kuaiji", moved(Step::Void, None), at).await.unwrap();
        project.paid -= waiting.fen;
        model.waiting.remove(place);
        return ("done".into(), "done".into());
    }
    sides.both("shenhe", moved(Step::Approve, None), at).await.unwrap();
    let answer = sides.both("shenhe", moved(Step::Post, None), at).await;
    let takes = waiting.project > 0 && !waiting.is_claim;
    let should = if takes && project.special < waiting.fen { "L-212" } else { "done" };
    if answer.is_ok() {
        project.special -= if takes { waiting.fen } else { 0 };
        model.waiting.remove(place);
        model.class(waiting.class, -waiting.fen);
    } else {
        sides.both("shenhe", moved(Step::Return, Some("专项资金不足")), at).await.unwrap();
        sides.both("kuaiji", moved(Step::Void, None), at).await.unwrap();
        project.paid -= waiting.fen;
        model.waiting.remove(place);
    }
    (should.into(), expected(&answer))
}

/// A voucher by hand: office costs with or without a class, or special funds of a project.
async fn by_hand(dice: &mut Dice, sides: &Sides, model: &mut Model, (which, amount): (usize, i64), at: &str) -> (String, String) {
    let class = *dice.pick(&["村办公经费", "村集体经济组织收益", ""]);
    let of_project = dice.percent(40);
    let project = Dimensions { project: of_project.then(|| PROJECTS[which].to_owned()), ..Dimensions::default() };
    let money = Dimensions { fund_class: Some(class.to_owned()).filter(|class| !class.is_empty()), ..Dimensions::default() };
    let draft = Voucher::on(&book(), date(ON), "手工凭证");
    let draft = draft.debit(&if of_project { "241" } else { "51301" }.into(), fen(amount), project);
    let voucher = draft.credit(&"102".into(), fen(amount), money).balanced().unwrap();
    let answer = sides.both("kuaiji", PostVouchers { vouchers: vec![voucher], event: None }, at).await;
    let should = if of_project && model.projects[which].special < amount { "L-212" } else { "done" };
    if answer.is_ok() {
        model.projects[which].special -= if of_project { amount } else { 0 };
        model.class(class, -amount);
    }
    (should.into(), expected(&answer))
}

/// The clerk claims for the road, the centre books it, or the clerk takes it back.
async fn claimed(dice: &mut Dice, sides: &Sides, model: &mut Model, amount: i64, at: &str) -> (String, String) {
    let Some((claim, sum)) = model.sent.pop() else {
        model.claims += 1;
        let content = Content {
            kind: Kind::Project,
            project: PROJECTS[0].into(),
            payee: format!("店{}", model.claims),
            amount: fen(amount),
            paid_from: PaidFrom::Bank,
            papers: vec![(Paper::Contract, "H1".into())],
            spent_on: Some(date(ON)),
            summary: "砂石".into(),
            fund_class: Some(FundClass::Office),
            signatures: [Signature::Handler, Signature::Witness, Signature::Approver].map(|who| (who, format!("{who:?}"))).into(),
            ..Content::default()
        };
        let claim = sides.both("cun", KeepClaim { book: book(), claim: None, content }, at).await.unwrap();
        let photo = Photo { content: claim.to_string().into_bytes(), width: 1, height: 1 };
        sides.both("cun", AddPhoto::new(book(), claim, "票.jpg".into(), photo), at).await.unwrap();
        let answer = sides.both("cun", SendClaim { book: book(), claim, not_the_same: None }, at).await;
        if answer.is_ok() {
            model.projects[0].claimed += amount;
            model.sent.push((claim, amount));
        }
        return ("done".into(), expected(&answer));
    };
    sides.both("kuaiji", AcceptClaim { book: book(), claim }, at).await.unwrap();
    if dice.percent(30) {
        let answer = sides.both("cun", WithdrawClaim { book: book(), claim, reason: "不报".into() }, at).await;
        model.sent.push((claim, sum));
        let back = ReturnClaim { book: book(), claim, reasons: vec![("金额".into(), "有误".into())] };
        sides.both("kuaiji", back, at).await.unwrap();
        model.projects[0].claimed -= sum;
        model.sent.pop();
        return ("F-201".into(), expected(&answer));
    }
    let act = BookClaims { book: book(), claims: vec![claim], on: date(ON), account: None };
    let booked = sides.both("kuaiji", act, at).await.unwrap();
    let waiting = Waiting { voucher: booked[0].1.1, project: 0, fen: sum, class: "村办公经费", is_claim: true };
    model.waiting.push(waiting);
    ("done".into(), "done".into())
}

async fn prove(sides: &Sides, model: &Model, at_step: &str) {
    for county in &sides.counties {
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let all = wholes(&mut tx, "459900", &book(), date(ON)).await.unwrap();
        for whole in &all {
            let which = PROJECTS.iter().position(|project| *project == whole.project.project).unwrap();
            let project = &model.projects[which];
            assert!(!whole.special.is_negative(), "{at_step}: {} stands at {}", whole.project.project, whole.special);
            assert_eq!(whole.special.fen(), project.special, "{at_step}: special funds of {}", whole.project.project);
            assert_eq!((whole.standing.paid.fen(), whole.standing.claimed.fen()), (project.paid, project.claimed), "{at_step}");
            assert!(project.paid <= BUDGET, "{at_step}");
        }
        let (classes, accounts) = at(&mut tx, "459900", &book(), "2026-01".parse().unwrap()).await.unwrap();
        let sum: Amount = classes.iter().map(ClassMoney::closing).sum();
        assert_eq!(sum, accounts.iter().map(|(.., balance)| *balance).sum::<Amount>(), "{at_step}: classes against accounts");
        let stands: BTreeMap<String, i64> =
            classes.iter().map(|money| (money.class.clone(), money.closing().fen())).filter(|(_, fen)| *fen != 0).collect();
        let should: BTreeMap<String, i64> = model.classes.clone().into_iter().filter(|(_, fen)| *fen != 0).collect();
        assert_eq!(stands, should, "{at_step}: classes");
    }
}

async fn run(seed: u64, steps: usize) {
    let (_databases, sides) = founded().await;
    let (mut dice, mut model) = (Dice::new(seed), Model::default());
    model.class("村办公经费", OPENING);
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for number in 1..=steps {
        let at_step = format!("seed {seed}, step {number}");
        let (should, was) = step(&mut dice, &sides, &mut model, &at_step).await;
        assert_eq!(was, should, "{at_step}: answered (left), the model (right)");
        *count.entry(was).or_default() += 1;
        prove(&sides, &model, &at_step).await;
    }
    println!("{count:?}");
    assert!(count.len() > 5 || steps < STEPS, "the acts reached too few answers: {count:?}");
    for county in &sides.counties {
        support::proof::verified(&county.office.db).await;
    }
}

#[test]
fn village_money_keeps_its_promises() {
    let steps = set("CUNZHANG_SIM_STEPS").map_or(STEPS, |steps| steps as usize);
    let seed = set("CUNZHANG_SIM_SEED").unwrap_or(8);
    println!("village: seed {seed}, {steps} steps; again with CUNZHANG_SIM_SEED={seed} CUNZHANG_SIM_STEPS={steps}");
    support::engines::run(run(seed, steps));
}
