//! Story 4 by plain forms, as with scripts off: vouchers entered, sent back, approved, posted, reversed; the month closed.

use axum::http::StatusCode;

use crate::office::WebOffice;
use crate::support::{TestDatabase, on_both_engines};

/// The fields of a two-line voucher.
fn voucher<'a>(key: &'a str, date: &'a str, amounts: (&'a str, &'a str), act: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("key", key),
        ("word", "记"),
        ("date", date),
        ("papers", "1"),
        ("summary", "收到捐款"),
        ("account", "101 库存现金"),
        ("dimensions", ""),
        ("debit", amounts.0),
        ("credit", ""),
        ("summary", ""),
        ("account", "102"),
        ("dimensions", ""),
        ("debit", ""),
        ("credit", amounts.1),
        ("do", act),
    ]
}

on_both_engines! {
    async fn a_month_by_forms(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, reviewer) = (office.log_in("kuaiji").await, office.log_in("shenhe").await);
        let (list, new) = ("/b/V001/2026-01/vouchers", "/b/V001/2026-01/vouchers/new");

        // Unbalanced: refused with the difference, and everything typed is still there.
        let wrong = office.post(new, &clerk, &voucher("k1", "2026-01-05", ("100.00", "90.00"), "draft")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in ["L-101", "10.00", "value=\"101 库存现金\"", "value=\"100.00\"", "收到捐款"] {
            assert!(wrong.body.contains(kept), "{kept}");
        }
        // Money comes in first, by full-width digits; a second click saves nothing twice.
        let opening = voucher("k2", "2026-01-05", ("0", "0"), "submit");
        let mut opening = opening;
        opening[7] = ("debit", "１，０００．００");
        opening[5] = ("account", "102");
        opening[10] = ("account", "301");
        opening[13] = ("credit", "1000");
        for _ in 0..2 {
            let saved = office.post(new, &clerk, &opening).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
            assert!(saved.location.contains("saved=2026-01-%E8%AE%B0-1"), "{}", saved.location);
        }
        let saved = office.post(new, &clerk, &voucher("k3", "2026-01-06", ("300.00", "300"), "draft")).await;
        assert!(saved.location.contains("-2"), "{}", saved.location);
        let page = office.get(&format!("{list}?state=submitted"), &clerk).await;
        assert!(page.body.contains("记-1") && !page.body.contains("记-2"), "{}", page.body);

        // The maker may not approve; the reviewer returns one with a reason, which the maker reads and mends.
        let own = office.post(list, &clerk, &[("key", "m0"), ("step", "approve"), ("voucher", "2026-01-记-1")]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        office.post(list, &clerk, &[("key", "m1"), ("step", "submit"), ("voucher", "2026-01-记-2")]).await;
        let back = office.post(list, &reviewer, &[("key", "m2"), ("step", "return"), ("voucher", "2026-01-记-2"), ("reason", "摘要不清")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
        assert!(office.get(list, &clerk).await.body.contains("摘要不清"));
        let edit = "/b/V001/2026-01/vouchers/2026-01-%E8%AE%B0-2/edit";
        assert!(office.get(edit, &clerk).await.body.contains("value=\"300.00\""));
        let mended = office.post(edit, &clerk, &voucher("k4", "2026-01-06", ("250.00", "250"), "submit")).await;
        assert_eq!(mended.status, StatusCode::SEE_OTHER, "{}", mended.body);

        // The desk counts what the lists show; closing is blocked until all is posted.
        let desk = office.get("/b/V001/2026-01/desk", &clerk).await.body;
        assert!(desk.contains("<b>2</b> 张凭证待审核"), "{desk}");
        let blocked = office.post("/b/V001/2026-01/closing/close", &clerk, &[("key", "c0")]).await;
        assert!(blocked.status == StatusCode::UNPROCESSABLE_ENTITY && blocked.body.contains("B-201"), "{}", blocked.body);
        assert!(blocked.body.contains("/b/V001/2026-01/vouchers/2026-01-记-1"), "a finding leads to its voucher");
        for (key, step) in [("m3", "approve"), ("m4", "post")] {
            let both = [("key", key), ("step", step), ("voucher", "2026-01-记-1"), ("voucher", "2026-01-记-2")];
            let moved = office.post(list, &reviewer, &both).await;
            assert_eq!(moved.status, StatusCode::SEE_OTHER, "{step}: {}", moved.body);
        }
        // A posted voucher has no control that changes it; it is reversed in red, linked both ways.
        let paper = "/b/V001/2026-01/vouchers/2026-01-%E8%AE%B0-2";
        let shown = office.get(paper, &clerk).await.body;
        assert!(!shown.contains("/edit") && shown.contains("/reverse") && shown.contains("贰佰伍拾元整"), "{shown}");
        let red = office.post(&format!("{paper}/reverse"), &clerk, &[("key", "r1"), ("on", "2026-01-20"), ("reason", "重复")]).await;
        assert!(red.location.ends_with("2026-01-%E8%AE%B0-3"), "{} {}", red.location, red.body);
        for (key, step) in [("m5", "approve"), ("m6", "post")] {
            office.post(list, &reviewer, &[("key", key), ("step", step), ("voucher", "2026-01-记-3")]).await;
        }
        let shown = office.get(paper, &clerk).await.body;
        assert!(shown.contains("已被红冲") && shown.contains("2026-01-记-3"), "{shown}");
        let red = office.get("/b/V001/2026-01/vouchers/2026-01-%E8%AE%B0-3", &clerk).await.body;
        assert!(red.contains("-250.00") && red.contains("2026-01-记-2"), "{red}");

        // Drilling: trial balance → ledger → voucher; the spreadsheet is one.
        let trial = office.get("/b/V001/2026-01/trial-balance", &clerk).await.body;
        assert!(trial.contains("/b/V001/2026-01/ledger?account=102") && trial.contains("1,000.00"), "{trial}");
        let ledger = office.get("/b/V001/2026-01/ledger?account=102", &clerk).await.body;
        assert!(ledger.contains("/b/V001/2026-01/vouchers/2026-01-记-2"), "{ledger}");
        let xlsx = office.get("/b/V001/2026-01/trial-balance?format=xlsx", &clerk).await;
        assert!(xlsx.body.starts_with("PK") && xlsx.headers["content-disposition"].to_str().unwrap().contains("attachment"));

        // The close, what it forbids, and the reopening with a reason.
        let closed = office.post("/b/V001/2026-01/closing/close", &clerk, &[("key", "c1"), ("reason", "附单据后补")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        assert!(office.get(list, &clerk).await.body.contains("已结账"));
        let late = office.post(new, &clerk, &voucher("k5", "2026-01-31", ("1", "1"), "draft")).await;
        assert!(late.body.contains("L-201") || late.body.contains("已结账"), "{}", late.body);
        let silent = office.post("/b/V001/2026-01/closing/reopen", &reviewer, &[("key", "o0"), ("reason", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let opened = office.post("/b/V001/2026-01/closing/reopen", &reviewer, &[("key", "o1"), ("reason", "漏记一笔")]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    }

    /// S08: an own sub-account is added and offered at entry; the administrator registers somebody who can log in.
    async fn accounts_and_people(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, admin) = (office.log_in("kuaiji").await, office.log_in("guanli").await);
        let add = [("key", "a1"), ("code", "10201"), ("name", "农商行"), ("requires", "")];
        assert_eq!(office.post("/b/V001/2026-01/accounts", &clerk, &add).await.status, StatusCode::SEE_OTHER);
        assert!(office.get("/b/V001/2026-01/vouchers/new", &clerk).await.body.contains("10201 银行存款"));
        let person = [
            ("key", "u1"), ("user", "xinren"), ("name", "新人"), ("role", "clerk"), ("scope", "V001"),
            ("password", crate::office::PASSWORD), ("again", crate::office::PASSWORD),
        ];
        assert_eq!(office.post("/users", &admin, &person).await.status, StatusCode::SEE_OTHER);
        let newcomer = office.log_in("xinren").await;
        assert_eq!(office.get("/", &newcomer).await.location, "/books/V001");
        let mine = [("present", crate::office::PASSWORD), ("password", "另一个好密码-2026"), ("again", "另一个好密码-2026")];
        assert_eq!(office.post("/me", &newcomer, &mine).await.location, "/login");
        assert!(office.get("/books", &newcomer).await.location.starts_with("/login?"), "the old session ended with the old password");
        let secrets = office.get("/users", &admin).await.body;
        assert!(!secrets.contains("argon2") && !secrets.contains(crate::office::PASSWORD));
    }
}
