//! S02 across the books: what waits for each person, and the order of a desk's work.

use axum::http::StatusCode;
use cunzhang::faces::commands::find;
use cunzhang::faces::web::desks::DESKS;

use crate::bank::between;
use crate::office::WebOffice;
use crate::points_of_books::{drawn, links, step};
use crate::support::{TestDatabase, on_both_engines};

on_both_engines! {
    /// S02-A1 across the books: what waits for each person, in the head of every page and on their own desk, is the count of the lists it opens.
    async fn s02_everybodys_own_work(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, reviewer) = (office.log_in("kuaiji").await, office.log_in("shenhe").await);
        for (key, act) in [("d1", "draft"), ("d2", "submit"), ("d3", "submit")] {
            assert_eq!(drawn(&office, &clerk, (key, "记", "2026-01-05"), act).await.status, StatusCode::SEE_OTHER);
        }
        for (person, waits) in [("kuaiji", 1), ("shenhe", 2), ("zhuguan", 3), ("zhenkuaiji", 1), ("zhenshenhe", 2), ("shenji", 0), ("guanli", 0)] {
            let cookie = office.log_in(person).await;
            let desk = office.get("/home", &cookie).await.body;
            assert!(desk.contains(&format!("待办 <b>{waits}</b>")), "{person}: {desk}");
            assert_eq!(desk.contains("没有等您办理的事项"), waits == 0, "{person}: {desk}");
            let mut listed = 0;
            for item in between(&desk, "<h2 id=\"todo\">", "</section>").split("<li>").skip(1) {
                let count: usize = between(item, "<b>", "</b>").parse().unwrap();
                let list = office.get(&links(item).remove(0), &cookie).await.body;
                assert_eq!(list.matches("name=\"voucher\" value=").count(), count, "{person}: {item}");
                listed += count;
            }
            assert_eq!(listed, waits, "{person}: {desk}");
        }
        step(&office, &reviewer, ("s1", "approve"), &["2026-01-记-2"]).await;
        assert!(office.get("/home", &reviewer).await.body.contains("待办 <b>2</b>"), "one to review, one to post");
    }

    /// Many people at once: no page waits for a connection while it holds one, so none waits for all the others.
    async fn many_pages_at_once_all_come(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (keeper, officer) = (office.log_in("kuaiji").await, office.log_in("xianban").await);
        let pages = ["/home", "/b/V001/2026-01/vouchers", "/b/V001/2026-01/claims", "/b/V001/2026-01/disclosure", "/desks/lending", "/do/log"];
        let asked = (0..120).map(|n| {
            let (page, cookie) = (pages[n % pages.len()], if n % 2 == 0 { &keeper } else { &officer });
            let office = &office;
            async move { (page, office.get(page, cookie).await.status) }
        });
        for (page, status) in futures_util::future::join_all(asked).await {
            assert_eq!(status, StatusCode::OK, "{page}");
        }
    }

    /// A desk shows its work in order; a step that is somebody else's leads nowhere and says whose it is. Forms offer what
    /// stands at the step, and nothing where nothing does.
    async fn desks_show_the_order_of_their_work(database: &TestDatabase) {
        for (desk, step) in DESKS.iter().flat_map(|desk| desk.steps.iter().map(move |step| (desk, step))) {
            assert!(find(desk.place, step).is_some(), "{} has no step {step}", desk.name);
        }
        let office = WebOffice::open(database.url()).await;
        let keeper = office.log_in("kuaiji").await;
        let desk = office.get("/b/V001/2026-01/desks/dividends", &keeper).await.body;
        let steps = between(&desk, "<ol class=\"steps\"", "</ol>");
        let at = |word: &str| steps.find(word).unwrap_or_else(|| panic!("{word}: {steps}"));
        assert!(at("结转本年盈余") < at("编制分配方案") && at("编制分配方案") < at("复核") && at("复核") < at("归档"), "{steps}");
        assert!(steps.contains("do/dividend/plan") && !steps.contains("do/dividend/review") && steps.contains("审核"), "{steps}");
        let form = office.get("/b/V001/2026-01/do/dividend/publish", &keeper).await.body;
        assert!(form.contains("现在没有可以办这一步的"), "{form}");
    }
}
