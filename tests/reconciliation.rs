//! A bank account through its months, on both databases: import, match, undo, papers, close.

mod support;

use cunzhang::controls::period_close::service::{ClosePeriod, ReopenPeriod};
use cunzhang::controls::reconciliation::account::{BankAccount, CloseCheck};
use cunzhang::controls::reconciliation::rules::{Direction, Rule};
use cunzhang::controls::reconciliation::service::{
    AddBankAccount, AddRule, At, ImportStatement, Imported, Match, MatchTransfers, Page, ProposeVouchers, RunMatching,
    SaveReconciliation, SplitLine, UndoImport, Unmatch, UnsplitLine, standing, with_candidates,
};
use cunzhang::controls::reconciliation::store;
use cunzhang::exchange::bank_statement::{BankOptions, read_statement};
use cunzhang::ledger::books::service::PostOpening;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{MoveVouchers, Step};
use cunzhang::ledger::{AccountCode, BookCode, Dimensions, Voucher, VoucherId};
use support::TestDatabase;
use support::county::{County, date, yuan};
use support::on_both_engines;

fn account(code: &str, number: &str, of: &str, check: CloseCheck) -> BankAccount {
    BankAccount {
        code: code.into(),
        number: number.into(),
        bank_name: "青禾农商行".into(),
        holder: "枫林村".into(),
        book: BookCode::from("V001"),
        account: AccountCode::from(of),
        member: String::new(),
        starts_on: date("2026-01-01"),
        opening: Some(yuan("1000.00")),
        close_check: check,
        auto_days: 3,
        candidate_days: 10,
    }
}

fn at(code: &str) -> At {
    At { account: code.into(), book: BookCode::from("V001") }
}

/// A county with a village that has 1,000 yuan in the bank.
async fn opened(database: &TestDatabase) -> (County, BookCode) {
    let county = County::open(database.url()).await;
    let book = county.village("V001").await;
    let lines = support::county::simple(&book, "2026-01-01", "102", "301", "1000.00").lines;
    county.done("甲", PostOpening { book: book.clone(), lines }).await;
    county.done("甲", AddBankAccount { account: account("NS01", "4599001012345678", "102", CloseCheck::Block) }).await;
    (county, book)
}

/// A posted voucher that moves the bank account: in for a positive sum.
async fn posted(county: &County, on: &str, words: &str, sum: &str) -> i64 {
    let (book, amount) = (BookCode::from("V001"), yuan(sum));
    let draft = Voucher::on(&book, date(on), words);
    let (bank, none) = (AccountCode::from("102"), Dimensions::default());
    let other = AccountCode::from(if amount.is_negative() { "51301" } else { "50101" });
    let draft = if amount.is_negative() {
        draft.debit(&other, -amount, none.clone()).credit(&bank, -amount, none)
    } else {
        draft.debit(&bank, amount, none.clone()).credit(&other, amount, none)
    };
    let voucher = draft.balanced().unwrap();
    county.done("甲", PostVouchers { vouchers: vec![voucher], event: None }).await[0].1.0
}

fn import_of(code: &str, text: &str) -> ImportStatement {
    let mut file = read_statement(text.as_bytes(), &BankOptions::default()).unwrap();
    assert_eq!(file.problems, []);
    let digest = format!("{:016x}", text.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))));
    ImportStatement {
        at: at(code),
        file_name: "x.csv".into(),
        digest,
        format: "表格".into(),
        statement: file.statements.swap_remove(0),
    }
}

async fn import(county: &County, text: &str) -> Imported {
    county.done("甲", import_of("NS01", text)).await
}

async fn run(county: &County) -> (i64, i64, i64) {
    let report = county.done("甲", RunMatching { at: at("NS01"), through: date("2026-12-31") }).await;
    (report.pairs, report.bank_left, report.book_left)
}

/// Amounts of the free lines of both sides, in fen.
async fn free(county: &County) -> (Vec<i64>, Vec<i64>) {
    let mut reader = county.office.db.reader().await.unwrap();
    let account = store::account(&mut reader, "459900", "NS01").await.unwrap().unwrap();
    let all = store::Free { through: date("2026-12-31"), as_of: false };
    let bank = store::bank_items(&mut reader, "459900", &account, all).await.unwrap();
    let book = store::book_items(&mut reader, "459900", &account, &Default::default(), all).await.unwrap();
    (bank.iter().map(|item| item.amount.fen()).collect(), book.iter().map(|item| item.amount.fen()).collect())
}

