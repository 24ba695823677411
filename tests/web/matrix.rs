//! The access matrix: every address × every person × own and other book. A new address without a row fails.

use axum::http::StatusCode;
use cunzhang::access::Permission;
use cunzhang::faces::commands::{COMMANDS, Command, Place};
use cunzhang::faces::web::desks::DESKS;
use cunzhang::faces::web::guard::Need;
use cunzhang::faces::web::routes::routes;

use crate::office::{PEOPLE, Reply, WebOffice};
use crate::support::{TestDatabase, on_both_engines};

/// Who may, by role: h head, a accountant, r reviewer, c cashier, k clerk, o officer, u auditor, m administrator, s committee,
/// b a bank's officer;
/// `*` everybody who is logged in, `-` everybody at all. Addresses of a book count for their own book only.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("GET", "/", "*"),
    ("GET", "/login", "-"),
    ("POST", "/login", "-"),
    ("POST", "/logout", "-"),
    ("POST", "/language", "-"),
    ("GET", "/setup", "-"),
    ("POST", "/setup", "-"),
    ("GET", "/me", "*"),
    ("POST", "/me", "*"),
    ("GET", "/home", "*"),
    ("GET", "/books", "*"),
    ("GET", "/books/{book}", "harckous"),
    ("GET", "/b/{book}/{period}/desk", "harckous"),
    ("GET", "/b/{book}/{period}/vouchers", "harckous"),
    ("POST", "/b/{book}/{period}/vouchers", "hark"),
    ("GET", "/b/{book}/{period}/vouchers/new", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/new", "hak"),
    ("GET", "/b/{book}/{period}/vouchers/{voucher}", "harckous"),
    ("GET", "/b/{book}/{period}/vouchers/{voucher}/edit", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/{voucher}/edit", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/{voucher}/reverse", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/{voucher}/copy", "hak"),
    ("GET", "/b/{book}/{period}/trial-balance", "harckous"),
    ("GET", "/b/{book}/{period}/ledger", "harckous"),
    ("GET", "/b/{book}/{period}/journal", "harckous"),
    ("GET", "/b/{book}/{period}/statements", "harckous"),
    ("GET", "/b/{book}/{period}/closing", "harckous"),
    ("POST", "/b/{book}/{period}/closing/transfer", "ha"),
    ("POST", "/b/{book}/{period}/closing/close", "ha"),
    ("POST", "/b/{book}/{period}/closing/reopen", "hr"),
    ("GET", "/b/{book}/{period}/accounts", "harckous"),
    ("POST", "/b/{book}/{period}/accounts", "hao"),
    ("POST", "/b/{book}/{period}/accounts/stop", "hao"),
    ("GET", "/b/{book}/{period}/claims", "harckous"),
    ("GET", "/b/{book}/{period}/claims/new", "k"),
    ("POST", "/b/{book}/{period}/claims/new", "k"),
    ("POST", "/b/{book}/{period}/claims/book", "ha"),
    ("POST", "/b/{book}/{period}/claims/hand-over", "k"),
    ("GET", "/b/{book}/{period}/claims/hand-over/{number}", "harckous"),
    ("GET", "/b/{book}/{period}/claims/{claim}", "harckous"),
    ("POST", "/b/{book}/{period}/claims/{claim}", "k"),
    ("POST", "/b/{book}/{period}/claims/{claim}/photos", "k"),
    ("POST", "/b/{book}/{period}/claims/{claim}/photos/remove", "k"),
    ("GET", "/b/{book}/{period}/claims/{claim}/photos/{photo}", "harckous"),
    ("POST", "/b/{book}/{period}/claims/{claim}/step", "hak"),
    ("GET", "/b/{book}/{period}/cash", "harckous"),
    ("POST", "/b/{book}/{period}/cash", "k"),
    ("GET", "/b/{book}/{period}/disclosure", "harckous"),
    ("POST", "/b/{book}/{period}/disclosure/make", "ha"),
    ("POST", "/b/{book}/{period}/disclosure/question", "hars"),
    ("GET", "/b/{book}/{period}/disclosure/{sheet}", "harckous"),
    ("GET", "/b/{book}/{period}/disclosure/{sheet}/phone", "harckous"),
    ("POST", "/b/{book}/{period}/disclosure/{sheet}/step", "hars"),
    ("GET", "/b/{book}/{period}/files/{digest}", "harckous"),
    ("GET", "/supervision", "*"),
    ("GET", "/b/{book}/{period}/supervision", "harckous"),
    ("POST", "/b/{book}/{period}/supervision/raise", "ou"),
    ("POST", "/b/{book}/{period}/supervision/run", "ou"),
    ("GET", "/b/{book}/{period}/supervision/package", "ou"),
    ("GET", "/b/{book}/{period}/findings/{finding}", "harckous"),
    ("POST", "/b/{book}/{period}/findings/{finding}", "hakou"),
    ("GET", "/open", "-"),
    ("GET", "/open/{village}", "-"),
    ("GET", "/open/{village}/qr.svg", "-"),
    ("GET", "/open/{village}/{sheet}", "-"),
    ("GET", "/open/{village}/{sheet}/pdf", "-"),
    ("GET", "/open/{village}/{sheet}/png", "-"),
    ("POST", "/open/{village}/ask", "-"),
    ("GET", "/b/{book}/{period}/vouchers/{voucher}/paper", "harckous"),
    ("GET", "/b/{book}/{period}/print", "harckous"),
    ("POST", "/b/{book}/{period}/print", "harckous"),
    ("GET", "/b/{book}/{period}/print/vouchers", "harckous"),
    ("POST", "/b/{book}/{period}/print/vouchers", "harckous"),
    ("GET", "/b/{book}/{period}/print/closing", "harckous"),
    ("GET", "/b/{book}/{period}/print/trial", "harckous"),
    ("GET", "/loans", "harckousb"),
    ("GET", "/loans/{loan}", "harckousb"),
    ("GET", "/households/{household}", "harckous"),
    ("GET", "/b/{book}/{period}/reconcile/{account}", "harckous"),
    ("POST", "/b/{book}/{period}/reconcile/{account}", "haock"),
    ("GET", "/jobs", "*"),
    ("GET", "/jobs/{job}", "*"),
    ("GET", "/jobs/{job}/events", "*"),
    ("GET", "/jobs/{job}/file", "*"),
    ("POST", "/jobs/{job}/stop", "*"),
    ("GET", "/calc", "*"),
    ("GET", "/calc/{which}", "*"),
    ("GET", "/search", "*"),
    ("GET", "/api", "*"),
    ("POST", "/me/token", "*"),
    ("POST", "/me/token/stop", "*"),
    ("GET", "/users", "m"),
    ("POST", "/users", "m"),
    ("GET", "/backup", "m"),
    ("POST", "/backup", "m"),
    ("POST", "/backup/file", "m"),
    ("POST", "/backup/prove", "m"),
    ("GET", "/backup/restore", "m"),
    ("POST", "/backup/restore", "m"),
    ("POST", "/users/password", "m"),
    ("POST", "/users/stop", "m"),
    ("POST", "/users/role", "m"),
];

/// What a bank's officer has besides the register: commands and desks.
const OF_BANKS: &str = "loan list,loan show,loan report,loan reconcile,loan sign,loan record,loan disburse,loan repay,loan extend,\
    loan rate,loan write-off,loan recover,loan bank-classes,subsidy list,subsidy show,subsidy compare,subsidy bank-list";

/// The rows of all addresses: those above, every desk, every command with who may try it.
fn expected() -> Vec<(&'static str, String, String)> {
    let mut rows: Vec<_> = EXPECTED.iter().map(|(method, path, who)| (*method, (*path).to_owned(), (*who).to_owned())).collect();
    for desk in DESKS {
        let before = if desk.place == Place::Book { "/b/{book}/{period}" } else { "" };
        let who = if ["lending", "subsidy"].contains(&desk.name) { "harckousb" } else { "harckous" };
        rows.push(("GET", format!("{before}/desks/{}", desk.name), who.to_owned()));
    }
    for command in COMMANDS {
        let before = if command.place == Place::Book { "/b/{book}/{period}" } else { "" };
        let (path, who) = (format!("{before}/do/{}", command.path()), who(command));
        rows.push(("GET", path.clone(), who.clone()));
        if !command.reads() || command.words == "payout check" {
            rows.push(("POST", path, who));
        }
    }
    rows.push(("GET", "/api/v1/openapi.json".to_owned(), "-".to_owned()));
    for command in COMMANDS {
        let before = if command.place == Place::Book { "/api/v1/books/{book}" } else { "/api/v1" };
        let method = if command.reads() { "GET" } else { "POST" };
        rows.push((method, format!("{before}/{}", command.path()), who(command)));
    }
    rows
}

fn who(command: &Command) -> String {
    let bank = if OF_BANKS.split(',').any(|words| words == command.words) { "b" } else { "" };
    format!("{}{bank}", who_may(command.permission()))
}

/// The roles with a permission, by `domain` and by hand: not read from the program.
fn who_may(permission: Option<Permission>) -> &'static str {
    match permission {
        None => "harckous",
        Some(Permission::KeepVouchers) => "hak",
        Some(Permission::Review) => "hr",
        Some(Permission::Post) => "har",
        Some(Permission::Close) => "ha",
        Some(Permission::Reopen) => "hr",
        Some(Permission::KeepBooks | Permission::PostByRule) => "hao",
        Some(Permission::KeepRegisters | Permission::KeepLoans) => "o",
        Some(Permission::Reconcile) => "haoc",
        Some(Permission::ManageUsers) => "m",
        Some(Permission::Claim) => "k",
        Some(Permission::AcceptClaims | Permission::Disclose) => "ha",
        Some(Permission::ApproveDisclosure) => "rs",
        Some(Permission::Supervise) => "ou",
        Some(Permission::AnswerFinding) => "hak",
        Some(other) => panic!("no command needs {other:?}"),
    }
}

