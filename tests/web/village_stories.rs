//! Stories 3 and 6 in a real browser, and the acceptance points of claims, disclosure and the public page by name.

use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use cunzhang::controls::disclosure::masking::numbers_in;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{Dimensions, Voucher};
use cunzhang::payouts::PayoutKind;
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{DrawUp, KeepPayees};

use crate::chromium::{Browser, PHONE};
use crate::office::{Reply, WebOffice};
use crate::support::county::{date, yuan};
use crate::support::{Engine, TestDatabase, fresh, on_both_engines, pdf};

const AT: &str = "/b/V001/2026-01";

fn is_pdf(reply: &Reply) -> bool {
    reply.status == StatusCode::OK && reply.headers[CONTENT_TYPE] == "application/pdf"
}

/// A PDF as a file, for programs that read one.
fn kept(folder: &Path, name: &str, reply: &Reply) -> PathBuf {
    assert!(is_pdf(reply), "{name}: {} {}", reply.status, reply.body.chars().take(300).collect::<String>());
    let path = folder.join(format!("{name}.pdf"));
    std::fs::write(&path, &reply.bytes).unwrap();
    pdf::pictures(&path, name);
    path
}

/// A photographed bill, as a file of the telephone.
fn bill(folder: &Path, n: u8) -> String {
    let picture = image::RgbImage::from_fn(480, 360, |x, y| image::Rgb([(x % 251) as u8, (y % 241) as u8, n * 20]));
    let path = folder.join(format!("票据{n}.jpg"));
    image::DynamicImage::ImageRgb8(picture).to_rgb8().save(&path).unwrap();
    path.to_str().unwrap().to_owned()
}

async fn fill(browser: &Browser, fields: &[(&str, &str)]) {
    for (name, value) in fields {
        let code = format!(
            "const f=document.querySelector('[name={name}]'); f.value='{value}'; f.dispatchEvent(new Event('input',{{bubbles:true}}))"
        );
        browser.script(&code).await;
    }
}

const CLAIM: [(&str, &str); 8] = [
    ("spent_on", "2026-01-04"),
    ("amount", "120.50"),
    ("payee", "青溪镇文具店"),
    ("summary", "买打印纸"),
    ("fund_class", "office"),
    ("sheets", "3"),
    ("handler", "韦立春"),
    ("approver", "覃惊蛰"),
];

