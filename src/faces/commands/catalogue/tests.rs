//! The catalogue against the grammar.

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
