//! A real browser: Chromium without a window, driven by its own driver, and the pages served over the network.
//!
//! 1. Browser and driver end with the test, however it ends.
//! 2. What is not installed fails the test and says what to install.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::http::Method;
use cunzhang::faces::web::server;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use crate::office::{WebOffice, web_over};

/// The two sizes the pages are made for.
pub const DESKTOP: (u32, u32) = (1366, 768);
pub const PHONE: (u32, u32) = (360, 740);

/// The driver; killed with the test.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver and the browsers it started are one group.
        let _ = Command::new("kill").args(["-9", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

/// A browser before a served county.
pub struct Browser {
    pub client: Client,
    pub address: String,
    _driver: Driver,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port is free").port()
}

impl Browser {
    /// Serves the office and opens a window of this size.
    pub async fn open(office: &WebOffice, (width, height): (u32, u32), scripts: bool) -> Browser {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(server::serve(web_over(&office.county), listener));
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        let driver = Driver(driver.expect("chromedriver is missing: apt-get install chromium chromium-driver fonts-noto-cjk"));
        let mut options = json!({ "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            format!("--window-size={width},{height}"),
        ]});
        if scripts && (width, height) == PHONE {
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1 } });
        }
        if !scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let wanted = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" } });
        let wanted = wanted.as_object().expect("an object").clone();
        for _ in 0..100 {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            match builder.capabilities(wanted.clone()).connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => {
                    return Browser { client, address, _driver: driver };
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("the browser did not start within ten seconds");
    }

    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.expect("a page opens");
    }

    pub async fn type_in(&self, css: &str, text: &str) {
        self.client.find(Locator::Css(css)).await.unwrap().send_keys(text).await.unwrap();
    }

    pub async fn click(&self, css: &str) {
        self.client.find(Locator::Css(css)).await.unwrap().click().await.unwrap();
    }

    pub async fn log_in(&self, user: &str) {
        self.go("/login").await;
        self.type_in("[name=user]", user).await;
        self.type_in("[name=password]", crate::office::PASSWORD).await;
        self.click("button.primary").await;
        self.client.wait().for_element(Locator::Css("form[action='/logout']")).await.expect("somebody is logged in");
    }

    pub async fn log_out(&self) {
        self.click("header form[action='/logout'] button").await;
        self.client.wait().for_element(Locator::Css("input[type=password]")).await.expect("the login comes back");
    }

    /// The page's text; asked again where the page changed under the question.
    pub async fn text(&self) -> String {
        for _ in 0..100 {
            if let Ok(body) = self.client.find(Locator::Css("body")).await
                && let Ok(text) = body.text().await
            {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page has no text");
    }

    pub async fn script(&self, code: &str) -> serde_json::Value {
        self.client.execute(code, Vec::new()).await.unwrap()
    }

    /// Waits until the page says something.
    pub async fn wait_for(&self, words: &str) {
        for _ in 0..100 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page never said {words}: {}", self.text().await);
    }

    /// Waits longer: for what goes over a poor line.
    pub async fn wait_long(&self, words: &str) {
        for _ in 0..600 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the page never said {words}: {}", self.text().await);
    }

    /// The line from now on: so many bits a second with a delay in milliseconds; none at all for 0.
    pub async fn line(&self, bits: u64, delay: u64) {
        let parameters =
            json!({ "offline": bits == 0, "latency": delay, "downloadThroughput": bits / 8, "uploadThroughput": bits / 8 });
        self.client.issue_cmd(Cdp("Network.emulateNetworkConditions", parameters)).await.expect("the browser takes a line");
    }

    /// Waits until a script says true.
    pub async fn wait_until(&self, code: &str) {
        for _ in 0..100 {
            if self.script(code).await == json!(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never became true: {code}");
    }

    async fn log(&self, kind: &'static str) -> Vec<Value> {
        let answer = self.client.issue_cmd(Log(kind)).await.expect("the driver keeps logs");
        answer.as_array().cloned().unwrap_or_default()
    }

    /// What must hold on every page, and its picture in `target/screens`.
    pub async fn check_page(&self, name: &str) {
        // A form that was refused answers 422, which the browser notes; that is no fault of a page.
        // Nor is a line that the test cut.
        let said = |line: &Value, words: &str| line["message"].as_str().unwrap_or("").contains(words);
        let known = |line: &Value| said(line, "status of 422") || said(line, "ERR_INTERNET_DISCONNECTED");
        let fault = |line: &Value| line["level"] == "SEVERE" && !known(line);
        let complaints: Vec<Value> = self.log("browser").await.into_iter().filter(fault).collect();
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
        self.scan(name).await;
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screens");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), self.client.screenshot().await.unwrap()).unwrap();
    }

    /// The rules of accessibility alone, and that nothing is wider than the window.
    pub async fn scan(&self, name: &str) {
        let broken = self.script(RULES).await;
        assert_eq!(broken, json!([]), "{name}");
        let overflow = self.script("return document.documentElement.scrollWidth > window.innerWidth + 1").await;
        assert_eq!(overflow, json!(false), "{name} is wider than its window");
    }

    /// No page asked another host for anything.
    pub async fn nothing_from_elsewhere(&self) {
        let lines = self.log("performance").await;
        assert!(lines.len() > 10, "the driver logs requests");
        for line in lines {
            let message: Value = serde_json::from_str(line["message"].as_str().unwrap_or("{}")).unwrap_or_default();
            let asked = &message["message"]["params"]["request"]["url"];
            let ours = asked
                .as_str()
                .is_none_or(|url| url.trim_start_matches("blob:").starts_with(&self.address) || url.starts_with("data:"));
            assert!(ours, "asked {asked}");
        }
    }

    pub async fn end(self) {
        self.client.close().await.expect("the browser closes");
    }
}

/// A command of the browser's own protocol.
#[derive(Debug)]
struct Cdp(&'static str, Value);

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

/// What the driver has logged since it was last asked.
#[derive(Debug)]
struct Log(&'static str);

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}

/// Rules of accessibility a script can see: language, title, one main heading, labels, heads with scope, alternative
/// texts, contrast of texts (4.5 : 1).
const RULES: &str = r"
    const broken = [];
    const say = (what, node) => broken.push(what + ': ' + (node ? node.outerHTML.slice(0, 120) : ''));
    if (!document.documentElement.lang) say('no language');
    if (!document.title.trim()) say('no title');
    if (document.querySelectorAll('h1').length !== 1) say('not one h1');
    document.querySelectorAll('input:not([type=hidden]),select,textarea').forEach(field => {
        if (!(field.labels && field.labels.length) && !field.getAttribute('aria-label')) say('no label', field);
    });
    document.querySelectorAll('th').forEach(head => { if (!head.scope) say('no scope', head); });
    document.querySelectorAll('img').forEach(image => { if (!image.hasAttribute('alt')) say('no alt', image); });
    document.querySelectorAll('a,button').forEach(node => {
        if (!node.textContent.trim() && !node.getAttribute('aria-label')) say('no name', node);
    });
    const ids = new Set();
    document.querySelectorAll('[id]').forEach(node => { if (ids.has(node.id)) say('id twice', node); ids.add(node.id); });
    const numbers = text => (text.match(/[\d.]+/g) || []).map(Number);
    const light = c => { const f = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
        return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
    const ground = node => { for (; node; node = node.parentElement) {
        const c = numbers(getComputedStyle(node).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
    document.querySelectorAll('main *, header *, nav *').forEach(node => {
        const own = Array.from(node.childNodes).some(child => child.nodeType === 3 && child.textContent.trim());
        if (!own || node.disabled) return;
        const a = light(numbers(getComputedStyle(node).color)), b = light(ground(node));
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) say('contrast ' + ratio.toFixed(2), node);
    });
    return broken;
";
