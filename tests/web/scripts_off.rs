//! R1: a browser without scripts does the office's day: search, a voucher to its posting, a statement, a report, the public page.

use fantoccini::Locator;
use fantoccini::key::Key;

use crate::bank::october;
use crate::chromium::{Browser, DESKTOP};
use crate::office::WebOffice;
use crate::published::publish;
use crate::support::{Engine, fresh};
use crate::village_stories::pay;

const VOUCHERS: &str = "/b/V001/2026-01/vouchers";

#[tokio::test(flavor = "multi_thread")]
async fn a_day_with_scripts_off() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let folder = tempfile::tempdir().unwrap();
    let statement = folder.path().join("bank_2025-10_gbk.csv");
    std::fs::write(&statement, october(&office).await).unwrap();
    pay(&office, "道路维修", "1200.00").await;
    let browser = Browser::open(&office, DESKTOP, false).await;
    a_book_is_found(&browser).await;
    a_voucher_is_written_approved_and_posted(&browser).await;
    a_statement_is_taken_in_and_matched(&browser, statement.to_str().unwrap()).await;
    a_report_is_read_and_downloaded(&browser, &office).await;
    publish(&office, "receipts", "").await;
    browser.go("/open/V001").await;
    browser.click("main a[href='/open/V001/1'], a[href='/open/V001/1']").await;
    browser.wait_for("1,200.00").await;
    browser.type_in("textarea[name=text]", "道路维修是谁做的?").await;
    browser.click(".ask button").await;
    browser.wait_for("已收到提问,编号 1").await;
    browser.nothing_from_elsewhere().await;
    browser.end().await;
}

async fn a_book_is_found(browser: &Browser) {
    browser.log_in("kuaiji").await;
    browser.type_in("header input[name=q]", &format!("V001{}", char::from(Key::Enter))).await;
    browser.wait_for("V001村股份经济合作社").await;
    browser.click("main a[href*='V001']").await;
    browser.wait_for("本月进度").await;
}

/// Kept as a draft, submitted from the list, found by its number; approved and posted by another.
async fn a_voucher_is_written_approved_and_posted(browser: &Browser) {
    browser.go(&format!("{VOUCHERS}/new")).await;
    for (css, text) in [
        ("tr:nth-child(1) [name=summary]", "提取备用金"),
        ("tr:nth-child(1) [name=account]", "101"),
        ("tr:nth-child(1) [name=debit]", "800"),
        ("tr:nth-child(2) [name=account]", "102"),
        ("tr:nth-child(2) [name=credit]", "700"),
    ] {
        browser.type_in(css, text).await;
    }
    let difference = browser.client.find(Locator::Css("#difference")).await.unwrap().text().await.unwrap();
    assert_eq!(difference, "", "no script adds up");
    // Not balanced: refused to be submitted, with everything typed still there.
    browser.click("button[value=submit]").await;
    browser.client.wait().for_element(Locator::Css("#why")).await.expect("it says why");
    let credit = browser.client.find(Locator::Css("tr:nth-child(2) [name=credit]")).await.unwrap();
    credit.clear().await.unwrap();
    credit.send_keys("800").await.unwrap();
    browser.click("button[value=draft]").await;
    browser.wait_for("已保存 2026-01-记-2").await;
    browser.type_in("header input[name=q]", &format!("2026-01-记-2{}", char::from(Key::Enter))).await;
    browser.wait_for("提取备用金").await;
    for (user, step) in [("kuaiji", "submit"), ("shenhe", "approve"), ("shenhe", "post")] {
        browser.log_out().await;
        browser.log_in(user).await;
        browser.go(VOUCHERS).await;
        browser.click("input[value='2026-01-记-2']").await;
        browser.click(&format!("button[value={step}]")).await;
        browser.wait_for("已办理凭证张数: 1").await;
    }
}

/// Through the wizard: looked at, taken in as a job whose page goes on by itself; one line matched by its button, taken back by
/// another, matched by choosing both sides.
async fn a_statement_is_taken_in_and_matched(browser: &Browser, file: &str) {
    browser.log_out().await;
    browser.log_in("zhuguan").await;
    browser.go("/b/V900/2025-10/do/bank/import?account=NS01").await;
    browser.type_in("input[name=file]", file).await;
    browser.type_in("input[name=template]", "农商行网银").await;
    browser.click("button[value=preview]").await;
    browser.wait_for("已收到文件").await;
    browser.click("form.command button:not([value])").await;
    browser.wait_long("已办完").await;
    browser.go("/b/V900/2025-10/reconcile/NS01").await;
    let left = async || browser.client.find_all(Locator::Css("#lines tbody tr")).await.unwrap().len();
    let before = left().await;
    browser.click("button[name=take]").await;
    browser.wait_for(&format!("银行未匹配\n{}", before - 1)).await;
    browser.click("button[value=undo]").await;
    browser.wait_for(&format!("银行未匹配\n{before}")).await;
    browser.click("button[value=run]").await;
    browser.wait_for("自动匹配对数 32").await;
}

/// The trial balance drills to the account's lines; its spreadsheet comes by a plain link.
async fn a_report_is_read_and_downloaded(browser: &Browser, office: &WebOffice) {
    browser.go("/b/V001/2026-01/trial-balance").await;
    browser.wait_for("800.00").await;
    let link = browser.client.find(Locator::Css("a[href*='format=xlsx']")).await.unwrap();
    let href = link.attr("href").await.unwrap().expect("a link leads somewhere");
    let cookies = browser.client.get_all_cookies().await.unwrap();
    let session = cookies.iter().find(|cookie| cookie.name() == "cunzhang").expect("somebody is logged in");
    let path = if href.starts_with('/') { href } else { format!("/b/V001/2026-01/trial-balance{href}") };
    let file = office.get(&path, &format!("cunzhang={}", session.value())).await;
    assert!(file.body.starts_with("PK") && file.headers["content-disposition"].to_str().unwrap().contains(".xlsx"), "{path}");
    browser.click("main table a[href*='ledger?account=101']").await;
    browser.wait_for("提取备用金").await;
}
