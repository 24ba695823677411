//! S10 and S11 by plain forms: a statement looked at, taken in as a job, matched, taken back, kept; wrong files in words.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use clap::Parser;
use cunzhang::demo::Step;
use cunzhang::demo::reconciliation::steps;
use cunzhang::faces::cli::answer_at;
use cunzhang::faces::cli::args::Arguments;
use cunzhang::faces::cli::counter::Counter;

use crate::office::{Reply, WebOffice};
use crate::support::county::actor;
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
