//! `demo`: plays the fictional county's year through the command line itself.
//!
//! 1. The clock stands where the script says; ids come from a seed: the same papers every time.
//! 2. A command that should be refused and is not, or the other way round, stops the demo.
//! 3. What was typed is left in `commands.txt`, to be read and tried again.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, FromArgMatches, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::{Arguments, Noun};
use super::counter::Counter;
use super::county::CountyCommand;
use super::output::{self, Reply};
use super::{answer_at, args};
use crate::access::password;
use crate::access::service::SetPassword;
use crate::controls::audit_trail::service as audit_trail;
use crate::db::{Db, Failure, Stop, migrate};
use crate::demo::{COUNTY, Scale, Step, asset_acts, credit, loan_month, script, script::script as write_script};
use crate::faces::print::press;
use crate::ledger::books::service::AddCounty;
use crate::office::{Actor, Clock, Ids, Office};
use crate::refusals;

refusals! {
    /// Why the demo does not begin, or stops.
    pub enum DemoRefusal {
        /// The folder holds something that is no demo.
        "O-301" FolderInUse { folder: String }
            zh "文件夹 {folder} 里已有别的内容" en "the folder {folder} holds something else" next "用 --dir 指定一个空文件夹";
        /// The script and the program disagree: a bug.
        "O-302" OffScript { command: String, expected: String, got: String }
            zh "演示在“{command}”处应为 {expected},实际为 {got}" en "the demo expected {expected} at '{command}' and got {got}" next "这是程序错误,请报给维护人员";
    }
}

/// Arguments of the demo.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// 演示文件夹
    #[arg(long, default_value = "demo")]
    pub dir: PathBuf,
    /// 规模
    #[arg(long, value_enum, default_value = "small")]
    pub scale: DemoScale,
    /// 不启动网页
    #[arg(long)]
    pub no_serve: bool,
    /// 网页的监听地址
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
}

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DemoScale {
    /// 两个乡镇、六个村、一个合作社
    Small,
    /// 十二个乡镇、145 个村、一个合作社
    County,
}

/// Makes the folder, plays the script, verifies everything.
pub async fn run(arguments: DemoArguments) -> Result<Reply, Stop> {
    let scale = match arguments.scale {
        DemoScale::Small => Scale::Small,
        DemoScale::County => Scale::County,
    };
    let folder = clear_folder(&arguments.dir)?;
    let mut player = Player::open(folder, scale).await?;
    let outcome = player.play(scale).await;
    let said = match outcome {
        Ok(()) => player.summary().await,
        Err(stop) => Err(stop),
    };
    let url = player.url.clone();
    player.office.close().await;
    match said {
        Ok(reply) if !arguments.no_serve && reply.refusal.is_none() => serve(reply, &url, &arguments).await,
        other => other,
    }
}

/// Says what was played, then serves it on today's clock.
async fn serve(reply: Reply, url: &str, arguments: &DemoArguments) -> Result<Reply, Stop> {
    reply.lines.iter().for_each(|line| println!("{line}"));
    let office = Office::open(Db::open_ready(url).await?, Clock::System, Ids::from_system());
    println!("登录页列出了每种角色的演示账号,密码都是 {}", crate::demo::PASSWORD);
    super::serve::serve(
        office,
        Some((COUNTY.to_owned(), "青禾县".to_owned())),
        &super::serve::ServeArguments { listen: arguments.listen, https: false, backups: None },
    )
    .await
}

/// An empty demo folder; an older demo in it goes away, anything else stays and the demo is refused.
fn clear_folder(dir: &Path) -> Result<PathBuf, Stop> {
    const OURS: [&str; 7] = ["demo.db", "demo.db-wal", "demo.db-shm", "demo.db.backups", "commands.txt", "in", "out"];
    if dir.exists() {
        for entry in fs::read_dir(dir).map_err(Failure::file(dir))? {
            let entry = entry.map_err(Failure::file(dir))?;
            if !OURS.iter().any(|ours| entry.file_name() == *ours) {
                return Err(DemoRefusal::FolderInUse { folder: dir.display().to_string() }.into());
            }
        }
        fs::remove_dir_all(dir).map_err(Failure::file(dir))?;
    }
    for part in ["in", "out"] {
        let path = dir.join(part);
        fs::create_dir_all(&path).map_err(Failure::file(&path))?;
    }
    Ok(dir.to_owned())
}

