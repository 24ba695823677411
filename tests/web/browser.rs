//! Pages in a real browser: story 4 by keyboard, the same by forms with scripts off, pictures of every page at two sizes.

use cunzhang::faces::web::routes::routes;
use cunzhang::ledger::Voucher;
use cunzhang::ledger::service::PostVouchers;
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

use crate::chromium::{Browser, DESKTOP, PHONE};
use crate::office::WebOffice;
use crate::support::county::{date, simple, yuan};
use crate::support::{Engine, fresh};

/// Money in the bank, so that payments do not stand below zero.
async fn with_money(office: &WebOffice) {
    let book = "V001".into();
    let voucher = Voucher::on(&book, date("2026-01-02"), "收到上级拨款")
        .debit(&"102".into(), yuan("50000.00"), Default::default())
        .credit(&"301".into(), yuan("50000.00"), Default::default())
        .balanced()
        .unwrap();
    office.county.done("zhuguan", PostVouchers { vouchers: vec![voucher], event: None }).await;
}

/// Types into whatever has the focus.
async fn keys(browser: &Browser, text: &str) {
    browser.client.active_element().await.unwrap().send_keys(text).await.unwrap();
}

async fn enter(browser: &Browser, text: &str) {
    keys(browser, &format!("{text}{}", char::from(Key::Enter))).await;
}

async fn value(browser: &Browser, row: usize, name: &str) -> String {
    let code = format!("return document.querySelectorAll('.grid tbody tr')[{row}].querySelector('[name={name}]').value");
    browser.script(&code).await.as_str().unwrap_or_default().to_owned()
}

/// S03-A1: five rows by keyboard alone.
#[tokio::test(flavor = "multi_thread")]
async fn s03_a1_a_five_row_voucher_by_keyboard() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    with_money(&office).await;
    let browser = Browser::open(&office, DESKTOP, true).await;
    browser.log_in("kuaiji").await;
    browser.go("/b/V001/2026-01/vouchers/new").await;
    // Four debits, summaries copied from above and from the first row, a sum typed as one, full-width digits.
    for (summary, account, amount) in
        [("买办公用品", "51301", "1200*3+50"), ("..", "51303", "１，２００．５"), ("//", "51305", "20"), ("..", "51301", "0.30")]
    {
        enter(&browser, summary).await;
        enter(&browser, account).await;
        enter(&browser, "").await;
        enter(&browser, amount).await;
    }
    enter(&browser, "付款").await;
    // An account is found by the initials of its name, stands there with its name, and shows what is on it.
    enter(&browser, "yhck").await;
    assert_eq!(value(&browser, 4, "account").await, "102 银行存款");
    assert!(browser.text().await.contains("102 银行存款 · 余额 借"), "the balance of the account in hand");
    enter(&browser, "").await;
    assert_eq!((value(&browser, 0, "debit").await, value(&browser, 1, "debit").await), ("3650.00".into(), "1200.50".into()));
    assert_eq!(value(&browser, 2, "summary").await, "买办公用品");
    // S03-A2: `=` makes both sides equal; S03-A3: Space moves the amount to the other side and keeps it.
    keys(&browser, "=").await;
    assert_eq!(value(&browser, 4, "debit").await, "-4870.80");
    keys(&browser, " ").await;
    assert_eq!((value(&browser, 4, "debit").await, value(&browser, 4, "credit").await), (String::new(), "-4870.80".into()));
    keys(&browser, "=").await;
    assert_eq!(value(&browser, 4, "credit").await, "4870.80");
    assert!(browser.text().await.contains("✓ 借贷平衡"));
    // S03-A6: a refresh in the middle loses nothing.
    browser.client.refresh().await.unwrap();
    assert_eq!(
        (value(&browser, 0, "summary").await, value(&browser, 4, "credit").await),
        ("买办公用品".into(), "4870.80".into())
    );
    // A refused save keeps what was typed and puts the focus into the cell that was refused.
    let wrong = "const i=document.querySelectorAll('.grid tbody tr')[2].querySelector('[name=debit]'); i.value='二十'; return 1";
    browser.script(wrong).await;
    keys(&browser, &char::from(Key::F12).to_string()).await;
    browser.wait_for("第 3 行").await;
    let held = "const i=document.activeElement; return [i.name, i.value, i.closest('tr').rowIndex]";
    assert_eq!(browser.script(held).await, json!(["debit", "二十", 3]));
    browser
        .script("const i=document.activeElement; i.value='20'; i.dispatchEvent(new Event('change',{bubbles:true})); return 1")
        .await;
    // F12 saves and opens the next one, with the focus in its first box.
    keys(&browser, &char::from(Key::F12).to_string()).await;
    browser.wait_for("已保存").await;
    assert_eq!(browser.script("return document.activeElement.name").await, json!("summary"));
    assert_eq!(value(&browser, 0, "summary").await, "");
    browser.go("/b/V001/2026-01/vouchers?state=submitted").await;
    let list = browser.text().await;
    assert!(list.contains("4,870.80") && list.contains("买办公用品"), "{list}");
    browser.end().await;
}

