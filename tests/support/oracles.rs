//! Three bookkeeping programs nobody here wrote, asked for the balances of a journal.
//!
//! 1. A balance is what was posted to the account itself, without its sub-accounts, in fen; zeros are left out.
//! 2. The strict check is each program's own: undeclared accounts and unbalanced entries are errors.
//! 3. A program that is missing is an error that says what to install.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Account name to what was posted to it, in fen; accounts at zero are left out.
pub type Balances = BTreeMap<String, i64>;

/// The three programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oracle {
    Hledger,
    Ledger,
    Beancount,
}

impl Oracle {
    pub const ALL: [Oracle; 3] = [Oracle::Hledger, Oracle::Ledger, Oracle::Beancount];

    /// The name of the program, of its Debian package, and of `export --to`.
    pub fn name(self) -> &'static str {
        match self {
            Oracle::Hledger => "hledger",
            Oracle::Ledger => "ledger",
            Oracle::Beancount => "beancount",
        }
    }

    /// Loads the journal strictly; an error is what the program complained about.
    pub fn check(self, journal: &Path) -> Result<(), String> {
        let file = journal.display().to_string();
        let said = match self {
            Oracle::Hledger => self.ask("hledger", &["-f", &file, "check", "--strict"])?,
            Oracle::Ledger => {
                self.ask("ledger", &["-f", &file, "--args-only", "--strict", "--pedantic", "balance"]).map(|_| String::new())?
            }
            Oracle::Beancount => self.ask("bean-check", &[&file])?,
        };
        if said.trim().is_empty() { Ok(()) } else { Err(said) }
    }

    /// What the program says every account's balance is.
    pub fn balances(self, journal: &Path) -> Result<Balances, String> {
        let file = journal.display().to_string();
        let (answer, separator) = match self {
            Oracle::Hledger => (self.ask("hledger", &["-f", &file, "balance", "--flat", "-N", "-O", "csv"])?, ','),
            Oracle::Ledger => {
                let one_line = "%(account)\t%(amount)\n";
                let asked = ["-f", &file, "--args-only", "balance", "--flat", "--no-total", "--format", one_line];
                (self.ask("ledger", &asked)?, '\t')
            }
            Oracle::Beancount => {
                let question = "select account, sum(position) as balance group by account";
                (self.ask("bean-query", &["-q", "-f", "csv", &file, question])?, ',')
            }
        };
        parse(&answer, separator)
    }

    fn ask(self, program: &str, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(program);
        command.args(arguments).env("LC_ALL", "C.UTF-8").env("PYTHONIOENCODING", "utf-8");
        command.env("BEANCOUNT_DISABLE_LOAD_CACHE", "1").env_remove("LEDGER_FILE").env("COLUMNS", "1000");
        let output = command.output().map_err(|why| {
            let package = self.name();
            format!(
                "{program} does not start ({why}); run './run tests', or 'sudo apt-get install --no-install-recommends {package}'"
            )
        })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr) + &text(&output.stdout)) }
    }
}

/// Lines `account SEPARATOR amount`; a heading line has no digits in its second column.
fn parse(answer: &str, separator: char) -> Result<Balances, String> {
    let separator = u8::try_from(separator).map_err(|why| why.to_string())?;
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).from_reader(answer.as_bytes());
    let mut balances = Balances::new();
    for row in reader.records() {
        let row = row.map_err(|why| format!("{why} in:\n{answer}"))?;
        let (account, amount) = (row.get(0).unwrap_or_default().trim(), row.get(1).unwrap_or_default());
        if account.is_empty() || matches!(amount.trim(), "balance" | "" | "0") {
            continue;
        }
        let before = balances.insert(account.to_owned(), fen(amount)?);
        if before.is_some() {
            return Err(format!("{account} comes twice in:\n{answer}"));
        }
    }
    balances.retain(|_, cents| *cents != 0);
    Ok(balances)
}

/// `-1,234.5 CNY`, `CNY -1234.50` or `¥-1` as fen; more than two decimals or two amounts are errors.
pub fn fen(text: &str) -> Result<i64, String> {
    let refuse = |why: &str| format!("{why}: {text:?} is not one amount in yuan");
    let number: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '-' | '.')).collect();
    let (sign, digits) = number.strip_prefix('-').map_or((1, number.as_str()), |digits| (-1, digits));
    let (yuan, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if yuan.is_empty() || !(yuan.chars().chain(decimals.chars())).all(|c| c.is_ascii_digit()) {
        return Err(refuse("not a number"));
    }
    if decimals.len() > 2 && decimals[2..].bytes().any(|digit| digit != b'0') {
        return Err(refuse("more than two decimals"));
    }
    let decimals: String = decimals.chars().chain("00".chars()).take(2).collect();
    let cents = format!("{yuan}{decimals}").parse::<i64>().map_err(|why| refuse(&why.to_string()))?;
    Ok(sign * cents)
}
