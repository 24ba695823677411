//! The print centre: choices kept by the workstation, rare characters named before printing, PDFs from every room.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use crate::office::{Reply, WebOffice};
use crate::support::{TestDatabase, on_both_engines};

fn is_pdf(reply: &Reply) -> bool {
    let kind = reply.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    reply.status == StatusCode::OK && kind == Some("application/pdf") && reply.body.starts_with("%PDF-1.7")
}

const VOUCHER: [(&str, &str); 15] = [
    ("key", "p1"),
    ("word", "记"),
    ("date", "2026-01-05"),
    ("papers", "1"),
    ("summary", "收张𬺲捐款"),
    ("account", "102"),
    ("dimensions", ""),
    ("debit", "1000.00"),
    ("credit", ""),
    ("summary", ""),
    ("account", "301"),
    ("dimensions", ""),
    ("debit", ""),
    ("credit", "1000.00"),
    ("do", "submit"),
];

on_both_engines! {
    async fn what_a_page_shows_it_prints(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = office.log_in("kuaiji").await;
        let at = |page: &str| format!("/b/V001/2026-01/{page}");
        let empty = office.get(&at("print/vouchers"), &clerk).await;
        assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.body.contains("Q-102"), "{}", empty.body);
        let saved = office.post(&at("vouchers/new"), &clerk, &VOUCHER).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);

        let page = office.get(&at("print"), &clerk).await;
        for word in ["[U+2CEB2]", "收张𬺲捐款", "凭证纸 240×140 mm", "套打(只印数据)", "value=\"0.0\""] {
            assert!(page.body.contains(word), "{word}: {}", page.body);
        }
        let paths = ["print/vouchers", "print/trial", "print/closing", "vouchers/2026-01-%E8%AE%B0-1/paper",
            "trial-balance?format=pdf", "ledger?format=pdf", "ledger?account=102&format=pdf", "journal?format=pdf",
            "statements?name=balance-sheet&format=pdf", "do/voucher/list?format=pdf"];
        for path in paths {
            let reply = office.get(&at(path), &clerk).await;
            assert!(is_pdf(&reply), "{path}: {} {}", reply.status, &reply.body.chars().take(300).collect::<String>());
        }
    }

    async fn a_choice_stays_with_the_workstation(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = office.log_in("kuaiji").await;
        let print = "/b/V001/2026-01/print";
        let choice = |right: &'static str| [("paper", "a5"), ("layer", "data"), ("digits", "1"), ("right", right), ("down", "-1.5")];
        let wrong = office.post(print, &clerk, &choice("2.05")).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("W-102"), "{}", wrong.body);
        let kept = office.post(print, &clerk, &choice("2.0")).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
        assert!(kept.cookie.starts_with("print=paper=a5+digits+data+x=2.0+y=-1.5;"), "{}", kept.cookie);
        let here = format!("{clerk}; {}", kept.cookie.split(';').next().unwrap_or_default());
        let page = office.get(print, &here).await;
        assert!(page.body.contains("value=\"2.0\"") && page.body.contains("value=\"a5\" selected"), "{}", page.body);
        let elsewhere = office.get(print, &clerk).await;
        assert!(elsewhere.body.contains("value=\"240x140\" selected"));
        let (here, elsewhere) = (office.get(&format!("{print}/trial"), &here).await, office.get(&format!("{print}/trial"), &clerk).await);
        assert!(is_pdf(&here) && is_pdf(&elsewhere) && here.body != elsewhere.body);
    }
}