/// Story 3 at 100 kbit/s: a draft that survives a dead line, three photographs with a broken upload, a claim without a witness
/// refused in words, one returned and corrected, cash closed, the papers handed over in two copies.
#[tokio::test(flavor = "multi_thread")]
async fn story_3_claims_on_a_telephone_over_a_poor_line() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let folder = tempfile::tempdir().unwrap();
    let clerk = office.log_in("cunbaozhang").await;
    let cash =
        [("key", "c1"), ("kind", "drawn"), ("on", "2026-01-03"), ("amount", "500"), ("summary", "领备用金"), ("do", "enter")];
    assert_eq!(office.post(&format!("{AT}/cash"), &clerk, &cash).await.status, StatusCode::SEE_OTHER);
    let browser = Browser::open(&office, PHONE, true).await;
    browser.log_in("cunbaozhang").await;
    browser.go(&format!("{AT}/claims/new")).await;
    fill(&browser, &CLAIM).await;
    // The line dies while it is being saved; what was typed is there when it is back.
    browser.line(0, 0).await;
    browser.script("setTimeout(() => document.querySelector('button[value=save]').click(), 20)").await;
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    browser.line(100_000, 100).await;
    browser.go(&format!("{AT}/claims/new")).await;
    browser.wait_until("const f=document.querySelector('[name=summary]'); return !!f && f.value === '买打印纸'").await;
    browser.click("button[value=save]").await;
    browser.wait_long("拍照或选照片").await;
    // Three photographs; the line breaks in the middle of one of them.
    let photos = [bill(folder.path(), 1), bill(folder.path(), 2), bill(folder.path(), 3)].join("\n");
    browser.type_in("input[type=file]", &photos).await;
    browser.script("setTimeout(() => document.querySelector('button[value=upload]').click(), 20)").await;
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    browser.line(0, 0).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    browser.line(100_000, 100).await;
    let photographs = "return document.querySelectorAll('.pictures img').length === 3";
    for _ in 0..60 {
        if browser.script(photographs).await == serde_json::json!(true) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    assert_eq!(browser.script(photographs).await, serde_json::json!(true), "{}", browser.text().await);
    browser.line(2_000_000, 20).await;
    // Without a witness it is refused in words, and nothing typed is lost.
    browser.click("button[value=send]").await;
    browser.wait_long("还缺:证明人").await;
    browser.check_page("story-3-refused").await;
    fill(&browser, &[("witness", "莫雨水")]).await;
    browser.click("button[value=send]").await;
    browser.wait_long("已送审").await;
    browser.check_page("story-3-sent").await;
    // A second one, which the centre returns.
    browser.go(&format!("{AT}/claims/new")).await;
    fill(&browser, &CLAIM).await;
    fill(&browser, &[("amount", "80.00"), ("summary", "修灯"), ("payee", "覃小暑"), ("witness", "莫雨水")]).await;
    browser.click("button[value=save]").await;
    browser.wait_long("拍照或选照片").await;
    browser.type_in("input[type=file]", &bill(folder.path(), 4)).await;
    browser.click("button[value=upload]").await;
    browser.wait_long("照片 1").await;
    browser.click("button[value=send]").await;
    browser.wait_long("已送审").await;
    browser.log_out().await;
    browser.log_in("kuaiji").await;
    browser.go(&format!("{AT}/claims/2")).await;
    browser.type_in("input[name='why:摘要']", "写明修几盏").await;
    browser.click("button[value=return]").await;
    browser.wait_long("已退回").await;
    browser.log_out().await;
    browser.log_in("cunbaozhang").await;
    browser.go(&format!("{AT}/claims/2")).await;
    browser.wait_long("写明修几盏").await;
    fill(&browser, &[("summary", "修文化院坝路灯3盏")]).await;
    browser.click("button[value=send]").await;
    browser.wait_long("已送审").await;
    // The day's cash, counted.
    browser.go(&format!("{AT}/cash")).await;
    fill(&browser, &[("counted", "299.50")]).await;
    browser.click("button[value=close]").await;
    browser.client.accept_alert().await.unwrap(); // what cannot be undone asks first
    browser.wait_long("已结到").await;
    browser.check_page("story-3-cash").await;
    browser.nothing_from_elsewhere().await;
    browser.end().await;
    let handed = office.post(&format!("{AT}/claims/hand-over"), &clerk, &[("key", "h1")]).await;
    let list = kept(folder.path(), "story-3-移交清单", &office.get(&format!("{}?format=pdf", handed.location), &clerk).await);
    let pages = pdf::pages(&list);
    assert_eq!(pages.len(), 2, "two copies");
    for (page, copy) in pages.iter().zip(["村留存联", "中心留存联"]) {
        let page = pdf::squeezed(page);
        assert!(page.contains(copy) && page.contains("120.50") && page.contains("80.00") && page.contains("200.50"), "{page}");
    }
    let cash = kept(folder.path(), "story-3-现金日记账", &office.get(&format!("{AT}/cash?format=pdf"), &clerk).await);
    assert!(pdf::squeezed(&pdf::pages(&cash).concat()).contains("299.50"));
}

async fn pay(office: &WebOffice, summary: &str, amount: &str) {
    let class = Dimensions { fund_class: Some("村集体经济组织收益".into()), ..Dimensions::default() };
    let draft = Voucher::on(&"V001".into(), date("2026-01-04"), summary);
    let draft = draft.debit(&"51401".into(), yuan(amount), Dimensions::default());
    let voucher = draft.credit(&"102".into(), yuan(amount), class).balanced().unwrap();
    office.county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
}