const HEAD: &str = "日期,收,付,余额,摘要,对方户名\n";

on_both_engines! {
    /// S10-A2: the same file adds nothing; an overlap adds what is new; equal twins and late rows come in; an import is undone.
    async fn lines_are_counted_not_guessed(database: &TestDatabase) {
        let (county, _) = opened(database).await;
        let first = format!("{HEAD}2026-01-05,5.00,,1005.00,利息,龙青山\n2026-01-05,5.00,,1010.00,利息,龙青山\n2026-01-06,,3.00,1007.00,手续费,\n");
        let imported = import(&county, &first).await;
        assert_eq!((imported.lines_new, imported.lines_known, imported.findings.len()), (3, 0, 0));
        let again = import(&county, &first).await;
        assert_eq!((again.lines_new, again.before.is_some()), (0, true));
        // The same days in a later file: a third twin, a late row before the end, and a new day.
        let second = format!("{HEAD}2026-01-05,5.00,,1005.00,利息,龙青山\n2026-01-05,5.00,,1010.00,利息,龙青山\n2026-01-05,5.00,,1015.00,利息,龙青山\n2026-01-05,2.00,,1017.00,晚到,韦大山\n2026-01-06,,3.00,1014.00,手续费,\n2026-01-09,1.00,,1015.00,利息,韦大山\n");
        let imported = import(&county, &second).await;
        assert_eq!((imported.lines_new, imported.lines_known), (3, 3));
        assert_eq!(county.refused("甲", UndoImport { at: at("NS01"), import: Some(1) }).await, "R-107");
        assert_eq!(county.done("甲", UndoImport { at: at("NS01"), import: None }).await, (2, 3));
        assert_eq!(free(&county).await.0, [500, 500, -300]);
        let gap = format!("{HEAD}2026-01-20,1.00,,1020.00,利息,韦大山\n");
        let imported = import(&county, &gap).await;
        assert_eq!(imported.findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["X-216"]);
        assert_eq!(county.refused("甲", UndoImport { at: at("NS01"), import: Some(9) }).await, "R-108");
        let early = format!("{HEAD}2025-12-31,1.00,,1.00,利息,韦大山\n");
        assert_eq!(county.refused("甲", import_of("NS01", &early)).await, "R-105");
        assert_eq!(county.refused("甲", import_of("NS99", &early)).await, "R-101");
    }

    /// A row the bank tells of after the fact, dated before the whole span of the last import: it comes in, it moves no
    /// balance of later days, it matches, and the paper of its month shows it.
    async fn a_late_row_before_the_last_imports_whole_span(database: &TestDatabase) {
        let (county, _) = opened(database).await;
        import(&county, &format!("{HEAD}2026-01-12,5.00,,1007.00,利息,龙青山\n2026-01-20,3.00,,1010.00,利息,韦大山\n")).await;
        import(&county, &format!("{HEAD}2026-02-10,1.00,,1011.00,利息,龙青山\n2026-02-20,4.00,,1015.00,利息,韦大山\n")).await;
        posted(&county, "2026-01-08", "收王䶮利息", "2.00").await;
        let late = format!("{HEAD}2026-01-08,2.00,,1002.00,利息,王䶮\n");
        let imported = import(&county, &late).await;
        assert_eq!((imported.lines_new, imported.lines_known, imported.findings.len()), (1, 0, 0));
        assert_eq!(import(&county, &late).await.lines_new, 0);
        // The whole month again, the late row in its place: nothing is new, nothing is lost.
        let whole = format!("{HEAD}2026-01-08,2.00,,1002.00,利息,王䶮\n2026-01-12,5.00,,1007.00,利息,龙青山\n2026-01-20,3.00,,1010.00,利息,韦大山\n");
        let again = import(&county, &whole).await;
        assert_eq!((again.lines_new, again.lines_known), (0, 3));
        assert_eq!(run(&county).await, (1, 4, 0));
        let mut reader = county.office.db.reader().await.unwrap();
        let account = store::account(&mut reader, "459900", "NS01").await.unwrap().unwrap();
        for (month, bank, book) in [("2026-01", "1010.00", "1002.00"), ("2026-02", "1015.00", "1002.00")] {
            let now = standing(&mut reader, "459900", &account, month.parse().unwrap()).await.unwrap();
            assert_eq!((now.bank_balance, now.book_balance), (yuan(bank), yuan(book)), "{month}");
            assert_eq!(now.adjusted().bank, now.adjusted().book);
        }
    }

    /// Exact and unique pairs by themselves, the rest by hand in every shape. S11-A2: undoing gives back what was.
    async fn matching_in_every_shape(database: &TestDatabase) {
        let (county, _) = opened(database).await;
        let text = format!("{HEAD}2026-01-05,5.00,,1005.00,利息,龙青山\n2026-01-05,7.00,,1012.00,利息,韦大山\n2026-01-05,7.00,,1019.00,利息,韦大山\n2026-01-08,30.00,,1049.00,租金,甲公司\n2026-01-09,,12.00,1037.00,款,乙\n2026-01-09,,8.00,1029.00,款,乙\n2026-01-10,,4.00,1025.00,付丙,丙\n2026-01-11,4.00,,1029.00,退回,丙\n");
        import(&county, &text).await;
        posted(&county, "2026-01-06", "收龙青山利息", "5.00").await;
        for _ in 0..2 {
            posted(&county, "2026-01-05", "收韦大山利息", "7.00").await;
        }
        let (rent1, rent2) = (posted(&county, "2026-01-08", "租金一", "10.00").await, posted(&county, "2026-01-08", "租金二", "20.00").await);
        let paid = posted(&county, "2026-01-09", "付乙两笔", "-20.00").await;
        assert_eq!(run(&county).await, (1, 7, 5));
        assert_eq!(run(&county).await, (0, 7, 5));
        let before = free(&county).await;
        let hand = |bank: &[i64], book: &[i64]| Match { at: at("NS01"), bank: bank.iter().map(|line| (*line, 0)).collect(), book: book.iter().map(|voucher| (*voucher, 1)).collect() };
        assert_eq!(county.refused("甲", hand(&[4], &[rent1])).await, "R-111");
        county.done("甲", hand(&[4], &[rent1, rent2])).await;
        // The bank's line of a payment stands on the voucher's second line.
        let many = Match { at: at("NS01"), bank: vec![(5, 0), (6, 0)], book: vec![(paid, 2)] };
        county.done("甲", many.clone()).await;
        assert_eq!(county.refused("甲", many.clone()).await, "R-109");
        county.done("甲", hand(&[7, 8], &[])).await;
        assert_eq!(free(&county).await, (vec![700, 700], vec![700, 700]));
        assert_eq!(county.done("甲", Unmatch { at: at("NS01"), bank: vec![(7, 0)], book: vec![] }).await, 2);
        county.done("甲", Unmatch { at: at("NS01"), bank: vec![(4, 0)], book: vec![(paid, 2)] }).await;
        assert_eq!(free(&county).await, before);
        assert_eq!(county.refused("甲", Unmatch { at: at("NS01"), bank: vec![(4, 0)], book: vec![] }).await, "R-115");
        // Split, match a part, and back.
        let split = |parts: &[&str]| SplitLine { at: at("NS01"), line: 4, parts: parts.iter().map(|part| yuan(part)).collect() };
        assert_eq!(county.refused("甲", split(&["10.00", "19.00"])).await, "R-113");
        assert_eq!(county.refused("甲", split(&["31.00", "-1.00"])).await, "R-113");
        county.done("甲", split(&["10.00", "20.00"])).await;
        county.done("甲", Match { at: at("NS01"), bank: vec![(4, 1)], book: vec![(rent1, 1)] }).await;
        assert_eq!(county.refused("甲", UnsplitLine { at: at("NS01"), line: 4 }).await, "R-114");
        assert_eq!(county.refused("甲", UndoImport { at: at("NS01"), import: None }).await, "R-107");
        county.done("甲", Unmatch { at: at("NS01"), bank: vec![(4, 1)], book: vec![] }).await;
        county.done("甲", UnsplitLine { at: at("NS01"), line: 4 }).await;
        assert_eq!(free(&county).await, before);
        let mut reader = county.office.db.reader().await.unwrap();
        let account = store::account(&mut reader, "459900", "NS01").await.unwrap().unwrap();
        let (_, sheet, candidates) = with_candidates(&mut reader, "459900", &account, "2026-01".parse().unwrap(), Page::FIRST).await.unwrap();
        assert_eq!(sheet.rows.len(), 12);
        let offers = |bank: &[(i64, i64)], book: &[(i64, i64)]| candidates.iter().any(|c| c.bank == bank && c.book == book);
        assert!(offers(&[(4, 0)], &[(rent1, 1), (rent2, 1)]) && offers(&[(5, 0), (6, 0)], &[(paid, 2)]) && offers(&[(7, 0), (8, 0)], &[]));
        // Page by page, every line gets its candidates.
        let (mut page, mut paged) = (Page { after: (0, 0), limit: 1 }, Vec::new());
        for line in 2..=8 {
            let (_, sheet, found) = with_candidates(&mut reader, "459900", &account, "2026-01".parse().unwrap(), page).await.unwrap();
            paged.extend(found);
            assert_eq!(sheet.notes.iter().any(|note| note.contains("--after")), line < 8, "line {line}");
            page.after = (line, 0);
        }
        assert_eq!(paged, candidates);
    }

    /// A rule proposes a draft once; posted, it is the line's own partner; the month balances, is kept, closes and freezes.
    /// Matches of a closed month are not undone.
    async fn a_month_to_its_close(database: &TestDatabase) {
        let (county, book) = opened(database).await;
        let january = || "2026-01".parse().unwrap();
        import(&county, &format!("{HEAD}2026-01-05,5.00,,1005.00,利息,龙青山\n2026-01-31,,3.00,1002.00,账户手续费,\n")).await;
        posted(&county, "2026-01-06", "收龙青山利息", "5.00").await;
        let late = posted(&county, "2026-01-30", "收租金", "40.00").await;
        run(&county).await;
        let rule = Rule { name: "手续费".into(), contains: "手续费".into(), direction: Direction::Out, account: AccountCode::from("51301"), dimensions: Dimensions::default() };
        county.done("甲", AddRule { book: book.clone(), rule }).await;
        let propose = ProposeVouchers { at: at("NS01"), through: date("2026-01-31"), lines: vec![], account: None, dimensions: Dimensions::default() };
        let proposed = county.done("甲", propose.clone()).await;
        assert_eq!((proposed.drafts.len(), proposed.without_rule), (1, 0));
        assert_eq!(county.done("甲", propose).await.known, 1);
        assert_eq!(county.refused("甲", UndoImport { at: at("NS01"), import: None }).await, "R-107");
        assert_eq!(run(&county).await, (0, 1, 1), "a draft is no posting");
        let draft = VoucherId(proposed.drafts[0].0.1.0);
        for (user, step) in [("甲", Step::Submit), ("乙", Step::Approve), ("乙", Step::Post)] {
            county.done(user, MoveVouchers { book: book.clone(), vouchers: vec![draft], step, reason: None }).await;
        }
        assert_eq!(run(&county).await, (1, 0, 1));
        let close = || ClosePeriod { book: book.clone(), period: january(), reason: Some("无纸质单据".into()) };
        assert_eq!(county.refused("甲", close()).await, "B-201");
        let mut reader = county.office.db.reader().await.unwrap();
        let account = store::account(&mut reader, "459900", "NS01").await.unwrap().unwrap();
        let now = standing(&mut reader, "459900", &account, january()).await.unwrap();
        drop(reader);
        assert_eq!((now.bank_balance, now.book_balance), (yuan("1002.00"), yuan("1042.00")));
        assert_eq!((now.adjusted().bank, now.adjusted().book), (yuan("1042.00"), yuan("1042.00")));
        let save = || SaveReconciliation { at: at("NS01"), period: january() };
        let saved = county.done("甲", save()).await;
        assert_eq!((saved.version, saved.known, saved.difference.fen()), (1, false, 0));
        assert!(county.done("乙", save()).await.known);
        county.done("甲", close()).await;
        // Frozen: the month's own matches and days. Not frozen: its outstanding item, settled in February.
        assert_eq!(county.refused("甲", Unmatch { at: at("NS01"), bank: vec![(1, 0)], book: vec![] }).await, "R-106");
        let late_row = format!("{HEAD}2026-01-20,1.00,,1006.00,晚到,韦大山\n");
        assert_eq!(county.refused("甲", import_of("NS01", &late_row)).await, "R-106");
        assert_eq!(county.refused("甲", UndoImport { at: at("NS01"), import: None }).await, "R-106");
        import(&county, &format!("{HEAD}2026-02-02,40.00,,1042.00,租金,甲公司\n")).await;
        county.done("甲", Match { at: at("NS01"), bank: vec![(3, 0)], book: vec![(late, 1)] }).await;
        let again = county.done("甲", save()).await;
        assert!(again.known && again.digest == saved.digest, "what was outstanding on January 31 still was");
        county.done("乙", ReopenPeriod { book: book.clone(), period: january(), reason: "补记".into() }).await;
        assert_eq!(county.done("甲", Unmatch { at: at("NS01"), bank: vec![(1, 0)], book: vec![] }).await, 2);
    }

    /// A kept paper of a closed month is never replaced: what a later file changes in it is refused until the month is open.
    async fn a_kept_paper_of_a_closed_month_stays(database: &TestDatabase) {
        let (county, book) = opened(database).await;
        let january = || "2026-01".parse().unwrap();
        import(&county, &format!("{HEAD}2026-01-20,5.00,,1005.00,利息,龙青山\n")).await;
        posted(&county, "2026-01-20", "收龙青山利息", "5.00").await;
        run(&county).await;
        let save = || SaveReconciliation { at: at("NS01"), period: january() };
        let saved = county.done("甲", save()).await;
        county.done("甲", ClosePeriod { book: book.clone(), period: january(), reason: Some("无纸质单据".into()) }).await;
        // The paper says that the bank's file ends on the 20th; February's file takes that away.
        import(&county, &format!("{HEAD}2026-02-02,1.00,,1006.00,利息,龙青山\n")).await;
        assert_eq!(county.refused("甲", save()).await, "R-117");
        let mut reader = county.office.db.reader().await.unwrap();
        let kept = store::document(&mut reader, "459900", ("bank", "NS01"), january()).await.unwrap().unwrap();
        drop(reader);
        assert_eq!((kept.version, kept.digest), (saved.version, saved.digest));
        county.done("乙", ReopenPeriod { book, period: january(), reason: "重签调节表".into() }).await;
        assert_eq!(county.done("甲", save()).await.version, 2);
    }

    /// S11-A3: a paper that does not balance says so with the difference; transfers between own accounts match on both.
    async fn unequal_papers_and_transfers(database: &TestDatabase) {
        let (county, book) = opened(database).await;
        county.done("甲", AddBankAccount { account: BankAccount { opening: Some(yuan("0.00")), ..account("NS02", "4599001087654321", "101", CloseCheck::Warn) } }).await;
        assert_eq!(county.refused("甲", AddBankAccount { account: account("NS03", "4599001087654321", "101", CloseCheck::Warn) }).await, "R-102");
        let out = "日期,收,付,余额,摘要,对方账号\n2026-01-05,,50.00,950.00,转账,4599001087654321\n";
        let into = "日期,收,付,余额,摘要,对方账号\n2026-01-06,50.00,,50.00,转账,4599001012345678\n";
        county.done("甲", import_of("NS01", out)).await;
        county.done("甲", import_of("NS02", into)).await;
        let voucher = support::county::simple(&book, "2026-01-05", "101", "102", "50.00");
        county.done("甲", PostVouchers { vouchers: vec![voucher], event: None }).await;
        let transfers = MatchTransfers { from: at("NS01"), to: at("NS02"), through: date("2026-12-31") };
        assert_eq!(county.done("甲", transfers.clone()).await.matched, 1);
        assert_eq!(county.refused("甲", transfers).await, "R-118");
        assert_eq!(free(&county).await, (vec![], vec![]));
        // The chain of a statement breaks: seven yuan are missing, and the paper does not hide it.
        let broken = format!("{HEAD}2026-01-20,1.00,,958.00,利息,甲\n");
        import(&county, &broken).await;
        let saved = county.done("甲", SaveReconciliation { at: at("NS01"), period: "2026-01".parse().unwrap() }).await;
        assert_eq!(saved.difference, yuan("7.00"));
        let close = ClosePeriod { book, period: "2026-01".parse().unwrap(), reason: None };
        assert_eq!(county.refused("甲", close).await, "B-201");
    }
}
