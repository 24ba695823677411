//! The route table: every address of the web office, what it needs, and which page answers.
//!
//! 1. A page without a need cannot be written down; the access matrix in the tests is made from this table.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Query, Request};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::routing::{MethodRouter, get, post};
use axum_login::AuthSession;

use super::command::Asked;
use super::desks::{DESKS, Desk};
use super::guard::{Need, guard};
use super::seat::{AtBook, Seat, Web};
use super::sessions::Doorkeeper;
use super::{
    accounts, api, audit, backups, bills, books, calculators, cash_book, claim, claims, closing, command, desk as month_desk,
    desks, disclosure, finding, home, households, job_files, jobs, ledgers, loans, login, printing, public, reconcile, restoring,
    search, setup, statements, supervision, users, village_watch, voucher_entry, voucher_list, voucher_paper,
};
use crate::access::Permission;
use crate::faces::commands::{COMMANDS, Command, Place};
use crate::faces::http;
use crate::ledger::books::Book;

/// An address.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path.
    pub path: Cow<'static, str>,
    /// What it needs.
    pub need: Need,
    answer: MethodRouter<Arc<Web>>,
}

fn page<T: 'static>(path: impl Into<Cow<'static, str>>, need: Need, answer: impl Handler<T, Arc<Web>>) -> Route {
    Route { method: "GET", path: path.into(), need, answer: get(answer) }
}

fn form<T: 'static>(path: impl Into<Cow<'static, str>>, need: Need, answer: impl Handler<T, Arc<Web>>) -> Route {
    Route { method: "POST", path: path.into(), need, answer: post(answer) }
}

