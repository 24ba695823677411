//! A county with its people and a village that has money.

use cunzhang::access::service::AddUser;
use cunzhang::exchange::photo;
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::{AddBook, AddPlaces};
use cunzhang::ledger::books::store::Place;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, EntityKind, FundClass, Voucher};
use cunzhang::products::village_claims::cash_book::CashKind;
use cunzhang::products::village_claims::claim::{Content, Signature};
use cunzhang::products::village_claims::service::cash::EnterCash;
use cunzhang::products::village_claims::service::keep::{AddPhoto, KeepClaim};

use crate::support::county::{County, date, yuan};

pub const PEOPLE: [(&str, &str, &str); 10] = [
    ("guanli", "administrator", ""),
    ("cun", "clerk", "V001"),
    ("kuaiji", "accountant", ""),
    ("shenhe", "reviewer", ""),
    ("zhuguan", "head", ""),
    ("xianban", "officer", ""),
    ("shenji", "auditor", ""),
    ("jianwei", "committee", "V001"),
    ("both", "head", ""),
    ("both", "committee", ""),
];

/// Two villages in two townships, V001 with 100,000.00 in the bank.
pub async fn county(url: &str) -> (County, BookCode) {
    let county = County::open(url).await;
    let place = |code: &str, level: &str, parent: Option<&str>| Place {
        place: code.into(),
        name: format!("地{code}"),
        level: level.into(),
        parent: parent.map(Into::into),
        valid_from: "2020-01-01".into(),
        valid_before: None,
        successor: None,
    };
    let places = vec![
        place("459900101000", "township", None),
        place("459900101201", "village", Some("459900101000")),
        place("459900102000", "township", None),
        place("459900102201", "village", Some("459900102000")),
    ];
    county.done("县管理", AddPlaces { places }).await;
    for (code, place) in [("V001", "459900101201"), ("V002", "459900102201")] {
        let book = Book {
            book: code.into(),
            name: format!("{code}村"),
            kind: EntityKind::Village,
            place: Some(place.into()),
            organisation: None,
            first_period: "2026-01".parse().unwrap(),
        };
        county.done("县管理", AddBook { book, regime: None }).await;
    }
    let book = BookCode::from("V001");
    let money = cunzhang::ledger::Dimensions { fund_class: Some("村办公经费".into()), ..Default::default() };
    let voucher = Voucher::on(&book, date("2026-01-02"), "收到拨款")
        .debit(&"102".into(), yuan("100000.00"), money)
        .credit(&"301".into(), yuan("100000.00"), Default::default())
        .balanced()
        .unwrap();
    county.done("县管理", PostVouchers { vouchers: vec![voucher], event: None }).await;
    for (user, role, scope) in PEOPLE {
        let act = AddUser { user: user.into(), name: format!("{user}某"), role: role.into(), scope: scope.into() };
        county.done("guanli", act).await;
    }
    (county, book)
}

/// A complete claim of 380.00 from the imprest.
pub fn content() -> Content {
    Content {
        spent_on: Some(date("2026-01-04")),
        payee: "青溪镇文具店".into(),
        amount: yuan("380.00"),
        summary: "买打印纸".into(),
        fund_class: Some(FundClass::Office),
        signatures: vec![
            (Signature::Handler, "韦立春".into()),
            (Signature::Witness, "莫雨水".into()),
            (Signature::Approver, "覃惊蛰".into()),
        ],
        sheets: 2,
        ..Content::default()
    }
}

/// A photograph that differs by its shade.
pub fn picture(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 3) as u8, (y * 5) as u8, shade]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(picture).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub async fn photographed(county: &County, book: &BookCode, claim: i64, shade: u8) -> i64 {
    let photo = photo::cleaned("票.png", &picture(shade)).unwrap();
    county.done("cun", AddPhoto::new(book.clone(), claim, "票.png".into(), photo)).await
}

/// A draft with a photograph.
pub async fn drafted(county: &County, book: &BookCode, content: Content, shade: u8) -> i64 {
    let claim = county.done("cun", KeepClaim { book: book.clone(), claim: None, content }).await;
    photographed(county, book, claim, shade).await;
    claim
}

pub async fn draw_imprest(county: &County, book: &BookCode, amount: &str) {
    let (on, kind) = (date("2026-01-03"), CashKind::Drawn);
    county.done("cun", EnterCash { book: book.clone(), on, kind, amount: yuan(amount), summary: "领备用金".into() }).await;
}
