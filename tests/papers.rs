//! Papers as PDFs: pages, page boxes, figures, carried lines, offsets, rare characters, same bytes; pictures of them all in
//! `target/papers`.

mod support;

use std::path::PathBuf;

use cunzhang::calendar::{AccountingPeriod, BusinessDate};
use cunzhang::exchange::{Cell, Column, Dress, Sheet};
use cunzhang::faces::print::{Printed, press};
use cunzhang::ledger::Word;
use cunzhang::ledger::vouchers::State;
use cunzhang::money::Amount;
use cunzhang::papers::leaf::Slip;
use cunzhang::papers::voucher::{Cover, Entry, VoucherPaper};
use cunzhang::papers::{Dressing, Paper};
use cunzhang::statements::account_ledger::{Before, LedgerAsk, LedgerLine, LineKey, Running};
use cunzhang::statements::figures::Turn;
use cunzhang::statements::sheets::{Heading, ledgers};
use support::pdf;

fn date(text: &str) -> BusinessDate {
    text.parse().expect("a date of the test")
}

fn print(papers: &[Paper], dressing: &Dressing) -> Printed {
    let press = press().expect("a Chinese font is installed");
    press.print(papers, dressing, "", &|_, _| ()).expect("it prints")
}

/// Prints to a file and makes pictures of it.
fn kept(name: &str, papers: &[Paper], dressing: &Dressing) -> PathBuf {
    let path = pdf::folder().join(format!("{name}.pdf"));
    std::fs::write(&path, print(papers, dressing).bytes).expect("a file can be written below target");
    pdf::pictures(&path, name);
    path
}

fn entry(summary: &str, account: &str, debit: i64, credit: i64) -> Entry {
    let fen = Amount::from_fen;
    Entry { summary: summary.into(), account: account.into(), debit: fen(debit), credit: fen(credit) }
}

fn voucher(number: i64, entries: Vec<Entry>) -> VoucherPaper {
    let totals = (entries.iter().map(|entry| entry.debit).sum(), entries.iter().map(|entry| entry.credit).sum());
    VoucherPaper {
        unit: "青溪镇白石村股份经济合作社".into(),
        dated_on: date("2025-10-31"),
        word: "记".into(),
        number,
        attachments: 3,
        mark: String::new(),
        entries,
        totals,
        signers: vec![
            ("会计主管", "会计主管".into()),
            ("记账", "镇审核员".into()),
            ("出纳", String::new()),
            ("审核", "镇审核员".into()),
            ("制单", "代理会计".into()),
        ],
    }
}

fn short() -> VoucherPaper {
    let lines = vec![
        entry("收到运转补助", "10201 银行存款-农商行", 450_000, 0),
        entry("收到运转补助", "50301 补助收入-运转补助 资金类别 村办公经费", 0, 450_000),
    ];
    voucher(12, lines)
}

fn of_23_lines() -> VoucherPaper {
    let line = |n: i64| entry(&format!("支付第{n}组人工费"), "51301 管理费用-办公费 往来 H0001", n * 10_001, 0);
    let mut lines: Vec<Entry> = (1..=22).map(line).collect();
    lines.push(entry("支付人工费合计", "102 银行存款", 0, 253 * 10_001));
    voucher(12, lines)
}

fn red() -> VoucherPaper {
    let cancelled = "注销2025年06月27日记字9号凭证";
    voucher(13, vec![entry(cancelled, "51301 管理费用-办公费", -186_000, 0), entry(cancelled, "102 银行存款", 0, -186_000)])
}

fn wordy() -> VoucherPaper {
    let long = "根据青溪镇人民政府关于下达二〇二五年第三批财政衔接推进乡村振兴补助资金的通知,收到白石村至新塘村通组道路硬化工程(一期)第二次进度款,".repeat(3);
    let strange = "#let x = [1] $y$ *粗* _斜_ @引 <标> \\ `码` // 张𬺲";
    let account = "24101001 专项应付款-财政衔接推进乡村振兴补助资金-通组道路硬化工程 项目 P2025001 文号 青府发〔2025〕12号";
    voucher(14, vec![entry(&long, "102 银行存款", 123_456_789_012, 0), entry(strange, account, 0, 123_456_789_012)])
}

const PAPERS: [Slip; 4] = [Slip::Form, Slip::Endless, Slip::A5, Slip::TwoUp];

