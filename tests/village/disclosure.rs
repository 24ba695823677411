//! Sheets frozen from the books: sums equal the books', later postings change nothing; versions, withdrawal, questions; the scan.

use cunzhang::controls::disclosure::frozen::Frozen;
use cunzhang::controls::disclosure::service::making::MakeSheet;
use cunzhang::controls::disclosure::service::questions::{AnswerQuestion, AskQuestion, ReleaseQuestion};
use cunzhang::controls::disclosure::service::steps::{MoveSheet, SheetStep};
use cunzhang::controls::disclosure::sheet::{Kind, SheetState};
use cunzhang::controls::disclosure::span::Span;
use cunzhang::controls::disclosure::store::{published, sheets};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, Dimensions, Voucher};
use cunzhang::money::Amount;

use crate::ground::county;
use crate::support::county::{County, date, yuan};
use crate::support::{TestDatabase, on_both_engines};

fn make(kind: Kind, span: &str, reason: Option<&str>) -> MakeSheet {
    MakeSheet {
        book: "V001".into(),
        kind,
        span: Span::parse(span).unwrap(),
        subject: String::new(),
        reason: reason.map(Into::into),
    }
}

fn step(sheet: i64, step: SheetStep, reason: Option<&str>) -> MoveSheet {
    MoveSheet { book: "V001".into(), sheet, step, reason: reason.map(Into::into) }
}

async fn pay(county: &County, book: &BookCode, on: &str, summary: &str, amount: &str, class: Option<&str>) {
    let class = Dimensions { fund_class: class.map(Into::into), ..Dimensions::default() };
    let draft = Voucher::on(book, date(on), summary).debit(&"51301".into(), yuan(amount), Dimensions::default());
    let voucher = draft.credit(&"102".into(), yuan(amount), class).balanced().unwrap();
    county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
}

fn last_foot(content: &Frozen, table: usize, at: usize) -> Amount {
    content.tables[table].foot[0][at].parse().unwrap()
}

