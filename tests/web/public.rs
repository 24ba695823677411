//! S14 and S17: a sheet made, approved by another person, published; the public page by a telephone with scripts off.

use axum::http::StatusCode;
use cunzhang::controls::disclosure::contact::Contact;
use cunzhang::controls::disclosure::masking::numbers_in;
use cunzhang::controls::disclosure::service::steps::SaveContact;
use cunzhang::controls::mergers::service::MergeVillages;
use cunzhang::controls::period_close::service::{ClosePeriod, TransferProfitAndLoss};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, Dimensions, Voucher};

use crate::chromium::{Browser, PHONE};
use crate::office::WebOffice;
use crate::support::county::{date, yuan};
use crate::support::{Engine, TestDatabase, fresh, on_both_engines, pdf};

const ROOM: &str = "/b/V001/2026-01/disclosure";

async fn pay(office: &WebOffice, summary: &str, amount: &str) {
    let class = Dimensions { fund_class: Some("村集体经济组织收益".into()), ..Dimensions::default() };
    let draft = Voucher::on(&"V001".into(), date("2026-01-04"), summary);
    let draft = draft.debit(&"51401".into(), yuan(amount), Dimensions::default());
    let voucher = draft.credit(&"102".into(), yuan(amount), class).balanced().unwrap();
    office.county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
}

