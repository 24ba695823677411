//! Stories in a real browser: 2, the cooperative accountant's dividend.

use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::AddBook;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{BookCode, EntityKind};
use fantoccini::Locator;

use crate::chromium::{Browser, DESKTOP};
use crate::office::WebOffice;
use crate::support::county::simple;
use crate::support::{Engine, fresh};

/// Sends a command's form as its page does, and says what the page then says.
async fn fill(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    browser.go(path).await;
    for (name, value) in fields {
        let set = format!(
            "const f=document.querySelector('form.command [name=\"{name}\"]'); if (!f) return null; if (f.type==='checkbox') f.checked=true; else f.value={}; \
             return f.tagName",
            serde_json::json!(value)
        );
        assert_ne!(browser.script(&set).await, serde_json::Value::Null, "{path} has no field {name}");
    }
    browser.click("form.command button.primary").await;
    answered(browser).await
}

/// The same where it must be done.
async fn done(browser: &Browser, path: &str, fields: &[(&str, &str)]) {
    let says = fill(browser, path, fields).await;
    assert!(says.contains('✓'), "{path}: {says}");
}

/// What a page says once it has answered: done, or why not.
async fn answered(browser: &Browser) -> String {
    let said = Locator::Css(".notice.ok[role=status], .notice[role=alert]");
    browser.client.wait().for_element(said).await.expect("a form is answered");
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
    let (first_period, name) = ("2025-01".parse().unwrap(), "谷雨合作社".to_owned());
    let kind = EntityKind::Cooperative;
    let new = Book { book: book.clone(), name, kind, place: None, organisation: None, first_period };
    county.done("xianban", AddBook { book: new, regime: None }).await;
    let browser = Browser::open(&office, DESKTOP, true).await;
    browser.log_in("kuaiji").await;
    let at = |page: &str| format!("/b/C001/2025-01/{page}");
    // The register: two kinds of shares, four members.
    let says = fill(&browser, &at("do/share/class"), &[("class", "A"), ("name", "资金股"), ("kind", "subscribed")]).await;
    assert!(says.contains('✓'), "{says}");
    let preferred = [("class", "P"), ("name", "优先股"), ("kind", "preferred"), ("floor", "5"), ("basis", "章程第九条")];
    done(&browser, &at("do/share/class"), &preferred).await;
    for (class, member) in [("A", "H1=60000.00"), ("A", "H2=40000.00"), ("A", "H3=30000.00"), ("P", "H4=20000.00")] {
        let fields = [("class", class), ("member", member), ("on", "2025-01-05"), ("document", "入股协议")];
        let says = fill(&browser, &at("do/share/subscribe"), &fields).await;
        assert!(says.contains('✓'), "{says}");
    }
    let moved = [("from", "H1"), ("class", "A"), ("to", "H2=10000.00"), ("on", "2025-07-01"), ("document", "转让协议")];
    done(&browser, &at("do/share/transfer"), &moved).await;
    browser.go(&at("do/share/register?on=2025-03-01")).await;
    assert!(browser.text().await.contains("60,000.00"), "holdings on a past date");
    // A year's surplus, then the run: settle, plan (the basis is asked for), review by another person.
    let vouchers =
        vec![simple(&book, "2025-09-01", "102", "501", "60000.00"), simple(&book, "2025-09-02", "521", "102", "30000.00")];
    county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
    done(&browser, &at("do/dividend/settle"), &[("year", "2025")]).await;
    let says = fill(&browser, &at("do/dividend/plan"), &[("year", "2025"), ("reserve_rate", "10")]).await;
    assert!(says.contains("D-104"), "paying by share only needs a recorded basis: {says}");
    let terms = [("year", "2025"), ("reserve_rate", "10"), ("basis", "成员大会决议")];
    done(&browser, &at("do/dividend/plan"), &terms).await;
    browser.go(&at("do/dividend/show?plan=1")).await;
    browser.check_page("story-2-plan").await;
    as_user(&browser, "shenhe").await;
    done(&browser, &at("do/dividend/review?plan=1"), &[]).await;
    as_user(&browser, "kuaiji").await;
    let published = [("from", "2025-12-11"), ("through", "2025-12-18"), ("document", "公示栏照片")];
    done(&browser, &at("do/dividend/publish?plan=1"), &published).await;
    let says = fill(&browser, &at("do/dividend/post?plan=1"), &[("on", "2025-12-30")]).await;
    assert!(says.contains('✓'), "{says}");
    // No account, no pay file: named before it is made; then the accounts come from a file.
    let says = fill(&browser, &at("do/dividend/pay?plan=1"), &[("batch", "FH1"), ("on", "2025-12-30")]).await;
    assert!(!says.contains('✓') && says.contains("没有账号"), "{says}");
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
    let says = fill(&browser, &at("do/dividend/pay?plan=1"), &[("batch", "FH1"), ("on", "2025-12-30")]).await;
    assert!(says.contains('✓'), "{says}");
    as_user(&browser, "shenhe").await;
    done(&browser, &at("do/payout/review?batch=FH1"), &[]).await;
    as_user(&browser, "kuaiji").await;
    done(&browser, &at("do/payout/send?batch=FH1"), &[("on", "2025-12-31")]).await;
    browser.go(&at("do/payout/export?batch=FH1")).await;
    assert!(browser.text().await.contains("6217000000000000012"), "the pay file has its accounts as text");
    // Two come back, are corrected and paid again.
    let results = async |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        browser.go(&at("do/dividend/results?batch=FH1")).await;
        browser.type_in("input[name=file]", file.to_str().unwrap()).await;
        browser.script("document.querySelector('[name=others_paid]').checked=true; document.querySelector('.command [name=on]').value='2025-12-31'; return 1").await;
        browser.click("form.command button.primary").await;
        browser.wait_for("✓").await;
    };
    results("回盘1.csv", "序号,状态,失败原因\n1,失败,账户销户\n2,失败,户名不符\n").await;
    for (row, name, account) in [("1", "甲一", "6217000000000000103"), ("2", "乙二", "6217000000000000111")] {
        let fields = [("row", row), ("account_name", name), ("account", account)];
        done(&browser, &at("do/payout/correct?batch=FH1"), &fields).await;
    }
    done(&browser, &at("do/payout/send?batch=FH1"), &[("on", "2025-12-31")]).await;
    results("回盘2.csv", "序号,状态,失败原因\n1,成功,\n2,成功,\n").await;
    let says = fill(&browser, &at("do/dividend/archive?plan=1"), &[]).await;
    assert!(says.contains('✓'), "{says}");
    browser.go(&at("desks/dividends")).await;
    browser.check_page("story-2-end").await;
    browser.nothing_from_elsewhere().await;
    browser.end().await;
}
