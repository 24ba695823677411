//! S18 and story 3: two claims with bills on a telephone, one refused and mended, the day closed, one returned and corrected.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};

use cunzhang::ledger::FundClass;
use cunzhang::products::projects::card::{BudgetLine, Card, ProjectKind};
use cunzhang::products::projects::service::keep::{ApproveProject, KeepProject};

use crate::chromium::{Browser, PHONE};
use crate::office::{Reply, WebOffice};
use crate::support::county::{date, yuan};
use crate::support::{Engine, TestDatabase, fresh, on_both_engines};

const LIST: &str = "/b/V001/2026-01/claims";

/// A photograph that differs by its shade.
pub fn picture(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(900, 700, |x, y| image::Rgb([(x % 255) as u8, (y % 255) as u8, shade]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(picture).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn fields<'a>(key: &'a str, payee: &'a str, witness: &'a str, act: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("key", key),
        ("kind", "office"),
        ("spent_on", "2026-01-04"),
        ("amount", "１20.50"),
        ("payee", payee),
        ("summary", "买打印纸"),
        ("invoice", ""),
        ("paid_from", "imprest"),
        ("fund_class", "office"),
        ("sheets", "1"),
        ("handler", "韦立春"),
        ("witness", witness),
        ("approver", "覃惊蛰"),
        ("do", act),
    ]
}

async fn upload(office: &WebOffice, cookie: &str, claim: i64, photos: &[Vec<u8>], cut: bool) -> Reply {
    let mut body = Vec::new();
    for photo in photos {
        body.extend_from_slice(
            b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
        );
        body.extend_from_slice(photo);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    if cut {
        body.truncate(body.len() / 2);
    }
    let request = Request::post(format!("{LIST}/{claim}/photos")).header(COOKIE, cookie);
    office.send(request.header(CONTENT_TYPE, "multipart/form-data; boundary=edge").body(Body::from(body)).unwrap()).await
}

on_both_engines! {
    async fn s18_a1_a2_a3_a_broken_upload_a_voucher_with_its_bills_cash_not_below_zero(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, centre) = (office.log_in("cunbaozhang").await, office.log_in("kuaiji").await);
        let cash = [("key", "c1"), ("kind", "drawn"), ("on", "2026-01-03"), ("amount", "500"), ("summary", "领备用金"), ("do", "enter")];
        assert_eq!(office.post("/b/V001/2026-01/cash", &clerk, &cash).await.status, StatusCode::SEE_OTHER);
        let kept = office.post(&format!("{LIST}/new"), &clerk, &fields("k1", "文具店", "", "save")).await;
        assert_eq!(kept.location, format!("{LIST}/1"), "{}", kept.body);
        // S18-A1: three photographs, one upload broken in the middle and sent again.
        let photos: Vec<Vec<u8>> = (1..=3).map(picture).collect();
        let broken = upload(&office, &clerk, 1, &photos[..1], true).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", broken.body);
        for photo in [&photos[0], &photos[0], &photos[1], &photos[2]] {
            assert_eq!(upload(&office, &clerk, 1, std::slice::from_ref(photo), false).await.status, StatusCode::SEE_OTHER);
        }
        let page = office.get(&format!("{LIST}/1"), &clerk).await.body;
        assert!(page.contains("/photos/3") && !page.contains("/photos/4"), "the one sent twice is there once");
        let shown = office.get(&format!("{LIST}/1/photos/1"), &clerk).await;
        assert_eq!(shown.headers[CONTENT_TYPE], "image/jpeg");
        // A missing witness is refused in words; what was typed is kept.
        let refused = office.post(&format!("{LIST}/1"), &clerk, &fields("k2", "文具店", "", "send")).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("还缺:证明人"), "{}", refused.body);
        let sent = office.post(&format!("{LIST}/1"), &clerk, &fields("k3", "文具店", "莫雨水", "send")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        // Returned with a reason beside its field; corrected; accepted; booked with its bills.
        let step = format!("{LIST}/1/step");
        let back = office.post(&step, &centre, &[("key", "r1"), ("why:收款人", "写全称"), ("do", "return")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
        assert!(office.get(&format!("{LIST}/1"), &clerk).await.body.contains("✕ 写全称"));
        office.post(&format!("{LIST}/1"), &clerk, &fields("k4", "青溪镇文具店", "莫雨水", "send")).await;
        assert_eq!(office.post(&step, &clerk, &[("key", "a0"), ("do", "accept")]).await.status, StatusCode::FORBIDDEN);
        office.post(&step, &centre, &[("key", "a1"), ("do", "accept")]).await;
        let booked = office.post(&step, &centre, &[("key", "b1"), ("on", "2026-01-05"), ("do", "book")]).await;
        assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.body);
        // S18-A2: the voucher carries sum, bills and claim number.
        let voucher = office.get("/b/V001/2026-01/vouchers/2026-01-%E8%AE%B0-1", &centre).await.body;
        for carried in ["120.50", "报账单1号", "报账单1-1.jpg"] {
            assert!(voucher.contains(carried), "{carried}: {voucher}");
        }
        let handed = office.post(&format!("{LIST}/hand-over"), &clerk, &[("key", "h1")]).await;
        let list = office.get(&handed.location, &clerk).await.body;
        assert!(list.contains("村留存联") && list.contains("中心留存联") && list.matches("120.50").count() == 4, "{list}");
        // S18-A3: cash cannot go below zero; the day closes on what was counted.
        let too_much = [("key", "c2"), ("kind", "handed_in"), ("on", "2026-01-05"), ("amount", "379.51"), ("summary", "解缴"), ("do", "enter")];
        assert!(office.post("/b/V001/2026-01/cash", &clerk, &too_much).await.body.contains("F-207"));
        let close = [("key", "c3"), ("on", "2026-01-05"), ("counted", "379.50"), ("do", "close")];
        assert_eq!(office.post("/b/V001/2026-01/cash", &clerk, &close).await.status, StatusCode::SEE_OTHER);
        assert!(office.get("/b/V001/2026-01/cash", &centre).await.body.contains("已结到 2026-01-05"));
    }
}

fn card(name: &str) -> Card {
    let budget = vec![BudgetLine { item: "材料".into(), amount: yuan("900.00") }];
    Card {
        name: name.into(),
        kind: ProjectKind::Grant,
        document: "县财农〔2026〕1号".into(),
        funder: "县财政局".into(),
        fund_class: FundClass::Special,
        budget,
        self_built: true,
        forms_asset: true,
        poverty_village: false,
        decision: String::new(),
        planned_from: None,
        planned_through: None,
    }
}

on_both_engines! {
    /// The project of a claim is chosen from those that are open, by code and name, without scripts; no class of money and no
    /// project is chosen that nobody chose; the centre can return these fields with a reason.
    async fn s18_the_project_of_a_claim_is_chosen_from_the_open_ones(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        for (project, name) in [("P1", "通组道路硬化"), ("P2", "未批的水渠")] {
            let keep = KeepProject { book: "V001".into(), project: project.into(), card: card(name), is_new: true };
            office.county.done("kuaiji", keep).await;
        }
        let (on, document) = (date("2026-01-03"), "县批〔2026〕1号".to_owned());
        office.county.done("shenhe", ApproveProject { book: "V001".into(), project: "P1".into(), on, document }).await;
        let (clerk, centre) = (office.log_in("cunbaozhang").await, office.log_in("kuaiji").await);
        let blank = office.get(&format!("{LIST}/new"), &clerk).await.body;
        assert!(blank.contains("<select name=\"project\"><option value=\"\" selected>") && !blank.contains("P2"), "{blank}");
        assert!(blank.contains("<option value=\"P1\">P1 通组道路硬化</option>"), "{blank}");
        assert!(blank.contains("<select name=\"fund_class\"><option value=\"\" selected>"), "{blank}");
        // A draft that names another project keeps it to be seen, and is refused when it is sent.
        let with = |project: &'static str, key: &'static str, act: &'static str| {
            let mut with = fields(key, "石料场", "莫雨水", act);
            with[1] = ("kind", "project");
            with.push(("project", project));
            with
        };
        office.post(&format!("{LIST}/new"), &clerk, &with("P9", "k1", "save")).await;
        upload(&office, &clerk, 1, &[picture(9)], false).await;
        let page = office.get(&format!("{LIST}/1"), &clerk).await.body;
        assert!(page.contains("<option value=\"P9\" selected>P9(不在实施中的项目里)</option>"), "{page}");
        let chosen = office.post(&format!("{LIST}/1"), &clerk, &with("P1", "k2", "save")).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.body);
        let page = office.get(&format!("{LIST}/1"), &clerk).await.body;
        assert!(page.contains("<option value=\"P1\" selected>P1 通组道路硬化</option>") && !page.contains("P9"), "{page}");
        office.post(&format!("{LIST}/new"), &clerk, &fields("k4", "文具店", "莫雨水", "save")).await;
        upload(&office, &clerk, 2, &[picture(10)], false).await;
        let cash = [("key", "c1"), ("kind", "drawn"), ("on", "2026-01-03"), ("amount", "500"), ("summary", "领备用金"), ("do", "enter")];
        office.post("/b/V001/2026-01/cash", &clerk, &cash).await;
        let sent = office.post(&format!("{LIST}/2"), &clerk, &fields("k5", "文具店", "莫雨水", "send")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = office.get(&format!("{LIST}/2"), &centre).await.body;
        for field in ["why:经手人", "why:资金类别", "why:项目"] {
            assert!(page.contains(field), "{field}: {page}");
        }
    }
}

/// The pages a clerk sees on a telephone, and their pictures.
#[tokio::test(flavor = "multi_thread")]
async fn s18_pages_on_a_telephone() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    let clerk = office.log_in("cunbaozhang").await;
    office.post(&format!("{LIST}/new"), &clerk, &fields("k1", "文具店", "莫雨水", "save")).await;
    upload(&office, &clerk, 1, &[picture(3)], false).await;
    let browser = Browser::open(&office, PHONE, true).await;
    browser.log_in("cunbaozhang").await;
    for (path, name) in [
        (LIST, "claims"),
        ("/b/V001/2026-01/claims/new", "claim-new"),
        ("/b/V001/2026-01/claims/1", "claim"),
        ("/b/V001/2026-01/cash", "cash"),
    ] {
        browser.go(path).await;
        browser.check_page(&format!("phone-{name}")).await;
    }
    browser.nothing_from_elsewhere().await;
    browser.end().await;
}