struct Player {
    dir: PathBuf,
    office: Office,
    clock: Clock,
    url: String,
    typed: fs::File,
    /// The command line's grammar, made once: making it costs more than most commands.
    grammar: clap::Command,
    commands: usize,
    refused: Vec<(String, String)>,
    lending: credit::Played,
    /// Papers left out because no font is there.
    unprinted: usize,
}

impl Player {
    async fn open(dir: PathBuf, scale: Scale) -> Result<Player, Stop> {
        let url = format!("sqlite:{}", dir.join("demo.db").display());
        let clock = Clock::standing_at(crate::calendar::AccountingPeriod::opening(credit::FROM).first_day());
        let db = Db::open_ready(&url).await?;
        db.run_ahead_of_the_disk().await?; // a demo that is cut off begins again from nothing
        let office = Office::open(db, clock.clone(), Ids::seeded(scale as u64));
        let commands = dir.join("commands.txt");
        let typed = fs::File::create(&commands).map_err(Failure::file(&commands))?;
        let grammar = Arguments::command();
        Ok(Player {
            dir,
            office,
            clock,
            url,
            typed,
            grammar,
            commands: 0,
            refused: Vec::new(),
            lending: credit::Played::default(),
            unprinted: 0,
        })
    }

    async fn play(&mut self, scale: Scale) -> Result<(), Stop> {
        let steps = write_script(scale)?;
        let bar = ProgressBar::new(steps.len() as u64);
        bar.set_style(ProgressStyle::with_template("演示 {wide_bar} {pos}/{len} {msg}").expect("the template is well formed"));
        for step in steps {
            bar.inc(1);
            if let Step::Day(date) = &step {
                bar.set_message(date.to_string());
            }
            let founds = matches!(&step, Step::Command { words, .. } if words.first().is_some_and(|word| word == "county"));
            self.take(step, scale).await?;
            if founds {
                bar.set_message("三年的小额信贷");
                self.lending = credit::play(&self.office, &self.clock, scale).await?;
                for step in loan_month::steps(&self.office).await? {
                    self.take(step, scale).await?;
                }
            }
        }
        bar.finish_and_clear();
        self.give_passwords().await
    }

    /// Everybody of the fictional county may log in to its web office.
    async fn give_passwords(&self) -> Result<(), Stop> {
        let actor = Actor { county: COUNTY.to_owned(), user: "admin".to_owned(), face: "demo" };
        for (user, ..) in crate::demo::PEOPLE {
            let hash = password::hash(crate::demo::PASSWORD, &self.office.draw_salt());
            self.office.perform(&actor, SetPassword { user: user.to_owned(), hash }, None).await?;
        }
        Ok(())
    }

    async fn take(&mut self, step: Step, scale: Scale) -> Result<(), Stop> {
        match step {
            Step::Day(date) => self.clock.set(date),
            Step::File { name, bytes } => {
                let path = self.dir.join("in").join(name);
                fs::write(&path, bytes).map_err(Failure::file(&path))?;
            }
            Step::Acts(season) => asset_acts::play(&self.office, scale, season).await?,
            Step::Command { words, .. } if prints(&words) && press().is_err() => self.unprinted += 1,
            Step::Command { user, words, refused } => self.command(user, words, refused).await?,
        }
        Ok(())
    }

