//! Every paper of the demo, printed by the built program and read by others: the figures of the report that feeds it, page
//! numbers, page boxes, the same bytes again; and its spreadsheets, read back.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use calamine::{Data, Reader};
use cunzhang::controls::disclosure::masking::numbers_in;
use cunzhang::demo::papers::papers;
use cunzhang::money::Amount;
use serde_json::Value;
use support::pdf;
use support::process::{cunzhang, run};

/// The demo, played once for all tests of this file.
fn demo() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder can be made").keep().join("demo");
        run(["demo", "--no-serve", "--dir", folder.to_str().expect("text")]).done();
        folder
    })
}

fn asked(command: &str, more: &[&str]) -> String {
    let url = format!("sqlite:{}", demo().join("demo.db").display());
    let first = ["--db", &url, "--as", "shenji"].into_iter();
    run(first.chain(command.split_whitespace()).chain(more.iter().copied())).done()
}

/// The sheets of an answer.
fn sheets(answer: &str) -> Vec<Value> {
    let answer: Value = serde_json::from_str(answer).expect("json");
    match answer.get("sheets") {
        Some(Value::Array(several)) => several.clone(),
        _ if answer.get("rows").is_some() => vec![answer],
        _ => Vec::new(),
    }
}

/// The amounts of a sheet as people read them, with how often each stands there.
fn figures(sheet: &Value) -> BTreeMap<String, usize> {
    let empty = Vec::new();
    let array = |name: &str| sheet[name].as_array().unwrap_or(&empty).clone();
    let keys: Vec<String> =
        array("columns").iter().filter(|c| c["kind"] == "amount").filter_map(|c| c["key"].as_str().map(str::to_owned)).collect();
    let mut found = BTreeMap::new();
    for row in array("rows").iter().chain(&array("foot")) {
        for key in &keys {
            if let Some(text) = row[key].as_str() {
                *found.entry(Amount::parse(text).expect("an amount").grouped()).or_default() += 1;
            }
        }
    }
    found
}

fn count(amounts: Vec<String>) -> BTreeMap<String, usize> {
    amounts.into_iter().fold(BTreeMap::new(), |mut counted, amount| {
        *counted.entry(amount).or_default() += 1;
        counted
    })
}

#[test]
fn every_paper_says_what_its_report_says() {
    for (name, command) in papers() {
        let path = demo().join("out").join(format!("{name}.pdf"));
        assert!(path.exists(), "{name} was not printed");
        pdf::pictures(&path, &name);
        let pages = pdf::pages(&path);
        let all = pages.join("\n");
        assert!(pages.iter().all(|page| page.contains("演示数据")), "{name}: a page without the band");
        if command.starts_with("voucher") || command.starts_with("share certificates") {
            continue; // forms of their own, compared below
        }
        let printed = count(pdf::amounts(&all));
        for sheet in sheets(&asked(&command, &["--format", "json"])) {
            let title: String = sheet["title"].as_str().expect("a title").split_whitespace().collect();
            assert!(pdf::squeezed(&all).contains(&title), "{name}: no title {title}");
            for (amount, times) in figures(&sheet) {
                let found = printed.get(&amount).copied().unwrap_or(0);
                assert!(found >= times, "{name}: {amount} stands {found} times and not {times}\n{all}");
            }
        }
        for (at, (width, height)) in pdf::boxes(&path).into_iter().enumerate() {
            let known = [(2_100, 2_970), (2_970, 2_100), (4_200, 2_970), (2_970, 4_200)];
            assert!(known.contains(&(width, height)), "{name} page {}: {width} × {height}", at + 1);
        }
        assert!(pdf::squeezed(&all).contains("第1页共"), "{name}");
    }
}