/// S16-A1: the page box is the paper's, to a tenth of a millimetre.
#[test]
fn vouchers_on_every_paper() {
    for slip in PAPERS {
        for digits in [false, true] {
            let dressing = Dressing { slip, digits, ..Dressing::default() };
            let name = format!("voucher-{}{}", slip.as_str(), if digits { "-digits" } else { "" });
            let path = kept(&name, &[Paper::Vouchers(vec![short(), red(), of_23_lines(), wordy()])], &dressing);
            let (width, height) = slip.paper_um();
            let boxes = pdf::boxes(&path);
            for (w, h) in &boxes {
                assert!((w - width / 100).abs() <= 1 && (h - height / 100).abs() <= 1, "{name}: {w} × {h}");
            }
            let slips = if slip == Slip::TwoUp { boxes.len() * 2 } else { boxes.len() };
            assert!((6..=8).contains(&slips), "{name}: {slips} slips");
        }
    }
}

/// S16-A2.
#[test]
fn a_voucher_of_23_lines_stands_on_three_slips_with_its_total_on_the_last() {
    let path = kept("voucher-23-lines", &[Paper::Vouchers(vec![of_23_lines()])], &Dressing::default());
    let pages = pdf::pages(&path);
    assert_eq!(pages.len(), 3);
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("0012 {}/3", at + 1)), "{page}");
        assert_eq!(page.contains("贰万伍仟叁佰零贰元伍角叁分"), at == 2, "{page}");
    }
    let figures: Vec<String> = pages.iter().flat_map(|page| pdf::amounts(page)).collect();
    let expected = (1..=22).map(|n| Amount::from_fen(n * 10_001)).chain([Amount::from_fen(253 * 10_001); 3]);
    let mut expected: Vec<String> = expected.map(Amount::grouped).collect();
    let mut figures = figures;
    expected.sort();
    figures.sort();
    assert_eq!(figures, expected);
}

#[test]
fn texts_stand_as_they_were_written() {
    let path = kept("voucher-strange", &[Paper::Vouchers(vec![wordy()])], &Dressing::default());
    let all: String = pdf::pages(&path).concat().split_whitespace().collect();
    for text in ["#letx=[1]$y$*粗*_斜_@引<标>\\`码`//张[U+2CEB2]", "1,234,567,890.12", "青府发〔2025〕12号", "P2025001"]
    {
        let found = all.contains(text) || pieces_in_order(&all, text);
        assert!(found, "{text}\n{all}");
    }
    let printed = print(&[Paper::Vouchers(vec![wordy()])], &Dressing::default());
    assert_eq!(printed.missing.keys().collect::<Vec<_>>(), [&'𬺲']);
}

/// A text that was broken into lines: its characters stand in order, others between them.
fn pieces_in_order(all: &str, text: &str) -> bool {
    let mut left = all.chars();
    text.chars().all(|wanted| left.any(|c| c == wanted))
}

/// S16-A5.
#[test]
fn the_same_paper_has_the_same_bytes() {
    for papers in [vec![Paper::Vouchers(vec![short(), wordy()])], vec![Paper::Sheet(list(60))], vec![Paper::Trial]] {
        assert_eq!(print(&papers, &Dressing::default()).bytes, print(&papers, &Dressing::default()).bytes);
    }
}

/// S16-A3.
#[test]
fn an_offset_moves_the_data_and_nothing_else() {
    let papers = [Paper::Vouchers(vec![short()])];
    let words = |name: &str, dressing: &Dressing| pdf::words(&kept(name, &papers, dressing));
    let plain = words("voucher-plain", &Dressing::default());
    let moved = words("voucher-moved", &Dressing { right: 20, down: -15, ..Dressing::default() });
    let data_only = words("voucher-data", &Dressing::parse("data").expect("an option"));
    assert_eq!(plain.len(), moved.len());
    let is_data = |word: &str| data_only.iter().any(|found| found.word == word);
    assert!(is_data("4,500.00") && !is_data("要") && data_only.len() < plain.len());
    for before in &plain {
        let shifted = |after: &&pdf::Placed| (after.x - before.x - 20).abs() <= 1 && (after.y - before.y + 15).abs() <= 1;
        let of_data = data_only.contains(before);
        let same_word = || moved.iter().filter(|after| after.word == before.word);
        let found = if of_data { same_word().any(|after| shifted(&after)) } else { same_word().any(|after| after == before) };
        assert!(found, "{before:?}, data {of_data}: {:?}", same_word().collect::<Vec<_>>());
    }
    for found in &data_only {
        assert!(plain.contains(found), "data stands where it stands on the whole paper: {found:?}");
    }
}