/// The table.
pub fn routes() -> Vec<Route> {
    use Need::*;
    use Permission::{
        AcceptClaims, AnswerFinding, ApproveDisclosure, Claim, Disclose, KeepVouchers, Post, Reconcile, Review, Supervise,
    };
    const PUBLISHING: &[Permission] = &[Disclose, ApproveDisclosure];
    let keep = Book(Permission::KeepVouchers);
    let mut routes = vec![
        page("/", LoggedIn, books::start),
        page("/login", Nobody, login::page),
        form("/login", Nobody, login::log_in),
        form("/logout", Nobody, login::log_out),
        form("/language", Nobody, login::language),
        page("/setup", Nobody, setup::page),
        form("/setup", Nobody, setup::found),
        page("/me", LoggedIn, users::own),
        form("/me", LoggedIn, users::change_own),
        page("/home", LoggedIn, home::page),
        page("/books", LoggedIn, books::page),
        page("/books/{book}", ReadBook, books::open),
        page("/b/{book}/{period}/desk", ReadBook, month_desk::page),
        page("/b/{book}/{period}/vouchers", ReadBook, voucher_list::page),
        form("/b/{book}/{period}/vouchers", BookAny(&[KeepVouchers, Review, Post]), voucher_list::step),
        page("/b/{book}/{period}/vouchers/new", keep, voucher_entry::blank),
        form("/b/{book}/{period}/vouchers/new", keep, voucher_entry::save),
        page("/b/{book}/{period}/vouchers/{voucher}", ReadBook, voucher_paper::page),
        page("/b/{book}/{period}/vouchers/{voucher}/edit", keep, voucher_entry::edit),
        form("/b/{book}/{period}/vouchers/{voucher}/edit", keep, voucher_entry::change),
        form("/b/{book}/{period}/vouchers/{voucher}/reverse", keep, voucher_paper::reverse),
        form("/b/{book}/{period}/vouchers/{voucher}/copy", keep, voucher_paper::copy),
        page("/b/{book}/{period}/trial-balance", ReadBook, ledgers::trial_balance),
        page("/b/{book}/{period}/ledger", ReadBook, ledgers::ledger),
        page("/b/{book}/{period}/journal", ReadBook, ledgers::journal),
        page("/b/{book}/{period}/statements", ReadBook, statements::page),
        page("/b/{book}/{period}/closing", ReadBook, closing::page),
        form("/b/{book}/{period}/closing/transfer", Book(Permission::Close), closing::transfer),
        form("/b/{book}/{period}/closing/close", Book(Permission::Close), closing::close),
        form("/b/{book}/{period}/closing/reopen", Book(Permission::Reopen), closing::reopen),
        page("/b/{book}/{period}/accounts", ReadBook, accounts::page),
        form("/b/{book}/{period}/accounts", Book(Permission::KeepBooks), accounts::add),
        form("/b/{book}/{period}/accounts/stop", Book(Permission::KeepBooks), accounts::stop),
        page("/b/{book}/{period}/claims", ReadBook, claims::page),
        page("/b/{book}/{period}/claims/new", Book(Permission::Claim), claims::blank),
        form("/b/{book}/{period}/claims/new", Book(Permission::Claim), claims::keep),
        form("/b/{book}/{period}/claims/book", Book(Permission::AcceptClaims), claims::book),
        form("/b/{book}/{period}/claims/hand-over", Book(Permission::Claim), claims::hand_over),
        page("/b/{book}/{period}/claims/hand-over/{number}", ReadBook, claims::handed),
        page("/b/{book}/{period}/claims/{claim}", ReadBook, claim::page),
        form("/b/{book}/{period}/claims/{claim}", Book(Permission::Claim), claim::save),
        form("/b/{book}/{period}/claims/{claim}/photos", Book(Permission::Claim), claim::add_photos),
        form("/b/{book}/{period}/claims/{claim}/photos/remove", Book(Permission::Claim), claim::remove_photo),
        page("/b/{book}/{period}/claims/{claim}/photos/{photo}", ReadBook, claim::photo),
        form("/b/{book}/{period}/claims/{claim}/step", BookAny(&[Claim, AcceptClaims]), claim::step),
        page("/b/{book}/{period}/cash", ReadBook, cash_book::page),
        form("/b/{book}/{period}/cash", Book(Permission::Claim), cash_book::act),
        page("/b/{book}/{period}/disclosure", ReadBook, disclosure::page),
        form("/b/{book}/{period}/disclosure/make", Book(Permission::Disclose), disclosure::make),
        form("/b/{book}/{period}/disclosure/question", BookAny(PUBLISHING), disclosure::question),
        page("/b/{book}/{period}/disclosure/{sheet}", ReadBook, disclosure::sheet),
        page("/b/{book}/{period}/disclosure/{sheet}/phone", ReadBook, disclosure::telephone),
        form("/b/{book}/{period}/disclosure/{sheet}/step", BookAny(PUBLISHING), disclosure::step),
        page("/b/{book}/{period}/files/{digest}", ReadBook, bills::page),
        page("/supervision", LoggedIn, supervision::page),
        page("/b/{book}/{period}/supervision", ReadBook, village_watch::page),
        form("/b/{book}/{period}/supervision/raise", Book(Supervise), village_watch::raise),
        form("/b/{book}/{period}/supervision/run", Book(Supervise), village_watch::run),
        page("/b/{book}/{period}/supervision/package", Book(Supervise), audit::package),
        page("/b/{book}/{period}/findings/{finding}", ReadBook, finding::page),
        form("/b/{book}/{period}/findings/{finding}", BookAny(&[AnswerFinding, Supervise]), finding::act),
        page("/open", Nobody, public::county),
        page("/open/{village}", Nobody, public::village),
        page("/open/{village}/qr.svg", Nobody, public::code),
        page("/open/{village}/{sheet}", Nobody, public::sheet),
        page("/open/{village}/{sheet}/pdf", Nobody, public::paper),
        page("/open/{village}/{sheet}/png", Nobody, public::picture),
        form("/open/{village}/ask", Nobody, public::ask),
        page("/b/{book}/{period}/vouchers/{voucher}/paper", ReadBook, printing::voucher),
        page("/b/{book}/{period}/print", ReadBook, printing::page),
        form("/b/{book}/{period}/print", ReadBook, printing::choose),
        page("/b/{book}/{period}/print/vouchers", ReadBook, printing::month_of_vouchers),
        form("/b/{book}/{period}/print/vouchers", ReadBook, printing::month_as_job),
        page("/b/{book}/{period}/print/closing", ReadBook, printing::closing),
        page("/b/{book}/{period}/print/trial", ReadBook, printing::trial),
        page("/loans", ReadLoans, loans::page),
        page("/loans/{loan}", ReadLoans, loans::one),
        page("/households/{household}", ReadCounty, households::one),
        page("/b/{book}/{period}/reconcile/{account}", ReadBook, reconcile::page),
        form("/b/{book}/{period}/reconcile/{account}", BookAny(&[Reconcile, KeepVouchers]), reconcile::act),
        page("/jobs", LoggedIn, jobs::list),
        page("/jobs/{job}", LoggedIn, jobs::page),
        page("/jobs/{job}/events", LoggedIn, jobs::events),
        page("/jobs/{job}/file", LoggedIn, job_files::page),
        form("/jobs/{job}/stop", LoggedIn, jobs::stop),
        page("/calc", LoggedIn, calculators::first),
        page("/calc/{which}", LoggedIn, calculators::page),
        page("/search", LoggedIn, search::page),
        page("/api", LoggedIn, api::page),
        form("/me/token", LoggedIn, users::make_token),
        form("/me/token/stop", LoggedIn, users::stop_token),
        page("/users", County(Permission::ManageUsers), users::page),
        form("/users", County(Permission::ManageUsers), users::add),
        page("/backup", County(Permission::ManageUsers), backups::page),
        form("/backup", County(Permission::ManageUsers), backups::take),
        form("/backup/file", County(Permission::ManageUsers), backups::fetch),
        form("/backup/prove", County(Permission::ManageUsers), restoring::prove),
        page("/backup/restore", County(Permission::ManageUsers), restoring::page),
        form("/backup/restore", County(Permission::ManageUsers), restoring::restore),
        form("/users/password", County(Permission::ManageUsers), users::set_password),
        form("/users/stop", County(Permission::ManageUsers), users::stop),
        form("/users/role", County(Permission::ManageUsers), users::remove_role),
    ];
    routes.extend(DESKS.iter().map(desk));
    routes.extend(COMMANDS.iter().flat_map(|known| command_routes(*known)));
    routes.push(page(format!("{}/openapi.json", http::ROOT), Nobody, api::document));
    routes.extend(COMMANDS.iter().map(|known| api_route(*known)));
    routes
}