#[test]
fn a_month_of_vouchers_is_one_file_with_its_cover() {
    let path = demo().join("out/V001-12月凭证.pdf");
    let listed: Value =
        serde_json::from_str(&asked("voucher list --book V001 --period 2025-12", &["--format", "json"])).expect("json");
    let rows = listed["rows"].as_array().expect("rows");
    let pages = pdf::pages(&path);
    assert!(pages.len() > rows.len(), "{} pages for {} vouchers and a cover", pages.len(), rows.len());
    assert!(pdf::squeezed(&pages[0]).contains("会计凭证封面"), "{}", pages[0]);
    let all = pages.join("\n");
    for row in rows {
        let amount = Amount::parse(row["amount"].as_str().expect("an amount")).expect("an amount").grouped();
        let number = row["voucher"].as_str().and_then(|name| name.rsplit('-').next()).expect("a number");
        assert!(all.contains(&format!("{number:0>4}")) && all.contains(&amount), "{row}");
    }
    assert!(pdf::boxes(&path).iter().all(|size| *size == (2_400, 1_400)));
}

#[test]
fn printed_again_a_report_has_the_same_bytes() {
    let again = demo().join("again.pdf");
    for (name, command) in
        papers().into_iter().filter(|(_, command)| command.starts_with("report") || command.starts_with("voucher"))
    {
        asked(&command, &["--out", again.to_str().expect("text")]);
        let (first, second) = (std::fs::read(demo().join("out").join(format!("{name}.pdf"))), std::fs::read(&again));
        assert!(first.expect("printed") == second.expect("printed"), "{name}");
    }
    let _ = std::fs::remove_file(again);
}

/// What hangs on a wall or lies at the public's hand: no identity number, no account.
#[test]
fn nothing_public_shows_a_number_of_a_person() {
    let public = ["公开榜", "公示表", "公开日历", "分红明细表"];
    let mut seen = 0;
    for (name, _) in papers().into_iter().filter(|(name, _)| public.iter().any(|word| name.contains(word))) {
        let path = demo().join("out").join(format!("{name}.pdf"));
        let text = pdf::pages(&path).join("\n");
        assert_eq!(numbers_in(&text), Vec::<String>::new(), "{name}");
        seen += 1;
    }
    assert!(seen >= 5, "{seen} public papers");
    let notice = pdf::pages(&demo().join("out/2018Q4-贴息公示表.pdf")).join("\n");
    assert!(notice.contains("**********"), "identity numbers stand masked: {notice}");
}

/// The package for auditors holds what its list says; one byte changed is named.
#[test]
fn the_package_for_auditors_verifies_and_names_a_changed_byte() {
    let package = demo().join("out/审计数据包");
    let folder = package.to_str().expect("text");
    assert!(run(["audit", "verify", folder]).done().contains("与清单一致"));
    let file = package.join("V001/记账凭证.csv");
    let kept = std::fs::read(&file).expect("a file of the package");
    let mut changed = kept.clone();
    let at = changed.len() / 2;
    changed[at] ^= 1;
    std::fs::write(&file, &changed).expect("it can be changed");
    let output = cunzhang(["audit", "verify", folder]).output().expect("the program starts");
    std::fs::write(&file, &kept).expect("it can be put back");
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("T-105") && said.contains("V001/记账凭证.csv"), "{said}");
}

#[test]
fn without_a_font_papers_are_refused_and_all_else_works() {
    let empty = tempfile::tempdir().expect("a folder can be made");
    let url = format!("sqlite:{}", demo().join("demo.db").display());
    let out = empty.path().join("x.pdf");
    let mut command =
        cunzhang(["--db", &url, "--as", "shenji", "report", "trial-balance", "--book", "V001", "--period", "2025-12", "--out"]);
    let output = command.arg(&out).env("CUNZHANG_FONT_FOLDER", empty.path()).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && said.contains("Q-101") && said.contains("fonts-noto-cjk"), "{said}");
    assert!(!out.exists());
    let mut command =
        cunzhang(["--db", &url, "--as", "shenji", "report", "trial-balance", "--book", "V001", "--period", "2025-12"]);
    let output = command.env("CUNZHANG_FONT_FOLDER", empty.path()).output().expect("the program starts");
    assert!(output.status.success());
}

