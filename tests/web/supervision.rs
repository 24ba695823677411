//! S15: from a warning to the bill, what a reader may not write, the matrix, the trail; story 5 in a real browser.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use cunzhang::controls::supervision::service::flags::RunFlags;
use cunzhang::exchange::photo;
use cunzhang::faces::cli::audit::verified;
use cunzhang::faces::web::guard::Need;
use cunzhang::faces::web::routes::routes;
use cunzhang::ledger::Voucher;
use cunzhang::ledger::attachments::service::AttachFile;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{MoveVouchers, Step};
use cunzhang::ledger::{BookCode, Dimensions, FundClass};
use cunzhang::payouts::PayoutKind;
use cunzhang::payouts::files_in::read_list;
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{DrawUp, KeepPayees};
use cunzhang::products::village_claims::cash_book::CashKind;
use cunzhang::products::village_claims::claim::{Content, Signature};
use cunzhang::products::village_claims::service::booking::BookClaims;
use cunzhang::products::village_claims::service::cash::EnterCash;
use cunzhang::products::village_claims::service::keep::{AddPhoto, KeepClaim};
use cunzhang::products::village_claims::service::steps::{AcceptClaim, SendClaim};

use crate::chromium::{Browser, DESKTOP};
use crate::claims::picture;
use crate::office::{WebOffice, escape};
use crate::support::county::{date, yuan};
use crate::support::proof::{by_hand, drop_guards};
use crate::support::{Engine, TestDatabase, fresh, on_both_engines};

const BOARD: &str = "/b/V001/2026-01/supervision";

/// A village whose clerk split 1,600.00 to one payee over one day, photographed, booked, posted; and a large payment.
async fn with_warnings(office: &WebOffice) {
    let book = BookCode::from("V001");
    let money = Voucher::on(&book, date("2026-01-02"), "收到上级拨款")
        .debit(&"102".into(), yuan("50000.00"), Default::default())
        .credit(&"301".into(), yuan("50000.00"), Default::default());
    let large = Voucher::on(&book, date("2026-01-03"), "道路维修")
        .debit(&"51401".into(), yuan("12000.00"), Default::default())
        .credit(&"102".into(), yuan("12000.00"), Default::default());
    let vouchers = vec![money.balanced().unwrap(), large.balanced().unwrap()];
    office.county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
    let drawn = EnterCash {
        book: book.clone(),
        on: date("2026-01-03"),
        kind: CashKind::Drawn,
        amount: yuan("3000.00"),
        summary: "领备用金".into(),
    };
    office.county.done("cunbaozhang", drawn).await;
    for (n, amount) in [(1, "900.00"), (2, "700.00")] {
        let content = Content {
            spent_on: Some(date("2026-01-04")),
            payee: "覃小暑".into(),
            amount: yuan(amount),
            summary: "修路灯".into(),
            fund_class: Some(FundClass::Office),
            signatures: [(Signature::Handler, "韦立春"), (Signature::Witness, "莫雨水"), (Signature::Approver, "覃惊蛰")]
                .map(|(which, name)| (which, name.to_owned()))
                .into(),
            sheets: 1,
            ..Content::default()
        };
        let claim = office.county.done("cunbaozhang", KeepClaim { book: book.clone(), claim: None, content }).await;
        let bill = photo::cleaned("票.jpg", &picture(n)).unwrap();
        office.county.done("cunbaozhang", AddPhoto::new(book.clone(), claim, "票.jpg".into(), bill)).await;
        office.county.done("cunbaozhang", SendClaim { book: book.clone(), claim, not_the_same: None }).await;
        office.county.done("kuaiji", AcceptClaim { book: book.clone(), claim }).await;
    }
    let booked = BookClaims { book: book.clone(), claims: Vec::new(), on: date("2026-01-05"), account: None };
    let made: Vec<_> = office.county.done("kuaiji", booked).await.into_iter().map(|(_, made)| made.1).collect();
    for step in [Step::Approve, Step::Post] {
        let vouchers = made.clone();
        office.county.done("shenhe", MoveVouchers { book: book.clone(), vouchers, step, reason: None }).await;
    }
    office.county.done("shenji", RunFlags { book, year: Some(2026) }).await;
}

/// The address behind some words of a page.
fn link(page: &str, words: &str) -> String {
    let at = page.find(&format!(">{words}")).unwrap_or_else(|| panic!("{words} is on the page: {page}"));
    let start = page[..at].rfind("href=\"").unwrap_or_else(|| panic!("{words} is a link")) + 6;
    page[start..].split('"').next().unwrap().to_owned()
}

