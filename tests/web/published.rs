//! Story 6 in a real browser, and the acceptance points of disclosure (S14) and of the public page (S17) by name.

use std::path::Path;

use axum::http::StatusCode;
use cunzhang::controls::disclosure::masking::numbers_in;
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::AddBook;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::money::Rate;
use cunzhang::products::cooperative_shares::class::{ClassKind, ShareClass, Source};
use cunzhang::products::cooperative_shares::plan::{Method, Terms};
use cunzhang::products::cooperative_shares::service::register::{AddShareClasses, Subscribe, Subscription};
use cunzhang::products::cooperative_shares::service::steps::{PostPlan, PublishPlan, ReviewPlan};
use cunzhang::products::cooperative_shares::service::year_end::{DraftPlan, SettleResult};

use crate::chromium::{Browser, PHONE};
use crate::office::WebOffice;
use crate::support::county::{date, simple, yuan};
use crate::support::{Engine, TestDatabase, fresh, on_both_engines, pdf};
use crate::village_stories::{AT, kept, list_of_people, pay};

/// The dividend of the village's cooperative as story 2 ends: shares, a surplus, a plan reviewed by another person, announced, posted.
async fn dividend(office: &WebOffice) {
    let (county, book) = (&office.county, BookCode::from("C001"));
    let (first_period, kind) = ("2025-01".parse().unwrap(), EntityKind::Cooperative);
    let place = Some("459900101201".into());
    let new = Book { book: book.clone(), name: "谷雨合作社".into(), kind, place, organisation: None, first_period };
    county.done("xianban", AddBook { book: new, regime: None }).await;
    let class = ShareClass::ordinary("A", "资金股", ClassKind::Subscribed);
    county.done("kuaiji", AddShareClasses { book: book.clone(), classes: vec![class] }).await;
    let paid = |(member, amount): (&str, &str)| Subscription {
        member: member.into(),
        source: Source::OwnCash,
        paid: yuan(amount),
        assets: Vec::new(),
        shares: yuan(amount),
    };
    let subscribe = Subscribe {
        book: book.clone(),
        on: date("2025-01-05"),
        class: "A".into(),
        money_account: "102".into(),
        subscriptions: [("H001", "10000.00"), ("H002", "20000.00"), ("H003", "10000.00")].map(paid).into(),
        document: "入股协议".into(),
        investor_book: None,
        investor_project: None,
    };
    county.done("kuaiji", subscribe).await;
    let income = simple(&book, "2025-09-01", "102", "501", "8000.00");
    county.done("zhuguan", PostVouchers { vouchers: vec![income], event: None }).await;
    county.done("kuaiji", SettleResult { book: book.clone(), year: 2025 }).await;
    let terms = Terms {
        year: 2025,
        reserve_rate: Rate::ZERO,
        refund_rate: Rate::ZERO,
        basis: Some("成员大会决议".into()),
        remaining: Some(yuan("900.00")),
        method: Method::RecordDate(date("2025-12-01")),
        tax_rate: Rate::ZERO,
    };
    county.done("kuaiji", DraftPlan { book: book.clone(), terms }).await;
    county.done("shenhe", ReviewPlan { book: book.clone(), plan: 1 }).await;
    let (from, through) = (date("2025-12-11"), date("2025-12-17"));
    county.done("kuaiji", PublishPlan { book: book.clone(), plan: 1, from, through, document: "公示栏".into() }).await;
    county.done("kuaiji", PostPlan { book, plan: 1, on: date("2025-12-30") }).await;
}

/// Makes, approves and publishes a sheet of January; answers its page in the office.
pub async fn publish(office: &WebOffice, kind: &str, subject: &str) -> String {
    publish_of(office, (AT, "jianweihui"), [("kind", kind), ("span", "2026-01"), ("subject", subject)]).await
}

/// The list of the cooperative's dividend, public.
async fn publish_dividend(office: &WebOffice) -> String {
    let what = [("kind", "dividends"), ("span", "2025-12"), ("subject", "1")];
    publish_of(office, ("/b/C001/2025-12", "shenhe"), what).await
}

