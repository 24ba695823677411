//! S10 and S11 by plain forms: a statement looked at, taken in as a job, matched, taken back, kept; wrong files in words.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use clap::Parser;
use cunzhang::controls::period_close::service::{ClosePeriod, ReopenPeriod};
use cunzhang::controls::reconciliation::account::{BankAccount, CloseCheck};
use cunzhang::controls::reconciliation::service::{AddBankAccount, At, ImportStatement, SaveReconciliation};
use cunzhang::db::Stop;
use cunzhang::demo::Step;
use cunzhang::demo::reconciliation::steps;
use cunzhang::exchange::bank_statement::{BankOptions, read_statement};
use cunzhang::faces::cli::answer_at;
use cunzhang::faces::cli::args::Arguments;
use cunzhang::faces::cli::counter::Counter;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::money::Amount;

use crate::office::{Reply, WebOffice};
use crate::support::county::{actor, date, simple};
use crate::support::{TestDatabase, on_both_engines};

/// Plays the demo's October of 枫林村 up to where the bank's file is there and nothing of it taken in; answers the file.
pub async fn october(office: &WebOffice) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    for step in steps() {
        match step {
            Step::File { name, bytes } if name.starts_with("bank_") => return bytes,
            Step::File { name, bytes } => std::fs::write(folder.path().join("in").join(name), bytes).unwrap(),
            Step::Command { user, words, .. } => {
                let here = |word: &String| {
                    word.strip_prefix("in/")
                        .map_or(word.clone(), |name| folder.path().join("in").join(name).display().to_string())
                };
                let line = ["cunzhang".to_owned()].into_iter().chain(words.iter().map(here));
                let arguments = Arguments::try_parse_from(line).unwrap();
                let counter = Counter::in_office(office.county.office.clone(), actor(user), None);
                let reply = answer_at(arguments.noun, &arguments.common, &counter).await.unwrap();
                assert!(reply.refusal.is_none(), "{words:?}: {:?}", reply.refusal);
            }
            Step::Day(_) | Step::Acts(_) => {}
        }
    }
    panic!("the story has a statement");
}

/// A book whose January is reconciled and closed with a line of the bank and an entry left that belong together; the entry's
/// voucher.
async fn closed_with_a_pair(office: &WebOffice) -> i64 {
    let county = &office.county;
    let at = || At { account: "NS01".into(), book: "V001".into() };
    let account = BankAccount {
        code: "NS01".into(),
        number: "4599001012345678".into(),
        bank_name: "青禾农商行".into(),
        holder: "枫林村".into(),
        book: "V001".into(),
        account: "102".into(),
        member: String::new(),
        starts_on: date("2026-01-01"),
        opening: Some(Amount::ZERO),
        close_check: CloseCheck::Block,
        auto_days: 3,
        candidate_days: 30,
    };
    county.done("zhuguan", AddBankAccount { account }).await;
    let text = "日期,收,付,余额,摘要,对方户名\n2026-01-05,5.00,,5.00,利息,龙青山\n";
    let mut file = read_statement(text.as_bytes(), &BankOptions::default()).unwrap();
    let (file_name, digest, format) = ("x.csv".to_owned(), "00".to_owned(), "表格".to_owned());
    let statement = file.statements.swap_remove(0);
    county.done("zhuguan", ImportStatement { at: at(), file_name, digest, format, statement }).await;
    let vouchers = vec![simple(&"V001".into(), "2026-01-28", "102", "50301", "5.00")];
    let posted = county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
    county.done("zhuguan", SaveReconciliation { at: at(), period: "2026-01".parse().unwrap() }).await;
    let close = ClosePeriod { book: "V001".into(), period: "2026-01".parse().unwrap(), reason: Some("无纸质单据".into()) };
    county.done("zhuguan", close).await;
    posted[0].1.0
}

