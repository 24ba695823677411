//! Stories in a real browser: 1, the bank liaison officer's October.

use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::AddBook;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, EntityKind};
use fantoccini::Locator;
use fantoccini::key::Key;

use crate::bank::october;
use crate::chromium::{Browser, DESKTOP};
use crate::office::WebOffice;
use crate::support::county::{date, simple};
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
/// others by keyboard, the fee as a new voucher, one line left outstanding; a second import adds nothing.
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
                browser.client.accept_alert().await.unwrap(); // what cannot be undone asks first
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

/// Sends a command's form as its page does, and says what the page then says.
async fn fill(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    browser.go(path).await;
    for (name, value) in fields {
        let set = format!(
            "const f=document.querySelector('form.command [name=\"{name}\"]'); if (f.type==='checkbox') f.checked=true; else f.value={}; \
             return f.tagName",
            serde_json::json!(value)
        );
        browser.script(&set).await;
    }
    browser.click("form.command button.primary").await;
    browser.text().await
}

async fn as_user(browser: &Browser, user: &str) {
    browser.log_out().await;
    browser.log_in(user).await;
}

/// The cooperative accountant's dividend: shares moved mid-year, a plan from the books, reviewed by another, published,
/// posted as one voucher, a missing account found before the pay file, two returned payments corrected and paid again.
#[tokio::test(flavor = "multi_thread")]
async fn story_2_the_dividend() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let county = &office.county;
    let book = BookCode::from("C001");
    let (first_period, name) = ("2026-01".parse().unwrap(), "谷雨合作社".to_owned());
    let kind = EntityKind::Cooperative;
    let new = Book { book: book.clone(), name, kind, place: None, organisation: None, first_period };
    county.done("xianban", AddBook { book: new, regime: None }).await;
    let browser = Browser::open(&office, DESKTOP, true).await;
    browser.log_in("kuaiji").await;
    let at = |page: &str| format!("/b/C001/2026-01/{page}");
    // The register: two kinds of shares, four members.
    let says = fill(&browser, &at("do/share/class"), &[("class", "A"), ("name", "资金股"), ("kind", "subscribed")]).await;
    assert!(says.contains('✓'), "{says}");
    let preferred = [("class", "P"), ("name", "优先股"), ("kind", "preferred"), ("floor", "5")];
    assert!(fill(&browser, &at("do/share/class"), &preferred).await.contains('✓'));
    for (class, member) in [("A", "H1=60000.00"), ("A", "H2=40000.00"), ("A", "H3=30000.00"), ("P", "H4=20000.00")] {
        let fields = [("class", class), ("member", member), ("on", "2026-01-05"), ("document", "入股协议")];
        let says = fill(&browser, &at("do/share/subscribe"), &fields).await;
        assert!(says.contains('✓'), "{says}");
    }
    let moved = [("from", "H1"), ("class", "A"), ("to", "H2=10000.00"), ("on", "2026-07-01"), ("document", "转让协议")];
    assert!(fill(&browser, &at("do/share/transfer"), &moved).await.contains('✓'));
    browser.go(&at("do/share/register?on=2026-03-01")).await;
    assert!(browser.text().await.contains("60,000.00"), "holdings on a past date");
    // A year's surplus, then the run: settle, plan (the basis is asked for), review by another person.
    let vouchers =
        vec![simple(&book, "2026-09-01", "102", "501", "60000.00"), simple(&book, "2026-09-02", "521", "102", "30000.00")];
    county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
    county.clock.set(date("2026-12-10"));
    assert!(fill(&browser, &at("do/dividend/settle"), &[("year", "2026")]).await.contains('✓'));
    let says = fill(&browser, &at("do/dividend/plan"), &[("year", "2026"), ("reserve_rate", "10")]).await;
    assert!(says.contains("D-104"), "paying by share only needs a recorded basis: {says}");
    let terms = [("year", "2026"), ("reserve_rate", "10"), ("basis", "成员大会决议")];
    assert!(fill(&browser, &at("do/dividend/plan"), &terms).await.contains('✓'));
    browser.go(&at("do/dividend/show?plan=1")).await;
    browser.check_page("story-2-plan").await;
    as_user(&browser, "shenhe").await;
    assert!(fill(&browser, &at("do/dividend/review?plan=1"), &[]).await.contains('✓'));
    as_user(&browser, "kuaiji").await;
    let published = [("from", "2026-12-11"), ("through", "2026-12-18"), ("document", "公示栏照片")];
    assert!(fill(&browser, &at("do/dividend/publish?plan=1"), &published).await.contains('✓'));
    county.clock.set(date("2026-12-20"));
    let says = fill(&browser, &at("do/dividend/post?plan=1"), &[("on", "2026-12-20")]).await;
    assert!(says.contains('✓'), "{says}");
    // No account, no pay file: named before it is made; then the accounts come from a file.
    let says = fill(&browser, &at("do/dividend/pay?plan=1"), &[("batch", "FH1"), ("on", "2026-12-20")]).await;
    assert!(!says.contains('✓') && says.contains("H1"), "{says}");
    as_user(&browser, "xianban").await;
    let folder = tempfile::tempdir().unwrap();
    let payees = "编号,姓名,身份证号,户名,账号,开户行\nH1,甲一,,甲一,6217000000000000004,农商行\nH2,乙二,,乙二,6217000000000000012,农商行\n\
                  H3,丙三,,丙三,6217000000000000020,农商行\nH4,丁四,,丁四,6217000000000000038,农商行\n";
    let file = folder.path().join("收款人.csv");
    std::fs::write(&file, payees).unwrap();
    browser.go("/do/payout/payees").await;
    browser.type_in("input[name=file]", file.to_str().unwrap()).await;
    browser.click("form.command button.primary").await;
    browser.wait_for("✓").await;
    as_user(&browser, "kuaiji").await;
    let says = fill(&browser, &at("do/dividend/pay?plan=1"), &[("batch", "FH1"), ("on", "2026-12-20")]).await;
    assert!(says.contains('✓'), "{says}");
    as_user(&browser, "shenhe").await;
    assert!(fill(&browser, &at("do/payout/review?batch=FH1"), &[]).await.contains('✓'));
    as_user(&browser, "kuaiji").await;
    assert!(fill(&browser, &at("do/payout/send?batch=FH1"), &[("on", "2026-12-21")]).await.contains('✓'));
    browser.go(&at("do/payout/export?batch=FH1")).await;
    assert!(browser.text().await.contains("6217000000000000012"), "the pay file has its accounts as text");
    // Two come back, are corrected and paid again.
    let results = async |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        browser.go(&at("do/dividend/results?batch=FH1")).await;
        browser.type_in("input[name=file]", file.to_str().unwrap()).await;
        browser.script("const f=document.querySelector('[name=others_paid]'); if (f) f.checked=true; return 1").await;
        browser.click("form.command button.primary").await;
        browser.wait_for("✓").await;
    };
    results("回盘1.csv", "序号,状态,失败原因\n1,失败,账户销户\n2,失败,户名不符\n").await;
    for (row, name, account) in [("1", "甲一", "6217000000000000103"), ("2", "乙二", "6217000000000000111")] {
        let fields = [("row", row), ("account_name", name), ("account", account)];
        assert!(fill(&browser, &at("do/payout/correct?batch=FH1"), &fields).await.contains('✓'));
    }
    assert!(fill(&browser, &at("do/payout/send?batch=FH1"), &[("on", "2026-12-22")]).await.contains('✓'));
    results("回盘2.csv", "序号,状态,失败原因\n1,成功,\n2,成功,\n").await;
    let says = fill(&browser, &at("do/dividend/archive?plan=1"), &[]).await;
    assert!(says.contains('✓'), "{says}");
    browser.go(&at("desks/dividends")).await;
    browser.check_page("story-2-end").await;
    browser.nothing_from_elsewhere().await;
    browser.end().await;
}