/// Makes, approves and publishes the receipts of January; answers the sheet's address.
async fn publish(office: &WebOffice, key: &str, reason: &str) -> String {
    let (keeper, committee) = (office.log_in("kuaiji").await, office.log_in("jianweihui").await);
    let fields = [("key", key), ("kind", "receipts"), ("span", "2026-01"), ("subject", ""), ("reason", reason)];
    let made = office.post(&format!("{ROOM}/make"), &keeper, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let step = format!("{}/step", made.location);
    for (cookie, act) in [(&committee, "approve"), (&keeper, "publish")] {
        let done = office.post(&step, cookie, &[("key", ""), ("do", act)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{act}: {}", done.body);
    }
    made.location
}

on_both_engines! {
    async fn s17_a3_a4_old_links_say_so_and_no_number_of_a_person_is_public(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        pay(&office, "道路维修,付覃某459900199003070189", "1200.00").await;
        assert_eq!(office.get("/open/V001", "").await.status, StatusCode::NOT_FOUND, "nothing is public yet");
        let keeper = office.log_in("kuaiji").await;
        let first = publish(&office, "m1", "").await;
        // S14-A1: the publish step lists what is left out and says that the scan is clean.
        let preview = office.get(&first, &keeper).await.body;
        assert!(preview.contains("不公开的列:对方账号、证件号码") && preview.contains("✓ 已扫描"), "{preview}");
        let village = office.get("/open/V001", "").await.body;
        assert!(village.contains("2026年1月收支公开") && village.contains("/open/V001/1"), "{village}");
        let page = office.get("/open/V001/1", "").await.body;
        for shown in ["道路维修", "1,200.00", "暂计"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        // S17-A4: no identity or account number on any public page.
        for path in ["/open", "/open/V001", "/open/V001/1", "/open/V001/1?q=%E9%81%93%E8%B7%AF", "/open/V001/1?big=1"] {
            let reply = office.get(path, "").await;
            assert_eq!(reply.status, StatusCode::OK, "{path}");
            assert_eq!(numbers_in(&reply.body), Vec::<String>::new(), "{path}");
            assert!(!reply.body.contains("<script") && reply.body.len() < 60 * 1024, "{path}");
        }
        assert!(!office.get("/open/V001/1?q=nobody", "").await.body.contains("道路维修"));
        assert!(office.get("/open/V001/qr.svg", "").await.body.starts_with("<?xml"));
        // S17-A3: after a correction the old address works and says so.
        pay(&office, "补记清洁费", "30.00").await;
        publish(&office, "m2", "漏记清洁费").await;
        let old = office.get("/open/V001/1", "").await.body;
        assert!(old.contains("这一份已更正") && old.contains("/open/V001/2") && !old.contains("补记清洁费"), "{old}");
        assert!(office.get("/open/V001/2", "").await.body.contains("补记清洁费"));
        // A question gets a number; its answer is shown when another person released it.
        let asked = office.post("/open/V001/ask", "", &[("text", "道路维修是谁做的?"), ("sheet", "2")]).await;
        assert_eq!(asked.location, "/open/V001?asked=1", "{}", asked.body);
        let question = format!("{ROOM}/question");
        office.post(&question, &keeper, &[("key", "q1"), ("question", "1"), ("answer", "由村民自建"), ("do", "answer")]).await;
        assert!(!office.get("/open/V001", "").await.body.contains("由村民自建"));
        let committee = office.log_in("jianweihui").await;
        office.post(&question, &committee, &[("key", "q2"), ("question", "1"), ("do", "release")]).await;
        assert!(office.get("/open/V001", "").await.body.contains("由村民自建"));
    }
}

/// Ends V001 on the first of February: its balances go to V002.
async fn merge(office: &WebOffice) {
    let (book, january) = (BookCode::from("V001"), "2026-01".parse().unwrap());
    office.county.done("zhuguan", TransferProfitAndLoss { book: book.clone(), period: january }).await;
    let reason = Some("撤并前结账".to_owned());
    office.county.done("zhuguan", ClosePeriod { book: book.clone(), period: january, reason }).await;
    let (document, on) = ("县政函〔2026〕3号".to_owned(), date("2026-02-01"));
    let merge = MergeVillages { into: "V002".into(), from: vec![book], on, document, accounts: Vec::new() };
    office.county.done("zhuguan", merge).await;
}

on_both_engines! {
    /// A village that was merged says into which and since when and leads there, with what it published under its old
    /// addresses; the other names it, before it published anything itself.
    async fn s17_a_merged_village_leads_to_the_one_it_went_into(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        pay(&office, "道路维修", "1200.00").await;
        publish(&office, "m1", "").await;
        for none in ["/open/V002", "/open/V002/qr.svg"] {
            assert_eq!(office.get(none, "").await.status, StatusCode::NOT_FOUND, "{none}");
        }
        assert!(!office.get("/open/V001", "").await.body.contains("并入"));
        merge(&office).await;
        let (old, new) = ("V001村股份经济合作社", "V002村股份经济合作社");
        let told = format!("{old}已并入{new}:从2026年2月1日起的账目由{new}公开");
        for path in ["/open/V001", "/open/V001/1"] {
            let page = office.get(path, "").await.body;
            assert!(page.contains(&told) && page.contains("href=\"/open/V002\""), "{path}: {page}");
        }
        assert!(office.get("/open/V001", "").await.body.contains("/open/V001/1"));
        let page = office.get("/open/V002", "").await.body;
        assert!(page.contains(&format!("{old} 并入前公开的内容")) && page.contains("href=\"/open/V001\""), "{page}");
        assert!(page.contains(new) && !page.contains("已并入"), "{page}");
        let county = office.get("/open", "").await.body;
        assert!(county.contains(&format!("2026-02-01 起并入 {new}")) && county.contains("href=\"/open/V002\""), "{county}");
        assert_eq!(office.get("/open/V002/qr.svg", "").await.status, StatusCode::OK);
        for path in ["/open", "/open/V001", "/open/V001/1", "/open/V002"] {
            let reply = office.get(path, "").await;
            assert!(!reply.body.contains("<script") && reply.body.len() < 60 * 1024, "{path}");
        }
    }
}

fn contact(place: &str, phone: &str) -> SaveContact {
    let (place, phone, from) = (place.to_owned(), phone.to_owned(), date("2026-01-01"));
    SaveContact { contact: Contact { place, from, office: "镇村务监督".into(), phone, document: "公告1号".into() } }
}

/// The text of a public PDF.
async fn text_of(office: &WebOffice, path: &str) -> (Vec<u8>, String) {
    let reply = office.get(path, "").await;
    assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body.chars().take(300).collect::<String>());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("open.pdf");
    std::fs::write(&file, &reply.bytes).unwrap();
    (reply.bytes, pdf::squeezed(&pdf::pages(&file).join("\n")))
}

on_both_engines! {
    /// Who approved and whom to call stand on the sheet, its page and its PDF as they were on the day; the PDF comes from the
    /// frozen copy alone, is masked, and is the same bytes each time.
    async fn s17_approver_telephone_and_pdf_come_with_the_frozen_sheet(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        assert_eq!(office.county.refused("xianban", contact("459900101000", "13800000000")).await, "Q-109");
        office.county.done("xianban", contact("459900101000", "0999-7000001")).await;
        office.county.done("xianban", contact("459900102000", "0999-7000002")).await;
        pay(&office, "道路维修,付覃某459900199003070189,卡6217000000000000004", "1200.00").await;
        publish(&office, "m1", "").await;
        let page = office.get("/open/V001/1", "").await.body;
        for shown in ["审核 jianweihui某(村监委会)", "监督电话 0999-7000001 镇村务监督", "/open/V001/1/pdf"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(office.get("/open/V001", "").await.body.contains("监督电话 0999-7000001"));
        let (bytes, text) = text_of(&office, "/open/V001/1/pdf").await;
        for shown in ["jianweihui某(村监委会)", "0999-7000001", "道路维修", "1,200.00"] {
            assert!(text.contains(shown), "{shown}: {text}");
        }
        assert_eq!(numbers_in(&text), Vec::<String>::new());
        // The long picture for the chat group: the same paper, two pixels to a point; its code leads to the page.
        let picture = office.get("/open/V001/1/png", "").await;
        let drawn = image::load_from_memory(&picture.bytes).unwrap().to_luma8();
        assert!(drawn.width() == 1191 && drawn.height() >= 1684, "{}×{}", drawn.width(), drawn.height());
        assert!(drawn.pixels().filter(|pixel| pixel.0[0] < 128).count() > 1_000, "something is written on it");
        assert!(office.get("/open/V001/1/png", "").await.bytes == picture.bytes);
        // Later postings, a new telephone, another name change nothing of it.
        pay(&office, "补记清洁费", "30.00").await;
        office.county.done("xianban", contact("459900101000", "0999-7000009")).await;
        let renamed = cunzhang::access::service::AddUser {
            user: "jianweihui".into(),
            name: "改名".into(),
            role: "committee".into(),
            scope: "V001".into(),
        };
        office.county.done("guanli", renamed).await;
        assert!(text_of(&office, "/open/V001/1/pdf").await.0 == bytes, "the same copy gives the same bytes");
        assert!(office.get("/open/V001/1", "").await.body.contains("jianweihui某(村监委会)"));
        // A correction: the old PDF stays under its address and says so.
        publish(&office, "m2", "漏记清洁费").await;
        let (_, old) = text_of(&office, "/open/V001/1/pdf").await;
        assert!(old.contains("这一份已更正") && old.contains("漏记清洁费") && !old.contains("补记清洁费"), "{old}");
        assert!(text_of(&office, "/open/V001/2/pdf").await.1.contains("0999-7000009"));
        let step = [("key", "w"), ("do", "withdraw"), ("reason", "误发")];
        office.post(&format!("{ROOM}/2/step"), &office.log_in("kuaiji").await, &step).await;
        for gone in ["/open/V001/2/pdf", "/open/V001/2/png", "/open/V001/9/pdf", "/open/V002/1/pdf", "/open/V001/x/pdf"] {
            assert_eq!(office.get(gone, "").await.status, StatusCode::NOT_FOUND, "{gone}");
        }
    }
}

/// 360 px wide, scripts off, ordinary and large type: everything is there and nothing leaves the screen.
#[tokio::test(flavor = "multi_thread")]
async fn s17_a1_works_with_scripts_off_at_360_px_and_in_large_type() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    pay(&office, "道路维修", "1200.00").await;
    publish(&office, "m1", "").await;
    let browser = Browser::open(&office, PHONE, true).await;
    for (path, name) in
        [("/open", "open"), ("/open/V001", "open-village"), ("/open/V001/1", "open-sheet"), ("/open/V001/1?big=1", "open-big")]
    {
        browser.go(path).await;
        browser.check_page(&format!("phone-{name}")).await;
        let wide = browser.script("return document.documentElement.scrollWidth <= window.innerWidth").await;
        assert_eq!(wide, serde_json::json!(true), "{path} is wider than the screen");
    }
    browser.nothing_from_elsewhere().await;
    browser.end().await;
    let plain = Browser::open(&office, PHONE, false).await;
    plain.go("/open/V001/1").await;
    plain.wait_for("道路维修").await;
    plain.type_in("input[name=q]", "道路").await;
    plain.click("button").await;
    plain.wait_for("显示全部").await;
    plain.end().await;
}
