//! The API: tokens, the same answers and refusals as the command line, repeated keys, files, and the document.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::office::{Reply, WebOffice};
use crate::support::{TestDatabase, on_both_engines};

/// A program with somebody's token.
struct Program<'a> {
    office: &'a WebOffice,
    token: String,
}

impl<'a> Program<'a> {
    async fn of(office: &'a WebOffice, user: &str) -> Program<'a> {
        let cookie = office.log_in(user).await;
        let made = office.post("/me/token", &cookie, &[("name", "财政接口")]).await;
        let at = made.body.find("cz_").expect("the token is shown once");
        let token = made.body[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        assert!(!office.get("/me", &cookie).await.body.contains("cz_"), "and never again");
        Program { office, token }
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>, key: &str) -> (Reply, Value) {
        let request = Request::builder().method(method).uri(path).header(AUTHORIZATION, format!("Bearer {}", self.token));
        let request = if key.is_empty() { request } else { request.header("Idempotency-Key", key) };
        let request = request.header(CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let reply = self.office.send(request.body(body).unwrap()).await;
        let json = serde_json::from_str(&reply.body).unwrap_or(Value::Null);
        (reply, json)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let (reply, json) = self.send("GET", path, None, "").await;
        (reply.status, json)
    }

    async fn act(&self, path: &str, body: Value, key: &str) -> (StatusCode, Value) {
        let (reply, json) = self.send("POST", path, Some(body), key).await;
        (reply.status, json)
    }
}

on_both_engines! {
    async fn programs_do_what_people_do(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, reviewer) = (Program::of(&office, "kuaiji").await, Program::of(&office, "shenhe").await);
        let lines = ["102 debit 500.00 收到补助", "301 credit 500.00 收到补助"];
        let add = json!({ "date": "2026-01-05", "attachments": 1, "line": lines, "submit": true });
        let at = |verb: &str| format!("/api/v1/books/V001/voucher/{verb}");

        // The same key twice is one voucher; the key with other content is refused.
        let (status, first) = clerk.act(&at("add"), add.clone(), "k-1").await;
        assert_eq!(status, StatusCode::OK, "{first}");
        assert_eq!(clerk.act(&at("add"), add, "k-1").await, (StatusCode::OK, first));
        let (status, other) = clerk.act(&at("add"), json!({ "date": "2026-01-06", "line": lines }), "k-1").await;
        assert_eq!((status, other["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("O-101")), "{other}");

        // Nobody approves what they made; the accountant may not approve at all.
        let (reply, refused) = clerk.send("POST", &at("approve"), Some(json!({ "period": "2026-01" })), "").await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        assert_eq!(reply.headers[CONTENT_TYPE], "application/problem+json");
        assert_eq!(refused["code"], "N-103", "{refused}");
        for verb in ["approve", "post"] {
            let (status, done) = reviewer.act(&at(verb), json!({ "period": "2026-01" }), "").await;
            assert_eq!(status, StatusCode::OK, "{verb} {done}");
        }
        let (status, list) = clerk.get(&format!("{}?period=2026-01", at("list"))).await;
        assert_eq!(status, StatusCode::OK);
        assert!(list.to_string().contains("500.00"), "{list}");
        let (_, balance) = clerk.get("/api/v1/books/V001/report/trial-balance?period=2026-01").await;
        assert!(balance.to_string().contains("\"500.00\""), "{balance}");

        // What cannot be read names the field; what is not there is said so; options of the program are no fields.
        for (path, body, code) in [
            (at("post"), json!({ "period": "昨天" }), "W-121"),
            (at("add"), json!({ "date": "2026-01-05", "db": "sqlite:other.db" }), "W-122"),
            (at("reverse"), json!({ "voucher": "2026-01-记-1" }), "W-120"),
            (at("add"), json!({ "json": "/etc/passwd" }), "W-120"),
            (at("add"), json!(["no", "object"]), "W-121"),
        ] {
            let (status, refused) = clerk.act(&path, body, "").await;
            assert_eq!((status, refused["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some(code)), "{path} {refused}");
            assert!(refused["next"].as_str().is_some_and(|next| !next.is_empty()), "{refused}");
        }
        assert_eq!(clerk.get("/api/v1/books/V999/voucher/list").await.0, StatusCode::NOT_FOUND);
        let (reply, nowhere) = clerk.send("GET", "/api/v1/nothing/here", None, "").await;
        assert_eq!((reply.status, nowhere["code"].as_str()), (StatusCode::NOT_FOUND, Some("W-101")));

        // A stopped token opens nothing, at once.
        let cookie = office.log_in("kuaiji").await;
        let page = office.get("/me", &cookie).await.body;
        let digest = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        office.post("/me/token/stop", &cookie, &[("token", &digest)]).await;
        let (status, refused) = clerk.get("/api/v1/books/V001/voucher/list").await;
        assert_eq!((status, refused["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("W-109")), "{refused}");
    }

    async fn a_file_through_the_api(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = Program::of(&office, "kuaiji").await;
        let file = "日期,摘要,科目编号,借方,贷方\r\n2026-01-05,收到补助,102,500.00,\r\n2026-01-05,收到补助,301,,400.00\r\n";
        let body = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../一月.csv\"\r\n\r\n{file}\r\n--x--\r\n");
        let request = Request::post("/api/v1/books/V001/voucher/import").header(AUTHORIZATION, format!("Bearer {}", clerk.token));
        let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(Body::from(body)).unwrap();
        let reply = office.send(request).await;
        let refused: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!((reply.status, refused["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("O-206")), "{refused}");
        assert!(refused["answer"]["problems"].as_array().is_some_and(|rows| !rows.is_empty()), "{refused}");
    }
}

/// One line an address: `POST /api/v1/fund/pay claims* on reason`.
fn summary(document: &Value) -> String {
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let asked = operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query");
            let query = asked.map(|p| format!("{}{}", p["name"].as_str().unwrap(), if p["required"] == true { "*" } else { "" }));
            let content = operation["requestBody"]["content"].as_object().into_iter().flat_map(|kinds| kinds.values());
            let body = content.flat_map(|kind| {
                let required: Vec<&str> =
                    kind["schema"]["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                let names = kind["schema"]["properties"].as_object().into_iter().flat_map(|all| all.keys());
                names
                    .map(|name| format!("{name}{}", if required.contains(&name.as_str()) { "*" } else { "" }))
                    .collect::<Vec<_>>()
            });
            let fields: Vec<String> = query.chain(body).collect();
            lines.push(format!("{} {path} {}", method.to_uppercase(), fields.join(" ")).trim().to_owned());
        }
    }
    lines.sort();
    lines.join("\n") + "\n"
}

/// The document is OpenAPI 3.1 and says what it said. `UPDATE_SNAPSHOTS=1` writes what it says now.
#[tokio::test]
async fn the_document_says_what_it_said() {
    let database = crate::support::fresh(crate::support::Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let document: Value = serde_json::from_str(&office.get("/api/v1/openapi.json", "").await.body).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let (file, now) = (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/api.txt"), summary(&document));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(file, &now).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap();
    assert_eq!(now, kept, "the API changed: look at the difference, then run with UPDATE_SNAPSHOTS=1");
}
