//! Stories in a real browser: 1, the bank liaison officer's October.

use fantoccini::Locator;
use fantoccini::key::Key;

use crate::bank::october;
use crate::chromium::{Browser, DESKTOP};
use crate::office::WebOffice;
use crate::support::{Engine, fresh};

async fn press(browser: &Browser, keys: &str) {
    browser.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

/// The line the desk's keys stand on, by what its row says.
async fn row(browser: &Browser) -> String {
    let text =
        browser.script("return document.activeElement.closest('tr') ? document.activeElement.closest('tr').innerText : ''").await;
    text.as_str().unwrap_or_default().to_owned()
}

/// From the desk's open work to a balanced reconciliation: the statement through the wizard, 32 lines with one key, the
/// others by keyboard (S11-A4), the fee as a new voucher, one line left outstanding; a second import adds nothing.
#[tokio::test(flavor = "multi_thread")]
async fn story_1_the_banks_october() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bank_2025-10_gbk.csv");
    std::fs::write(&file, october(&office).await).unwrap();
    let browser = Browser::open(&office, DESKTOP, true).await;
    browser.log_in("zhuguan").await;
    browser.go("/b/V900/2025-10/desk").await;
    browser.wait_for("本月对账单未导入").await;
    press(&browser, "1").await;
    browser.wait_for("没有导入对账单").await;

    for round in 0..2 {
        browser.go("/b/V900/2025-10/do/bank/import?account=NS01").await;
        browser.type_in("input[name=file]", file.to_str().unwrap()).await;
        browser.type_in("input[name=template]", "农商行网银").await;
        browser.click("button[value=preview]").await;
        browser.wait_for("已收到文件").await;
        browser.check_page(&format!("story-1-preview-{round}")).await;
        browser.click("form.command button:not([value])").await;
        browser.wait_for("已办完").await;
        browser.wait_for(if round == 0 { "40" } else { "新增 0 行" }).await;
    }

    browser.go("/b/V900/2025-10/reconcile/NS01").await;
    browser.click("button[value=run]").await;
    browser.wait_for("自动匹配对数 32").await;
    browser.check_page("story-1-desk").await;
    // Four near ones and two of several vouchers: J to the line, Enter takes the first candidate.
    for _ in 0..6 {
        let mut steps = 0;
        while browser.script("const tr=document.activeElement.closest('tr'); return !!(tr && tr.querySelector('.offers'))").await
            != true
        {
            press(&browser, "j").await;
            steps += 1;
            assert!(steps < 12, "a line with a candidate: {}", browser.text().await);
        }
        let before = browser.client.find_all(Locator::Css("#lines tbody tr")).await.unwrap().len();
        press(&browser, &char::from(Key::Enter).to_string()).await;
        browser.wait_for(&format!("银行未匹配\n{}", before - 1)).await;
    }
    // The fee: N, an account, a draft; approved by another, posted, matched by one key.
    while !row(&browser).await.contains("账户管理费") {
        press(&browser, "j").await;
    }
    press(&browser, "n").await;
    press(&browser, "51301").await;
    browser.click("button[value=propose]").await;
    browser.wait_for("已生成草稿 1").await;
    for (user, steps) in [("zhuguan", vec!["submit"]), ("shenhe", vec!["approve", "post"])] {
        browser.log_out().await;
        browser.log_in(user).await;
        for step in steps {
            let state = match step {
                "submit" => "draft",
                "approve" => "submitted",
                _ => "approved",
            };
            browser.go(&format!("/b/V900/2025-10/vouchers?state={state}")).await;
            browser.click("table.rows tbody input[type=checkbox]").await;
            browser.click(&format!("button[value={step}]")).await;
            if step == "post" {
                // What cannot be undone asks first: Enter alone goes back.
                press(&browser, &char::from(Key::Enter).to_string()).await;
                browser.click("button[value=post]").await;
                browser.click(".sure button:last-child").await;
            }
            browser.wait_for("已办理凭证张数: 1").await;
        }
    }
    browser.log_out().await;
    browser.log_in("zhuguan").await;
    browser.go("/b/V900/2025-10/reconcile/NS01").await;
    browser.click("button[value=run]").await;
    browser.wait_for("自动匹配对数 1").await;
    // One line stays outstanding; both sides agree; the paper is kept.
    let rows = browser.client.find_all(Locator::Css("#lines tbody tr")).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(browser.client.find(Locator::Css(".figures .bad")).await.is_err(), "both sides agree");
    browser.click("button[value=save]").await;
    browser.wait_for("余额调节表已签存").await;
    browser.check_page("story-1-balanced").await;
    browser.nothing_from_elsewhere().await;
    browser.end().await;
}