/// A list of three people who are paid, with accounts and ids behind it.
async fn list_of_people(office: &WebOffice) {
    let people = [
        ("H001", "韦一", "6217000000000000004"),
        ("H002", "覃二", "6217000000000000012"),
        ("H003", "蓝三", "6217000000000000020"),
    ];
    let payee = |(party, name, account): (&str, &str, &str)| Payee {
        party: party.into(),
        name: name.into(),
        account_name: name.into(),
        account: account.into(),
        bank: "农商行".into(),
        ..Payee::default()
    };
    office.county.done("xianban", KeepPayees { payees: people.map(payee).into() }).await;
    let text = "户编号,金额,补贴标准,人口\nH001,780.00,260.00,3\nH002,260.00,260.00,1\nH003,520.00,260.00,2\n";
    let rows = cunzhang::payouts::files_in::read_list(text.as_bytes(), &Default::default()).unwrap().whole().unwrap();
    let list = DrawUp {
        batch: "B1".into(),
        book: "V001".into(),
        kind: PayoutKind::MinimumLiving,
        title: "1月分红".into(),
        project: "成员大会决议1号".into(),
        on: date("2026-01-05"),
        payable: None,
        money_account: None,
        stated_total: Some(yuan("1560.00")),
        rows,
        accept: None,
        source: None,
    };
    office.county.done("zhuguan", list).await;
}

/// Makes, approves and publishes a sheet; answers its page in the office.
async fn publish(office: &WebOffice, kind: &str, subject: &str) -> String {
    let (keeper, committee) = (office.log_in("kuaiji").await, office.log_in("jianweihui").await);
    let fields = [("key", kind), ("kind", kind), ("span", "2026-01"), ("subject", subject), ("reason", "")];
    let made = office.post(&format!("{AT}/disclosure/make"), &keeper, &fields).await;
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
    publish(&office, "payouts", "B1").await;
    let browser = Browser::open(&office, PHONE, false).await;
    browser.go("/open/V001").await;
    browser.wait_for("收支公开").await;
    browser.client.find(fantoccini::Locator::LinkText("2026年1月收支公开")).await.ok();
    browser.go("/open/V001/1").await;
    browser.type_in("input[name=q]", "道路维修").await;
    browser.click(".find button").await;
    browser.wait_for("1,200.00").await;
    assert!(!browser.text().await.contains("清洁费"), "only what was looked for");
    browser.go("/open/V001/2").await;
    browser.type_in("input[name=q]", "覃二").await;
    browser.click(".find button").await;
    browser.wait_for("260.00").await;
    assert!(!browser.text().await.contains("韦一"));
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

    /// Printing a month runs as a job: its page says how far it is and opens the file; nobody else opens it.
    async fn s16_a_month_of_vouchers_is_printed_as_a_job(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        for n in 0..25 {
            pay(&office, &format!("第{n}笔"), "1.00").await;
        }
        let (keeper, other) = (office.log_in("kuaiji").await, office.log_in("shenhe").await);
        let begun = office.post(&format!("{AT}/print/vouchers"), &keeper, &[("key", "print1")]).await;
        assert_eq!(begun.location, "/jobs/print1", "{}", begun.body);
        let mut page = String::new();
        for _ in 0..600 {
            page = office.get("/jobs/print1", &keeper).await.body;
            if page.contains("/jobs/print1/file") {
                break;
            }
            assert!(page.contains("<progress"), "{page}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(page.contains("26 页"), "{page}");
        assert!(is_pdf(&office.get("/jobs/print1/file", &keeper).await));
        assert_eq!(office.get("/jobs/print1/file", &other).await.status, StatusCode::NOT_FOUND);
        let again = office.post(&format!("{AT}/print/vouchers"), &keeper, &[("key", "print1")]).await;
        assert_eq!(again.location, "/jobs/print1", "a second click leads to the same job");
    }
}