/// A desk's page.
fn desk(desk: &'static Desk) -> Route {
    match desk.place {
        Place::Book => page(format!("/b/{{book}}/{{period}}/{}", desk.page()), Need::ReadBook, move |at: AtBook| {
            desks::page(Asked::Book(Box::new(at)), desk)
        }),
        Place::County => {
            let need = if desk.of_banks { Need::ReadLoans } else { Need::ReadCounty };
            page(format!("/{}", desk.page()), need, move |seat: Seat| desks::page(Asked::County(seat), desk))
        }
    }
}

/// A command's page, and its form where it acts or takes a file.
fn command_routes(known: Command) -> Vec<Route> {
    type Typed = Query<Vec<(String, String)>>;
    let (need, path) = (need_of(known), path_of(known));
    let mut routes = vec![match known.place {
        Place::Book => {
            page(path.clone(), need, move |at: AtBook, typed: Typed| command::open(Asked::Book(Box::new(at)), known, typed))
        }
        Place::County => {
            page(path.clone(), need, move |seat: Seat, typed: Typed| command::open(Asked::County(seat), known, typed))
        }
    }];
    if !known.reads() || known.words == "payout check" {
        routes.push(match known.place {
            Place::Book => {
                form(path, need, move |at: AtBook, sent: Request| command::send(Asked::Book(Box::new(at)), known, sent))
            }
            Place::County => form(path, need, move |seat: Seat, sent: Request| command::send(Asked::County(seat), known, sent)),
        });
    }
    routes
}

/// A command for programs.
fn api_route(known: Command) -> Route {
    let answer = move |seat: Seat, book: Option<Extension<Book>>, request: Request| {
        http::answer(seat, book.map(|Extension(book)| book.book), known, request)
    };
    let (need, path) = (need_of(known), http::path_of(known));
    if known.reads() { page(path, need, answer) } else { form(path, need, answer) }
}

/// What a command needs of who opens its page.
pub fn need_of(known: Command) -> Need {
    match (known.place, known.permission()) {
        (Place::Book, None) => Need::ReadBook,
        (Place::Book, Some(permission)) => Need::Book(permission),
        (Place::County, None) if known.of_banks => Need::ReadLoans,
        (Place::County, Some(permission)) if known.of_banks => Need::Loans(permission),
        (Place::County, None) => Need::ReadCounty,
        (Place::County, Some(permission)) => Need::County(permission),
    }
}

/// The address of a command's page.
pub fn path_of(known: Command) -> String {
    match known.place {
        Place::Book => format!("/b/{{book}}/{{period}}/do/{}", known.path()),
        Place::County => format!("/do/{}", known.path()),
    }
}

/// The table as a router, each page behind its guard.
pub fn router(web: &Arc<Web>) -> Router {
    let mut router = Router::new();
    for Route { path, need, answer, .. } in routes() {
        let shared = web.clone();
        let guarded = from_fn(move |auth: AuthSession<Doorkeeper>, request: Request, next: Next| {
            guard(shared.clone(), need, auth, request, next)
        });
        router = router.route(&path, answer.layer(guarded));
    }
    router.with_state(web.clone())
}
