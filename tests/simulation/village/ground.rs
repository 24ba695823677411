//! The county both databases begin with: a village with money, three approved projects, a contract for the first.

use cunzhang::access::service::AddUser;
use cunzhang::db::Stop;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{Dimensions, FundClass, Voucher};
use cunzhang::office::Act;
use cunzhang::products::projects::card::{BudgetLine, Card, ProjectKind};
use cunzhang::products::projects::deed::Contract;
use cunzhang::products::projects::service::keep::{ApproveProject, KeepProject};
use cunzhang::products::projects::service::works::AddContract;

use super::{BUDGET, ON, OPENING, PROJECTS, book, fen};
use crate::support::county::{County, actor, date};
use crate::support::{self, Engine};

/// Both databases, side by side.
pub struct Sides {
    pub counties: Vec<County>,
}

impl Sides {
    /// The same act on both; the same answer, or the same refusal.
    pub async fn both<A: Act + Clone>(&self, user: &str, act: A, at: &str) -> Result<A::Answer, String> {
        let mut answers = Vec::new();
        for county in &self.counties {
            let answer = county.office.perform(&actor(user), act.clone(), None).await;
            answers.push(answer.map_err(|stop| match stop {
                Stop::Refused(refusal) => refusal.code,
                Stop::Failed(failure) => panic!("{at}: {failure}"),
            }));
        }
        let last = answers.pop().expect("two sides");
        let told = |answer: &Result<A::Answer, String>| {
            answer.as_ref().map(|a| serde_json::to_string(a).unwrap()).map_err(String::clone)
        };
        assert_eq!(told(&answers[0]), told(&last), "{at}: both databases answer the same");
        last
    }
}

fn card(at: usize) -> Card {
    Card {
        name: PROJECTS[at].into(),
        kind: ProjectKind::Grant,
        document: "青农发〔2026〕3号".into(),
        funder: "县财政局".into(),
        fund_class: FundClass::Special,
        budget: vec![BudgetLine { item: "工程".into(), amount: fen(BUDGET) }],
        self_built: at > 0,
        forms_asset: at == 0,
        poverty_village: true,
        decision: String::new(),
        planned_from: None,
        planned_through: None,
    }
}

pub async fn founded() -> (Vec<support::TestDatabase>, Sides) {
    let databases = vec![support::fresh(Engine::Sqlite), support::fresh(Engine::Postgres)];
    let mut counties = Vec::new();
    for database in &databases {
        let county = County::open(database.url()).await;
        county.village("V001").await;
        for (user, role) in [("guanli", "administrator"), ("cun", "clerk"), ("kuaiji", "accountant"), ("shenhe", "reviewer")] {
            let act = AddUser { user: user.into(), name: format!("{user}某"), role: role.into(), scope: String::new() };
            county.done(if user == "guanli" { "县管理" } else { "guanli" }, act).await;
        }
        counties.push(county);
    }
    let sides = Sides { counties };
    let money = Dimensions { fund_class: Some("村办公经费".into()), ..Dimensions::default() };
    let draft = Voucher::on(&book(), date(ON), "收到拨款").debit(&"102".into(), fen(OPENING), money);
    let voucher = draft.credit(&"301".into(), fen(OPENING), Dimensions::default()).balanced().unwrap();
    sides.both("kuaiji", PostVouchers { vouchers: vec![voucher], event: None }, "founding").await.unwrap();
    for (at, project) in PROJECTS.iter().enumerate() {
        let keep = KeepProject { book: book(), project: (*project).into(), card: card(at), is_new: true };
        sides.both("cun", keep, "founding").await.unwrap();
        let approve = ApproveProject { book: book(), project: (*project).into(), on: date(ON), document: "批复".into() };
        sides.both("shenhe", approve, "founding").await.unwrap();
    }
    let contract = Contract {
        contract: "H1".into(),
        contractor: "队".into(),
        item: "工程".into(),
        amount: fen(800_000),
        advance_percent: 10,
    };
    let sign = AddContract { book: book(), project: PROJECTS[0].into(), on: date(ON), contract };
    sides.both("cun", sign, "founding").await.unwrap();
    (databases, sides)
}