on_both_engines! {
    async fn sums_equal_the_books_and_stay(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        pay(&county, &book, "2026-01-04", "付覃某459900199003070189劳务费,卡6217000000000000004", "1200.00", Some("村集体经济组织收益")).await;
        pay(&county, &book, "2026-01-05", "买水杯", "30.50", None).await;
        let sheet = county.done("kuaiji", make(Kind::Receipts, "2026-01", None)).await;
        pay(&county, &book, "2026-01-05", "生成之后", "7.00", None).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let kept = sheets::sheet(&mut tx, "459900", &book, sheet).await.unwrap().unwrap();
        drop(tx);
        // S14-A2: sums on the sheet equal the books'. Classes: closings add up to cash and bank; lines add up to what came and went.
        assert_eq!(last_foot(&kept.content, 0, 4), yuan("98769.50"), "cash and bank at that moment");
        assert_eq!((last_foot(&kept.content, 0, 2), last_foot(&kept.content, 0, 3)), (last_foot(&kept.content, 1, 3), last_foot(&kept.content, 1, 4)));
        assert_eq!(kept.content.tables[0].rows.len(), 3, "two classes and what carries none");
        let text = kept.content.sealed().0;
        assert!(text.contains("**************0189") && !text.contains("199003") && !text.contains("62170000") && !text.contains("生成之后"));
        assert!(kept.content.numbers().is_empty() && kept.content.provisional);
        for kind in [Kind::Position, Kind::Income] {
            county.done("kuaiji", make(kind, "2026Q1", None)).await;
        }
        // A village without a contract publishes that there is none, so that nothing is late that cannot be made.
        let none = county.done("kuaiji", make(Kind::Contracts, "2026Q1", None)).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let none = sheets::sheet(&mut tx, "459900", &book, none).await.unwrap().unwrap().content;
        drop(tx);
        assert!(none.tables[0].rows.is_empty() && none.tables[0].notes[0].contains("没有资产资源与合同的内容"));
        let unknown = MakeSheet { subject: "P9".into(), ..make(Kind::Payouts, "2026-01", None) };
        assert_eq!(county.refused("kuaiji", unknown).await, "Q-108");
        assert_eq!(county.refused("kuaiji", make(Kind::Payouts, "2026-01", None)).await, "Q-106");
        assert_eq!(county.refused("cun", make(Kind::Receipts, "2026-02", None)).await, "N-103");
    }

    async fn nobody_approves_what_they_made(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let first = county.done("kuaiji", make(Kind::Receipts, "2026-01", None)).await;
        assert_eq!(county.refused("kuaiji", make(Kind::Receipts, "2026-01", None)).await, "Q-203");
        assert_eq!(county.refused("kuaiji", step(first, SheetStep::Publish, None)).await, "Q-201");
        assert_eq!(county.refused("kuaiji", step(first, SheetStep::Approve, None)).await, "N-103");
        assert_eq!(county.refused("both", make(Kind::Receipts, "2026-01", None)).await, "Q-203");
        let own = county.done("both", make(Kind::Income, "2026-01", None)).await;
        assert_eq!(county.refused("both", step(own, SheetStep::Approve, None)).await, "Q-202", "who made it does not approve it");
        county.done("jianwei", step(own, SheetStep::Approve, None)).await;
        let _ = book;
    }

    async fn versions_keep_their_addresses(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let first = county.done("kuaiji", make(Kind::Receipts, "2026-01", None)).await;
        county.done("jianwei", step(first, SheetStep::Approve, None)).await;
        county.done("kuaiji", step(first, SheetStep::Publish, None)).await;
        assert_eq!(county.refused("kuaiji", make(Kind::Receipts, "2026-01", None)).await, "Q-204");
        pay(&county, &book, "2026-01-05", "补记", "9.00", None).await;
        let second = county.done("kuaiji", make(Kind::Receipts, "2026-01", Some("漏记一笔"))).await;
        county.done("jianwei", step(second, SheetStep::Return, Some("用途写清"))).await;
        let third = county.done("kuaiji", make(Kind::Receipts, "2026-01", Some("漏记一笔"))).await;
        county.done("shenhe", step(third, SheetStep::Approve, None)).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        assert!(published::sheet(&mut tx, "459900", "V001", third).await.unwrap().is_none(), "approved is not public yet");
        drop(tx);
        county.done("kuaiji", step(third, SheetStep::Publish, None)).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let old = published::sheet(&mut tx, "459900", "V001", first).await.unwrap().unwrap();
        assert_eq!((old.head.state, old.head.reason.as_deref()), (SheetState::Replaced, Some("漏记一笔")));
        assert_eq!(published::standing_version(&mut tx, "459900", "V001", &old.head).await.unwrap(), Some(third));
        assert_eq!(published::heads(&mut tx, "459900", "V001").await.unwrap().len(), 1);
        assert!(published::sheet(&mut tx, "459900", "V001", second).await.unwrap().is_none(), "what was returned is never public");
        assert_eq!(published::sheet(&mut tx, "459900", "V001", third).await.unwrap().unwrap().head.version, 3);
        drop(tx);
        assert_eq!(county.refused("kuaiji", step(third, SheetStep::Withdraw, None)).await, "L-110");
        county.done("kuaiji", step(third, SheetStep::Withdraw, Some("有误,重做"))).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        assert!(published::heads(&mut tx, "459900", "V001").await.unwrap().is_empty());
    }

    async fn anybody_asks_two_people_answer(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        let ask = |text: &str| AskQuestion { book: "V001".into(), sheet: Some(1), text: text.into() };
        assert_eq!(county.refused("公众", ask("钱呢")).await, "Q-303", "nothing is published yet");
        let first = county.done("kuaiji", make(Kind::Receipts, "2026-01", None)).await;
        county.done("jianwei", step(first, SheetStep::Approve, None)).await;
        county.done("kuaiji", step(first, SheetStep::Publish, None)).await;
        let number = county.done("公众", ask("我是459900199003070189,道路维修花了多少")).await;
        assert_eq!(county.refused("公众", ask(" ")).await, "Q-104");
        assert_eq!(county.refused("公众", make(Kind::Receipts, "2026-01", None)).await, "N-101", "asking is all the public may");
        let (release, answer) = (ReleaseQuestion { book: book.clone(), question: number }, "见公开表第3行".to_owned());
        assert_eq!(county.refused("jianwei", release.clone()).await, "Q-206");
        county.done("zhuguan", AnswerQuestion { book: book.clone(), question: number, answer }).await;
        assert_eq!(county.refused("zhuguan", release.clone()).await, "N-103");
        county.done("jianwei", release).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let answers = published::answers(&mut tx, "459900", "V001").await.unwrap();
        assert!(answers[0].text.contains("**************0189") && answers[0].answer.as_deref() == Some("见公开表第3行"));
    }
}
