//! The command line: one file per noun. Arguments in, exit code out.
//!
//! ```text
//!   args ─▶ noun file ─▶ act through the office, or a reader ─▶ Reply ─▶ output (text · json · csv · xlsx · pdf)
//! ```
//!
//! 1. A face decides nothing: it parses, performs or reads, and prints.
//! 2. Exit code 0 done, 2 usage, 3 refused, 4 failure; a panic is a failure and says so.
//! 3. A command that only reads never makes a database that is not there.

pub mod account;
pub mod aid_fund;
pub mod args;
pub mod asset;
pub mod audit;
pub mod bank;
pub mod bench;
pub mod book;
pub mod branch;
pub mod calc;
pub mod cash;
pub mod claim;
pub mod common;
pub mod counter;
pub mod county;
pub mod demo;
pub mod disclosure;
pub mod dividend;
pub mod duty;
pub mod entrust;
pub mod entrust_terms;
pub mod export;
pub mod finding;
pub mod fonts;
pub mod format;
pub mod fund;
pub mod fund_class;
pub mod household;
pub mod household_income;
pub mod import;
pub mod keeping;
pub mod lease;
pub mod lease_terms;
pub mod loan;
mod loan_card;
pub mod loan_lists;
mod loan_reconcile;
pub mod loan_reports;
pub mod meeting;
pub mod member;
pub mod notice;
pub mod organisation;
pub mod output;
pub mod payout;
mod payout_file;
pub mod payout_list;
pub mod period;
pub mod place;
pub mod policy;
pub mod project;
mod project_papers;
pub mod project_parts;
pub mod reconcile;
mod reconcile_loans;
pub mod report;
pub mod resident;
pub mod revolving;
pub mod serve;
pub mod settle;
pub mod share;
mod share_papers;
pub mod subsidy;
pub mod supervise;
pub mod template;
mod usage;
pub mod user;
pub mod voucher;
pub mod voucher_entry;
pub mod voucher_import;
pub mod voucher_paper;
pub mod watch;
pub mod words;
pub mod year;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use crate::db::{Failure, Stop};
use crate::office::Clock;
use args::{Arguments, Common, Noun};
use counter::Counter;
use output::{Reply, exit};

/// Runs one command to its end.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed: Vec<OsString> = arguments.into_iter().collect();
    let parsed = Arguments::try_parse_from(&typed).and_then(args::check);
    let Arguments { common, noun } = match parsed {
        Ok(parsed) => parsed,
        Err(wrong) => {
            usage::tell(&wrong, &typed);
            return ExitCode::from(if wrong.use_stderr() { exit::USAGE } else { exit::DONE });
        }
    };
    if let Err(stop) = output::check_printable(&common) {
        return ExitCode::from(output::write_stop(&stop, common.format()));
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| answer_on_runtime(noun, &common)));
    ExitCode::from(match outcome {
        Ok(Ok(reply)) => output::write(reply, &common),
        Ok(Err(stop)) => output::write_stop(&stop, common.format()),
        Err(_) => output::write_failure("程序出错,请把上面的内容报给维护人员 the program failed; this is a bug", common.format()),
    })
}

fn answer_on_runtime(noun: Noun, common: &Common) -> Result<Reply, Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|cause| Failure::File { path: "runtime".to_owned(), cause })?;
    runtime.block_on(answer(noun, common))
}

async fn answer(noun: Noun, common: &Common) -> Result<Reply, Stop> {
    match noun {
        Noun::Calc { command } => Ok(calc::answer(command, common.format(), Clock::System.today())?),
        Noun::County { command } => county::run(command, common).await,
        Noun::Demo(arguments) => demo::run(arguments).await,
        Noun::Bench { command } => Ok(Reply::raw(bench::run(command, &common.db).await?)),
        Noun::Fonts(arguments) => fonts::run(&arguments),
        Noun::Audit { command: audit::AuditCommand::Verify { dir } } => audit::verified(&dir),
        Noun::Serve(arguments) => serve::run(arguments, common).await,
        Noun::Migrate => keeping::migrate(common).await,
        Noun::Backup(arguments) => keeping::back_up(&arguments, common).await,
        Noun::Restore { file } => keeping::restore(&file, common).await,
        Noun::Copy(arguments) => keeping::copy(&arguments, common).await,
        Noun::Verify(arguments) => keeping::verify(&arguments, common).await,
        other => at_counter(other, common).await,
    }
}

