//! Hands behind the program's back: every edit of the database is found and named; what is posted cannot be edited at all
//! while the database keeps its guards.

mod support;

use cunzhang::controls::period_close::service::ClosePeriod;
use cunzhang::db::Db;
use cunzhang::ledger::attachments::service::AttachFile;
use cunzhang::ledger::books::service::PostOpening;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{KeepDrafts, MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{AccountCode, BookCode, Dimensions, Voucher, VoucherId};
use support::TestDatabase;
use support::county::{County, date, simple, yuan};
use support::on_both_engines;
use support::proof::{by_hand, drop_guards, report, try_by_hand, verified};

/// Tables an edit may touch; they are put back after each.
const EDITED: [&str; 11] = [
    "voucher",
    "voucher_line",
    "period_movement",
    "book",
    "act",
    "accounting_period",
    "voucher_number",
    "account",
    "attachment",
    "attachment_file",
    "book_year",
];

fn with_party(book: &BookCode, on: &str, amount: &str) -> Voucher {
    let party = Dimensions { party: Some("H014".into()), ..Dimensions::default() };
    let draft = Voucher::on(book, date(on), "收农户款").debit(&AccountCode::from("101"), yuan(amount), Dimensions::default());
    draft.credit(&AccountCode::from("113"), yuan(amount), party).balanced().unwrap()
}

/// V001: an opening (1), posted by rule 2–4, by people 5, a red one 6, all in the chain in this order; a draft 7, a voided 8.
/// January is closed, the drafts stand in February.
async fn kept_books(url: &str) -> County {
    let county = County::open(url).await;
    let book = county.village("V001").await;
    let lines = simple(&book, "2026-01-01", "102", "301", "5000.00").lines;
    county.done("甲", PostOpening { book: book.clone(), lines }).await;
    for voucher in [
        simple(&book, "2026-01-05", "101", "102", "300.00"),
        with_party(&book, "2026-01-06", "40.00"),
        simple(&book, "2026-01-07", "51301", "101", "20.00"),
    ] {
        county.done("甲", PostVouchers { vouchers: vec![voucher], event: None }).await;
    }
    reviewed(&county, &book).await;
    county.done("乙", ClosePeriod { book: book.clone(), period: "2026-01".parse().unwrap(), reason: None }).await;
    let vouchers = vec![simple(&book, "2026-02-01", "101", "102", "1.00"), simple(&book, "2026-02-02", "101", "102", "2.00")];
    let drafts = county.done("甲", KeepDrafts { book: book.clone(), vouchers, skip_known: false }).await;
    let void = MoveVouchers { book: book.clone(), vouchers: vec![drafts.numbered[1].1], step: Step::Void, reason: None };
    county.done("甲", void).await;
    let other = county.village("V002").await;
    let vouchers = vec![simple(&other, "2026-01-05", "101", "102", "9.00")];
    county.done("甲", PostVouchers { vouchers, event: None }).await;
    county
}

/// Vouchers 5 and 6: kept, submitted, approved and posted by two people; reversed.
async fn reviewed(county: &County, book: &BookCode) {
    let step = |id: VoucherId, step| MoveVouchers { book: book.clone(), vouchers: vec![id], step, reason: None };
    let vouchers = vec![simple(book, "2026-01-08", "102", "101", "7.00")];
    let kept = county.done("甲", KeepDrafts { book: book.clone(), vouchers, skip_known: false }).await;
    let id = kept.numbered[0].1;
    let file = AttachFile::new(book.clone(), id, "收据.jpg".into(), "image/jpeg".into(), b"receipt".to_vec());
    county.done("甲", file).await;
    county.done("甲", step(id, Step::Submit)).await;
    county.done("乙", step(id, Step::Approve)).await;
    county.done("乙", step(id, Step::Post)).await;
    let red = ReverseVoucher { book: book.clone(), voucher: id, on: date("2026-01-09"), reason: None };
    let red = county.done("甲", red).await.1;
    county.done("乙", step(red, Step::Approve)).await;
    county.done("乙", step(red, Step::Post)).await;
}

/// What was done by hand, the SQL, and the findings that must be among those reported: code and a place.
type Edit = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const V3: &str = "2026-01-记-2";

const EDITS: &[Edit] = &[
    (
        "an amount",
        "update voucher_line set debit_cents = debit_cents + 100 where book = 'V001' and voucher = 3 and line = 1",
        &[("V-101", V3), ("V-102", V3), ("V-106", "2026-01 101"), ("V-111", "2026-01")],
    ),
    (
        "both amounts",
        "update voucher_line set debit_cents = debit_cents * 2, credit_cents = credit_cents * 2 where book = 'V001' and voucher = 3",
        &[("V-102", V3), ("V-106", "party=H014")],
    ),
    ("a date", "update voucher set dated_on = '2026-01-16' where book = 'V001' and voucher = 3", &[("V-102", V3)]),
    ("no date at all", "update voucher set dated_on = '某日' where book = 'V001' and voucher = 3", &[("V-102", V3)]),
    (
        "an account",
        "update voucher_line set account = '102' where book = 'V001' and voucher = 3 and line = 1",
        &[("V-102", V3), ("V-106", "2026-01 101"), ("V-106", "2026-01 102")],
    ),
    (
        "an account that is not there",
        "update voucher_line set account = '999' where book = 'V001' and voucher = 3 and line = 1",
        &[("V-102", V3), ("V-116", "999"), ("V-108", "2026-01")],
    ),
    ("a summary", "update voucher_line set summary = '改' where book = 'V001' and voucher = 3 and line = 1", &[("V-102", V3)]),
    (
        "a household",
        "update voucher_line set party = 'H015' where book = 'V001' and voucher = 3 and line = 2",
        &[("V-102", V3), ("V-106", "party=H014"), ("V-106", "party=H015")],
    ),
    (
        "a household taken away",
        "update voucher_line set party = null where book = 'V001' and voucher = 3 and line = 2",
        &[("V-102", V3), ("V-109", "113"), ("V-106", "party=H014")],
    ),
    ("a maker", "update voucher set maker = '丙' where book = 'V001' and voucher = 3", &[("V-102", V3)]),
    (
        "a reviewer",
        "update voucher set reviewer = maker where book = 'V001' and voucher = 5",
        &[("V-114", "记-4"), ("V-102", "记-4")],
    ),
    ("no reviewer", "update voucher set reviewer = null where book = 'V001' and voucher = 5", &[("V-114", "记-4")]),
    ("paper attachments", "update voucher set paper_attachments = 3 where book = 'V001' and voucher = 3", &[("V-102", V3)]),
    (
        "a deleted line",
        "delete from voucher_line where book = 'V001' and voucher = 3 and line = 2",
        &[("V-101", V3), ("V-102", V3), ("V-106", "2026-01 113")],
    ),
    (
        "inserted lines",
        "insert into voucher_line (county, book, voucher, line, period, account, summary, debit_cents, credit_cents) \
         values ('459900', 'V001', 3, 3, '2026-01', '101', '添', 5, 0), ('459900', 'V001', 3, 4, '2026-01', '102', '添', 0, 5)",
        &[("V-102", V3), ("V-106", "2026-01 102")],
    ),
    (
        "swapped lines",
        "update voucher_line set line = line + 10 where book = 'V001' and voucher = 3; \
         update voucher_line set line = 13 - line where book = 'V001' and voucher = 3",
        &[("V-102", V3)],
    ),
    (
        "swapped numbers",
        "update voucher set number = 1000 where book = 'V001' and voucher = 3; update voucher set number = 2 where book = 'V001' and voucher = 4; \
         update voucher set number = 3 where book = 'V001' and voucher = 2 + 1",
        &[("V-102", V3), ("V-102", "2026-01-记-3")],
    ),
    (
        "swapped places in the chain",
        "update voucher set posted = 1000 where book = 'V001' and voucher = 3; update voucher set posted = 3 where book = 'V001' and voucher = 4; \
         update voucher set posted = 4 where book = 'V001' and voucher = 3",
        &[("V-102", V3), ("V-102", "2026-01-记-3")],
    ),
    (
        "a deleted voucher",
        "delete from voucher_line where book = 'V001' and voucher = 3; delete from voucher where book = 'V001' and voucher = 3",
        &[("V-103", "第 3 位"), ("V-105", "缺 2 号"), ("V-104", "凭证张数"), ("V-106", "party=H014")],
    ),
    (
        "the last voucher deleted",
        "delete from voucher_line where book = 'V001' and voucher = 6; delete from voucher where book = 'V001' and voucher = 6",
        &[("V-104", "过账顺序"), ("V-104", "末张凭证摘要"), ("V-105", "缺 5 号"), ("V-120", "V001")],
    ),
    (
        "a voucher without its lines",
        "delete from voucher_line where book = 'V001' and voucher = 3",
        &[("V-101", V3), ("V-102", V3)],
    ),
    (
        "lines without their voucher",
        "delete from voucher where book = 'V001' and voucher = 3",
        &[("V-115", "键 3"), ("V-103", "第 3 位"), ("V-105", "缺 2 号")],
    ),
    (
        "a line in another period",
        "update voucher_line set period = '2026-02' where book = 'V001' and voucher = 3 and line = 1",
        &[("V-115", "2026-02")],
    ),
    (
        "a draft deleted",
        "delete from voucher_line where book = 'V001' and voucher = 7; delete from voucher where book = 'V001' and voucher = 7",
        &[("V-105", "缺 1 号"), ("V-104", "凭证张数")],
    ),
    (
        "a draft's amount",
        "update voucher_line set debit_cents = 3 where book = 'V001' and voucher = 7 and line = 1",
        &[("V-101", "2026-02-记-1")],
    ),
    (
        "a draft called posted",
        "update voucher set state = 'posted' where book = 'V001' and voucher = 7",
        &[("V-118", "2026-02-记-1")],
    ),
    ("a posted one called draft", "update voucher set state = 'draft' where book = 'V001' and voucher = 3", &[("V-118", V3)]),
    (
        "a movement",
        "update period_movement set debit_cents = debit_cents + 1 where book = 'V001' and account = '101' and period = '2026-01'",
        &[("V-106", "2026-01 101")],
    ),
    (
        "a member's movement",
        "update period_movement set credit_cents = 1 where book = 'V001' and dimension = 'party'",
        &[("V-106", "party=H014")],
    ),
    ("a movement deleted", "delete from period_movement where book = 'V001' and account = '101'", &[("V-106", "存 none")]),
    (
        "a movement inserted",
        "insert into period_movement values ('459900', 'V001', '', '2026-03', '101', '', 'ordinary', 0, 0)",
        &[("V-106", "2026-03 101")],
    ),
    ("the book's last place", "update book set last_posted = last_posted - 1 where book = 'V001'", &[("V-104", "过账顺序")]),
    ("the book's digest", "update book set last_digest = 'x' where book = 'V001'", &[("V-104", "末张凭证摘要")]),
    ("the book's last key", "update book set last_voucher = 99 where book = 'V001'", &[("V-104", "末张凭证键")]),
    (
        "a voucher's digest",
        "update voucher set digest = 'x' where book = 'V001' and voucher = 3",
        &[("V-102", V3), ("V-120", "V001")],
    ),
    (
        "the last number drawn",
        "update voucher_number set last_number = 9 where book = 'V001' and word = '记'",
        &[("V-105", "2026-01-记")],
    ),
    (
        "the moment of the close",
        "update accounting_period set changed_at = '2026-01-01T00:00:00.000Z' where book = 'V001' and period = '2026-01'",
        &[("V-110", V3)],
    ),
    (
        "the digest of the close",
        "update accounting_period set digest = 'x' where book = 'V001' and period = '2026-01'",
        &[("V-111", "2026-01")],
    ),
    (
        "a closed month opened",
        "update accounting_period set state = 'open' where book = 'V001' and period = '2026-01'",
        &[("V-126", "未结账,摘要")],
    ),
    (
        "a closed month opened without a trace",
        "update accounting_period set state = 'open', digest = null where book = 'V001' and period = '2026-01'",
        &[("V-126", "2026-01")],
    ),
    (
        "an open month closed",
        "update accounting_period set state = 'closed' where book = 'V001' and period = '2026-02'",
        &[("V-126", "2026-02")],
    ),
    ("the close forgotten", "delete from act where kind = 'period.close'", &[("V-126", "2026-01")]),
    ("a period deleted", "delete from accounting_period where book = 'V001' and period = '2026-01'", &[("V-112", V3)]),
    ("an account's class", "update account set class = 'expense' where book = 'V001' and account = '101'", &[("V-117", "101")]),
    ("an account with children", "update account set is_leaf = 0 where book = 'V001' and account = '101'", &[("V-116", "101")]),
    ("an account deleted", "delete from account where book = 'V001' and account = '101'", &[("V-116", "101")]),
    ("an act deleted", "delete from act where kind = 'voucher.post_by_rule' and book = 'V002'", &[("V-119", "V002")]),
    (
        "an act's digest",
        "update act set after_digest = 'x' where kind = 'voucher.post_by_rule' and book = 'V002'",
        &[("V-120", "V002")],
    ),
    (
        "an act's answer",
        "update act set answer = '[' where kind = 'voucher.post_by_rule' and book = 'V002'",
        &[("V-121", "答复")],
    ),
    ("a file's bytes", "update attachment_file set content = (select content from other_bytes)", &[("V-122", "附件文件")]),
    ("a file deleted", "delete from attachment_file", &[("V-123", "收据.jpg")]),
];

async fn put_back(db: &Db) {
    for table in EDITED {
        by_hand(db, &format!("delete from {table}; insert into {table} select * from saved_{table}")).await;
    }
}

on_both_engines! {
    /// Each edit is found, under its code and with its place, and nothing else is wrong once it is put back.
    async fn every_edit_is_found_and_named(database: &TestDatabase) {
        let county = kept_books(database.url()).await;
        let db = &county.office.db;
        verified(db).await;
        drop_guards(db).await;
        for table in EDITED {
            by_hand(db, &format!("create table saved_{table} as select * from {table}")).await;
        }
        let bytes = if database.name() == "sqlite" { "x'00'" } else { "'\\x00'::bytea" };
        by_hand(db, &format!("create table other_bytes as select {bytes} as content")).await;
        for (what, sql, expected) in EDITS {
            by_hand(db, sql).await;
            let found = report(db).await;
            for (code, place) in *expected {
                let place = if *place == "存 none" { "登记为 无" } else { *place };
                let named = found.findings.iter().any(|f| f.code == *code && f.message_zh.contains(place));
                assert!(named, "{what}: no {code} that names {place} among {:#?}", found.findings);
            }
            assert!(!found.ok);
            put_back(db).await;
        }
        verified(db).await;
    }

    /// Whoever recomputes digest, movements, book row and close is still caught by the audit trail.
    async fn a_rewritten_end_of_the_chain_is_found(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        for amount in ["1.00", "2.00"] {
            county.done("甲", PostVouchers { vouchers: vec![simple(&book, "2026-01-05", "101", "102", amount)], event: None }).await;
        }
        let db = &county.office.db;
        drop_guards(db).await;
        by_hand(db, "update voucher_line set debit_cents = debit_cents * 3, credit_cents = credit_cents * 3 where voucher = 2; \
            update period_movement set debit_cents = 700 where account = '101'; update period_movement set credit_cents = 700 where account = '102'").await;
        let found = report(db).await;
        assert_eq!(found.findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["V-102"]);
        let digest = found.findings[0].message_en.split("digest ").nth(1).unwrap().split(',').next().unwrap();
        by_hand(db, &format!("update voucher set digest = '{digest}' where voucher = 2; update book set last_digest = '{digest}'")).await;
        let found = report(db).await;
        assert_eq!(found.findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["V-120"]);
    }

    /// The database itself refuses to change or delete what is posted, and the audit trail; drafts may change.
    async fn the_guards_refuse(database: &TestDatabase) {
        let county = kept_books(database.url()).await;
        let db = &county.office.db;
        for sql in [
            "update voucher set dated_on = '2026-01-06' where book = 'V001' and voucher = 3",
            "update voucher set state = 'draft' where book = 'V001' and voucher = 3",
            "update voucher set digest = null where book = 'V001' and voucher = 3",
            "delete from voucher where book = 'V001' and voucher = 3",
            "update voucher_line set summary = '改' where book = 'V001' and voucher = 3",
            "update voucher_line set voucher = 7, line = 9 where book = 'V001' and voucher = 3 and line = 1",
            "update voucher_line set voucher = 3, line = 9 where book = 'V001' and voucher = 7 and line = 1",
            "delete from voucher_line where book = 'V001' and voucher = 3 and line = 1",
            "update act set actor = '丙'",
            "delete from act",
        ] {
            let refused = try_by_hand(db, sql).await;
            assert!(refused.is_err(), "{} took: {sql}", database.name());
        }
        by_hand(db, "update voucher_line set summary = '改' where book = 'V001' and voucher = 7").await;
        verified(db).await;
    }

    /// One book alone can be verified; a book that is not there is refused.
    async fn one_book_alone(database: &TestDatabase) {
        let county = kept_books(database.url()).await;
        let db = &county.office.db;
        let all = verified(db).await.checked;
        assert_eq!((all.books, all.vouchers, all.posted, all.lines, all.files), (2, 9, 7, 14, 1));
        drop_guards(db).await;
        by_hand(db, "update voucher set maker = '丙' where book = 'V001' and voucher = 3").await;
        let of = async |book: &str| cunzhang::controls::audit_trail::service::verify(db, "459900", Some(&book.into())).await;
        assert!(of("V002").await.unwrap().ok);
        assert!(!of("V001").await.unwrap().ok);
        assert!(of("V009").await.unwrap_err().to_string().contains("L-306"));
    }
}
