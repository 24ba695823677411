//! The demo as one command serves it: its login page, and its pages with real figures, seen at two sizes.

use std::io::{BufRead, BufReader};

use cunzhang::demo::PASSWORD;
use fantoccini::Locator;

use crate::chromium::{Browser, DESKTOP, PHONE};
use crate::office::WebOffice;
use crate::support::process::{Running, cunzhang};
use crate::support::{Engine, fresh};

/// The line that says where the pages are.
const SERVED: &str = "村账已启动:";

/// The demo played into an empty folder and served; its address.
fn served(folder: &str) -> (Running, String) {
    let mut running = Running::start(cunzhang(["demo", "--dir", folder, "--listen", "127.0.0.1:0"]));
    let stderr = running.child().stderr.take().expect("a pipe");
    let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
    let said = lines.find(|line| line.contains(SERVED)).expect("the demo says where it is served");
    let address = said.split_once("http://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").to_owned();
    // Whatever else it says is read to its end, or the program would wait for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    (running, format!("http://{address}"))
}

/// S01-A1: from an empty folder one command gives a login page, with an account for every role; the pages behind it hold
/// what every page must, with the figures of three years.
#[tokio::test(flavor = "multi_thread")]
async fn s01_a1_one_command_serves_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let (_running, address) = served(folder.path().join("demo").to_str().unwrap());
    // The browser comes with an office of the tests, which it never opens.
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    for (size, name) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
        let mut browser = Browser::open(&office, size, true).await;
        browser.address.clone_from(&address);
        browser.go("/").await;
        browser.wait_for(PASSWORD).await;
        browser.check_page(&format!("demo-{name}-login")).await;
        for (user, pages) in [
            (
                "zhuguan",
                &[
                    "/books",
                    "/b/V001/2025-12/desk",
                    "/b/V001/2025-06/desk",
                    "/b/V001/2025-06/vouchers",
                    "/b/V001/2025-06/trial-balance",
                    "/b/V001/2025-12/statements",
                    "/b/V001/2025-12/statements?name=balance-sheet&formulas=1",
                    "/b/V001/2025-06/closing",
                    "/b/V001/2025-06/ledger?account=102",
                    "/b/V001/2025-06/disclosure",
                    "/b/V001/2025-06/desks/affairs",
                    "/b/V001/2025-06/desks/classes",
                    "/b/V001/2025-06/accounts",
                ][..],
            ),
            (
                "xianban",
                &[
                    "/loans",
                    "/loans?report=arrears",
                    "/loans?report=due",
                    "/desks/lending",
                    "/desks/subsidy",
                    "/desks/fund",
                    "/desks/entrusted",
                    "/desks/households",
                    "/desks/registers",
                    "/supervision?year=2025",
                    "/supervision?tab=flags",
                ][..],
            ),
            ("admin", &["/users", "/backup"][..]),
        ] {
            log_in(&browser, user).await;
            for page in pages {
                browser.go(page).await;
                let file: String = page.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
                browser.check_page(&format!("demo-{name}{file}")).await;
            }
            browser.log_out().await;
        }
        browser.nothing_from_elsewhere().await;
        browser.end().await;
    }
}

async fn log_in(browser: &Browser, user: &str) {
    browser.go("/login").await;
    browser.type_in("[name=user]", user).await;
    browser.type_in("[name=password]", PASSWORD).await;
    browser.click("button.primary").await;
    browser.client.wait().for_element(Locator::Css("form[action='/logout']")).await.expect("somebody is logged in");
}
