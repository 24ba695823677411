//! The first start, the desks and their commands as pages, search and the calculators.

use std::sync::{Arc, OnceLock};

use axum::http::StatusCode;
use cunzhang::calendar::BusinessDate;
use cunzhang::db::Db;
use cunzhang::faces::web::job_files::JobFiles;
use cunzhang::faces::web::jobs::AtWork;
use cunzhang::faces::web::login::Waits;
use cunzhang::faces::web::seat::Web;
use cunzhang::faces::web::server;
use cunzhang::faces::web::uploads::Uploads;
use cunzhang::office::{Clock, Ids, Office};

use crate::office::{PASSWORD, WebOffice};
use crate::support::county::County;
use crate::support::{TestDatabase, on_both_engines};

on_both_engines! {
    async fn the_first_start_makes_county_administrator_and_book(database: &TestDatabase) {
        let clock = Clock::standing_at("2026-01-05".parse::<BusinessDate>().unwrap());
        let office = Office::open(Db::open_ready(database.url()).await.unwrap(), clock.clone(), Ids::seeded(3));
        let (word, is_founded) = ("b0a1".to_owned(), false.into());
        let web = Web { office: office.clone(), county: OnceLock::new(), is_founded, setup_word: word, waits: Waits::default(), registers: Default::default(), waiting: Default::default(), uploads: Uploads::default(), at_work: AtWork::default(), job_files: JobFiles::default(), backups: "backups".into(), restoring: tokio::sync::Notify::new(), is_demo: false, https: false };
        let web = WebOffice { county: County { office, clock }, app: server::app(Arc::new(web)) };
        assert_eq!(web.get("/books", "").await.location, "/setup");
        let typed = |word: &'static str, name: &'static str, again: &'static str| {
            [("word", word), ("code", "459900"), ("county", "青禾县"), ("user", "guanli"), ("name", name), ("password", PASSWORD), ("again", again)]
        };
        for (wrong, code) in [(typed("0000", "管理员", PASSWORD), "W-104"), (typed("b0a1", " ", PASSWORD), "W-102"), (typed("b0a1", "管理员", "别的"), "N-204")] {
            let refused = web.post("/setup", "", &wrong).await;
            assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(code), "{code}: {}", refused.body);
        }
        assert_eq!(web.post("/setup", "", &typed("b0a1", "管理员", PASSWORD)).await.location, "/login");
        assert!(web.post("/setup", "", &typed("b0a1", "管理员", PASSWORD)).await.body.contains("W-105"), "only once");
        // The administrator lands where people are registered; an officer makes the first book.
        let admin = web.log_in("guanli").await;
        assert_eq!(web.get("/", &admin).await.location, "/users");
        let officer = [("key", "u1"), ("user", "xianban"), ("name", "县业务员"), ("role", "officer"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(web.post("/users", &admin, &officer).await.status, StatusCode::SEE_OTHER);
        let officer = web.log_in("xianban").await;
        assert!(web.get("/books", &officer).await.body.contains("/do/book/add"));
        let book = [("key", "b1"), ("book", "V001"), ("name", "白石村"), ("kind", "village"), ("from", "2026-01")];
        for _ in 0..2 {
            let made = web.post("/do/book/add", &officer, &book).await;
            assert!(made.status == StatusCode::OK && made.body.contains("已建账套 V001"), "{}", made.body);
        }
        assert_eq!(web.get("/", &officer).await.location, "/books/V001");
    }

    async fn every_desk_opens_and_its_forms_refuse_in_words(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let officer = office.log_in("xianban").await;
        for desk in cunzhang::faces::web::desks::DESKS {
            let before = if desk.place == cunzhang::faces::commands::Place::Book { "/b/V001/2026-01" } else { "" };
            let page = office.get(&format!("{before}/desks/{}", desk.name), &officer).await;
            assert_eq!(page.status, StatusCode::OK, "{}: {}", desk.name, page.body);
        }
        // A form that refuses keeps what was typed and names the field.
        let bank = [("key", "f1"), ("bank", "B1"), ("name", "青禾农商行")];
        assert!(office.post("/do/branch/add", &officer, &bank).await.body.contains("✓"));
        let wrong = office.post("/do/fund/contribute", &officer, &[("key", "f2"), ("book", "V001"), ("bank", "B1"), ("amount", "十万"), ("from", "财政局")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in ["没有填“文号”", "value=\"财政局\"", "value=\"十万\""] {
            assert!(wrong.body.contains(kept), "{kept}: {}", wrong.body);
        }
        // A bank account of one book is not reached through another's pages.
        let account = [("key", "a1"), ("account", "NS01"), ("number", "6222001234567890"), ("ledger_account", "102"), ("from", "2026-01-01")];
        assert!(office.post("/b/V002/2026-01/do/bank/add", &officer, &account).await.body.contains("✓"));
        let other = office.get("/b/V001/2026-01/do/bank/list?account=NS01", &officer).await;
        assert!(other.body.contains("W-124"), "{}", other.body);
        assert!(!office.get("/b/V001/2026-01/desks/bank", &officer).await.body.contains("NS01"));
        assert!(office.get("/b/V002/2026-01/desks/bank", &officer).await.body.contains("NS01"));
    }

    async fn search_finds_what_one_may_open(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (county, village) = (office.log_in("shenji").await, office.log_in("cunbaozhang").await);
        let found = async |who: &str, q: &str| office.get(&format!("/search?q={}&book=V001&period=2026-01", crate::office::escape(q)), who).await;
        assert!(found(&county, "V002").await.body.contains("/books/V002"));
        assert!(!found(&village, "V002").await.body.contains("/books/V002"), "another book stays out of sight");
        assert!(found(&village, "cgfjjhzs").await.body.contains("/books/V001"), "by pinyin initials");
        assert!(found(&village, "500.00").await.body.contains("least=500.00"));
        assert!(found(&village, "2026-01-记-1").await.location.contains("/b/V001/2026-01/vouchers/2026-01-"));
        assert!(found(&village, "没有这个人").await.body.contains("没有找到"));
    }

    async fn calculators_answer_and_refuse(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = office.log_in("cunbaozhang").await;
        let interest = office.get("/calc/interest?principal=50000.00&rate=4.35&from=2017-03-15&to=2020-03-15", &clerk).await;
        assert!(interest.status == StatusCode::OK && interest.body.contains("6,621.64") && interest.body.contains("利息合计"), "{}", interest.body);
        // The form and the schedule are in the words of users, the schedule in the order it is read.
        let at = |word: &str| interest.body.find(&format!(">{word}</th>")).unwrap_or_else(|| panic!("{word}: {}", interest.body));
        assert!(at("起息日") < at("应还日") && at("应还日") < at("天数") && at("期初本金") < at("利息") && at("利息") < at("期末本金"));
        assert!(interest.body.contains("到期还本") && interest.body.contains(">计算</button>") && !interest.body.contains("Principal"));
        let split = office.get("/calc/split?pool=10000.00&weights=1,1,1", &clerk).await;
        assert!(split.body.contains("3,333.34"), "{}", split.body);
        assert!(office.get("/calc/capitals?amount=1005.03", &clerk).await.body.contains("壹仟零伍元零叁分"));
        let wrong = office.get("/calc/interest?principal=abc&rate=4.35&from=2017-03-15&to=2020-03-15", &clerk).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("value=\"abc\""), "{}", wrong.body);
        assert_eq!(office.get("/calc/nothing", &clerk).await.status, StatusCode::NOT_FOUND);
    }
}

on_both_engines! {
    /// A notice of the county waits on the desks of the villages it is for, until somebody of the village has seen it.
    async fn a_notice_waits_on_the_desk_until_it_is_seen(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (officer, clerk, keeper) = (office.log_in("xianban").await, office.log_in("cunbaozhang").await, office.log_in("kuaiji").await);
        let sent = [("key", "n1"), ("place", "459900101"), ("title", "一季度公开"), ("text", "4月15日前完成")];
        assert_eq!(office.post("/do/notice/send", &officer, &sent).await.status, StatusCode::OK);
        assert!(office.get("/b/V001/2026-01/desk", &clerk).await.body.contains("份通知未签收"));
        assert!(!office.get("/b/V002/2026-01/desk", &keeper).await.body.contains("份通知未签收"), "not for this village");
        let page = office.get("/b/V001/2026-01/desks/affairs", &clerk).await.body;
        assert!(page.contains("4月15日前完成") && page.contains("△ 未签收"), "{page}");
        let seen = office.post("/b/V001/2026-01/do/notice/seen", &clerk, &[("key", "n2"), ("notice", "1")]).await;
        assert!(seen.status == StatusCode::OK && seen.body.contains("已签收"), "{}", seen.body);
        assert!(!office.get("/b/V001/2026-01/desk", &clerk).await.body.contains("份通知未签收"));
        let receipts = office.get("/do/notice/show?notice=1", &officer).await.body;
        assert!(receipts.contains("cunbaozhang某") && receipts.contains("应签收 1 村,已签收 1 村"), "{receipts}");
    }
}
