//! What the screens of books must hold, point by point: S01 to S08. The points proven elsewhere carry their names there.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, COOKIE};
use axum::http::{Request, StatusCode};
use cunzhang::ledger::service::PostVouchers;

use crate::bank::{between, ended, send_file};
use crate::office::{PASSWORD, Reply, WebOffice, escape, set_up};
use crate::support::county::{date, simple};
use crate::support::proof::by_hand;
use crate::support::{TestDatabase, on_both_engines};

const AT: &str = "/b/V001/2026-01";

/// The texts of the cells of every row of a page.
pub fn rows(page: &str) -> Vec<Vec<String>> {
    let plain = |cell: &str| {
        let inside = cell.split_once('>').map_or("", |(_, rest)| rest).split("</td>").next().unwrap_or_default();
        let mut pieces = inside.split('<');
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |text, piece| text + piece.split_once('>').map_or("", |(_, rest)| rest)).trim().to_owned()
    };
    page.split("<tr").skip(1).map(|row| row.split("<td").skip(1).map(plain).collect()).collect()
}

/// The addresses a piece of a page leads to.
pub fn links(piece: &str) -> Vec<String> {
    let unescaped = |href: &str| href.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&");
    piece.split("href=\"").skip(1).map(unescaped).collect()
}

/// A posted voucher.
async fn posted(office: &WebOffice, on: &str, (debit, credit): (&str, &str), amount: &str) {
    let vouchers = vec![simple(&"V001".into(), on, debit, credit, amount)];
    office.county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
}

/// Saves a two-line voucher by the form: 借 101 贷 102.
pub async fn drawn(office: &WebOffice, who: &str, (key, word, on): (&str, &str, &str), act: &str) -> Reply {
    let period = &on[..7];
    let fields = [
        ("key", key),
        ("word", word),
        ("date", on),
        ("papers", "1"),
        ("summary", "提取备用金"),
        ("account", "101"),
        ("dimensions", ""),
        ("debit", "10.00"),
        ("credit", ""),
        ("summary", "提取备用金"),
        ("account", "102"),
        ("dimensions", ""),
        ("debit", ""),
        ("credit", "10.00"),
        ("do", act),
    ];
    office.post(&format!("/b/V001/{period}/vouchers/new"), who, &fields).await
}

/// Moves vouchers a step in the list of their month.
pub async fn step(office: &WebOffice, who: &str, (key, step): (&str, &str), names: &[&str]) -> Reply {
    let mut fields = vec![("key", key), ("step", step), ("reason", "摘要不清")];
    fields.extend(names.iter().map(|name| ("voucher", *name)));
    office.post(&format!("{AT}/vouchers"), who, &fields).await
}

