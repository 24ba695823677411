//! The door: wrong passwords, waits, sessions that end, requests from elsewhere, headers.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use cunzhang::access::service::{RemoveRole, StopUser};

use crate::office::{PASSWORD, WebOffice, set_up};
use crate::support::{TestDatabase, on_both_engines};

on_both_engines! {
    /// S01: a wrong login says the same for a known and an unknown name, keeps the name, and waits after five tries.
    async fn wrong_passwords_wait(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        for _ in 0..5 {
            let reply = office.post("/login", "", &[("user", "kuaiji"), ("password", "wrong")]).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(reply.body.contains("W-107") && reply.body.contains("value=\"kuaiji\""), "{}", reply.body);
        }
        let unknown = office.post("/login", "", &[("user", "meiyou"), ("password", "wrong")]).await;
        assert!(unknown.body.contains("W-107"));
        let sixth = office.post("/login", "", &[("user", "kuaiji"), ("password", "wrong")]).await;
        assert!(sixth.body.contains("W-107"));
        let waits = office.post("/login", "", &[("user", "kuaiji"), ("password", PASSWORD)]).await;
        assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS, "{}", waits.body);
        assert!(office.log_in("shenhe").await.starts_with("cunzhang="), "others are not kept waiting");
    }

    /// Logging out ends the session on the server. S19-A2: a stopped user and a role taken back are gone at the next click.
    async fn rights_end_at_the_next_click(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let desk = "/b/V001/2026-01/desk";
        let cookie = office.log_in("kuaiji").await;
        assert_eq!(office.get(desk, &cookie).await.status, StatusCode::OK);
        office.county.done("guanli", RemoveRole { user: "kuaiji".into(), role: "accountant".into(), scope: "".into() }).await;
        assert_eq!(office.get(desk, &cookie).await.status, StatusCode::FORBIDDEN);
        let cookie = office.log_in("zhuguan").await;
        office.county.done("guanli", StopUser { user: "zhuguan".into(), stop: true }).await;
        assert!(office.get(desk, &cookie).await.location.starts_with("/login?back=/b/V001"));
        let cookie = office.log_in("shenhe").await;
        assert_eq!(office.post("/logout", &cookie, &[]).await.location, "/login");
        assert!(office.get(desk, &cookie).await.location.starts_with("/login?"));
        assert_eq!(office.county.refused("guanli", StopUser { user: "guanli".into(), stop: true }).await, "N-106");
    }

    /// A form sent from another site is refused before it reaches a page; pages carry the headers that keep them ours.
    async fn other_sites_are_kept_out(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let cookie = office.log_in("kuaiji").await;
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
            let request = Request::post("/b/V001/2026-01/vouchers").header(COOKIE, &cookie).header("host", "127.0.0.1:8080")
                .header(name, value).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            let reply = office.send(request.body(Body::from("step=submit")).unwrap()).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{name}");
        }
        let page = office.get("/b/V001/2026-01/vouchers", &cookie).await;
        for (name, part) in [
            ("content-security-policy", "frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
        ] {
            let value = page.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
            assert!(value.contains(part), "{name}: {value}");
        }
        let login = office.post("/login", "", &[("user", "shenhe"), ("password", PASSWORD), ("back", "//evil.example")]).await;
        assert_eq!(login.location, "/");
        assert!(login.cookie.contains("HttpOnly") && login.cookie.contains("SameSite=Lax"), "{}", login.cookie);
    }

    /// Behind https the session's cookie is sent by nothing else; plain http in the office's own network keeps working.
    async fn cookies_are_secure_behind_https(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let form = [("user", "shenhe"), ("password", PASSWORD), ("back", "/")];
        assert!(!office.post("/login", "", &form).await.cookie.contains("Secure"));
        let behind = set_up(&office.county, |web| web.https = true);
        let cookie = behind.post("/login", "", &form).await.cookie;
        assert!(cookie.starts_with("cunzhang=") && cookie.contains("Secure") && cookie.contains("HttpOnly"), "{cookie}");
    }

    /// Logging in gives a new session id: one handed in beforehand opens nothing.
    async fn a_session_is_not_fixed(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let before = "cunzhang=AAAAAAAAAAAAAAAAAAAAAA";
        let reply = office.post("/login", before, &[("user", "kuaiji"), ("password", PASSWORD)]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        assert!(!reply.cookie.starts_with(before));
        assert!(office.get("/books", before).await.location.starts_with("/login?"));
    }

    /// Names and summaries are shown as typed, never as markup.
    async fn nothing_typed_becomes_markup(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let evil = "<script>alert(1)</script>";
        let reply = office.post("/login", "", &[("user", evil), ("password", "x"), ("back", evil)]).await;
        assert!(!reply.body.contains(evil));
        let cookie = office.log_in("kuaiji").await;
        let page = office.get(&format!("/b/V001/2026-01/ledger?account={}", crate::office::escape(evil)), &cookie).await;
        assert!(!page.body.contains(evil), "{}", page.body);
        let traversal = office.get("/static/x/..%2f..%2fCargo.toml", "").await;
        assert_eq!(traversal.status, StatusCode::NOT_FOUND);
    }
}