fn letter(role: &str) -> char {
    match role {
        "head" => 'h',
        "accountant" => 'a',
        "reviewer" => 'r',
        "cashier" => 'c',
        "clerk" => 'k',
        "officer" => 'o',
        "auditor" => 'u',
        "administrator" => 'm',
        "committee" => 's',
        "bank" => 'b',
        other => panic!("role {other}"),
    }
}

/// Which of the two books a scope covers; the county's addresses need the whole county, or for loans a bank.
fn covers(scope: &str, book: Option<&str>) -> bool {
    match (scope, book) {
        ("", _) => true,
        ("B1", None) => true,
        ("B1", Some(_)) | (_, None) => false,
        ("459900101000" | "V001", Some(book)) => book == "V001",
        (other, _) => panic!("scope {other}"),
    }
}

fn is_turned_away(reply: &Reply) -> bool {
    matches!(reply.status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED)
        || (reply.status == StatusCode::SEE_OTHER && reply.location.starts_with("/login?"))
}

#[test]
fn every_address_has_a_row() {
    let routes = routes();
    let known: Vec<(&str, &str)> = routes.iter().map(|route| (route.method, route.path.as_ref())).collect();
    let expected = expected();
    let rows: Vec<(&str, &str)> = expected.iter().map(|(method, path, _)| (*method, path.as_str())).collect();
    assert_eq!(known, rows, "the matrix has one row for every address, in the order of the route table");
}

