//! The script of the demo's year: who does what, in which order, with which file.

use super::files::{self, Layout};
use super::village::Village;
use super::{COUNTY, PEOPLE, Scale, Step, YEAR, asset_income, cooperative, papers};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::Failure;

const TOWNSHIPS: [&str; 12] =
    ["青溪镇", "云岭乡", "石桥镇", "松岗乡", "竹坪镇", "梨坪乡", "杏湾镇", "桐荫乡", "枫坞镇", "柳塘乡", "荷田镇", "菊坡乡"];
const VILLAGES: [&str; 13] =
    ["白石", "新塘", "长岭", "古寨", "清潭", "松坡", "桃湾", "双峰", "下岩", "永兴", "向阳", "中和", "合欢"];

/// The villages of a county of this size.
pub fn villages(scale: Scale) -> Vec<Village> {
    let mut villages = Vec::new();
    for (township, count) in scale.villages().into_iter().enumerate() {
        for (n, name) in VILLAGES.iter().enumerate().take(count) {
            let index = villages.len();
            villages.push(Village {
                index,
                book: format!("V{:03}", index + 1),
                place: format!("{}{:03}", &township_code(township)[..9], 201 + n),
                name: format!("{}{name}村", TOWNSHIPS[township]),
            });
        }
    }
    villages
}

fn township_code(township: usize) -> String {
    format!("{COUNTY}{:03}000", 100 + township)
}

/// The whole script, in the order of its days.
pub fn script(scale: Scale) -> Result<Vec<Step>, Failure> {
    let villages = villages(scale);
    let mut play = Play::default();
    play.found(scale, &villages)?;
    play.steps.extend(asset_income::founding(scale)?);
    play.steps.extend(super::old_book::steps());
    for month in 1..=12 {
        play.month(month, &villages)?;
        match month {
            3 => play.steps.extend(super::households::notice()),
            6 => play.steps.extend(asset_income::midyear(scale)),
            9 => {
                let watched = play.publishing.watched(&villages);
                play.steps.extend(watched);
            }
            10 => play.steps.extend(super::reconciliation::steps()),
            _ => {}
        }
    }
    play.steps.extend(asset_income::year_end(scale));
    play.year_end(&villages);
    play.steps.extend(super::households::year_end());
    play.papers(&villages);
    play.steps.extend(villages.iter().flat_map(super::village_people::papers));
    play.steps.extend(villages.iter().flat_map(super::village_contracts::papers));
    play.steps.extend(super::watching::package());
    play.steps.extend(papers::steps());
    Ok(play.steps)
}

#[derive(Default)]
struct Play {
    steps: Vec<Step>,
    publishing: super::watching::Publishing,
}

/// Splits a line of words at blanks.
fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

impl Play {
    fn day(&mut self, month: u32, day: u32) {
        self.steps.push(Step::Day(BusinessDate::from_ymd_opt(YEAR, month, day).expect("the script's days exist in its year")));
    }

    fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.steps.push(Step::File { name: name.to_owned(), bytes });
    }

    fn types(&mut self, user: &'static str, line: &str) {
        self.steps.push(Step::Command { user, words: words(line), refused: None });
    }

    fn types_words(&mut self, user: &'static str, line: &str, more: &[&str]) {
        let mut words = words(line);
        words.extend(more.iter().map(|word| (*word).to_owned()));
        self.steps.push(Step::Command { user, words, refused: None });
    }

    fn is_refused(&mut self, user: &'static str, line: &str, code: &'static str) {
        self.steps.push(Step::Command { user, words: words(line), refused: Some(code) });
    }

    /// County, people, places, books, cards, openings.
    fn found(&mut self, scale: Scale, villages: &[Village]) -> Result<(), Failure> {
        self.types("admin", &format!("county add --code {COUNTY} --name 青禾县"));
        self.day(1, 2);
        for (user, name, role, _) in PEOPLE.iter().filter(|(.., scope)| scope.is_empty()) {
            self.types("admin", &format!("user add --user {user} --name {name} --role {role}"));
        }
        self.places(scale, villages)?;
        let townships: Vec<String> = (0..scale.villages().len()).map(township_code).collect();
        self.steps.extend(super::households::founding(&townships));
        for village in villages {
            let line = "book add --kind village --from 2025-01 --book";
            self.types_words(
                "zhuguan",
                line,
                &[&village.book, "--name", &format!("{}股份经济合作社", village.name), "--place", &village.place],
            );
            let households = village.households().into_iter().map(|(code, name)| vec!["往来".to_owned(), code, name]).collect();
            let cards = [vec!["项目".to_owned(), "道路维修".to_owned(), "道路维修".to_owned()]];
            self.cards(&village.book, cards.into_iter().chain(fund_classes()).collect(), households)?;
            let file = format!("{}-期初余额.xlsx", village.book);
            self.file(&file, files::openings(&village.name, &village.opening())?);
            self.types("kuaiji", &format!("book opening in/{file} --book {}", village.book));
        }
        self.found_cooperative()
    }

    fn found_cooperative(&mut self) -> Result<(), Failure> {
        let book = cooperative::BOOK;
        let place = &villages(Scale::Small)[0].place;
        self.types_words(
            "zhuguan",
            "book add --kind cooperative --from 2025-01 --book",
            &[book, "--name", cooperative::NAME, "--place", place],
        );
        for (user, name, role, scope) in PEOPLE.iter().filter(|(.., scope)| !scope.is_empty()) {
            self.types("admin", &format!("user add --user {user} --name {name} --role {role} --scope {scope}"));
        }
        let members =
            cooperative::MEMBERS.map(|(code, name, _)| vec!["往来".to_owned(), code.to_owned(), name.to_owned()]).into();
        self.cards(book, vec![vec!["项目".to_owned(), "蔬菜大棚".to_owned(), "蔬菜大棚".to_owned()]], members)?;
        let file = format!("{book}-期初余额.xlsx");
        self.file(&file, files::openings(cooperative::NAME, &cooperative::opening())?);
        self.types("hzskuaiji", &format!("book opening in/{file} --book {book}"));
        Ok(())
    }

    fn places(&mut self, scale: Scale, villages: &[Village]) -> Result<(), Failure> {
        let townships = scale.villages().len();
        let mut rows: Vec<Vec<String>> =
            (0..townships).map(|t| vec![township_code(t), TOWNSHIPS[t].to_owned(), "2020-01-01".into()]).collect();
        rows.extend(villages.iter().map(|v| vec![v.place.clone(), v.name.clone(), "2020-01-01".into()]));
        let heads = [("place", "区划代码"), ("name", "名称"), ("valid_from", "启用日期")];
        self.file("区划.xlsx", files::table("青禾县区划", &heads, rows)?);
        self.types("xianban", "place import in/区划.xlsx");
        Ok(())
    }

    fn cards(&mut self, book: &str, mut rows: Vec<Vec<String>>, parties: Vec<Vec<String>>) -> Result<(), Failure> {
        rows.extend(parties);
        let heads = [("dimension", "辅助核算"), ("member", "编号"), ("name", "名称")];
        let file = format!("{book}-辅助资料.xlsx");
        self.file(&file, files::table("辅助资料", &heads, rows)?);
        self.types("zhuguan", &format!("member import in/{file} --book {book}"));
        Ok(())
    }

    /// A month: the files come in, another person approves, the books are posted and closed.
    fn month(&mut self, month: u32, villages: &[Village]) -> Result<(), Failure> {
        let period = format!("{YEAR}-{month:02}");
        let last = AccountingPeriod::new(YEAR, month).expect("months of the demo's year").last_day();
        self.steps.push(Step::Day(last));
        for village in villages {
            let (layout, entries) = (Layout::of(village.index), village.month(month));
            let file = format!("{}-{period}.{}", village.book, layout.ending());
            self.file(&file, files::vouchers(layout, &village.name, &period, &entries)?);
            self.types("kuaiji", &format!("voucher import in/{file} --book {} --submit", village.book));
            self.mishaps(month, village);
            self.steps.extend(super::village_claims::steps(month, village)?);
            self.steps.extend(super::village_project::steps(month, village));
            self.steps.extend(super::village_people::steps(month, village));
            self.steps.extend(super::village_contracts::steps(month, village));
            self.steps.extend(super::village_merger::steps(month, village)?);
            self.approve_and_post("shenhe", &village.book, &period);
        }
        let file = format!("{}-{period}.xlsx", cooperative::BOOK);
        self.file(&file, files::vouchers(Layout::Spreadsheet, cooperative::NAME, &period, &cooperative::month(month))?);
        self.types("hzskuaiji", &format!("voucher import in/{file} --book {} --submit", cooperative::BOOK));
        self.approve_and_post("hzsshenhe", cooperative::BOOK, &period);
        if month < 12 {
            villages
                .iter()
                .for_each(|village| self.types("kuaiji", &format!("period close --book {} --period {period}", village.book)));
            self.types("hzskuaiji", &format!("period close --book {} --period {period}", cooperative::BOOK));
            for village in villages {
                self.steps.extend(self.publishing.of_month(month, village));
            }
        }
        Ok(())
    }

    fn approve_and_post(&mut self, reviewer: &'static str, book: &str, period: &str) {
        self.types(reviewer, &format!("voucher approve --book {book} --period {period}"));
        self.types(reviewer, &format!("voucher post --book {book} --period {period}"));
    }

    /// What goes wrong in two of the villages, and how it is put right.
    fn mishaps(&mut self, month: u32, village: &Village) {
        match (month, village.book.as_str()) {
            (1, "V001") => self.imported_twice(),
            (3, "V002") => self.returned_by_the_reviewer(),
            (6, "V001") => self.posted_wrongly(),
            (7, "V001") => self.reversed_in_red(),
            _ => {}
        }
    }

    /// The same file again adds nothing; the maker cannot approve; the month cannot close before it is posted.
    fn imported_twice(&mut self) {
        self.types("kuaiji", "voucher import in/V001-2025-01.csv --book V001 --submit");
        self.is_refused("kuaiji", "voucher approve --book V001 --period 2025-01", "N-103");
        self.is_refused("zhuguan", "period close --book V001 --period 2025-01", "B-201");
    }

    /// March, V002: the reviewer returns a voucher for its summary; it is corrected and submitted again.
    fn returned_by_the_reviewer(&mut self) {
        self.types_words("shenhe", "voucher return 2025-03-记-2 --book V002 --reason", &["摘要应写明用途和经手人"]);
        let lines = [
            "51301 debit 268.50 支付三月办公用品款(经手人:村报账员)",
            "101 credit 268.50 支付三月办公用品款(经手人:村报账员) fund_class=村办公经费",
        ];
        self.types_words(
            "kuaiji",
            "voucher change 2025-03-记-2 --book V002 --date 2025-03-06 --attachments 2",
            &["--line", lines[0], "--line", lines[1]],
        );
        self.types("kuaiji", "voucher submit 2025-03-记-2 --book V002");
    }

    /// June, V001: 1,860.00 of office costs is entered as 8,160.00 and nobody notices.
    fn posted_wrongly(&mut self) {
        let lines = ["51301 debit 8160.00 支付打印机款", "102 credit 8160.00 支付打印机款 fund_class=村办公经费"];
        self.types_words(
            "kuaiji",
            "voucher add --book V001 --date 2025-06-27 --attachments 1",
            &["--line", lines[0], "--line", lines[1]],
        );
        self.types("kuaiji", "voucher submit --book V001 --period 2025-06");
    }

    /// July, V001: the wrong voucher is cancelled in red and entered again.
    fn reversed_in_red(&mut self) {
        let last_of_june = village_entries(0, 6) + 1;
        self.types_words(
            "kuaiji",
            &format!("voucher reverse 2025-06-记-{last_of_june} --book V001 --on 2025-07-15 --reason"),
            &["金额错记"],
        );
        let summary = format!("订正2025年06月27日记字{last_of_june}号凭证");
        let lines = [format!("51301 debit 1860.00 {summary}"), format!("102 credit 1860.00 {summary} fund_class=村办公经费")];
        self.types_words(
            "kuaiji",
            "voucher add --book V001 --date 2025-07-15 --attachments 1",
            &["--line", &lines[0], "--line", &lines[1]],
        );
        self.types("kuaiji", "voucher submit --book V001 --period 2025-07");
    }

    /// December closes with the year; January opens with its balances.
    fn year_end(&mut self, villages: &[Village]) {
        for village in villages {
            self.types("kuaiji", &format!("year close --book {} --year {YEAR} --reserve-rate 10", village.book));
        }
        self.types("hzskuaiji", &format!("year close --book {} --year {YEAR} --reserve-rate 10", cooperative::BOOK));
        let late = ["--line", "51301 debit 1.00 补记", "--line", "101 credit 1.00 补记"];
        let mut words = words("voucher add --book V001 --date 2025-12-31");
        words.extend(late.map(str::to_owned));
        self.steps.push(Step::Command { user: "kuaiji", words, refused: Some("L-201") });
        self.steps.push(Step::Day(AccountingPeriod::opening(YEAR + 1).first_day()));
    }

    /// Every paper of the year, below `out`.
    fn papers(&mut self, villages: &[Village]) {
        let books: Vec<&str> = villages.iter().take(6).map(|v| v.book.as_str()).chain([cooperative::BOOK]).collect();
        for book in books {
            let december = format!("--book {book} --period {YEAR}-12");
            for (report, name) in REPORTS {
                self.types("shenji", &format!("report {report} {december} --out out/{book}-{name}.xlsx"));
            }
            self.types(
                "shenji",
                &format!("report trial-balance --book {book} --period {}-01 --out out/{book}-次年期初科目余额表.xlsx", YEAR + 1),
            );
            self.types("shenji", &format!("report journal {december} --account 101 --out out/{book}-现金日记账.xlsx"));
            self.types("shenji", &format!("report journal {december} --account 102 --out out/{book}-银行存款日记账.xlsx"));
            self.types("shenji", &format!("period check {december} --out out/{book}-结账检查表.xlsx"));
        }
        for report in ["equity", "member-account"] {
            let name = if report == "equity" { "成员权益变动表" } else { "成员账户" };
            self.types("shenji", &format!("report {report} --book C001 --period {YEAR}-12 --out out/C001-{name}.xlsx"));
        }
        for (format, ending) in [("hledger", "journal"), ("ledger", "ledger"), ("beancount", "beancount"), ("json", "json")] {
            self.types("shenji", &format!("export journal --all --format {format} --out out/全县凭证.{ending}"));
        }
    }
}