on_both_engines! {
    async fn s15_a1_from_a_warning_to_the_bill_in_three_steps(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        with_warnings(&office).await;
        let auditor = office.log_in("shenji").await;
        let matrix = office.get("/supervision?year=2026", &auditor).await.body;
        assert!(matrix.contains(BOARD) && matrix.contains("预警") && matrix.contains("class=\"bad\""), "{matrix}");
        // 1: the month; its warning stands there with its figure.
        let month = office.get(BOARD, &auditor).await.body;
        assert!(month.contains("疑似拆分") && month.contains("1,600.00"), "{month}");
        // 2: the figure leads to the claim; 3: its bill.
        let claim = office.get(&link(&month, "1,600.00"), &auditor).await.body;
        assert!(claim.contains("覃小暑") && claim.contains("/photos/1"), "{claim}");
        let bill = office.get("/b/V001/2026-01/claims/1/photos/1", &auditor).await;
        assert_eq!(bill.headers[CONTENT_TYPE], "image/jpeg");
        // The voucher made from it shows the same bill, small in the page and whole behind it.
        let voucher = office.get(&format!("/b/V001/2026-01/vouchers/{}", escape("2026-01-记-3")), &auditor).await.body;
        let at = voucher.find("/b/V001/2026-01/files/").unwrap_or_else(|| panic!("{voucher}"));
        let file = voucher[at..].split(['"', '?']).next().unwrap();
        assert!(voucher.contains(&format!("{file}?small=1")) && voucher.contains("/claims/1\""), "{voucher}");
        assert_eq!(office.get(file, &auditor).await.headers[CONTENT_TYPE], "image/jpeg");
        // A digest opens its file in its own book only, and nothing that is not a digest opens anything.
        let digest = file.rsplit('/').next().unwrap();
        for wrong in [format!("/b/V002/2026-01/files/{digest}"), "/b/V001/2026-01/files/..%2F..%2Fdemo.db".into(), "/b/V001/2026-01/files/%2Fetc%2Fpasswd".into()] {
            assert_eq!(office.get(&wrong, &auditor).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        let elsewhere = AttachFile::new("V001".into(), made(&office).await, "说明.html".into(), "text/html".into(), b"<script>".to_vec());
        let digest = elsewhere.digest.clone();
        office.county.done("kuaiji", elsewhere).await;
        let handed = office.get(&format!("/b/V001/2026-01/files/{digest}"), &auditor).await;
        assert_eq!(handed.headers[CONTENT_TYPE], "application/octet-stream", "shown as nothing, handed over as a file");
        // Who reads another township only is not shown this village, nor its files.
        let other = office.log_in("zhenshenji").await;
        assert!(office.get("/supervision?year=2026", &other).await.body.contains("V001村") && !office.get("/supervision?year=2026", &other).await.body.contains("V002村"));
    }

    async fn from_a_debt_and_from_a_list_to_the_record_in_three_steps(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let book = BookCode::from("V001");
        let member = Dimensions { party: Some("H001".into()), ..Default::default() };
        let lent = Voucher::on(&book, date("2026-01-04"), "借给农户").debit(&"113".into(), yuan("4000.00"), member);
        let lent = lent.credit(&"102".into(), yuan("4000.00"), Default::default()).balanced().unwrap();
        office.county.done("zhuguan", PostVouchers { vouchers: vec![lent], event: None }).await;
        let card = Payee { party: "H001".into(), name: "覃小暑".into(), account_name: "覃小暑".into(), account: "6217000000000000004".into(), ..Payee::default() };
        office.county.done("xianban", KeepPayees { payees: vec![card] }).await;
        let list = DrawUp {
            batch: "F1".into(),
            book: book.clone(),
            kind: PayoutKind::Dividend,
            title: "补发分红".into(),
            project: String::new(),
            on: date("2026-01-05"),
            payable: Some("113".into()),
            money_account: None,
            stated_total: None,
            rows: read_list("户编号,金额\nH001,61.00\n".as_bytes(), &Default::default()).unwrap().whole().unwrap(),
            accept: Some("已核实".into()),
            source: None,
        };
        office.county.done("zhuguan", list).await;
        office.county.done("shenji", RunFlags { book, year: Some(2026) }).await;
        let auditor = office.log_in("shenji").await;
        // 1: the month; 2: the figure leads to the member's ledger; 3: to the voucher.
        let month = office.get(BOARD, &auditor).await.body;
        assert!(month.contains("成员欠款增长") && month.contains("分红与方案不符"), "{month}");
        let ledger = office.get(&link(&month, "4,000.00").replace("&amp;", "&").replace("&#38;", "&"), &auditor).await.body;
        let voucher = office.get(&link(&ledger, "2026-01-记-1"), &auditor).await;
        assert!(voucher.status == StatusCode::OK && voucher.body.contains("借给农户"), "{}", voucher.body);
        // 2: the figure of the list leads to its rows.
        let rows = office.get(&link(&month, "61.00"), &auditor).await;
        assert!(rows.status == StatusCode::OK && rows.body.contains("覃小暑"), "{}", rows.body);
    }

    async fn s15_a2_who_only_reads_gets_403_from_every_write(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let auditor = office.log_in("shenji").await;
        // What is one's own, and supervision's own acts.
        let own = ["/login", "/logout", "/language", "/setup", "/me", "/me/token", "/me/token/stop", "/jobs/{job}/stop", "/b/{book}/{period}/print", "/b/{book}/{period}/print/vouchers", "/open/{village}/ask"];
        let supervises = |path: &str| ["supervise", "supervision", "finding"].iter().any(|word| path.contains(word));
        let mut asked = 0;
        for route in routes().iter().filter(|route| route.method == "POST") {
            let path = route.path.as_ref();
            let checks_only = path.ends_with("/payout/check"); // looks at a list and writes nothing
            if own.contains(&path) || supervises(path) || checks_only || route.need == Need::Nobody {
                continue;
            }
            let address = path.replace("{book}", "V001").replace("{period}", "2026-01").replace(['{', '}'], "");
            let reply = office.post(&address, &auditor, &[("key", "w1")]).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{address}: {}", reply.body);
            asked += 1;
        }
        assert!(asked > 150, "{asked} addresses write");
    }

    async fn s15_a3_a_stored_voucher_changed_by_hand_is_named(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        with_warnings(&office).await;
        let auditor = office.log_in("shenji").await;
        let proof = office.get("/do/verify", &auditor).await.body;
        assert!(proof.contains("核对无误") || !proof.contains("2026-01-记-2"), "{proof}");
        drop_guards(&office.county.office.db).await;
        by_hand(&office.county.office.db, "update voucher_line set summary = '改过' where book = 'V001' and voucher = 2").await;
        let proof = office.get("/do/verify", &auditor).await.body;
        assert!(proof.contains("2026-01-记-2") && proof.contains("V-102"), "{proof}");
    }

    async fn s15_a_finding_is_asked_answered_sent_back_and_closed(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        with_warnings(&office).await;
        let (auditor, keeper) = (office.log_in("shenji").await, office.log_in("kuaiji").await);
        let month = office.get(BOARD, &auditor).await.body;
        assert!(month.contains("发督办单") && !office.get(BOARD, &keeper).await.body.contains("发督办单"));
        let raise = |due: &'static str| [("key", due), ("about", "split_payments claim:1"), ("title", "疑似拆分"), ("text", "请说明"), ("owner", "kuaiji"), ("due", due)];
        let past = office.post(&format!("{BOARD}/raise"), &auditor, &raise("2025-12-31")).await;
        assert!(past.status == StatusCode::UNPROCESSABLE_ENTITY && past.body.contains("T-106"), "{}", past.body);
        let raised = office.post(&format!("{BOARD}/raise"), &auditor, &raise("2026-01-20")).await;
        assert_eq!(raised.location, "/b/V001/2026-01/findings/1", "{}", raised.body);
        let answer = [("key", "a1"), ("do", "answer"), ("answer", "两盏灯分两天修"), ("document", "会议记录5号")];
        assert_eq!(office.post("/b/V001/2026-01/findings/1", &keeper, &answer).await.status, StatusCode::SEE_OTHER);
        let own = office.post("/b/V001/2026-01/findings/1", &keeper, &[("key", "c0"), ("do", "close")]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "nobody closes what they answered");
        let back = [("key", "r1"), ("do", "return"), ("reason", "附上发票")];
        assert_eq!(office.post("/b/V001/2026-01/findings/1", &auditor, &back).await.status, StatusCode::SEE_OTHER);
        let again = [("key", "a2"), ("do", "answer"), ("answer", "已附发票"), ("document", "2026-01-记-3")];
        office.post("/b/V001/2026-01/findings/1", &keeper, &again).await;
        office.post("/b/V001/2026-01/findings/1", &auditor, &[("key", "c1"), ("do", "close")]).await;
        let shown = office.get("/b/V001/2026-01/findings/1", &auditor).await.body;
        assert!(shown.contains("已销号") && shown.contains("kuaiji某") && shown.contains("shenji某"), "{shown}");
        assert_eq!(office.get("/b/V002/2026-01/findings/1", &auditor).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        // The trail finds who did what by name and by content.
        let trail = office.get(&format!("/supervision?tab=trail&by={}&contains=finding", escape("shenji某")), &auditor).await.body;
        assert!(trail.contains("销号督办单") && !trail.contains("答复督办单"), "{trail}");
        // People look for an act by its name; a long trail comes in pages, and a file keeps what was kept.
        let named = office.get(&format!("/supervision?tab=trail&contains={}", escape("答复督办单")), &auditor).await.body;
        assert!(named.contains("答复督办单") && named.contains("文号") && !named.contains("销号督办单") && !named.contains("{&"), "{named}");
    }
}

/// The first voucher made from a claim.
async fn made(office: &WebOffice) -> cunzhang::ledger::VoucherId {
    let mut tx = office.county.office.db.begin_snapshot().await.unwrap();
    let reference = "2026-01-记-3".parse().unwrap();
    cunzhang::ledger::vouchers::store::find(&mut tx, "459900", &"V001".into(), &reference).await.unwrap().unwrap()
}

/// The package handed over: unpacked it verifies here and by `sha256sum`; one changed byte is named to its file and block.
async fn the_package_verifies(office: &WebOffice, auditor: &str) {
    let packed = office.get(&format!("{BOARD}/package"), auditor).await;
    assert_eq!((packed.status, &packed.headers[CONTENT_TYPE]), (StatusCode::OK, &"application/zip".parse().unwrap()));
    let folder = tempfile::tempdir().unwrap();
    zip::ZipArchive::new(std::io::Cursor::new(&packed.bytes)).unwrap().extract(folder.path()).unwrap();
    let whole = verified(folder.path()).unwrap();
    assert!(whole.refusal.is_none() && whole.lines[0].contains("与清单一致"), "{:?}", whole.lines);
    let sums =
        || std::process::Command::new("sha256sum").args(["-c", "清单.sha256"]).current_dir(folder.path()).output().unwrap();
    assert!(sums().status.success());
    let file = folder.path().join("V001/记账凭证.csv");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[600] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let changed = verified(folder.path()).unwrap();
    let said = changed.refusal.unwrap().message_zh;
    assert!(said.contains("V001/记账凭证.csv") && said.contains("第 513–"), "{said}");
    assert!(!sums().status.success());
}

/// Story 5: the matrix shows a village red; its warning leads to the claim and its bill; a finding is sent, answered with a
/// document, closed by its sender; the paper and the package stand at the end.
#[tokio::test(flavor = "multi_thread")]
async fn story_5_from_a_warning_to_a_closed_finding() {
    let database = fresh(Engine::Sqlite);
    let office = WebOffice::open(database.url()).await;
    with_warnings(&office).await;
    let browser = Browser::open(&office, DESKTOP, true).await;
    browser.log_in("shenji").await;
    browser.go("/supervision?year=2026").await;
    browser.check_page("story-5-matrix").await;
    browser.click("td.bad a").await;
    browser.wait_for("疑似拆分").await;
    browser.check_page("story-5-month").await;
    browser.click("td.num a[href$='claims/1']").await;
    browser.wait_for("覃小暑").await;
    let seen = "const i=document.querySelector('.pictures img'); i.scrollIntoView(); return i.complete && i.naturalWidth > 0";
    browser.wait_until(seen).await;
    browser.check_page("story-5-claim").await;
    browser.go(BOARD).await;
    browser.click("a[href*='rule=split_payments']").await;
    browser.click("#raise button.primary").await;
    browser.wait_for("待答复").await;
    browser.log_out().await;
    browser.log_in("kuaiji").await;
    browser.go("/supervision?tab=findings").await;
    browser.click("td a").await;
    browser.type_in("textarea[name=answer]", "两盏灯分两次修,已附验收单").await;
    browser.type_in("input[name=document]", "2026-01-记-3").await;
    browser.click("button[value=answer]").await;
    browser.wait_for("已答复").await;
    browser.log_out().await;
    browser.log_in("shenji").await;
    browser.go("/b/V001/2026-01/findings/1").await;
    browser.check_page("story-5-finding").await;
    browser.click("button[value=close]").await;
    browser.click(".sure button:last-child").await; // what cannot be undone asks first
    browser.wait_for("已销号").await;
    browser.go(BOARD).await;
    browser.wait_until("return !!document.querySelector(\"a[href$='/supervision/package']\")").await;
    browser.nothing_from_elsewhere().await;
    browser.end().await;
    let auditor = office.log_in("shenji").await;
    the_package_verifies(&office, &auditor).await;
    let paper = office.get("/b/V001/2026-01/do/finding/show?finding=1&format=pdf", &auditor).await;
    assert_eq!((paper.status, &paper.headers[CONTENT_TYPE]), (StatusCode::OK, &"application/pdf".parse().unwrap()));
}