#[test]
fn fonts_are_checked_and_rare_characters_named() {
    let said = run(["fonts", "--text", "张𬺲"]).done();
    assert!(said.contains("正文") && said.contains("标题") && said.contains("[U+2CEB2]"), "{said}");
    let path = pdf::folder().join("trial.pdf");
    run(["fonts", "--trial", "--print", "paper=a5,x=2.0,y=-1.5", "--out", path.to_str().expect("text")]).done();
    let text = pdf::pages(&path).concat();
    assert!(text.contains("向右 2.0 毫米,向下 -1.5 毫米"), "{text}");
    assert_eq!(pdf::boxes(&path), [(2_100, 1_480)]);
}

/// S07-A2: values read back from a spreadsheet are the report's: figures numbers, ids text, formulas none.
#[test]
fn spreadsheets_read_back() {
    let out = demo().join("out");
    let files = std::fs::read_dir(&out).expect("the demo's papers").flatten().map(|entry| entry.path());
    let files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|ending| ending == "xlsx")).collect();
    assert!(files.len() > 40);
    for path in &files {
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).expect("a workbook");
        for name in book.sheet_names() {
            let formulas = book.worksheet_formula(&name).expect("a worksheet");
            assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{}", path.display());
        }
    }
    for book in ["V001", "C001"] {
        let command = format!("report trial-balance --book {book} --period 2025-12");
        let sheet = &sheets(&asked(&command, &["--format", "json"]))[0];
        let mut file: calamine::Xlsx<_> =
            calamine::open_workbook(out.join(format!("{book}-科目余额表.xlsx"))).expect("a workbook");
        let name = file.sheet_names()[0].clone();
        let range = file.worksheet_range(&name).expect("a worksheet");
        let first = range
            .rows()
            .position(|row| row[0] == Data::String("科目编码".into()) || row[0] == Data::String("科目编号".into()))
            .expect("a head row");
        let columns = sheet["columns"].as_array().expect("columns");
        for (row, cells) in sheet["rows"].as_array().expect("rows").iter().zip(range.rows().skip(first + 1)) {
            for (column, cell) in columns.iter().zip(cells) {
                let (value, kind) = (&row[column["key"].as_str().expect("a key")], column["kind"].as_str());
                match (cell, kind) {
                    (Data::Float(figure), Some("amount")) => {
                        assert_eq!(format!("{figure:.2}"), value.as_str().unwrap_or_default())
                    }
                    (Data::String(text), _) => assert_eq!(Some(text.as_str()), value.as_str()),
                    (Data::Empty, _) => assert!(value.is_null() || value == ""),
                    other => panic!("{value}: {other:?}"),
                }
            }
        }
    }
    opened_by_an_office_program(&files);
}

/// S07-A2: no repair prompt. Where LibreOffice is installed it opens every file and writes it again.
fn opened_by_an_office_program(files: &[PathBuf]) {
    let Ok(version) = std::process::Command::new("soffice").arg("--version").output() else {
        let said = "SKIPPED: LibreOffice (soffice) is not installed, so no office program opened the spreadsheets\n";
        std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes()).expect("standard error is open");
        return;
    };
    assert!(version.status.success());
    let folder = tempfile::tempdir().expect("a folder can be made");
    let home = format!("-env:UserInstallation=file://{}/home", folder.path().display());
    let output = std::process::Command::new("soffice")
        .args([&home, "--headless", "--convert-to", "csv", "--outdir"])
        .arg(folder.path())
        .args(files)
        .output()
        .expect("soffice starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = std::fs::read_dir(folder.path())
        .expect("the folder")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "csv"));
    assert_eq!(written.count(), files.len());
}