#[test]
fn only_the_doors_and_the_public_page_are_open_to_nobody() {
    let open: Vec<String> =
        routes().iter().filter(|route| route.need == Need::Nobody).map(|route| route.path.to_string()).collect();
    assert_eq!(
        open,
        [
            "/login",
            "/login",
            "/logout",
            "/language",
            "/setup",
            "/setup",
            "/open",
            "/open/{village}",
            "/open/{village}/qr.svg",
            "/open/{village}/{sheet}",
            "/open/{village}/{sheet}/pdf",
            "/open/{village}/{sheet}/png",
            "/open/{village}/ask",
            "/api/v1/openapi.json"
        ]
    );
}

on_both_engines! {
    async fn the_matrix_holds(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let expected = expected();
        for (user, role, scope) in PEOPLE {
            let mut cookie = office.log_in(user).await;
            for (method, path, who) in &expected {
                if who == "-" {
                    continue; // open to everybody: logging out would end the session the next rows need
                }
                let books: &[Option<&str>] = if path.contains("{book}") { &[Some("V001"), Some("V002")] } else { &[None] };
                for book in books {
                    let address = filled(path, book.unwrap_or(""));
                    let reply = match *method {
                        "GET" => office.get(&address, &cookie).await,
                        _ => office.post(&address, &cookie, &[]).await,
                    };
                    let may = who == "*" || who.contains(letter(role)) && covers(scope, *book);
                    assert_eq!(!is_turned_away(&reply), may, "{user} ({role} at '{scope}') {method} {address}: {}", reply.status);
                    assert!(reply.status.as_u16() < 500, "{user} {method} {address}: {}", reply.body);
                }
                if path == "/me" {
                    cookie = office.log_in(user).await;
                }
            }
        }
        for (method, path, who) in expected.iter().filter(|(.., who)| who != "-") {
            let address = filled(path, "V001");
            let reply = if *method == "GET" { office.get(&address, "").await } else { office.post(&address, "", &[]).await };
            assert!(is_turned_away(&reply), "nobody {method} {address} ({who}): {}", reply.status);
        }
    }
}

/// An address with something in each of its places.
fn filled(path: &str, book: &str) -> String {
    let address = path.replace("{book}", book).replace("{period}", "2026-01").replace("{voucher}", "2026-01-记-1");
    let address = address
        .replace("{loan}", "L1")
        .replace("{household}", "H1")
        .replace("{which}", "interest")
        .replace("{account}", "A1")
        .replace("{job}", "j1");
    address.split('/').map(crate::office::escape).collect::<Vec<_>>().join("/")
}
