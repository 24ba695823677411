//! The catalogue: every command that pages and programs have, where it belongs, and what it needs.
//!
//! Pure.
//!
//! 1. Every command of the grammar stands here or in [`TERMINAL_ONLY`]; a test compares both with the grammar.
//! 2. What stands here is who may try; the act's own check in the corridor decides again.

use super::command::Kind::{Act, Look, Read, Run};
use super::command::{Command, Kind, Place};
use crate::access::Permission::{
    AcceptClaims, AnswerFinding, ApproveDisclosure, Claim, Close, Disclose, KeepBooks, KeepRegisters, KeepVouchers, ManageUsers,
    Post, PostByRule, Reconcile, Reopen, Review, Supervise,
};

const fn book(words: &'static str, kind: Kind) -> Command {
    Command { words, place: Place::Book, kind }
}

const fn county(words: &'static str, kind: Kind) -> Command {
    Command { words, place: Place::County, kind }
}

/// The catalogue.
pub const COMMANDS: &[Command] = &[
    // books and their charts
    county("book add", Act(KeepBooks)),
    county("book list", Read),
    book("book show", Read),
    book("book opening", Act(KeepBooks)),
    book("book convert", Read),
    book("account list", Read),
    book("account add", Act(KeepBooks)),
    book("account import", Act(KeepBooks)),
    book("account stop", Act(KeepBooks)),
    book("member list", Read),
    book("member add", Act(KeepBooks)),
    book("member import", Act(KeepBooks)),
    // vouchers, months, years
    book("voucher list", Read),
    book("voucher show", Read),
    book("voucher add", Act(KeepVouchers)),
    book("voucher change", Act(KeepVouchers)),
    book("voucher import", Run(KeepVouchers)),
    book("voucher submit", Act(KeepVouchers)),
    book("voucher approve", Act(Review)),
    book("voucher return", Act(Review)),
    book("voucher post", Act(Post)),
    book("voucher void", Act(KeepVouchers)),
    book("voucher reverse", Act(KeepVouchers)),
    book("voucher copy", Act(KeepVouchers)),
    book("voucher renumber", Act(KeepVouchers)),
    book("voucher attach", Act(KeepVouchers)),
    book("template list", Read),
    book("template keep", Act(KeepVouchers)),
    book("template use", Act(KeepVouchers)),
    book("template drop", Act(KeepVouchers)),
    book("period list", Read),
    book("period check", Read),
    book("period transfer", Act(Close)),
    book("period close", Act(Close)),
    book("period reopen", Act(Reopen)),
    book("year open", Act(KeepBooks)),
    book("year close", Run(Close)),
    // statements
    book("report trial-balance", Read),
    book("report ledger", Read),
    book("report journal", Read),
    book("report balance-sheet", Read),
    book("report surplus", Read),
    book("report equity", Read),
    book("report member-account", Read),
    book("report receipts-payments", Read),
    // bank statements and reconciliation
    book("bank list", Read),
    book("bank add", Act(KeepBooks)),
    book("bank import", Run(Reconcile)),
    book("bank undo", Act(Reconcile)),
    book("reconcile list", Read),
    book("reconcile run", Run(Reconcile)),
    book("reconcile match", Act(Reconcile)),
    book("reconcile unmatch", Act(Reconcile)),
    book("reconcile split", Act(Reconcile)),
    book("reconcile unsplit", Act(Reconcile)),
    book("reconcile rule", Act(Reconcile)),
    book("reconcile propose", Act(KeepVouchers)),
    book("reconcile transfers", Act(Reconcile)),
    book("reconcile report", Act(Reconcile)),
    county("reconcile loans", Act(KeepRegisters)),
    county("reconcile loan", Act(KeepRegisters)),
    county("reconcile loan-undo", Act(KeepRegisters)),
    // shares and dividends
    book("share register", Read),
    book("share certificates", Read),
    book("share class", Act(KeepBooks)),
    book("share subscribe", Act(PostByRule)),
    book("share allot", Act(PostByRule)),
    book("share transfer", Act(PostByRule)),
    book("share convert", Act(PostByRule)),
    book("share quantify", Act(PostByRule)),
    book("share withdraw", Act(PostByRule)),
    book("share capitalise", Act(PostByRule)),
    book("share trade", Act(PostByRule)),
    book("dividend list", Read),
    book("dividend show", Read),
    book("dividend settle", Act(Close)),
    book("dividend plan", Act(PostByRule)),
    book("dividend review", Act(Review)),
    book("dividend publish", Act(PostByRule)),
    book("dividend post", Act(PostByRule)),
    book("dividend pay", Act(PostByRule)),
    book("dividend results", Act(PostByRule)),
    book("dividend drop", Act(PostByRule)),
    book("dividend archive", Act(PostByRule)),
    // payouts
    book("payout list", Read),
    book("payout show", Read),
    book("payout check", Read),
    book("payout export", Look(PostByRule)),
    book("payout draw-up", Act(PostByRule)),
    book("payout review", Act(Review)),
    book("payout receive", Act(PostByRule)),
    book("payout send", Act(PostByRule)),
    book("payout results", Act(PostByRule)),
    book("payout correct", Act(PostByRule)),
    book("payout drop", Act(PostByRule)),
    county("payout payees", Act(KeepRegisters)),
    county("payout layout", Act(KeepRegisters)),
    // village claims, the clerk's cash, disclosure
    book("claim list", Read),
    book("claim show", Read),
    county("claim limits", Read),
    book("claim add", Act(Claim)),
    book("claim change", Act(Claim)),
    book("claim photo", Act(Claim)),
    book("claim send", Act(Claim)),
    book("claim withdraw", Act(Claim)),
    book("claim hand-over", Act(Claim)),
    book("claim return", Act(AcceptClaims)),
    book("claim accept", Act(AcceptClaims)),
    book("claim book", Act(AcceptClaims)),
    county("claim limit-add", Act(KeepRegisters)),
    // projects
    book("project list", Read),
    book("project show", Read),
    county("project share", Read),
    book("project add", Act(KeepVouchers)),
    book("project change", Act(KeepVouchers)),
    book("project approve", Act(Review)),
    book("project contract", Act(KeepVouchers)),
    book("project progress", Act(KeepVouchers)),
    book("project work", Act(KeepVouchers)),
    book("project receive", Act(PostByRule)),
    book("project levy", Act(PostByRule)),
    book("project collect", Act(PostByRule)),
    book("project pay", Act(AcceptClaims)),
    book("project return", Act(PostByRule)),
    book("project accept", Act(Review)),
    book("project settle", Act(Review)),
    book("project finish", Act(PostByRule)),
    book("project benefit", Act(KeepVouchers)),
    county("project rule-add", Act(KeepRegisters)),
    // classes of money, duty persons, resident cadres
    book("fund-class balance", Read),
    county("fund-class rules", Read),
    county("fund-class rule-add", Act(KeepRegisters)),
    book("asset list", Read),
    book("asset show", Read),
    book("asset add", Act(KeepVouchers)),
    book("asset change", Act(KeepVouchers)),
    book("asset depreciate", Act(AcceptClaims)),
    book("asset dispose", Act(AcceptClaims)),
    book("meeting list", Read),
    book("meeting show", Read),
    book("meeting add", Act(KeepVouchers)),
    book("meeting hold", Act(KeepVouchers)),
    book("duty list", Read),
    book("duty add", Act(KeepBooks)),
    book("duty end", Act(KeepBooks)),
    book("resident check", Read),
    book("resident pay", Act(AcceptClaims)),
    county("resident standards", Read),
    county("resident standard-add", Act(KeepRegisters)),
    book("cash book", Read),
    book("cash enter", Act(Claim)),
    book("cash close", Act(Claim)),
    book("disclosure calendar", Read),
    book("disclosure list", Read),
    book("disclosure show", Read),
    book("disclosure questions", Read),
    book("disclosure make", Act(Disclose)),
    book("disclosure approve", Act(ApproveDisclosure)),
    book("disclosure return", Act(ApproveDisclosure)),
    book("disclosure publish", Act(Disclose)),
    book("disclosure withdraw", Act(Disclose)),
    book("disclosure answer", Act(Disclose)),
    book("disclosure release", Act(ApproveDisclosure)),
    county("disclosure obligation-add", Act(KeepRegisters)),
    // supervision
    county("supervise matrix", Read),
    county("supervise flags", Read),
    county("supervise rules", Read),
    county("supervise trail", Read),
    county("supervise rule-add", Act(KeepRegisters)),
    book("supervise run", Act(Supervise)),
    book("supervise watch", Act(Supervise)),
    county("finding list", Read),
    book("finding show", Read),
    book("finding raise", Act(Supervise)),
    book("finding answer", Act(AnswerFinding)),
    book("finding return", Act(Supervise)),
    book("finding close", Act(Supervise)),
    // leases, the revolving fund, one-off funds
    book("lease list", Read),
    book("lease schedule", Read),
    book("lease warnings", Read),
    book("lease open", Act(PostByRule)),
    book("lease accrue", Act(PostByRule)),
    book("lease receive", Act(PostByRule)),
    book("lease pay", Act(PostByRule)),
    book("lease end", Act(PostByRule)),
    county("revolving list", Read),
    county("revolving borrowers", Read),
    county("revolving open", Act(PostByRule)),
    county("revolving receive", Act(PostByRule)),
    county("revolving return", Act(PostByRule)),
    county("revolving lend", Act(PostByRule)),
    county("revolving repay", Act(PostByRule)),
    county("revolving invest", Act(PostByRule)),
    county("revolving recover", Act(PostByRule)),
    county("aid-fund list", Read),
    county("aid-fund grants", Read),
    county("aid-fund open", Act(PostByRule)),
    county("aid-fund receive", Act(PostByRule)),
    county("aid-fund return", Act(PostByRule)),
    county("aid-fund donate", Act(PostByRule)),
    county("aid-fund interest", Act(PostByRule)),
    county("aid-fund fee", Act(PostByRule)),
    county("aid-fund grant", Act(PostByRule)),
    // entrusted operation
    county("entrust list", Read),
    county("entrust run-off", Read),
    county("entrust open", Act(PostByRule)),
    county("entrust hand-over", Act(PostByRule)),
    county("entrust accrue", Act(PostByRule)),
    county("entrust receive", Act(PostByRule)),
    county("entrust reinvest", Act(PostByRule)),
    county("entrust pay", Act(PostByRule)),
    county("entrust return", Act(PostByRule)),
    county("entrust collect", Act(PostByRule)),
    county("entrust insolvent", Act(PostByRule)),
    // microloans
    county("loan list", Read),
    county("loan show", Read),
    county("loan report", Read),
    county("loan apply", Act(KeepRegisters)),
    county("loan import", Run(KeepRegisters)),
    county("loan check", Act(KeepRegisters)),
    county("loan announce", Act(KeepRegisters)),
    county("loan grade", Act(KeepRegisters)),
    county("loan approve", Act(Review)),
    county("loan reject", Act(KeepRegisters)),
    county("loan withdraw", Act(KeepRegisters)),
    county("loan sign", Act(KeepRegisters)),
    county("loan record", Run(KeepRegisters)),
    county("loan disburse", Act(KeepRegisters)),
    county("loan repay", Act(KeepRegisters)),
    county("loan extend", Act(KeepRegisters)),
    county("loan renew", Act(KeepRegisters)),
    county("loan rate", Act(KeepRegisters)),
    county("loan write-off", Act(KeepRegisters)),
    county("loan recover", Act(KeepRegisters)),
    county("loan classify", Run(PostByRule)),
    county("loan bank-classes", Act(KeepRegisters)),
    county("loan reconcile", Act(Reconcile)),
    county("settle run", Run(PostByRule)),
    county("policy list", Read),
    county("policy show", Read),
    county("policy check", Read),
    county("policy import", Act(KeepRegisters)),
    county("policy rates", Act(KeepRegisters)),
    // interest subsidy
    county("subsidy list", Read),
    county("subsidy show", Read),
    county("subsidy notice", Read),
    county("subsidy compare", Read),
    county("subsidy run", Run(PostByRule)),
    county("subsidy bank-list", Act(KeepRegisters)),
    county("subsidy elsewhere", Act(KeepRegisters)),
    county("subsidy review", Act(Review)),
    county("subsidy announce", Act(KeepRegisters)),
    county("subsidy approve", Act(Review)),
    county("subsidy receive", Act(PostByRule)),
    county("subsidy pay", Act(PostByRule)),
    county("subsidy return", Act(PostByRule)),
    // the risk fund
    county("fund status", Read),
    county("fund claims", Read),
    county("fund report", Read),
    county("fund contribute", Act(PostByRule)),
    county("fund return", Act(PostByRule)),
    county("fund interest", Act(PostByRule)),
    county("fund fee", Act(PostByRule)),
    county("fund move", Act(PostByRule)),
    county("fund claim", Act(KeepRegisters)),
    county("fund approve", Act(Review)),
    county("fund reject", Act(Review)),
    county("fund pay", Act(PostByRule)),
    county("fund recover", Act(PostByRule)),
    county("fund give-back", Act(PostByRule)),
    county("fund write-off", Act(Review)),
    // registers of the county
    county("household list", Read),
    county("household statement", Read),
    county("household numbers", Look(KeepRegisters)),
    county("household import", Run(KeepRegisters)),
    county("household grade", Act(KeepRegisters)),
    county("household standings", Read),
    county("household income", Read),
    county("household incomes", Read),
    county("household income-import", Run(KeepRegisters)),
    county("household income-drop", Act(KeepRegisters)),
    county("household warnings", Read),
    county("household warning-rules", Read),
    county("household warning-rule-add", Act(KeepRegisters)),
    county("household gone", Act(KeepRegisters)),
    county("organisation list", Read),
    county("organisation add", Act(KeepRegisters)),
    county("branch list", Read),
    county("branch add", Act(KeepRegisters)),
    county("place list", Read),
    county("place import", Act(KeepRegisters)),
    county("user list", Act(ManageUsers)),
    county("user add", Act(ManageUsers)),
    county("log", Read),
    county("verify", Read),
];