on_both_engines! {
    /// S01-A2: demo accounts stand on the login page of a demo alone. S01-A3: a demo says so on every page and every print.
    /// S01-A4: a work page leads to the login and back.
    async fn s01_the_door(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        posted(&office, "2026-01-02", ("102", "301"), "500.00").await;
        let demo = set_up(&office.county, |web| web.is_demo = true);
        let (user, ..) = cunzhang::demo::PEOPLE[0];
        assert!(!office.get("/login", "").await.body.contains(cunzhang::demo::PASSWORD));
        let door = demo.get("/login", "").await.body;
        assert!(door.contains(cunzhang::demo::PASSWORD) && door.contains(user) && door.contains("class=\"band demo\""), "{door}");
        let head = demo.log_in("zhuguan").await;
        let pages = ["desk", "vouchers", "vouchers/new", "trial-balance", "closing", "statements", "desks/shares", "do/voucher/list"];
        let pages = pages.map(|page| format!("{AT}/{page}")).into_iter().chain(["/books", "/loans", "/me", "/calc/interest", "/nothing"].map(str::to_owned));
        for page in pages {
            let says = demo.get(&page, &head).await.body.contains(cunzhang::demo::BAND);
            assert!(says || page == "/nothing", "{page}");
            assert!(!office.get(&page, &head).await.body.contains(cunzhang::demo::BAND), "{page}");
        }
        let folder = tempfile::tempdir().unwrap();
        for (n, page) in ["trial-balance?format=pdf", "journal?format=pdf", "print/vouchers"].iter().enumerate() {
            let file = folder.path().join(format!("{n}.pdf"));
            std::fs::write(&file, demo.get(&format!("{AT}/{page}"), &head).await.bytes).unwrap();
            assert!(crate::support::pdf::pages(&file).iter().all(|text| text.contains("演示数据")), "{page}");
        }
        // To the login and back.
        let away = office.get(&format!("{AT}/trial-balance?level=1"), "").await.location;
        let back = away.strip_prefix("/login?back=").unwrap_or_else(|| panic!("{away}")).replace("%3F", "?").replace("%3D", "=");
        let form = office.get(&away, "").await.body;
        assert!(form.contains(&format!("name=\"back\" value=\"{back}\"")), "{form}");
        let led = office.post("/login", "", &[("user", "kuaiji"), ("password", PASSWORD), ("back", &back)]).await.location;
        assert_eq!(led, format!("{AT}/trial-balance?level=1"));
    }

    /// S02-A1: each number of the desk is the count, or the sum, of what it opens. S02-A2: charts and their figures stand in
    /// the page, without a script.
    async fn s02_the_desk(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, reviewer) = (office.log_in("kuaiji").await, office.log_in("shenhe").await);
        posted(&office, "2026-01-02", ("102", "50301"), "5000.00").await;
        posted(&office, "2026-01-03", ("101", "102"), "800.00").await;
        posted(&office, "2026-01-04", ("51301", "101"), "120.00").await;
        for (key, act) in [("d1", "draft"), ("d2", "draft"), ("d3", "submit"), ("d4", "submit"), ("d5", "submit"), ("d6", "submit")] {
            assert_eq!(drawn(&office, &clerk, (key, "记", "2026-01-05"), act).await.status, StatusCode::SEE_OTHER);
        }
        step(&office, &reviewer, ("s1", "approve"), &["2026-01-记-6"]).await;
        step(&office, &reviewer, ("s2", "return"), &["2026-01-记-7"]).await;
        let desk = office.get(&format!("{AT}/desk"), &clerk).await.body;
        let mut seen = Vec::new();
        for item in between(&desk, "<ol class=\"todo\">", "</ol>").split("<li>").skip(1) {
            let count: usize = between(item, "<b>", "</b>").parse().unwrap();
            let href = links(item).remove(0);
            let list = office.get(&href, &clerk).await.body;
            assert_eq!(list.matches("name=\"voucher\" value=").count(), count, "{href}");
            seen.push(count);
        }
        assert_eq!(seen, [1, 3, 2, 1], "returned, drafts with the returned one, submitted, approved: {desk}");
        // Sums: the journals end with the money at hand; the income statement totals are the month's.
        for (word, sum, parts) in [("货币资金余额", "4,880.00", ["4,200.00", "680.00"]), ("本月收入", "5,000.00", ["5,000.00"; 2]), ("本月支出", "120.00", ["120.00"; 2])] {
            let figure = between(&desk, &format!("<dt>{word}</dt>"), "</div>");
            assert!(figure.contains(&format!(">{sum}</a>")), "{word}: {figure}");
            let list = office.get(&links(figure)[0], &clerk).await.body;
            assert!(parts.iter().all(|part| rows(&list).iter().any(|row| row.iter().any(|cell| cell == part))), "{word}: {list}");
        }
        assert!(!desk.contains("<svg"), "one month is no course");
        office.county.clock.set(date("2026-02-10"));
        posted(&office, "2026-02-02", ("102", "50301"), "300.00").await;
        let desk = office.get("/b/V001/2026-02/desk", &clerk).await.body;
        assert_eq!(desk.matches("<svg aria-hidden=\"true\"").count(), 2, "{desk}");
        assert_eq!(desk.matches("看数据表").count(), 2);
        for row in [vec!["1", "5,000.00", "120.00"], vec!["2", "300.00", "0.00"], vec!["1", "4,200.00", "680.00"], vec!["2", "4,500.00", "680.00"]] {
            assert!(rows(&desk).iter().any(|found| *found == row), "{row:?}");
        }
    }

    /// S02-A3: a desk is at most 40 KB on its way, as are the other pages; the first page with all it needs at most 120 KB (R2).
    async fn s02_a3_pages_are_light(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        for day in 2..6 {
            posted(&office, &format!("2026-01-0{day}"), ("102", "301"), "500.00").await;
        }
        office.county.clock.set(date("2026-02-10"));
        posted(&office, "2026-02-02", ("102", "50301"), "300.00").await;
        let head = office.log_in("zhuguan").await;
        let weigh = async |path: &str| {
            let asked = Request::get(path).header(COOKIE, &head).header(ACCEPT_ENCODING, "gzip");
            let reply = office.send(asked.body(Body::empty()).unwrap()).await;
            assert_eq!(reply.status, StatusCode::OK, "{path}");
            reply.bytes.len()
        };
        let door = office.get("/login", "").await.body;
        let mut first = weigh("/login").await;
        for part in links(&door).iter().filter(|part| part.starts_with("/static")) {
            first += weigh(part).await;
        }
        assert!(first <= 120 * 1024, "the first page weighs {first}");
        let here = ["desk", "vouchers", "vouchers/new", "trial-balance", "ledger", "journal", "statements", "closing", "accounts", "desks/book", "do/lease/open"];
        for page in crate::browser::plain_pages() {
            let asked = Request::get(&page).header(COOKIE, &head).header(ACCEPT_ENCODING, "gzip");
            let weight = office.send(asked.body(Body::empty()).unwrap()).await.bytes.len();
            assert!(weight <= 40 * 1024, "{page} weighs {weight}");
        }
        for page in here.map(|page| format!("/b/V001/2026-02/{page}")).into_iter().chain(["/books", "/loans", "/api", "/desks/lending", "/supervision"].map(str::to_owned)) {
            let weight = weigh(&page).await;
            assert!(weight <= 40 * 1024, "{page} weighs {weight}");
        }
    }

    /// S03-A5: two people who save at once get different numbers, none left out. S03-A7: numbers run on within a month and word.
    async fn s03_numbers(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (one, other) = (office.log_in("kuaiji").await, office.log_in("zhuguan").await);
        let number = |reply: &Reply| between(&reply.location, "saved=", "&").rsplit('-').next().unwrap().parse::<usize>().unwrap();
        let mut numbers = Vec::new();
        for round in 0..8 {
            let (a, b) = (format!("a{round}"), format!("b{round}"));
            let (a, b) = tokio::join!(
                drawn(&office, &one, (&a, "记", "2026-01-05"), "draft"),
                drawn(&office, &other, (&b, "记", "2026-01-05"), "draft")
            );
            numbers.extend([number(&a), number(&b)]);
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=16).collect::<Vec<_>>());
        assert_eq!(number(&drawn(&office, &one, ("t1", "转", "2026-01-05"), "draft").await), 1, "each word counts for itself");
        office.county.clock.set(date("2026-02-10"));
        assert_eq!(number(&drawn(&office, &one, ("f1", "记", "2026-02-03"), "draft").await), 1, "each month too");
        assert_eq!(number(&drawn(&office, &one, ("t2", "转", "2026-01-06"), "draft").await), 2);
    }

    /// S04-A1: nobody approves their own voucher. S04-A2: a posted voucher has no control that changes it, and the server
    /// refuses. S04-A3: its reversal has the same lines on the same side, negated, and both name each other.
    /// S04-A4: renumbering is kept in the trail with old and new numbers, and moves no posted voucher.
    async fn s04_the_list(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, head, reviewer) = (office.log_in("kuaiji").await, office.log_in("zhuguan").await, office.log_in("shenhe").await);
        posted(&office, "2026-01-02", ("102", "301"), "500.00").await;
        drawn(&office, &head, ("h1", "记", "2026-01-05"), "submit").await;
        let own = step(&office, &head, ("h2", "approve"), &["2026-01-记-2"]).await;
        assert!(own.status == StatusCode::UNPROCESSABLE_ENTITY && own.body.contains("L-204"), "{}", own.body);
        assert_eq!(step(&office, &reviewer, ("r1", "approve"), &["2026-01-记-2"]).await.status, StatusCode::SEE_OTHER);
        step(&office, &reviewer, ("r2", "post"), &["2026-01-记-2"]).await;
        let paper = format!("{AT}/vouchers/2026-01-%E8%AE%B0-2");
        let shown = office.get(&paper, &clerk).await.body;
        assert!(!shown.contains("/edit") && !shown.contains("value=\"void\""), "{shown}");
        let fields = [("key", "e1"), ("word", "记"), ("date", "2026-01-05"), ("papers", "1"), ("summary", "改"), ("account", "101"), ("dimensions", ""), ("debit", "1"), ("credit", ""), ("summary", "改"), ("account", "102"), ("dimensions", ""), ("debit", ""), ("credit", "1"), ("do", "draft")];
        let edit = office.post(&format!("{paper}/edit"), &clerk, &fields).await;
        assert!(edit.status == StatusCode::UNPROCESSABLE_ENTITY, "{} {}", edit.status, edit.body);
        for act in ["void", "submit", "return"] {
            let who = if act == "return" { &reviewer } else { &clerk };
            let refused = step(&office, who, (act, act), &["2026-01-记-2"]).await;
            assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY, "{act}: {} {}", refused.status, refused.location);
        }
        assert!(office.get(&paper, &clerk).await.body.contains("已过账"));
        let red = office.post(&format!("{paper}/reverse"), &clerk, &[("key", "v1"), ("on", "2026-01-05"), ("reason", "重复")]).await;
        for (key, act) in [("r3", "approve"), ("r4", "post")] {
            step(&office, &reviewer, (key, act), &["2026-01-记-3"]).await;
        }
        let (red, old) = (office.get(&red.location, &clerk).await.body, office.get(&paper, &clerk).await.body);
        let money = |page: &str| rows(page).into_iter().filter(|row| row.len() == 4 && row[1].starts_with("10")).map(|row| (row[1].clone(), row[2].clone(), row[3].clone())).collect::<Vec<_>>();
        let negated = |text: &String| if text.is_empty() { String::new() } else { format!("-{text}") };
        let expected: Vec<_> = money(&old).iter().map(|(account, debit, credit)| (account.clone(), negated(debit), negated(credit))).collect();
        assert!(money(&red) == expected && expected.len() == 2, "{:?} {expected:?}", money(&red));
        assert!(red.contains("2026-01-记-2") && old.contains("2026-01-记-3"), "each names the other");
        // A number is missing behind the posted ones; then a draft moves down and the trail says how.
        by_hand(&office.county.office.db, "update voucher_number set last_number = last_number + 1 where county = '459900' and book = 'V001' and period = '2026-01' and word = '记'").await;
        drawn(&office, &clerk, ("g1", "记", "2026-01-05"), "draft").await;
        let list = office.get(&format!("{AT}/vouchers"), &clerk).await.body;
        assert!(list.contains("2026-01-记-4") && list.contains("记-5"), "the gap is named: {list}");
        let moved = office.post(&format!("{AT}/do/voucher/renumber"), &clerk, &[("key", "n1"), ("period", "2026-01")]).await;
        assert!(moved.body.contains("已改号 1 张"), "{}", moved.body);
        let auditor = office.log_in("shenji").await;
        let trail = office.get("/supervision?tab=trail&contains=renumber", &auditor).await.body;
        assert!(trail.contains("整理凭证号") && trail.contains("自 5") && trail.contains("至 4"), "{trail}");
        posted(&office, "2026-01-05", ("102", "301"), "1.00").await;
        by_hand(&office.county.office.db, "delete from voucher_line where voucher in (select voucher from voucher where book = 'V001' and number = 4);delete from voucher where book = 'V001' and number = 4").await;
        let kept = office.post(&format!("{AT}/do/voucher/renumber"), &clerk, &[("key", "n2"), ("period", "2026-01")]).await;
        assert!(kept.status == StatusCode::UNPROCESSABLE_ENTITY && kept.body.contains("L-210"), "{}", kept.body);
    }

    /// S05-A1: the trial balance is equal in all its pairs. S05-A2: a figure of it leads to rows that sum to it.
    /// S07-A1: a statement's figure leads to its formula, the formula to the account, the account to the voucher.
    async fn s05_s07_every_figure_drills(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = office.log_in("kuaiji").await;
        for (on, accounts, amount) in [("2026-01-02", ("102", "301"), "5000.00"), ("2026-01-03", ("101", "102"), "800.00"), ("2026-01-04", ("51301", "101"), "120.00"), ("2026-01-05", ("101", "102"), "35.50")] {
            posted(&office, on, accounts, amount).await;
        }
        let trial = office.get(&format!("{AT}/trial-balance"), &clerk).await.body;
        let foot: Vec<String> = rows(between(&trial, "<tfoot>", "</tfoot>")).remove(0).into_iter().filter(|cell| cell.contains('.')).collect();
        assert_eq!(foot.len() % 2, 0, "{foot:?}");
        assert!(foot.chunks(2).all(|pair| pair[0] == pair[1]) && foot.contains(&"5,955.50".to_owned()), "{foot:?}");
        // 101: 835.50 on the debit side this month.
        let row = trial.split("<tr>").find(|row| row.contains("ledger?account=101\"")).expect("a row of 101");
        assert!(rows(&format!("<tr>{row}"))[0].contains(&"835.50".to_owned()), "{row}");
        let ledger = office.get(&links(row)[0], &clerk).await.body;
        let fen = |text: &str| text.replace([',', '.'], "").parse::<i64>().unwrap_or(0);
        let debits: i64 = rows(&ledger).iter().filter(|row| row.iter().any(|cell| cell.contains("记-"))).map(|row| row.iter().position(|cell| cell.contains('.')).map_or(0, |at| fen(&row[at]))).sum();
        assert!(ledger.contains("835.50") && debits >= 83_550, "{debits} {ledger}");
        let sheet = office.get(&format!("{AT}/statements?name=balance-sheet"), &clerk).await.body;
        let figure = links(&sheet).into_iter().find(|href| href.contains("formulas=1") && href.starts_with(AT)).expect("a figure leads to its formula");
        let formulas = office.get(&figure, &clerk).await.body;
        assert!(formulas.contains("取数公式") && formulas.contains("库存现金("), "{formulas}");
        let account = links(&formulas).into_iter().find(|href| href.contains("ledger?account=101&")).expect("a formula leads to its accounts");
        let ledger = office.get(&account, &clerk).await.body;
        let voucher = links(&ledger).into_iter().find(|href| href.contains("/vouchers/2026-01-")).expect("a ledger leads to its vouchers");
        assert!(office.get(&voucher, &clerk).await.body.contains("记账凭证"));
    }

    /// S06-A1: a gap, an unapproved voucher and a bank line that is not reconciled each block, each with a link to the row.
    async fn s06_a1_what_blocks_leads_to_its_row(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, head) = (office.log_in("kuaiji").await, office.log_in("zhuguan").await);
        posted(&office, "2026-01-02", ("102", "301"), "500.00").await;
        let account = [("key", "b1"), ("account", "NS01"), ("number", "6222001234567890"), ("ledger_account", "102"), ("from", "2026-01-01"), ("close", "block")];
        assert!(office.post(&format!("{AT}/do/bank/add"), &head, &account).await.body.contains("✓"));
        let statement = "交易日期,摘要,对方户名,收入,支出,余额\r\n2026-01-04,电费,供电局,,30.00,470.00\r\n";
        let job = send_file(&office, &format!("{AT}/do/bank/import"), &head, &[("key", "i1"), ("account", "NS01")], ("一月.csv", statement.as_bytes())).await;
        assert!(ended(&office, &job.location, &head).await.contains("已办完"), "{}", job.location);
        drawn(&office, &clerk, ("s1", "记", "2026-01-05"), "submit").await;
        by_hand(&office.county.office.db, "update voucher_number set last_number = last_number + 1 where county = '459900' and book = 'V001' and period = '2026-01' and word = '记'").await;
        drawn(&office, &clerk, ("s2", "记", "2026-01-05"), "draft").await;
        let closing = office.get(&format!("{AT}/closing"), &clerk).await.body;
        for (check, shows) in [("unposted", "2026-01-05"), ("gaps", "2026-01-记-3"), ("reconciliation", "供电局")] {
            let row = between(&closing, &format!("<tr id=\"{check}\">"), "</tr>");
            assert!(row.contains("✕"), "{check}: {row}");
            let page = office.get(&links(row)[0], &clerk).await;
            assert!(page.status == StatusCode::OK && page.body.contains(shows), "{check} {}: {}", links(row)[0], page.body);
        }
        let refused = office.post(&format!("{AT}/closing/close"), &clerk, &[("key", "c1")]).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("B-201"), "{}", refused.body);
    }

    /// S06-A2: a closed month takes nothing, by page or by program. S06-A3: it opens again with a reason only, which the
    /// supervisors see.
    async fn s06_closed_is_closed(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let (clerk, reviewer, head) = (office.log_in("kuaiji").await, office.log_in("shenhe").await, office.log_in("zhuguan").await);
        posted(&office, "2026-01-02", ("102", "50301"), "500.00").await;
        drawn(&office, &clerk, ("d1", "记", "2026-01-05"), "submit").await;
        step(&office, &reviewer, ("d2", "approve"), &["2026-01-记-2"]).await;
        step(&office, &reviewer, ("d3", "post"), &["2026-01-记-2"]).await;
        office.county.clock.set(date("2026-02-03"));
        let asked = office.get(&format!("{AT}/closing"), &clerk).await.body;
        assert!(asked.contains("本月已过账 2 张凭证,借贷各 "), "{asked}");
        let closed = office.post(&format!("{AT}/closing/close"), &clerk, &[("key", "c1"), ("reason", "附单据后补")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        let before = office.get(&format!("{AT}/trial-balance?format=xlsx"), &clerk).await.bytes;
        let import = "日期,摘要,科目编号,借方,贷方\r\n2026-01-05,补记,102,5.00,\r\n2026-01-05,补记,301,,5.00\r\n";
        let paper = format!("{AT}/vouchers/2026-01-%E8%AE%B0-2");
        let pages = [
            drawn(&office, &clerk, ("x1", "记", "2026-01-05"), "draft").await,
            office.post(&format!("{paper}/reverse"), &clerk, &[("key", "x2"), ("on", "2026-01-31"), ("reason", "错")]).await,
            office.post(&format!("{paper}/copy"), &clerk, &[("key", "x3"), ("on", "2026-01-31")]).await,
            office.post(&format!("{AT}/closing/transfer"), &clerk, &[("key", "x4")]).await,
            office.post(&format!("{AT}/closing/close"), &clerk, &[("key", "x5")]).await,
            step(&office, &reviewer, ("x6", "return"), &["2026-01-记-2"]).await,
            send_file(&office, &format!("{AT}/do/voucher/import"), &clerk, &[("key", "x7")], ("补.csv", import.as_bytes())).await,
        ];
        for (n, reply) in pages.iter().enumerate() {
            let job = if reply.location.starts_with("/jobs/") { ended(&office, &reply.location, &clerk).await } else { String::new() };
            let refused = reply.status == StatusCode::UNPROCESSABLE_ENTITY || job.contains("没有办成");
            assert!(refused, "write {n}: {} {} {} {job}", reply.status, reply.location, reply.body);
        }
        for (verb, body) in [
            ("voucher/add", r#"{"date":"2026-01-05","line":["102 debit 5.00 补","301 credit 5.00 补"]}"#),
            ("voucher/reverse", r#"{"voucher":"2026-01-记-2","on":"2026-01-31","reason":"错"}"#),
            ("period/transfer", r#"{"period":"2026-01"}"#),
            ("period/close", r#"{"period":"2026-01"}"#),
        ] {
            let request = Request::post(format!("/api/v1/books/V001/{verb}")).header(COOKIE, &head).header("content-type", "application/json");
            let reply = office.send(request.body(Body::from(body)).unwrap()).await;
            assert!(reply.status == StatusCode::UNPROCESSABLE_ENTITY && reply.body.contains("next_en"), "{verb}: {} {}", reply.status, reply.body);
        }
        let after = office.get(&format!("{AT}/trial-balance?format=xlsx"), &clerk).await.bytes;
        assert_eq!(before, after, "nothing moved");
        for reason in ["", " "] {
            let silent = office.post(&format!("{AT}/closing/reopen"), &reviewer, &[("key", "o0"), ("reason", reason)]).await;
            assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(office.post(&format!("{AT}/closing/reopen"), &reviewer, &[("key", "o1"), ("reason", "漏记一笔电费")]).await.status, StatusCode::SEE_OTHER);
        let auditor = office.log_in("shenji").await;
        let trail = office.get(&format!("/supervision?tab=trail&contains={}", escape("漏记一笔电费")), &auditor).await.body;
        assert!(trail.contains("反结账") && trail.contains("漏记一笔电费"), "{trail}");
    }

    /// S08-A1: nothing deletes an account or turns its side, and one with a balance is not stopped. S08-A2: openings that are
    /// not equal are refused with their difference.
    async fn s08_accounts_and_openings(database: &TestDatabase) {
        let office = WebOffice::open(database.url()).await;
        let clerk = office.log_in("kuaiji").await;
        let add = [("key", "a1"), ("code", "10201"), ("name", "农商行"), ("requires", "")];
        assert_eq!(office.post(&format!("{AT}/accounts"), &clerk, &add).await.status, StatusCode::SEE_OTHER);
        posted(&office, "2026-01-02", ("10201", "301"), "500.00").await;
        let stop = office.post(&format!("{AT}/accounts/stop"), &clerk, &[("key", "a2"), ("code", "10201")]).await;
        assert!(stop.status == StatusCode::UNPROCESSABLE_ENTITY && stop.body.contains("B-106"), "{}", stop.body);
        let again = office.post(&format!("{AT}/accounts"), &clerk, &[("key", "a3"), ("code", "10201"), ("name", "另名"), ("requires", "")]).await;
        assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.body.contains("C-103"), "{}", again.body);
        let changes = ["delete", "remove", "change", "side"];
        let routes = cunzhang::faces::web::routes::routes();
        let about_accounts = routes.iter().filter(|route| route.path.contains("/accounts") || route.path.contains("/account/"));
        for route in about_accounts {
            assert!(!changes.iter().any(|word| route.path.contains(word)), "{}", route.path);
        }
        let opening = "科目编号,借方余额,贷方余额\r\n101,300.00,\r\n301,,250.00\r\n";
        let other = "/b/V002/2026-01";
        let path = format!("{other}/do/book/opening");
        let unequal = send_file(&office, &path, &clerk, &[("key", "p1")], ("期初.csv", opening.as_bytes())).await;
        assert!(unequal.status == StatusCode::UNPROCESSABLE_ENTITY && unequal.body.contains("50.00"), "{}", unequal.body);
        assert!(!office.get(&format!("{other}/trial-balance"), &clerk).await.body.contains("300.00"), "nothing half done");
    }
}
