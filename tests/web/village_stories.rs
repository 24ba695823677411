//! Story 3 in a real browser; a month of vouchers printed as a job.

use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{Dimensions, Voucher};
use cunzhang::payouts::PayoutKind;
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{DrawUp, KeepPayees};

use crate::chromium::{Browser, PHONE};
use crate::office::{Reply, WebOffice};
use crate::support::county::{date, yuan};
use crate::support::{Engine, TestDatabase, fresh, on_both_engines, pdf};

pub const AT: &str = "/b/V001/2026-01";

fn is_pdf(reply: &Reply) -> bool {
    reply.status == StatusCode::OK && reply.headers[CONTENT_TYPE] == "application/pdf"
}

/// A PDF as a file, for programs that read one.
pub fn kept(folder: &Path, name: &str, reply: &Reply) -> PathBuf {
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
    browser.click(".sure button:last-child").await; // what cannot be undone asks first
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

fn payment(summary: &str, amount: &str) -> Voucher {
    let class = Dimensions { fund_class: Some("村集体经济组织收益".into()), ..Dimensions::default() };
    let draft = Voucher::on(&"V001".into(), date("2026-01-04"), summary);
    let draft = draft.debit(&"51401".into(), yuan(amount), Dimensions::default());
    draft.credit(&"102".into(), yuan(amount), class).balanced().unwrap()
}

pub async fn pay(office: &WebOffice, summary: &str, amount: &str) {
    let vouchers = vec![payment(summary, amount)];
    office.county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
}

/// A list of three people who are paid, with accounts and ids behind it.
pub async fn list_of_people(office: &WebOffice) {
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

on_both_engines! {
    /// S16-A4: 300 vouchers make one PDF with a progress bar; nobody but who asked opens it.
    async fn s16_a4_a_month_of_300_vouchers_is_printed_as_a_job(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let vouchers = (1..=300).map(|n| payment(&format!("第{n}笔"), "1.00")).collect();
        office.county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
        let (keeper, other) = (office.log_in("kuaiji").await, office.log_in("shenhe").await);
        let begun = office.post(&format!("{AT}/print/vouchers"), &keeper, &[("key", "print1")]).await;
        assert_eq!(begun.location, "/jobs/print1", "{}", begun.body);
        let mut page = String::new();
        for _ in 0..3_000 {
            page = office.get("/jobs/print1", &keeper).await.body;
            if page.contains("/jobs/print1/file") {
                break;
            }
            assert!(page.contains("<progress"), "{page}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(page.contains("301 页"), "{page}");
        assert!(is_pdf(&office.get("/jobs/print1/file", &keeper).await));
        assert_eq!(office.get("/jobs/print1/file", &other).await.status, StatusCode::NOT_FOUND);
        let again = office.post(&format!("{AT}/print/vouchers"), &keeper, &[("key", "print1")]).await;
        assert_eq!(again.location, "/jobs/print1", "a second click leads to the same job");
    }
}