fn ledger_rows(lines: i64) -> Sheet {
    let month = |text: &str| text.parse::<AccountingPeriod>().expect("a month");
    let mut running = Running::begin(Before { balance: Amount::from_yuan(1_000), year: Turn::default() }, true);
    let mut rows = vec![running.opening(month("2025-01"))];
    for period in [month("2025-01"), month("2025-02"), month("2025-03")] {
        let line = |n: i64| LedgerLine {
            key: LineKey {
                dated_on: period.first_day() + chrono::Days::new(n as u64 * 27 / lines as u64),
                word: Word::General,
                number: n,
                line: 1,
            },
            account: "10201".into(),
            summary: if n % 9 == 0 {
                "支付白石村至新塘村通组道路硬化工程(一期)第二次进度款及质量保证金退还".into()
            } else {
                format!("第{n}笔收支")
            },
            turn: Turn {
                debit: Amount::from_fen(if n % 3 == 0 { n * 1_111 } else { 0 }),
                credit: Amount::from_fen(if n % 3 == 0 {
                    0
                } else if n % 7 == 1 {
                    -500
                } else {
                    n * 1_007
                }),
            },
            state: State::Posted,
        };
        if period != month("2025-02") {
            running.lines(period, (1..=lines).map(line).collect(), &mut rows); // February is empty
        }
        running.end_month(period, period == month("2025-03"), &mut rows);
    }
    let ask = LedgerAsk { from: month("2025-01"), daily: true, ..LedgerAsk::month("10201".into(), month("2025-03")) };
    let heading = Heading { unit: "青溪镇白石村股份经济合作社".into(), at: month("2025-03"), remarks: Vec::new() };
    let chart = cunzhang::ledger::Chart::of("village-2023").expect("a chart");
    ledgers::detail(&heading, "银行存款日记账", &chart, &ask, &rows)
}