/// S03-A4: with an input method on, full-width digits and `＝` mean their half-width forms, and keys of the method itself do nothing.
#[tokio::test(flavor = "multi_thread")]
async fn s03_a4_with_an_input_method_on() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let browser = Browser::open(&office, DESKTOP, true).await;
    browser.log_in("kuaiji").await;
    browser.go("/b/V001/2026-01/vouchers/new").await;
    for text in ["办公费", "51301", "", "１２．５０"] {
        enter(&browser, text).await;
    }
    assert_eq!(value(&browser, 0, "debit").await, "12.50");
    // What the method composes is left alone until it is chosen; then `＝` fills the balance.
    let typed = "const i=document.querySelectorAll('.grid tbody tr')[1].querySelector('[name=credit]'); i.focus(); i.value='＝'; \
         i.dispatchEvent(new KeyboardEvent('keydown',{key:'Enter',bubbles:true,isComposing:true})); \
         i.dispatchEvent(new InputEvent('input',{bubbles:true,isComposing:true})); return [i.value, document.activeElement===i]";
    assert_eq!(browser.script(typed).await, json!(["＝", true]));
    let chosen =
        "const i=document.activeElement; i.dispatchEvent(new CompositionEvent('compositionend',{bubbles:true})); return i.value";
    assert_eq!(browser.script(chosen).await, json!("12.50"));
    // A full-width blank moves the amount to the other side, as Space does.
    let blank =
        "const i=document.activeElement; i.value+='　'; i.dispatchEvent(new InputEvent('input',{bubbles:true})); return 1";
    browser.script(blank).await;
    assert_eq!((value(&browser, 1, "debit").await, value(&browser, 1, "credit").await), ("12.50".into(), String::new()));
    browser.end().await;
}

/// S02-A2: the desk's charts and their figures with scripts off.
#[tokio::test(flavor = "multi_thread")]
async fn s02_a2_charts_with_scripts_off() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    with_money(&office).await;
    office.county.clock.set(date("2026-04-10"));
    let book = "V001".into();
    let business = [
        ("2026-01-10", "102", "50301", "5200.00"),
        ("2026-01-20", "51301", "102", "860.50"),
        ("2026-02-10", "102", "50301", "1800.00"),
        ("2026-02-11", "101", "102", "2000.00"),
        ("2026-02-20", "51303", "101", "640.00"),
        ("2026-03-10", "102", "50301", "7350.00"),
        ("2026-03-15", "51401", "102", "9100.00"),
        ("2026-04-02", "102", "50301", "2400.00"),
    ];
    let vouchers = business.map(|(on, debit, credit, amount)| simple(&book, on, debit, credit, amount)).to_vec();
    office.county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
    for (size, name) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        let browser = Browser::open(&office, size, false).await;
        browser.log_in("kuaiji").await;
        browser.go("/b/V001/2026-04/desk").await;
        assert_eq!(browser.client.find_all(Locator::Css(".charts svg")).await.unwrap().len(), 2);
        browser.check_page(&format!("{name}-desk-charts")).await;
        browser.click(".charts details summary").await;
        browser.wait_for("7,350.00").await;
        browser.check_page(&format!("{name}-desk-figures")).await;
        browser.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn story_4_with_scripts_off() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    with_money(&office).await;
    let browser = Browser::open(&office, PHONE, false).await;
    browser.log_in("kuaiji").await;
    browser.go("/b/V001/2026-01/vouchers/new").await;
    for (css, text) in [
        ("tr:nth-child(1) [name=summary]", "提取备用金"),
        ("tr:nth-child(1) [name=account]", "101"),
        ("tr:nth-child(1) [name=debit]", "800"),
        ("tr:nth-child(2) [name=account]", "102"),
        ("tr:nth-child(2) [name=credit]", "800"),
    ] {
        browser.type_in(css, text).await;
    }
    browser.click("button[value=submit]").await;
    browser.wait_for("已保存 2026-01-记-2").await;
    browser.log_out().await;
    browser.log_in("shenhe").await;
    for step in ["approve", "post"] {
        browser.go("/b/V001/2026-01/vouchers").await;
        browser.click("input[value='2026-01-记-2']").await;
        browser.click(&format!("button[value={step}]")).await;
        browser.wait_for("已办理凭证张数: 1").await;
    }
    browser.end().await;
}

