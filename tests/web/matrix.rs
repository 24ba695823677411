//! The access matrix: every address × every person × own and other book. A new address without a row fails.

use axum::http::StatusCode;
use cunzhang::faces::web::guard::Need;
use cunzhang::faces::web::routes::routes;

use crate::office::{PEOPLE, Reply, WebOffice};
use crate::support::{TestDatabase, on_both_engines};

/// Who may, by role: h head, a accountant, r reviewer, c cashier, k clerk, o officer, u auditor, m administrator;
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
    ("GET", "/books", "*"),
    ("GET", "/books/{book}", "harckou"),
    ("GET", "/b/{book}/{period}/desk", "harckou"),
    ("GET", "/b/{book}/{period}/vouchers", "harckou"),
    ("POST", "/b/{book}/{period}/vouchers", "harckou"),
    ("GET", "/b/{book}/{period}/vouchers/new", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/new", "hak"),
    ("GET", "/b/{book}/{period}/vouchers/{voucher}", "harckou"),
    ("GET", "/b/{book}/{period}/vouchers/{voucher}/edit", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/{voucher}/edit", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/{voucher}/reverse", "hak"),
    ("POST", "/b/{book}/{period}/vouchers/{voucher}/copy", "hak"),
    ("GET", "/b/{book}/{period}/trial-balance", "harckou"),
    ("GET", "/b/{book}/{period}/ledger", "harckou"),
    ("GET", "/b/{book}/{period}/journal", "harckou"),
    ("GET", "/b/{book}/{period}/statements", "harckou"),
    ("GET", "/b/{book}/{period}/closing", "harckou"),
    ("POST", "/b/{book}/{period}/closing/transfer", "ha"),
    ("POST", "/b/{book}/{period}/closing/close", "ha"),
    ("POST", "/b/{book}/{period}/closing/reopen", "hr"),
    ("GET", "/b/{book}/{period}/accounts", "harckou"),
    ("POST", "/b/{book}/{period}/accounts", "hao"),
    ("POST", "/b/{book}/{period}/accounts/stop", "hao"),
    ("GET", "/loans", "harckou"),
    ("GET", "/loans/{loan}", "harckou"),
    ("GET", "/users", "m"),
    ("POST", "/users", "m"),
    ("POST", "/users/password", "m"),
    ("POST", "/users/stop", "m"),
    ("POST", "/users/role", "m"),
];

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
        other => panic!("role {other}"),
    }
}

/// Which of the two books a scope covers; the county's addresses need the whole county.
fn covers(scope: &str, book: Option<&str>) -> bool {
    match (scope, book) {
        ("", _) => true,
        (_, None) => false,
        ("459900101000" | "V001", Some(book)) => book == "V001",
        (other, _) => panic!("scope {other}"),
    }
}

fn is_turned_away(reply: &Reply) -> bool {
    reply.status == StatusCode::FORBIDDEN || (reply.status == StatusCode::SEE_OTHER && reply.location.starts_with("/login?"))
}

#[test]
fn every_address_has_a_row() {
    let known: Vec<(&str, &str)> = routes().iter().map(|route| (route.method, route.path)).collect();
    let rows: Vec<(&str, &str)> = EXPECTED.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(known, rows, "the matrix has one row for every address, in the order of the route table");
}

#[test]
fn only_the_doors_are_open_to_nobody() {
    let open: Vec<&str> = routes().iter().filter(|route| route.need == Need::Nobody).map(|route| route.path).collect();
    assert_eq!(open, ["/login", "/login", "/logout", "/language", "/setup", "/setup"]);
}

on_both_engines! {
    async fn the_matrix_holds(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        for (user, role, scope) in PEOPLE {
            for (method, path, who) in EXPECTED {
                if ["/logout", "/login", "/setup", "/language"].contains(path) {
                    continue; // open to everybody; logging out would end the session the next rows need
                }
                let cookie = office.log_in(user).await;
                let books: &[Option<&str>] = if path.contains("{book}") { &[Some("V001"), Some("V002")] } else { &[None] };
                for book in books {
                    let address = path.replace("{book}", book.unwrap_or("")).replace("{period}", "2026-01")
                        .replace("{voucher}", "2026-01-记-1").replace("{loan}", "L1");
                    let address: String = address.split('/').map(crate::office::escape).collect::<Vec<_>>().join("/");
                    let reply = match *method {
                        "GET" => office.get(&address, &cookie).await,
                        _ => office.post(&address, &cookie, &[]).await,
                    };
                    let may = *who == "*" || who.contains(letter(role)) && covers(scope, *book);
                    assert_eq!(!is_turned_away(&reply), may, "{user} ({role} at '{scope}') {method} {address}: {}", reply.status);
                    assert!(reply.status.as_u16() < 500, "{user} {method} {address}: {}", reply.body);
                }
            }
        }
        for (method, path, who) in EXPECTED.iter().filter(|(.., who)| *who != "-") {
            let address = path.replace("{book}", "V001").replace("{period}", "2026-01");
            let address = address.replace("{voucher}", "x").replace("{loan}", "L1");
            let reply = if *method == "GET" { office.get(&address, "").await } else { office.post(&address, "", &[]).await };
            assert!(is_turned_away(&reply), "nobody {method} {address} ({who}): {}", reply.status);
        }
    }
}