    async fn command(&mut self, user: &str, words: Vec<String>, refused: Option<&str>) -> Result<(), Stop> {
        let line = format!("cunzhang --db sqlite:demo.db --as {user} {}", quoted(&words));
        let path = self.dir.join("commands.txt");
        let mark = refused.map(|code| format!("  # 应被拒绝:{code}")).unwrap_or_default();
        writeln!(self.typed, "{line}{mark}").map_err(Failure::file(&path))?;
        self.commands += 1;
        let off_script = |expected: &str, got: String| {
            Stop::from(DemoRefusal::OffScript { command: line.clone(), expected: expected.to_owned(), got })
        };
        match (self.answer(user, words).await, refused) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(code)) => Err(off_script(code, "done".to_owned())),
            (Err(Stop::Refused(refusal)), Some(code)) if refusal.code == code => {
                self.refused.push((line, refusal.to_string()));
                Ok(())
            }
            (Err(Stop::Refused(refusal)), _) => Err(off_script(refused.unwrap_or("done"), refusal.to_string())),
            (Err(failure), _) => Err(failure),
        }
    }

    async fn answer(&mut self, user: &str, words: Vec<String>) -> Result<(), Stop> {
        let here = |word: String| match word.starts_with("in/") || word.starts_with("out/") {
            true => self.dir.join(&word).display().to_string(),
            false => word,
        };
        let typed = ["cunzhang", "--db", &self.url, "--as", user].map(str::to_owned).into_iter();
        let words = typed.chain(words.into_iter().map(here)).collect::<Vec<_>>();
        let parsed = self.grammar.try_get_matches_from_mut(words);
        let parsed = parsed.and_then(|found| Arguments::from_arg_matches(&found)).and_then(args::check);
        let Arguments { common, noun } = parsed.map_err(|usage| {
            Stop::from(DemoRefusal::OffScript { command: usage.to_string(), expected: "a command".into(), got: "usage".into() })
        })?;
        let actor = Actor { county: COUNTY.to_owned(), user: user.to_owned(), face: "demo" };
        let counter = Counter::in_office(self.office.clone(), actor, common.key.clone());
        let reply = match noun {
            Noun::County { command: CountyCommand::Add { name, .. } } => {
                counter.perform(AddCounty { name }).await?;
                Reply::default()
            }
            other => Reply { band: crate::demo::BAND, ..answer_at(other, &common, &counter).await? },
        };
        match (&reply.refusal, &common.out) {
            (Some(refusal), _) => Err(Stop::Refused(refusal.clone())),
            (None, Some(_)) => output::write_file(reply, &common),
            (None, None) => Ok(()),
        }
    }

    /// Verifies every book and tells what was done and where the papers are.
    async fn summary(&self) -> Result<Reply, Stop> {
        let report = audit_trail::verify(&self.office.db, COUNTY, None).await?;
        migrate::settle(&self.office.db).await?;
        let papers = fs::read_dir(self.dir.join("out")).map_err(Failure::file(&self.dir))?.count();
        let json = json!({
            "dir": self.dir, "db": self.url, "commands": self.commands, "papers": papers, "lending": self.lending,
            "unprinted": self.unprinted,
            "refused_as_they_should": self.refused.iter().map(|(line, why)| json!([line, why])).collect::<Vec<_>>(),
            "verified": report,
        });
        let mut lines = vec![
            format!("青禾县的一年做完了:{} 条命令,{} 份纸面资料。", self.commands, papers),
            format!(
                "2016–2018 年放贷 {} 笔 {} 元,登记农户 {} 户,贴息 {} 元,风险补偿 {} 笔。",
                self.lending.loans,
                self.lending.paid_out.grouped(),
                self.lending.households,
                self.lending.subsidy.grouped(),
                self.lending.claims
            ),
            format!("数据库 {}", self.url),
            format!("用户会有的文件 {}", self.dir.join("in").display()),
            format!("报表与账簿 {}", self.dir.join("out").display()),
            format!("全部命令 {}", self.dir.join("commands.txt").display()),
            "故事里被拒绝的操作:".to_owned(),
        ];
        if self.unprinted > 0
            && let Err(why) = press()
        {
            lines.insert(1, format!("没有打印 {} 份 PDF:{why}", self.unprinted));
        }
        lines.extend(self.refused.iter().map(|(line, why)| format!("  {line}\n    {why}")));
        let checked = &report.checked;
        let head = if report.ok { "核对无误" } else { "核对发现问题" };
        lines.push(format!(
            "{head}:账套 {}、凭证 {}、分录 {}、发生额 {}",
            checked.books, checked.vouchers, checked.lines, checked.movements
        ));
        let reply = Reply { lines, json: Some(json), ..Reply::default() };
        Ok(match report.findings.first() {
            Some(finding) => reply.refused(finding.clone()),
            None => reply,
        })
    }
}

/// A command that prints a PDF.
fn prints(words: &[String]) -> bool {
    words.last().is_some_and(|word| word.ends_with(".pdf"))
}

fn quoted(words: &[String]) -> String {
    let quote = |word: &String| if word.contains([' ', '(', ')']) { format!("'{word}'") } else { word.clone() };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// The villages a scale has, for those who ask before playing.
pub fn villages_of(scale: Scale) -> usize {
    script::villages(scale).len()
}
