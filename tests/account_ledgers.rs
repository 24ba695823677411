//! 总账, 明细账 and 日记账 of little books on both databases: order, running balances, totals, pages.

mod support;

use cunzhang::exchange::sheet::Cell;
use cunzhang::ledger::Dimension;
use cunzhang::ledger::books::service::{AddAccounts, OwnAccount};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::KeepDrafts;
use cunzhang::statements::account_ledger::service::ledger_page;
use cunzhang::statements::account_ledger::{LedgerAsk, LedgerRow, RowKind};
use cunzhang::statements::service::{Keeping, Report};
use support::county::{County, yuan};
use support::little_books::{JOURNALS, TRIAL, detail, expect, little_county, period, told, value, voucher};
use support::{TestDatabase, on_both_engines};

on_both_engines! {
    /// 明细账 and 日记账: running balances, totals, drafts, one party, sub-accounts under their parent.
    async fn ledgers(database: &TestDatabase) {
        let (county, village, _) = little_county(database.url()).await;
        let bank = told(&county, &village, "2025-06", &detail("102", "2025-01")).await.remove(0);
        let written: Vec<String> = bank.rows.iter().map(|row| row.iter().map(Cell::for_people).collect::<Vec<_>>().join("|")).collect();
        assert_eq!(written, [
            "||上年结转|||借|50,000.00",
            "2025-03-05|2025-03-记-1|测试业务|12,345.67||借|62,345.67",
            "||本月合计|12,345.67|0.00|借|62,345.67",
            "||本年累计|12,345.67|0.00|借|62,345.67",
            "2025-04-10|2025-04-记-1|测试业务||1,000.00|借|61,345.67",
            "||本月合计|0.00|1,000.00|借|61,345.67",
            "||本年累计|12,345.67|1,000.00|借|61,345.67",
            "2025-05-06|2025-05-记-1|测试业务|100,000.00||借|161,345.67",
            "2025-05-20|2025-05-记-2|测试业务||60,000.00|借|101,345.67",
            "||本月合计|100,000.00|60,000.00|借|101,345.67",
            "||本年累计|112,345.67|61,000.00|借|101,345.67",
            "2025-06-15|2025-06-记-3|测试业务|8,000.00||借|109,345.67",
            "||本月合计|8,000.00|0.00|借|109,345.67",
            "||本年累计|120,345.67|61,000.00|借|109,345.67",
        ]);
        let parent = told(&county, &village, "2025-12", &detail("513", "2025-12")).await.remove(0);
        let rows: Vec<String> = parent.rows.iter().map(|row| row.iter().map(Cell::for_people).collect::<Vec<_>>().join("|")).collect();
        assert_eq!(rows, ["||期初余额||||借|2,000.00", "||本月合计||0.00|0.00|借|2,000.00", "||本年累计||2,000.00|0.00|借|2,000.00"]);
        let party = Report::Ledger { account: "113".into(), from: Some(period("2025-01")), member: Some((Dimension::Party, "H001".into())), unposted: false };
        let party = told(&county, &village, "2025-12", &party).await.remove(0);
        let last = party.rows.last().unwrap().iter().map(Cell::for_people).collect::<Vec<_>>();
        assert_eq!(last, ["", "", "本年累计", "500.00", "1,000.00", "贷", "300.00"]);
        assert!(party.subtitle.contains(&"往来:H001".to_owned()));
        let november = told(&county, &village, "2025-11", &JOURNALS).await;
        assert_eq!(november[0].title, "现金日记账 101 库存现金");
        let cash: Vec<String> = november[0].rows.iter().map(|row| row.iter().skip(2).map(Cell::for_people).collect::<Vec<_>>().join("|")).collect();
        assert_eq!(cash, [
            "期初余额|||借|750.00",
            "测试业务||34.56|借|715.44",
            "本日合计|0.00|34.56|借|715.44",
            "注销2025年11月03日记字1号凭证||-34.56|借|750.00",
            "本日合计|0.00|-34.56|借|750.00",
            "本月合计|0.00|0.00|借|750.00",
            "本年累计|0.00|250.00|借|750.00",
        ]);
        county.done("甲", KeepDrafts { book: village.clone(), vouchers: vec![voucher(&village, "2025-10-30", "101 +3.00; 102 -3.00"), voucher(&village, "2025-11-30", "101 +5.00; 102 -5.00")], skip_known: false }).await;
        let drafts = Report::Ledger { account: "101".into(), from: None, member: None, unposted: true };
        let drafts = told(&county, &village, "2025-11", &drafts).await.remove(0);
        assert_eq!(drafts.rows[0].last().unwrap().for_scripts(), "753.00");
        assert_eq!(value(&drafts, ("state", "草稿"), "balance"), "758.00");
        let general = told(&county, &village, "2025-03", &Report::GeneralLedger { account: Some("102".into()) }).await.remove(0);
        assert_eq!(general.rows.last().unwrap().iter().skip(2).map(Cell::for_people).collect::<Vec<_>>(), ["2025-03", "本年累计", "12,345.67", "0.00", "借", "62,345.67"]);
    }

    /// Pages of any size joined together are the whole ledger; each knows what it carries forward.
    async fn pages(database: &TestDatabase) {
        let (county, village, _) = little_county(database.url()).await;
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let keeping = Keeping::load(&mut tx, "459900", &village, 2025).await.unwrap();
        let whole_year = LedgerAsk { from: period("2025-01"), daily: true, ..LedgerAsk::month("102".into(), period("2025-12")) };
        let whole = ledger_page(&mut tx, &keeping, &whole_year, None, 1_000).await.unwrap();
        assert_eq!(whole.next, None);
        for size in 1..=12 {
            let mut rows: Vec<LedgerRow> = Vec::new();
            let mut place = None;
            loop {
                let page = ledger_page(&mut tx, &keeping, &whole_year, place.as_ref(), size).await.unwrap();
                assert_eq!(page.before, rows.last().map_or(yuan("50000.00"), |row| row.balance));
                rows.extend(page.rows);
                place = page.next.map(|next| next.to_string().parse().unwrap());
                if place.is_none() {
                    break;
                }
            }
            assert_eq!(rows, whole.rows, "pages of {size}");
        }
        assert_eq!(whole.rows.iter().filter(|row| row.kind == RowKind::Line).count(), 8);
    }

    /// Own sub-accounts stand beneath their parent, set in, and add up to it.
    async fn sub_accounts(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let own = |code: &str, name: &str| OwnAccount { code: code.into(), name: name.into(), requires: Vec::new() };
        county.done("甲", AddAccounts { book: book.clone(), year: 2026, accounts: vec![own("10201", "农商行"), own("10202", "信用社")] }).await;
        let vouchers = vec![voucher(&book, "2026-01-03", "10201 +5.00; 50401 -5.00"), voucher(&book, "2026-01-04", "10202 +2.00; 10201 -2.00")];
        county.done("甲", PostVouchers { vouchers, event: None }).await;
        let trial = told(&county, &book, "2026-01", &TRIAL).await.remove(0);
        expect(&trial, "account", "closing_debit", &[("102", "5.00"), ("10201", "3.00"), ("10202", "2.00")]);
        assert_eq!(trial.rows[1][1].for_scripts(), "　农商行");
        let journals = told(&county, &book, "2026-01", &JOURNALS).await;
        assert_eq!(journals.iter().map(|sheet| sheet.title.as_str()).collect::<Vec<_>>(), ["现金日记账 101 库存现金", "银行存款日记账 10201 银行存款—农商行", "银行存款日记账 10202 银行存款—信用社"]);
        let whole = told(&county, &book, "2026-01", &detail("102", "2026-01")).await.remove(0);
        let accounts: Vec<String> = whole.rows.iter().map(|row| row[3].for_scripts()).collect();
        assert_eq!(accounts, ["", "10201", "10202", "10201", "", ""].map(str::to_owned));
    }
}
