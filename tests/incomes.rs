//! Information (信息管理) on both databases: incomes, each yuan once; signals of households; statuses by day; notices.

mod support;

use cunzhang::affairs::notices::service::{SeeNotice, SendNotice};
use cunzhang::affairs::notices::store as notices;
use cunzhang::household_card::{Section, store as cards};
use cunzhang::incomes::files_in::{IncomeRow, read_incomes};
use cunzhang::incomes::service::{DropIncome, ImportIncomes, SaveWarningRules};
use cunzhang::incomes::store::{Which, households, lines};
use cunzhang::incomes::warnings::rules::{Rule, RuleKind, shipped, table};
use cunzhang::incomes::warnings::{Signal, signals, store as facts};
use cunzhang::incomes::{IncomeLine, IncomeType, Origin, by_household};
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::AddBook;
use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::money::Amount;
use cunzhang::parties::household::{HouseholdStatus, Standing};
use cunzhang::parties::service::RegisterHouseholds;
use cunzhang::parties::store as parties;
use cunzhang::payouts::PayoutKind;
use cunzhang::payouts::files_in::{BankResult, read_list};
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{DrawUp, KeepPayees, ReceiveFunds, ReviewBatch};
use cunzhang::payouts::service::sending::{SendBatch, TakeResults};
use support::county::{County, date, yuan};
use support::credit::household;
use support::{TestDatabase, on_both_engines};

const COUNTY: &str = "459900";

/// Three households in the register, each with an account.
async fn county(database: &TestDatabase) -> (County, BookCode) {
    let county = County::lending(database.url(), "2026-01-05", 3).await;
    let payee = |n: u32| {
        let name = "扎西·次仁".to_owned();
        let account = format!("62170000000000000{n:02}");
        Payee {
            party: format!("H{n:03}"), account_name: name.clone(), name, account, bank: "农商行".into(), ..Payee::default()
        }
    };
    county.done("甲", KeepPayees { payees: (1..=3).map(payee).collect() }).await;
    let book = county.village("V001").await;
    (county, book)
}

/// A list paid to the three, whose first two rows arrive.
async fn pays(county: &County, book: &BookCode, batch: &str, kind: PayoutKind, day: &str) {
    let text = "户编号,金额\nH001,780.00\nH002,260.00\nH003,520.00\n";
    let rows = read_list(text.as_bytes(), &Default::default()).unwrap().whole().unwrap();
    let draw = DrawUp {
        batch: batch.into(),
        book: book.clone(),
        kind,
        title: format!("{batch}清单"),
        project: "文件1号".into(),
        on: date(day),
        payable: None,
        money_account: None,
        stated_total: Some(yuan("1560.00")),
        rows,
        accept: None,
        source: None,
    };
    county.done("甲", draw).await;
    county.done("乙", ReviewBatch { book: book.clone(), batch: batch.into() }).await;
    county.done("甲", ReceiveFunds { book: book.clone(), batch: batch.into(), on: date(day) }).await;
    county.done("甲", SendBatch { book: book.clone(), batch: batch.into(), on: date(day) }).await;
    let answer = |row, paid| BankResult {
        row: Some(row),
        account: String::new(),
        amount: None,
        paid,
        reason: if paid { "" } else { "账户销户" }.into(),
        serial: format!("S{row}"),
    };
    let results = vec![answer(1, true), answer(2, true), answer(3, false)];
    let take = TakeResults { book: book.clone(), batch: batch.into(), on: date(day), results, others_paid: false };
    county.done("甲", take).await;
}

fn read(text: &str, today: &str) -> Vec<IncomeRow> {
    let read = read_incomes(text.as_bytes(), &Default::default(), (date(today), &|_| true)).unwrap();
    assert_eq!(read.problems, []);
    read.rows
}

async fn all(county: &County, household: &str) -> Vec<IncomeLine> {
    let mut reader = county.office.db.reader().await.unwrap();
    let span = (date("2000-01-01"), date("2099-12-31"));
    lines(&mut reader, COUNTY, Which { household, place: "" }, span).await.unwrap()
}