async fn publish_of(office: &WebOffice, (at, approver): (&str, &str), what: [(&str, &str); 3]) -> String {
    let (keeper, committee) = (office.log_in("kuaiji").await, office.log_in(approver).await);
    let fields = [&what[..], &[("key", what[0].1), ("reason", "")]].concat();
    let made = office.post(&format!("{at}/disclosure/make"), &keeper, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let step = format!("{}/step", made.location);
    for (cookie, act) in [(&committee, "approve"), (&keeper, "publish")] {
        let done = office.post(&step, cookie, &[("key", ""), ("do", act)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{act}: {}", done.body);
    }
    made.location
}

/// What the code on a page of a PDF says.
fn code_on(path: &Path) -> String {
    let stem = path.with_extension("");
    let done = std::process::Command::new("pdftoppm")
        .args(["-r", "150", "-l", "1", "-png", "-singlefile"])
        .arg(path)
        .arg(&stem)
        .status();
    assert!(done.expect("poppler-utils are installed").success());
    let picture = image::open(stem.with_extension("png")).unwrap().to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.get_pixel(x as u32, y as u32).0[0]);
    let codes = seen.detect_grids();
    assert_eq!(codes.len(), 1, "one code stands on {}", path.display());
    codes[0].decode().unwrap().1
}

/// Story 6 with scripts off: a villager finds an outgoing and their own name, asks, and later reads the answer; the wall sheet's
/// code leads to the page and its sums are the page's.
#[tokio::test(flavor = "multi_thread")]
async fn story_6_a_villager_reads_and_asks_without_scripts() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let folder = tempfile::tempdir().unwrap();
    pay(&office, "道路维修", "1200.00").await;
    pay(&office, "清洁费", "310.40").await;
    list_of_people(&office).await;
    let receipts = publish(&office, "receipts", "").await;
    dividend(&office).await;
    publish_dividend(&office).await;
    let browser = Browser::open(&office, PHONE, false).await;
    browser.go("/open/V001").await;
    browser.wait_for("收支公开").await;
    browser.client.find(fantoccini::Locator::LinkText("2026年1月收支公开")).await.ok();
    browser.go("/open/V001/1").await;
    browser.type_in("input[name=q]", "道路维修").await;
    browser.click(".find button").await;
    browser.wait_for("1,200.00").await;
    assert!(!browser.text().await.contains("清洁费"), "only what was looked for");
    browser.go("/open").await;
    browser.wait_for("谷雨合作社").await;
    browser.go("/open/C001/1").await;
    browser.type_in("input[name=q]", "覃二").await;
    browser.click(".find button").await;
    browser.wait_for("450.00").await;
    assert!(!browser.text().await.contains("韦一"), "only one's own name");
    for path in ["/open", "/open/V001", "/open/V001/1", "/open/C001", "/open/C001/1"] {
        let reply = office.get(path, "").await;
        assert!(reply.body.len() <= 60 * 1024 && !reply.body.contains("<script"), "{path}: {} bytes", reply.body.len());
        assert_eq!(numbers_in(&reply.body), Vec::<String>::new(), "{path}");
    }
    browser.go("/open/V001/1").await;
    browser.type_in("textarea[name=text]", "道路维修是谁做的?").await;
    browser.click(".ask button").await;
    browser.wait_for("已收到提问,编号 1").await;
    let (keeper, committee) = (office.log_in("kuaiji").await, office.log_in("jianweihui").await);
    let question = format!("{AT}/disclosure/question");
    office.post(&question, &keeper, &[("key", "q1"), ("question", "1"), ("answer", "由村民自建"), ("do", "answer")]).await;
    browser.go("/open/V001").await;
    assert!(!browser.text().await.contains("由村民自建"), "not released yet");
    office.post(&question, &committee, &[("key", "q2"), ("question", "1"), ("do", "release")]).await;
    browser.go("/open/V001").await;
    browser.wait_for("由村民自建").await;
    browser.end().await;
    // The wall sheet in A3: its code leads to the page, its figures are the page's, and nothing of a person stands in it.
    let page = office.get("/open/V001/1", "").await.body;
    for (format, name, size) in [("a3", "story-6-公开榜-A3", 4_200), ("pdf", "story-6-公开榜-A4", 2_970)] {
        let sheet = kept(folder.path(), name, &office.get(&format!("{receipts}?format={format}"), &keeper).await);
        assert_eq!(code_on(&sheet), "http://localhost/open/V001/1");
        assert!(pdf::boxes(&sheet).iter().all(|(width, height)| *width.max(height) == size), "{:?}", pdf::boxes(&sheet));
        let text = pdf::pages(&sheet).join("\n");
        for amount in pdf::amounts(&text) {
            assert!(page.contains(&amount), "{amount} stands on the page too");
        }
        assert!(pdf::squeezed(&text).contains("1,510.40"), "{text}");
        assert_eq!(numbers_in(&text), Vec::<String>::new());
    }
}

on_both_engines! {
    async fn s14_a1_every_masked_column_is_named_and_a_scan_proves_it(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        pay(&office, "付覃某459900199003070189,卡号6217000000000000004", "1200.00").await;
        list_of_people(&office).await;
        let keeper = office.log_in("kuaiji").await;
        for (kind, subject) in [("receipts", ""), ("payouts", "B1"), ("position", ""), ("income", "")] {
            let sheet = publish(&office, kind, subject).await;
            let shown = office.get(&sheet, &keeper).await.body;
            assert!(shown.contains("不公开的列") && shown.contains("✓ 已扫描"), "{kind}: {shown}");
            let wall = office.get(&format!("{sheet}?format=pdf"), &keeper).await;
            let folder = tempfile::tempdir().unwrap();
            let text = pdf::pages(&kept(folder.path(), &format!("s14-{kind}"), &wall)).join("\n");
            let public = sheet.replace(&format!("{AT}/disclosure"), "/open/V001");
            for text in [text, office.get(&public, "").await.body, office.get(&format!("{sheet}/phone"), &keeper).await.body] {
                assert_eq!(numbers_in(&text), Vec::<String>::new(), "{kind}");
            }
        }
    }

    /// A list of people shows the agreed columns and no other; each list names what stays in the office.
    async fn s17_a4_no_personal_data_beyond_the_agreed_columns(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        list_of_people(&office).await;
        publish(&office, "payouts", "B1").await;
        dividend(&office).await;
        publish_dividend(&office).await;
        for (path, heads, left_out) in [
            ("/open/V001/1", ["序号", "姓名", "金额"].as_slice(), "身份证号、账号、开户行、户名、联系电话"),
            ("/open/C001/1", &["序号", "姓名", "应分", "代扣", "实发"], "成员编号、身份证号、账号、开户行、联系电话"),
        ] {
            let page = office.get(path, "").await.body;
            let shown: Vec<&str> = page.split("<th scope=\"col\"").skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1)).collect();
            assert_eq!(shown, heads, "{path}");
            assert!(page.contains(left_out), "{path}: {page}");
            for hidden in ["H001", "6217", "农商行"] {
                assert!(!page.contains(hidden), "{path} shows {hidden}");
            }
        }
    }

    async fn s14_a2_sums_on_the_sheet_equal_the_books(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        for (summary, amount) in [("道路维修", "1200.00"), ("清洁费", "310.40"), ("电费", "0.01")] {
            pay(&office, summary, amount).await;
        }
        publish(&office, "receipts", "").await;
        let keeper = office.log_in("kuaiji").await;
        let balance = office.get(&format!("{AT}/trial-balance"), &keeper).await.body;
        let page = office.get("/open/V001/1", "").await.body;
        assert!(balance.contains("1,510.41") && page.matches("1,510.41").count() >= 2, "{page}");
    }

    async fn s17_a2_public_pages_are_light_and_ask_nobody(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        for n in 0..130 {
            pay(&office, &format!("第{n}笔办公用品"), "1.00").await;
        }
        publish(&office, "receipts", "").await;
        for path in ["/open", "/open/V001", "/open/V001/1", "/open/V001/1?p=2", "/open/V001/1?big=1"] {
            let reply = office.get(path, "").await;
            let from_elsewhere = reply.body.matches("src=\"http").count() + reply.body.matches("href=\"http").count();
            assert_eq!((reply.status, from_elsewhere, reply.body.contains("<script")), (StatusCode::OK, 0, false), "{path}");
            assert!(reply.body.len() < 60 * 1024, "{path}: {} bytes", reply.body.len());
        }
    }
}