/// S05-A3: page 2 starts with 承前页 equal to page 1's 过次页.
#[test]
fn page_two_of_a_ledger_begins_with_what_page_one_handed_over() {
    let path = kept("ledger", &[Paper::Sheet(ledger_rows(45))], &Dressing::default());
    let pages = pdf::pages(&path);
    assert!(pages.len() >= 4, "{} pages", pages.len());
    assert!(pdf::boxes(&path).iter().all(|size| *size == (2_970, 2_100)));
    let line = |page: &str, word: &str| {
        page.lines()
            .find(|line| line.contains(word))
            .map(|line| line.replace(word, "").split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    };
    for (at, pair) in pages.windows(2).enumerate() {
        let (over, taken) = (line(&pair[0], "过次页"), line(&pair[1], "承前页"));
        assert!(over.is_some() && over == taken, "page {}: {over:?} {taken:?}", at + 1);
        assert!(pdf::squeezed(&pair[1]).contains(&format!("第{}页共{}页", at + 2, pages.len())), "{}", pair[1]);
    }
    let whole: Vec<String> = pages
        .iter()
        .flat_map(|page| page.lines())
        .filter(|line| !line.contains("过次页") && !line.contains("承前页"))
        .flat_map(pdf::amounts)
        .collect();
    let figures = |cell: &Cell| if let Cell::Amount(amount) = cell { Some(amount.grouped()) } else { None };
    let expected: Vec<String> = ledger_rows(45).rows.iter().flat_map(|row| row.iter().filter_map(figures)).collect();
    assert_eq!(whole, expected);
}

fn list(rows: i64) -> Sheet {
    let columns = vec![
        Column::id("n", "序号"),
        Column::text("village", "村"),
        Column::text("name", "户主"),
        Column::id("id", "身份证号"),
        Column::amount("net", "实发金额"),
        Column::text("signature", "签名(指印)"),
    ];
    let mut sheet =
        Sheet::new("2025 年分红发放表", columns).subtitle("编制单位:示例合作社").subtitle("2025年度").subtitle("金额单位:元");
    sheet.dress = Dress::list().by("village");
    for n in 1..=rows {
        let village = ["白石村", "新塘村", "长岭村"][((n - 1) * 3 / rows) as usize];
        let name = ["张三", "才旦卓玛·尼玛扎西央金拉姆", "欧阳示例", "李𠮷堃"][n as usize % 4];
        sheet.push(vec![
            n.to_string().into(),
            village.into(),
            name.into(),
            format!("4599**********{n:04}").into(),
            Amount::from_fen(n * 1_000 + 1).into(),
            Cell::Empty,
        ]);
    }
    let total: Amount = (1..=rows).map(|n| Amount::from_fen(n * 1_000 + 1)).sum();
    sheet.foot.push(vec!["合计".into(), Cell::Empty, Cell::Empty, Cell::Empty, total.into()]);
    sheet
}

#[test]
fn page_subtotals_of_a_list_add_up_to_its_total() {
    let path = kept("list", &[Paper::Sheet(list(100))], &Dressing::default());
    let pages = pdf::pages(&path);
    let of = |word: &str| -> Vec<Amount> {
        let lines = pages.iter().flat_map(|page| page.lines()).filter(|line| line.split_whitespace().any(|found| found == word));
        lines.flat_map(pdf::amounts).map(|text| Amount::parse(&text).expect("an amount")).collect()
    };
    let (subtotals, total) = (of("本页小计"), of("合计"));
    assert_eq!(subtotals.len(), pages.len());
    assert_eq!(vec![subtotals.iter().copied().sum::<Amount>()], total);
    assert_eq!(of("小计").iter().copied().sum::<Amount>(), total[0]);
    let first = |page: &String| ["白石村", "新塘村", "长岭村"].iter().filter(|village| page.contains(**village)).count();
    assert!(pages.iter().all(|page| first(page) == 1), "a page holds one village");
}

#[test]
fn odd_sheets_print_too() {
    let nothing = Sheet::new("空表", vec![Column::text("a", "项目"), Column::amount("b", "金额")]);
    let mut wide =
        Sheet::new("宽表", (0..22).map(|n| Column::amount(format!("c{n}"), format!("第{n}季度累计发生金额"))).collect());
    wide.push((0..22).map(|n| Amount::from_fen(123_456_789 * (n - 3)).into()).collect());
    wide.notes = (1..=70).map(|n| format!("说明{n}:{}", "这一条说明很长。".repeat(n % 13))).collect();
    let mut tall = Sheet::new("很长的一格", vec![Column::id("n", "号"), Column::text("words", "情况说明")]);
    tall.push(vec!["1".into(), "一格里的字很多很多。".repeat(600).into()]);
    let path = kept("odd", &[Paper::Sheet(nothing), Paper::Sheet(wide), Paper::Sheet(tall)], &Dressing::default());
    let text = pdf::pages(&path).concat();
    assert!(
        pdf::squeezed(&text).matches("一格里的字很多很多。").count() > 400
            && text.contains("(没有数据)")
            && text.contains("说明70")
            && text.contains("-3,703,703.67"),
        "{text}"
    );
}

#[test]
fn covers_certificates_and_the_test_sheet() {
    let cover = Cover {
        unit: "青溪镇白石村股份经济合作社".into(),
        period: "2025年10月".into(),
        series: vec![("记".into(), 1, 23, 23, 41), ("收".into(), 1, 4, 4, 4)],
        total: Amount::from_fen(48_621_000),
    };
    let columns = vec![
        Column::id("certificate", "股权证号"),
        Column::id("holder", "成员编号"),
        Column::text("name", "成员"),
        Column::text("class", "股权种类"),
        Column::amount("amount", "金额"),
        Column::text("capitals", "大写"),
        Column::date("on", "截至"),
    ];
    let mut certificates = Sheet::new("股权证", columns).dressed(Dress::certificates());
    for name in ["张三", "才旦卓玛·尼玛扎西央金拉姆"] {
        certificates.push(vec![
            "C001-A-M001".into(),
            "M001".into(),
            name.into(),
            "成员股".into(),
            Amount::from_yuan(50_000).into(),
            "伍万元整".into(),
            date("2025-12-31").into(),
        ]);
    }
    let path =
        kept("cover-certificates-trial", &[Paper::Cover(cover), Paper::Sheet(certificates), Paper::Trial], &Dressing::default());
    let pages = pdf::pages(&path);
    assert_eq!(pages.len(), 4);
    assert!(pages[0].contains("486,210.00") && pages[0].contains("肆拾捌万陆仟贰佰壹拾元整"), "{}", pages[0]);
    assert!(pages[1].contains("¥50,000.00") && pages[2].contains("才旦卓玛"), "{}", pages[1]);
}