/// The nouns that act or read in one county of a database that is there.
async fn at_counter(noun: Noun, common: &Common) -> Result<Reply, Stop> {
    let counter = Counter::open(common).await?;
    let mut answer = answer_at(noun, common, &counter).await;
    if let Ok(reply) = &mut answer
        && counter.county() == crate::demo::COUNTY
    {
        reply.band = crate::demo::BAND;
    }
    counter.close().await;
    answer
}

/// The same at a counter that is open.
pub async fn answer_at(noun: Noun, common: &Common, counter: &Counter) -> Result<Reply, Stop> {
    match noun {
        Noun::User { command } => user::run(command, counter).await,
        Noun::Place { command } => place::run(command, counter).await,
        Noun::Book { command } => book::run(command, counter).await,
        Noun::Account { command } => account::run(command, counter).await,
        Noun::Member { command } => member::run(command, counter).await,
        Noun::Voucher { command } => voucher::run(command, counter).await,
        Noun::Template { command } => template::run(command, counter).await,
        Noun::Period { command } => period::run(command, counter).await,
        Noun::Year { command } => year::run(command, counter).await,
        Noun::Household { command } => household::run(command, counter).await,
        Noun::Organisation { command } => organisation::run(command, counter).await,
        Noun::Claim { command } => claim::run(command, counter).await,
        Noun::Project { command } => project::run(command, counter).await,
        Noun::FundClass { command } => fund_class::run(command, counter).await,
        Noun::Asset { command } => asset::run(command, counter).await,
        Noun::Meeting { command } => meeting::run(command, counter).await,
        Noun::Duty { command } => duty::run(command, counter).await,
        Noun::Resident { command } => resident::run(command, counter).await,
        Noun::Cash { command } => cash::run(command, counter).await,
        Noun::Disclosure { command } => disclosure::run(command, counter).await,
        Noun::Supervise { command } => supervise::run(command, counter).await,
        Noun::Finding { command } => finding::run(command, counter).await,
        Noun::Notice { command } => notice::run(command, counter).await,
        Noun::Audit { command } => audit::run(command, counter).await,
        Noun::Lease { command } => lease::run(command, counter).await,
        Noun::Revolving { command } => revolving::run(command, counter).await,
        Noun::AidFund { command } => aid_fund::run(command, counter).await,
        Noun::Entrust { command } => entrust::run(command, counter).await,
        Noun::Share { command } => share::run(command, counter).await,
        Noun::Dividend { command } => dividend::run(command, counter).await,
        Noun::Payout { command } => payout::run(command, common, counter).await,
        Noun::Report { command } => report::run(command, counter).await,
        Noun::Export { command } => export::run(command, common, counter).await,
        Noun::Bank { command } => bank::run(command, counter).await,
        Noun::Reconcile { command } => reconcile::run(command, counter).await,
        Noun::Branch { command } => branch::run(command, counter).await,
        Noun::Policy { command } => policy::run(command, counter).await,
        Noun::Loan { command } => loan::run(command, counter).await,
        Noun::Settle { command } => settle::run(command, counter).await,
        Noun::Subsidy { command } => subsidy::run(command, counter).await,
        Noun::Fund { command } => fund::run(command, counter).await,
        Noun::Log(which) => book::log(&which, counter).await,
        _ => unreachable!("the other nouns are answered before a counter is opened"),
    }
}