const REPORTS: [(&str, &str); 4] = [
    ("trial-balance", "科目余额表"),
    ("balance-sheet", "资产负债表"),
    ("surplus", "收益及收益分配表"),
    ("receipts-payments", "收支明细表"),
];

fn fund_classes() -> impl Iterator<Item = Vec<String>> {
    let classes =
        ["村办公经费", "公共服务运行经费", "村集体经济组织收益", "上级专项资金", "到村到户民生补助资金", "财政专项扶贫资金"];
    classes.into_iter().map(|class| vec!["资金类别".to_owned(), class.to_owned(), class.to_owned()])
}

fn village_entries(index: usize, month: u32) -> usize {
    villages(Scale::Small)[index].month(month).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_script_every_time() {
        assert_eq!(script(Scale::Small).unwrap(), script(Scale::Small).unwrap());
    }

    #[test]
    fn every_entry_balances_and_every_opening_too() {
        for village in villages(Scale::County) {
            let net: crate::money::Amount = village.opening().iter().map(files::Opening::net).sum();
            assert!(net.is_zero(), "{}", village.book);
            for entry in (1..=12).flat_map(|month| village.month(month).into_iter().chain(cooperative::month(month))) {
                let net: crate::money::Amount = entry.sides.iter().map(|s| if s.is_debit { s.amount } else { -s.amount }).sum();
                assert!(net.is_zero(), "{entry:?}");
            }
        }
    }
}
