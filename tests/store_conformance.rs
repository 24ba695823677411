//! What the books keep and refuse, the same on SQLite and PostgreSQL.

mod support;

use cunzhang::access;
use cunzhang::db::rows::as_json;
use cunzhang::db::{Db, Writes};
use cunzhang::ledger::service::{Numbered, PostVouchers};
use cunzhang::ledger::vouchers::service::{KeepDrafts, MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::vouchers::{State, store};
use cunzhang::ledger::{Voucher, Word};
use support::TestDatabase;
use support::county::{County, actor, date, simple};
use support::on_both_engines;

on_both_engines! {
    /// A voucher goes from draft to posted by two people, is reversed in red, and both show each other.
    async fn a_vouchers_life(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let vouchers = vec![simple(&book, "2026-01-05", "101", "102", "100.00"), simple(&book, "2026-01-06", "51301", "101", "20.00")];
        let kept = county.done("甲", KeepDrafts { book: book.clone(), vouchers, skip_known: false }).await;
        let ids: Vec<_> = kept.numbered.iter().map(|n| n.1).collect();
        assert_eq!(kept.numbered.iter().map(|n| n.reference()).collect::<Vec<_>>(), ["2026-01-记-1", "2026-01-记-2"]);
        let step = |step| MoveVouchers { book: book.clone(), vouchers: ids.clone(), step, reason: None };
        assert_eq!(county.refused("乙", step(Step::Approve)).await, "L-203");
        county.done("甲", step(Step::Submit)).await;
        assert_eq!(county.refused("甲", step(Step::Approve)).await, "L-204");
        assert_eq!(county.refused("乙", step(Step::Return)).await, "L-110");
        county.done("乙", step(Step::Approve)).await;
        county.done("乙", step(Step::Post)).await;
        assert_eq!(county.refused("乙", step(Step::Post)).await, "L-203");
        let red = county.done("甲", ReverseVoucher { book: book.clone(), voucher: ids[1], on: date("2026-01-07"), reason: None }).await;
        assert_eq!(county.refused("甲", ReverseVoucher { book: book.clone(), voucher: ids[1], on: date("2026-01-07"), reason: None }).await, "L-205");
        let red_step = |step| MoveVouchers { book: book.clone(), vouchers: vec![red.1], step, reason: None };
        county.done("乙", red_step(Step::Approve)).await;
        county.done("乙", red_step(Step::Post)).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let both = store::vouchers(&mut reader, "459900", &book, &[ids[1], red.1]).await.unwrap();
        assert_eq!(both[0].reversed_by, Some(red.1));
        assert_eq!(both[1].content.reverses, Some(ids[1]));
        assert_eq!(both[1].content.lines, both[0].content.lines.iter().map(|l| cunzhang::ledger::VoucherLine { summary: both[1].content.lines[0].summary.clone(), ..l.negated() }).collect::<Vec<_>>());
        assert_eq!(both[1].state, State::Posted);
    }

    /// A repeated key gets the first answer; with other content it is refused.
    async fn a_repeated_key(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let act = |amount: &str| PostVouchers { vouchers: vec![simple(&book, "2026-01-05", "101", "102", amount)], event: None };
        let first = county.office.perform(&actor("甲"), act("5.00"), Some("k1")).await.unwrap();
        let again = county.office.perform(&actor("甲"), act("5.00"), Some("k1")).await.unwrap();
        assert_eq!(first, again);
        let other = county.office.perform(&actor("甲"), act("6.00"), Some("k1")).await;
        assert!(other.unwrap_err().to_string().contains("O-101"));
        let all = county.office.perform(&actor("甲"), act("7.00"), Some("k2")).await.unwrap();
        assert_eq!(all[0].4, 2);
    }

    /// One list draws numbers of several series, and the next goes on in each of them.
    async fn numbers_of_several_series(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let voucher = |day: &str, word| Voucher { word, ..simple(&book, day, "101", "102", "1.00") };
        let list = || {
            let vouchers = vec![
                voucher("2026-01-05", Word::General),
                voucher("2026-02-05", Word::General),
                voucher("2026-01-06", Word::Receipt),
                voucher("2026-01-07", Word::General),
            ];
            PostVouchers { vouchers, event: None }
        };
        let names = |numbered: Vec<Numbered>| numbered.iter().map(Numbered::reference).collect::<Vec<_>>();
        let first = names(county.done("甲", list()).await);
        assert_eq!(first, ["2026-01-记-1", "2026-02-记-1", "2026-01-收-1", "2026-01-记-2"]);
        let second = names(county.done("甲", list()).await);
        assert_eq!(second, ["2026-01-记-3", "2026-02-记-2", "2026-01-收-2", "2026-01-记-4"]);
    }

    /// Writes handed over together take rows of their own and the county; if one of them is refused, none is done.
    async fn writes_handed_over_together(database: &TestDatabase) {
        const USER: &str = "insert into app_user (county, user_name, name, created_at) \
            select $1, value->>0, value->>1, '2026-01-01T00:00:00.000Z' from jsonb_each($2)";
        const ROLE: &str = "insert into user_role (county, user_name, role, scope) \
            select $1, value->>0, 'clerk', '' from jsonb_each($2)";
        let db = Db::open_ready(database.url()).await.unwrap();
        for (user, taken) in [("甲", true), ("乙", false)] {
            let mut tx = db.begin_write().await.unwrap();
            let mut writes = Writes::of(db.engine, "459900");
            writes.add(USER, as_json(&[[user, "某人"]]));
            writes.add(ROLE, as_json(&[["甲"]]));
            assert_eq!(writes.send(&mut tx).await.map_err(|why| why.is_duplicate()), if taken { Ok(()) } else { Err(true) });
            if taken { tx.commit().await.unwrap() } else { tx.rollback().await.unwrap() }
        }
        let users = access::store::users(&mut db.reader().await.unwrap(), "459900").await.unwrap();
        assert_eq!(users, [("甲".to_owned(), "某人".to_owned(), access::Role::Clerk, String::new())]);
        db.close().await;
    }
}