/// Every page of the route table that needs no more than a book and a month, in Chinese.
pub fn plain_pages() -> Vec<String> {
    let is_page = |path: &str| !["/api/", "/print/", "/qr.svg", "/jobs/", "/logout"].iter().any(|part| path.contains(part));
    let get = routes().into_iter().filter(|route| route.method == "GET" && is_page(&route.path));
    let paths = get.map(|route| route.path.replace("{book}", "V001").replace("{period}", "2026-01"));
    paths.filter(|path| !path.contains('{')).collect()
}

/// Every page of the route table keeps the rules of accessibility on a telephone, whoever may open it.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_route_table_is_accessible() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    with_money(&office).await;
    let browser = Browser::open(&office, PHONE, true).await;
    for user in ["zhuguan", "guanli"] {
        browser.log_in(user).await;
        for path in plain_pages() {
            browser.go(&path).await;
            browser.scan(&path).await;
        }
        browser.go("/books").await;
        browser.log_out().await;
    }
    browser.nothing_from_elsewhere().await;
    browser.end().await;
}

/// Every page, desktop and phone: no other host, no complaint on the console, labels and headings, weight; and a picture.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_at_two_sizes() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    with_money(&office).await;
    for (size, name) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        let browser = Browser::open(&office, size, true).await;
        browser.go("/login").await;
        browser.check_page(&format!("{name}-login")).await;
        browser.log_in("zhuguan").await;
        for path in [
            "/books",
            "/b/V001/2026-01/desk",
            "/b/V001/2026-01/vouchers",
            "/b/V001/2026-01/vouchers/new",
            "/b/V001/2026-01/vouchers/2026-01-%E8%AE%B0-1",
            "/b/V001/2026-01/trial-balance",
            "/b/V001/2026-01/ledger?account=102",
            "/b/V001/2026-01/journal",
            "/b/V001/2026-01/statements",
            "/b/V001/2026-01/closing",
            "/b/V001/2026-01/accounts",
            "/b/V001/2026-01/desks/bank",
            "/b/V001/2026-01/desks/shares",
            "/b/V001/2026-01/desks/dividends",
            "/b/V001/2026-01/desks/payouts",
            "/b/V001/2026-01/desks/leases",
            "/b/V001/2026-01/desks/book",
            "/b/V001/2026-01/do/share/subscribe",
            "/b/V001/2026-01/do/bank/import",
            "/b/V001/2026-01/supervision",
            "/supervision?year=2026",
            "/supervision?tab=flags",
            "/supervision?tab=trail",
            "/desks/lending",
            "/desks/subsidy",
            "/desks/fund",
            "/desks/entrusted",
            "/desks/households",
            "/do/log",
            "/calc/interest?principal=50000.00&rate=4.35&from=2017-03-15&to=2020-03-15",
            "/search?q=V001",
            "/api",
            "/loans",
            "/me",
        ] {
            browser.go(path).await;
            let file: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            browser.check_page(&format!("{name}{file}")).await;
        }
        browser.log_out().await;
        browser.log_in("guanli").await;
        browser.go("/users").await;
        browser.check_page(&format!("{name}-users")).await;
        browser.nothing_from_elsewhere().await;
        browser.end().await;
    }
}