/// Commands that pages and programs do not have: about the machine, or with a way of their own there.
pub const TERMINAL_ONLY: &[&str] = &[
    "audit",
    "county",
    "demo",
    "serve",
    "migrate",
    "backup",
    "restore",
    "copy",
    "export",
    "bench",
    "calc",
    "fonts",
    "user password",
    "voucher print",
];

/// The command of these words in this place.
pub fn find(place: Place, words: &str) -> Option<Command> {
    COMMANDS.iter().copied().find(|command| command.place == place && command.words == words)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::faces::cli::args::Arguments;

    fn leaves(command: &clap::Command, before: &str, into: &mut BTreeSet<String>) {
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let words = format!("{before} {}", verb.get_name()).trim().to_owned();
            if TERMINAL_ONLY.contains(&words.as_str()) {
                continue;
            }
            if verb.has_subcommands() {
                leaves(verb, &words, into);
            } else {
                into.insert(words);
            }
        }
    }

    #[test]
    fn every_command_stands_in_the_catalogue() {
        let mut grammar = BTreeSet::new();
        leaves(&Arguments::command(), "", &mut grammar);
        let catalogue: BTreeSet<String> = COMMANDS.iter().map(|command| command.words.to_owned()).collect();
        assert_eq!(catalogue, grammar, "a command without a line, or a line without a command");
        assert_eq!(catalogue.len(), COMMANDS.len(), "a command stands here twice");
    }
}
