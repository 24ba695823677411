//! The county both databases begin with: three villages of three places, each with money of two classes and a card H1 of its own.

use cunzhang::access::service::AddUser;
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::{AddBook, AddMembers, AddPlaces};
use cunzhang::ledger::books::store::{Member, Place};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{Dimensions, EntityKind, Voucher};

use super::{CLASSES, OPENING, VILLAGES, fen};
use crate::support::county::{County, date};
use crate::support::{self, Engine};
use crate::village::ground::Sides;

fn place(at: usize) -> Place {
    Place {
        place: format!("45990010120{}", at + 1),
        name: format!("第{}村", at + 1),
        level: "village".into(),
        parent: None,
        valid_from: "2020-01-01".into(),
        valid_before: None,
        successor: None,
    }
}

fn book(at: usize) -> AddBook {
    let book = Book {
        book: VILLAGES[at].into(),
        name: format!("第{}村经济合作社", at + 1),
        kind: EntityKind::Village,
        place: Some(place(at).place),
        organisation: None,
        first_period: "2026-01".parse().unwrap(),
    };
    AddBook { book, regime: None }
}

fn opening(at: usize) -> PostVouchers {
    let mut draft = Voucher::on(&VILLAGES[at].into(), date("2026-01-02"), "收到拨款");
    for class in &CLASSES[..2] {
        let money = Dimensions { fund_class: Some((*class).into()), ..Dimensions::default() };
        draft = draft.debit(&"102".into(), fen(OPENING), money);
    }
    let voucher = draft.credit(&"301".into(), fen(2 * OPENING), Dimensions::default()).balanced().unwrap();
    PostVouchers { vouchers: vec![voucher], event: None }
}

pub async fn founded() -> (Vec<support::TestDatabase>, Sides) {
    let databases = vec![support::fresh(Engine::Sqlite), support::fresh(Engine::Postgres)];
    let mut counties = Vec::new();
    for database in &databases {
        let county = County::open(database.url()).await;
        county.done("县管理", AddPlaces { places: (0..VILLAGES.len()).map(place).collect() }).await;
        for (at, village) in VILLAGES.iter().enumerate() {
            county.done("县管理", book(at)).await;
            let card = Member { dimension: "party".into(), member: "H1".into(), name: format!("第{}村的户", at + 1) };
            county.done("县管理", AddMembers { book: (*village).into(), members: vec![card] }).await;
            county.done("县管理", opening(at)).await;
        }
        for (user, role) in [("guanli", "administrator"), ("kuaiji", "accountant"), ("zhuguan", "head")] {
            let act = AddUser { user: user.into(), name: format!("{user}某"), role: role.into(), scope: String::new() };
            county.done(if user == "guanli" { "县管理" } else { "guanli" }, act).await;
        }
        counties.push(county);
    }
    (databases, Sides { counties })
}