async fn received(county: &County, household: &str) -> Amount {
    let mut reader = county.office.db.reader().await.unwrap();
    cards::card(&mut reader, COUNTY, household, county.office.today()).await.unwrap().total(Section::Received)
}

async fn raised(county: &County, which: Which<'_>, rules: &[Rule]) -> Vec<Signal> {
    let mut reader = county.office.db.reader().await.unwrap();
    let found = facts::facts(&mut reader, COUNTY, which, 2025).await.unwrap();
    found.iter().flat_map(|facts| signals(rules, facts, (county.office.today(), 2025))).collect()
}

const FILE: &str = "户编号,到账日期,收入类别,项目,金额,发放单位,备注\n\
    H001,2026-01-31,工资性收入,县外务工,3000.00,某厂,\n\
    H001,2026-01-04,转移性收入,低保,780.00,村里,\n\
    H003,2025-12-31,工资性收入,县外务工,2000.00,某厂,\n\
    H003,2024-12-31,工资性收入,县外务工,12000.00,某厂,\n";

on_both_engines! {
    async fn every_yuan_is_counted_once(database: &TestDatabase) {
        let (county, book) = county(database).await;
        pays(&county, &book, "B1", PayoutKind::MinimumLiving, "2026-01-05").await;
        pays(&county, &book, "B2", PayoutKind::WelfareJob, "2026-01-05").await;
        for household in ["H001", "H002", "H003"] {
            let sum: Amount = all(&county, household).await.iter().map(|line| line.amount).sum();
            assert_eq!(sum, received(&county, household).await, "{household}: the register and the statement agree");
        }
        assert_eq!(all(&county, "H003").await, [], "what came back is no income");
        county.clock.set(date("2026-02-05"));
        let rows = read(FILE, "2026-02-05");
        assert_eq!(county.done("甲", ImportIncomes { rows: rows.clone() }).await, 4);
        assert_eq!(county.done("甲", ImportIncomes { rows }).await, 0, "the same file adds nothing");
        let lines = all(&county, "H001").await;
        let shown: Vec<_> = lines.iter().map(|line| (line.kind, line.amount.to_string(), line.counted)).collect();
        assert_eq!(shown, [
            (IncomeType::Transfer, "780.00".to_owned(), false),
            (IncomeType::Wage, "780.00".to_owned(), true),
            (IncomeType::Transfer, "780.00".to_owned(), true),
            (IncomeType::Wage, "3000.00".to_owned(), true),
        ], "the village's own row says what the book paid");
        let year = &by_household(&lines, 2026)["H001"];
        assert_eq!((year.by_type[0], year.by_type[3], year.total()), (yuan("3780.00"), yuan("780.00"), yuan("4560.00")));
        let mut reader = county.office.db.reader().await.unwrap();
        let by_place = |place| Which { place, household: "" };
        assert_eq!(households(&mut reader, COUNTY, by_place("459900101201")).await.unwrap().len(), 3);
        assert_eq!(households(&mut reader, COUNTY, by_place("459900102")).await.unwrap(), []);
        drop(reader);
        let Origin::Entry(entry, _) = lines[0].origin.clone() else { panic!("{lines:?}") };
        county.done("甲", DropIncome { entry, reason: "重复填报".into() }).await;
        assert_eq!(county.refused("甲", DropIncome { entry, reason: "重复填报".into() }).await, "I-804");
        assert_eq!(all(&county, "H001").await.len(), 3);
        let unknown = read("户编号,到账日期,收入类别,金额\nH999,2026-01-01,工资,1\n", "2026-02-05");
        assert_eq!(county.refused("甲", ImportIncomes { rows: unknown }).await, "I-606");
        let mut late = read("户编号,到账日期,收入类别,金额\nH001,2026-01-01,工资,1\n", "2026-02-05");
        late[0].on = date("2026-02-06");
        assert_eq!(county.refused("甲", ImportIncomes { rows: late }).await, "I-803");
    }

    /// Signals made from the books: a payment that came back, a fall of income, loans and debts; masked, and tuned by the county.
    async fn signals_come_from_the_books_and_registers(database: &TestDatabase) {
        let (county, book) = county(database).await;
        pays(&county, &book, "B1", PayoutKind::MinimumLiving, "2026-01-05").await;
        county.clock.set(date("2026-02-04"));
        county.done("甲", ImportIncomes { rows: read(FILE, "2026-02-04") }).await;
        let earlier = raised(&county, Which { household: "H003", place: "" }, shipped()).await;
        assert_eq!(earlier.iter().map(|signal| signal.rule).collect::<Vec<_>>(), [RuleKind::IncomeFall], "30 days are not past");
        county.clock.set(date("2026-02-05"));
        let mut tx = county.office.db.begin_write().await.unwrap();
        let loan = "insert into loan (county, loan, household, borrower, place, bank, product, purpose, asked_cents, asked_months, applied_on, \
             applied_by, state, approvals) values ('459900', 'L1', 'H002', '户2', '459900101201', 'B1', 'microloan', '养鸡', 5000000, 36, \
             '2023-01-01', '甲', 'disbursed', 1)";
        let standing = "insert into loan_standing (county, loan, bank, place, state, is_plain, rate_ppm, day_count, settlement, row_from_on, \
             matures_on, disbursed_cents, principal_cents, overdue_cents, interest_cents, penalty_cents, held_cents, written_off_cents, \
             disbursed_on, overdue_from_on, interest_overdue_from_on, own_class) values ('459900', 'L1', 'B1', '459900101201', 'overdue', 1, \
             43500, 'actual/360', 'quarter', '2023-01-01', '2026-01-01', 5000000, 4000000, 4000000, 12345, 0, 0, 0, '2023-01-01', \
             '2026-01-02', '2026-01-02', 'normal')";
        for sql in [loan, standing] {
            sqlx::query(sql).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = raised(&county, Which::default(), shipped()).await;
        let shown: Vec<_> = found.iter().map(|signal| (signal.household.as_str(), signal.rule, signal.amount.to_string())).collect();
        assert_eq!(shown, [
            ("H002", RuleKind::LoanOverdue, "40000.00".to_owned()),
            ("H002", RuleKind::InterestOverdue, "123.45".to_owned()),
            ("H002", RuleKind::DebtHigh, "40000.00".to_owned()),
            ("H003", RuleKind::IncomeMissed, "520.00".to_owned()),
            ("H003", RuleKind::IncomeFall, "10000.00".to_owned()),
        ]);
        assert_eq!(found[3].origin, Origin::Batch("V001".into(), "B1".into()));
        assert_eq!(found[3].words, "农村低保应到 520.00,已过 31 天");
        assert!(found.iter().all(|signal| signal.masked_id.contains("****")), "{found:?}");
        let own = Rule { amount: Some(yuan("10000.01")), ..shipped()[4].clone() };
        county.done("甲", SaveWarningRules { rules: vec![own] }).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let own = cunzhang::controls::disclosure::store::rules::own(&mut reader, COUNTY, "warnings").await.unwrap();
        drop(reader);
        let tuned = raised(&county, Which { household: "H003", place: "" }, &table(own)).await;
        assert_eq!(tuned.iter().map(|signal| signal.rule).collect::<Vec<_>>(), [RuleKind::IncomeMissed], "a fall of ten thousand is too small now");
        let bad = Rule { source: String::new(), ..shipped()[0].clone() };
        assert_eq!(county.refused("甲", SaveWarningRules { rules: vec![bad] }).await, "I-805");
    }

    /// Standings have their days: the register answers as of any of them.
    async fn a_household_stands_as_it_did_on_a_day(database: &TestDatabase) {
        let county = County::lending(database.url(), "2026-01-05", 0).await;
        let mut one = household("H001", 1, HouseholdStatus::RegisteredPoor, "2014-06-01");
        let left = Standing { from: date("2019-12-31"), status: HouseholdStatus::OutOfPoverty, document: "脱贫名单".into() };
        one.standings.push(left);
        county.done("甲", RegisterHouseholds { households: vec![one] }).await;
        let mut reader = county.office.db.reader().await.unwrap();
        for (day, status, from, next) in [
            ("2014-05-31", None, None, Some("2014-06-01")),
            ("2014-06-01", Some(HouseholdStatus::RegisteredPoor), Some("2014-06-01"), Some("2019-12-31")),
            ("2019-12-30", Some(HouseholdStatus::RegisteredPoor), Some("2014-06-01"), Some("2019-12-31")),
            ("2026-01-05", Some(HouseholdStatus::OutOfPoverty), Some("2019-12-31"), None),
        ] {
            let found = parties::page(&mut reader, COUNTY, ("4599", "", 10), (date(day), None)).await.unwrap();
            assert_eq!(found.len(), 1, "{day}");
            assert_eq!(found[0].standing, status.zip(from.map(date)), "{day}");
            assert_eq!(found[0].next_on, next.map(date), "{day}");
        }
        let asked = (date("2020-01-01"), Some(HouseholdStatus::RegisteredPoor));
        assert_eq!(parties::page(&mut reader, COUNTY, ("", "", 10), asked).await.unwrap(), []);
    }

    /// Notices reach the villages they are for; the first reader of each is kept; nothing is sent to nobody.
    async fn a_notice_is_sent_and_seen(database: &TestDatabase) {
        let county = County::lending(database.url(), "2026-01-05", 0).await;
        for (code, place) in [("V001", "459900101201"), ("V002", "459900102201")] {
            let (book, first_period) = (BookCode::from(code), "2026-01".parse().unwrap());
            let new = Book { book, name: format!("{code}村"), kind: EntityKind::Village, place: Some(place.into()), organisation: None, first_period };
            county.done("甲", AddBook { book: new, regime: None }).await;
        }
        let send = |place: &str, book: Option<&str>| SendNotice {
            book: book.map(BookCode::from),
            place: place.into(),
            title: "一季度公开".into(),
            words: "4月15日前完成".into(),
        };
        assert_eq!(county.done("甲", send("", None)).await, 1);
        assert_eq!(county.done("甲", send("459900101", None)).await, 2);
        assert_eq!(county.done("甲", send("", Some("V002"))).await, 3);
        assert_eq!(county.refused("甲", send("459900103", None)).await, "I-902");
        assert_eq!(county.refused("甲", SendNotice { words: " ".into(), ..send("", None) }).await, "I-901");
        let see = |book: &str, notice| SeeNotice { book: book.into(), notice };
        county.done("乙", see("V001", 1)).await;
        county.done("丙", see("V001", 1)).await;
        assert_eq!(county.refused("乙", see("V002", 2)).await, "I-903", "not for this village");
        let mut reader = county.office.db.reader().await.unwrap();
        let shown: Vec<_> = notices::all(&mut reader, COUNTY).await.unwrap();
        let shown: Vec<_> = shown
            .iter()
            .map(|(notice, readers)| {
                let readers: Vec<_> = readers.iter().map(|reader| (reader.book.as_str(), reader.seen_by.as_deref())).collect();
                (notice.notice, readers)
            })
            .collect();
        assert_eq!(shown, [
            (3, vec![("V002", None)]),
            (2, vec![("V001", None)]),
            (1, vec![("V001", Some("乙")), ("V002", None)]),
        ]);
        let of_book = notices::of_book(&mut reader, COUNTY, "V002").await.unwrap();
        assert_eq!(of_book.iter().map(|(notice, _)| notice.notice).collect::<Vec<_>>(), [3, 1]);
    }
}
