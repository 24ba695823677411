//! A small county behind the web office: people of every role, two books in two townships, requests without a network.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use cunzhang::access::password;
use cunzhang::access::service::{AddUser, SetPassword};
use cunzhang::faces::web::job_files::JobFiles;
use cunzhang::faces::web::jobs::AtWork;
use cunzhang::faces::web::login::Waits;
use cunzhang::faces::web::seat::Web;
use cunzhang::faces::web::server;
use cunzhang::faces::web::uploads::Uploads;
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::{AddBook, AddPlaces};
use cunzhang::ledger::books::store::Place;
use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::parties::household::Bank;
use cunzhang::parties::service::RegisterBanks;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::county::County;

/// The password of everybody in these tests.
pub const PASSWORD: &str = "青山绿水-2026";

/// (login, role, scope): every role for the county, for one township, for one bank.
pub const PEOPLE: [(&str, &str, &str); 14] = [
    ("guanli", "administrator", ""),
    ("zhuguan", "head", ""),
    ("kuaiji", "accountant", ""),
    ("shenhe", "reviewer", ""),
    ("chuna", "cashier", ""),
    ("baozhang", "clerk", ""),
    ("xianban", "officer", ""),
    ("shenji", "auditor", ""),
    ("zhenkuaiji", "accountant", "459900101000"),
    ("zhenshenhe", "reviewer", "459900101000"),
    ("cunbaozhang", "clerk", "V001"),
    ("jianweihui", "committee", "V001"),
    ("zhenshenji", "auditor", "459900101000"),
    ("nongshang", "bank", "B1"),
];

/// The web office over a test county.
pub struct WebOffice {
    pub county: County,
    pub app: Router,
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub location: String,
    pub cookie: String,
    pub body: String,
    pub bytes: Vec<u8>,
    pub headers: axum::http::HeaderMap,
}

/// The same county behind an office that is set up otherwise: with https, as a demo.
pub fn set_up(county: &County, change: impl FnOnce(&mut Web)) -> WebOffice {
    let mut web = web_over(county);
    change(Arc::get_mut(&mut web).expect("nobody else has it yet"));
    WebOffice { county: county.clone(), app: server::app(web) }
}

pub fn web_over(county: &County) -> Arc<Web> {
    let known = OnceLock::new();
    known.set(("459900".to_owned(), "青禾县".to_owned())).unwrap();
    Arc::new(Web {
        office: county.office.clone(),
        county: known,
        is_founded: true.into(),
        setup_word: "word".into(),
        waits: Waits::default(),
        registers: Default::default(),
        waiting: Default::default(),
        uploads: Uploads::default(),
        at_work: AtWork::default(),
        job_files: JobFiles::default(),
        backups: tempfile::tempdir().expect("a folder").keep(),
        restoring: tokio::sync::Notify::new(),
        is_demo: false,
        https: false,
    })
}

impl WebOffice {
    /// Two townships, book V001 in the first and V002 in the second, everybody of [`PEOPLE`] with a password.
    pub async fn open(url: &str) -> WebOffice {
        let county = County::open(url).await;
        let place = |code: &str, level: &str, parent: Option<&str>| Place {
            place: code.into(),
            name: format!("地{code}"),
            level: level.into(),
            parent: parent.map(Into::into),
            valid_from: "2020-01-01".into(),
            valid_before: None,
            successor: None,
        };
        let places = vec![
            place("459900101000", "township", None),
            place("459900101201", "village", Some("459900101000")),
            place("459900102000", "township", None),
            place("459900102201", "village", Some("459900102000")),
        ];
        county.done("guanli", AddPlaces { places }).await;
        for (code, place) in [("V001", "459900101201"), ("V002", "459900102201")] {
            let book = Book {
                book: BookCode::from(code),
                name: format!("{code}村股份经济合作社"),
                kind: EntityKind::Village,
                place: Some(place.into()),
                organisation: None,
                first_period: "2026-01".parse().unwrap(),
            };
            county.done("guanli", AddBook { book, regime: None }).await;
        }
        let bank = |code: &str| Bank { bank: code.into(), parent: None, name: format!("{code}银行"), place: None };
        county.done("guanli", RegisterBanks { banks: vec![bank("B1"), bank("B2")] }).await;
        WebOffice::over(county, &PEOPLE).await
    }

    /// A county of one's own with these people and the web office before it.
    pub async fn over(county: County, people: &[(&str, &str, &str)]) -> WebOffice {
        let hash = password::hash(PASSWORD, &[9; 16]);
        for (user, role, scope) in people.iter().copied() {
            let add = AddUser { user: user.into(), name: format!("{user}某"), role: role.into(), scope: scope.into() };
            county.done("guanli", add).await;
            county.done("guanli", SetPassword { user: user.into(), hash: hash.clone() }).await;
        }
        let app = server::app(web_over(&county));
        WebOffice { county, app }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.app.clone().oneshot(request).await.expect("the router answers everything");
        let header = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        let (location, cookie) = (header(LOCATION), header(SET_COOKIE));
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.expect("a body ends").to_bytes();
        Reply { status, location, cookie, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes: bytes.to_vec() }
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Reply {
        self.send(Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// Posts a form as the pages do.
    pub async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        let request = Request::post(path).header(COOKIE, cookie).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// Logs somebody in; answers their cookie.
    pub async fn log_in(&self, user: &str) -> String {
        let reply = self.post("/login", "", &[("user", user), ("password", PASSWORD), ("back", "/")]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{user}: {}", reply.body);
        reply.cookie.split(';').next().unwrap_or_default().to_owned()
    }
}

pub fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