/// A form with a file, as a browser sends it.
pub async fn send_file(office: &WebOffice, path: &str, cookie: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Reply {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if !file.1.is_empty() {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n", file.0);
        body.extend(head.bytes().chain(file.1.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(b"--x--\r\n");
    let request = Request::post(path).header(COOKIE, cookie).header(CONTENT_TYPE, "multipart/form-data; boundary=x");
    office.send(request.body(Body::from(body)).unwrap()).await
}

/// The page of a job once it has ended.
pub async fn ended(office: &WebOffice, address: &str, cookie: &str) -> String {
    for _ in 0..600 {
        let page = office.get(address, cookie).await.body;
        if !page.contains("正在办理") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{address} never ended");
}

pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let from = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
    &text[from..from + text[from..].find(after).unwrap()]
}

on_both_engines! {
    async fn the_banks_month_by_forms(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let statement = october(&office).await;
        let head = office.log_in("zhuguan").await;
        let at = |page: &str| format!("/b/V900/2025-10/{page}");
        let desk = office.get(&at("desk"), &head).await.body;
        assert!(desk.contains("本月对账单未导入"), "{desk}");

        // Looked at first: nothing is written; the file waits for the next click.
        let import = at("do/bank/import");
        let fields = [("key", "i1"), ("account", "NS01"), ("template", "农商行网银"), ("act", "preview")];
        let looked = send_file(&office, &import, &head, &fields, ("对账单.csv", &statement)).await;
        assert_eq!(looked.status, StatusCode::OK, "{}", looked.body);
        assert!(looked.body.contains("对账单.csv") && looked.body.contains("40"), "{}", looked.body);
        assert!(office.get(&at("desk"), &head).await.body.contains("本月对账单未导入"), "looking writes nothing");
        let staged = between(&looked.body, "name=\"staged\" value=\"", "\"").to_owned();
        // Somebody else cannot take in what waits.
        let other = office.log_in("kuaiji").await;
        let fields = [("key", "i0"), ("account", "NS01"), ("staged", staged.as_str())];
        let none = send_file(&office, &import, &other, &fields, ("", b"")).await;
        assert!(ended(&office, &none.location, &other).await.contains("没有填"), "{}", none.location);
        let fields = [("key", "i2"), ("account", "NS01"), ("template", "农商行网银"), ("staged", staged.as_str())];
        for _ in 0..2 {
            let job = send_file(&office, &import, &head, &fields, ("", b"")).await;
            assert_eq!(job.location, "/jobs/i2", "{}", job.body);
        }
        let page = ended(&office, "/jobs/i2", &head).await;
        assert!(page.contains("已办完") && page.contains("40"), "{page}");
        assert!(looked.body.contains("✓ 新") && !looked.body.contains("＝ 已有"), "{}", looked.body);
        let fields = [("key", "i3"), ("account", "NS01"), ("act", "preview")];
        let again = send_file(&office, &import, &head, &fields, ("对账单.csv", &statement)).await.body;
        assert!(again.contains("其中 40 行已经导入过") && again.contains("＝ 已有") && !again.contains("✓ 新"), "{again}");
        assert_eq!(office.get("/jobs/i2", &other).await.status, StatusCode::NOT_FOUND, "a job is its starter's");
        assert!(office.get("/jobs", &head).await.body.contains("/jobs/i2"));

        // Only what is exact and unique is matched; the rest has candidates with their reasons.
        let desk = at("reconcile/NS01");
        let run = office.post(&desk, &head, &[("key", "m1"), ("do", "run")]).await;
        let open = office.get(&run.location, &head).await.body;
        assert!(open.contains("自动匹配对数 32"), "{open}");
        let before = office.get(&desk, &head).await.body;
        let first = between(&before, "name=\"take\" value=\"", "\"").to_owned();
        let taken = office.post(&desk, &head, &[("key", "m2"), ("take", &first)]).await;
        let taken = office.get(&taken.location, &head).await.body;
        assert!(taken.contains("已匹配") && !taken.contains(&format!("value=\"{first}\"")), "{taken}");
        // Undo brings back the exact former state.
        let undo = between(&taken, "name=\"undo\" value=\"", "\"").to_owned();
        office.post(&desk, &head, &[("key", "m3"), ("do", "undo"), ("undo", &undo)]).await;
        let plain = |page: &str| page.split("name=\"key\"").map(|part| part.split_once('>').map_or(part, |(_, rest)| rest)).collect::<String>();
        assert_eq!(plain(&office.get(&desk, &head).await.body), plain(&before));
        // Sums that differ, nothing chosen, another book's account: refused in words.
        let entry = between(&before, "name=\"entry\" value=\"", "\"").to_owned();
        let line = between(&before, "name=\"line\" value=\"", "\"").to_owned();
        for (fields, code) in [
            (vec![("key", "m4"), ("do", "match"), ("line", line.as_str())], "W-103"),
            (vec![("key", "m5"), ("do", "match"), ("line", "40"), ("entry", entry.as_str())], "R-"),
            (vec![("key", "m6"), ("take", "nonsense")], "W-102"),
        ] {
            let refused = office.post(&desk, &head, &fields).await;
            assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(code), "{code}: {}", refused.body);
        }
        assert_eq!(office.get("/b/V001/2026-01/reconcile/NS01", &head).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved = office.post(&desk, &head, &[("key", "m7"), ("do", "save")]).await;
        assert!(office.get(&saved.location, &head).await.body.contains("余额调节表已签存"));
    }

    /// S11-A5: a line of a closed month is not matched: not on the page, by no button of it, not by the API, not typed, not by
    /// itself; reopened, it is.
    async fn s11_a5_matching_a_line_of_a_closed_month_is_refused(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let entry = closed_with_a_pair(&office).await;
        let head = office.log_in("zhuguan").await;
        let desk = "/b/V001/2026-01/reconcile/NS01";
        let page = office.get(desk, &head).await.body;
        let take = between(&page, "name=\"take\" value=\"", "\"").to_owned();
        let free = |page: &str| page.contains("data-line=\"1\"") && page.contains(&format!("value=\"{entry}.1\""));
        assert!(free(&page), "{page}");
        for fields in [&[("key", "m1"), ("do", "match"), ("line", "1"), ("entry", &*format!("{entry}.1"))][..], &[("key", "m2"), ("take", &take)]] {
            let refused = office.post(desk, &head, fields).await;
            assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("R-106"), "{fields:?}: {}", refused.body);
        }
        office.post(desk, &head, &[("key", "m3"), ("do", "run")]).await;
        let sent = Request::post("/api/v1/books/V001/reconcile/match").header(COOKIE, &head).header(CONTENT_TYPE, "application/json");
        let body = r#"{"account":"NS01","lines":"1","entries":"2026-01-记-1#1"}"#;
        let refused = office.send(sent.body(Body::from(body)).unwrap()).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("R-106"), "{}", refused.body);
        let typed = async || {
            let line = "cunzhang reconcile match --account NS01 --lines 1 --entries 2026-01-记-1#1";
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            let counter = Counter::in_office(office.county.office.clone(), actor("zhuguan"), None);
            answer_at(arguments.noun, &arguments.common, &counter).await
        };
        assert!(matches!(typed().await, Err(Stop::Refused(why)) if why.code == "R-106"));
        assert!(free(&office.get(desk, &head).await.body), "nothing was matched");
        let reopen = ReopenPeriod { book: "V001".into(), period: "2026-01".parse().unwrap(), reason: "补对一笔".into() };
        office.county.done("shenhe", reopen).await;
        typed().await.unwrap();
        assert!(office.get(desk, &head).await.body.contains("都已匹配") || !free(&office.get(desk, &head).await.body));
    }

    /// S10, step 3: a heading nobody knows is chosen from a list, with a sample beside it; the file is sent once.
    async fn columns_are_matched_by_choosing(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = office.log_in("kuaiji").await;
        let file = "发生日,摘要,科目编号,借方,贷方\r\n2026-01-05,收到补助,102,500.00,\r\n2026-01-05,收到补助,321,,500.00\r\n";
        let path = "/b/V001/2026-01/do/voucher/import";
        let looked = send_file(&office, path, &clerk, &[("key", "c1"), ("act", "preview")], ("一月.csv", file.as_bytes())).await;
        assert_eq!(looked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(looked.body.contains("name=\"column.date\"") && looked.body.contains("发生日(如 2026-01-05)"), "{}", looked.body);
        let staged = between(&looked.body, "name=\"staged\" value=\"", "\"").to_owned();
        let choice = [("key", "c2"), ("act", "preview"), ("staged", staged.as_str()), ("column.date", "发生日")];
        let again = send_file(&office, path, &clerk, &choice, ("", b"")).await;
        assert!(!again.body.contains("发生日(如 2026-01-05)</option><option value=\"发生日\">"), "{}", again.body);
        let chosen = between(&again.body, "name=\"column.date\">", "</select>");
        assert!(chosen.contains("value=\"发生日\" selected"), "{chosen}");
        assert!(again.status == StatusCode::OK || again.body.contains("问题清单"), "the head is found now: {}", again.body);
    }

    async fn a_wrong_file_is_shown_row_by_row(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = office.log_in("kuaiji").await;
        let file = "单位:白石村\r\n日期,摘要,科目编号,借方,贷方\r\n2026-01-05,收到补助,102,500.00,\r\n2026-01-05,收到补助,999,,500.00\r\n";
        let path = "/b/V001/2026-01/do/voucher/import";
        let looked = send_file(&office, path, &clerk, &[("key", "p1"), ("act", "preview")], ("一月.csv", file.as_bytes())).await;
        assert_eq!(looked.status, StatusCode::UNPROCESSABLE_ENTITY);
        for shown in ["O-206", "问题清单", "999", "下载错误行"] {
            assert!(looked.body.contains(shown), "{shown}: {}", looked.body);
        }
        let staged = between(&looked.body, "name=\"staged\" value=\"", "\"").to_owned();
        let fields = [("key", "p2"), ("act", "problems"), ("staged", staged.as_str())];
        let sheet = send_file(&office, path, &clerk, &fields, ("", b"")).await;
        assert!(sheet.headers[CONTENT_TYPE].to_str().unwrap().contains("spreadsheet"), "{:?}", sheet.headers);
        // Not a file anybody knows: said so.
        let strange = send_file(&office, path, &clerk, &[("key", "p3"), ("act", "preview")], ("一月.xlsx", b"PK\x03\x04nonsense")).await;
        assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", strange.body);
    }
}
